package exporttest

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// The round trip: what was imported and not touched since is not written.
func TestBuyersAndCouponsThatWereImportedAreNotWritten(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(20, 30, 0))
	p.ask(http.MethodPost, "coupons", map[string]any{
		"code": "TEN", "discount_type": "percent", "amount": "10", "usage_limit": 5, "date_expires": "2030-01-01T00:00:00",
	})
	p.importCatalogue()
	for _, name := range []string{"customer", "coupon"} {
		p.requireAll(flow.Import, name, flow.Created)
		before := p.writes()
		p.requireAll(flow.Export, name, flow.Unchanged)
		require.Equal(t, before, p.writes())
	}
}

func (p *pair) makePartner(partner erp.Partner) string {
	p.t.Helper()
	partner.Key = byHand("customer", 1)
	for i := range partner.Addresses {
		partner.Addresses[i].Key = byHand("address", i+1)
	}
	return p.make(func(b erp.Backend, ctx context.Context) ([]erp.Outcome, error) {
		return b.UpsertPartners(ctx, []erp.Partner{partner})
	})
}

func TestACustomerMadeInTheERPReachesTheStoreOnce(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makePartner(erp.Partner{Name: "Ada Lovelace", FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.com", Addresses: []erp.Address{
		{Kind: erp.InvoiceAddress, Name: "Ada Lovelace", Street: "1 Road", City: "London", Zip: "N1", Country: "GB", Phone: "12"},
		{Kind: erp.DeliveryAddress, Name: "Ada Lovelace", Street: "2 Road", City: "Leeds", Zip: "L1", Country: "GB"},
	}})
	o := p.run(flow.Export, "customer", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	made := p.stored("customers", o)
	require.Equal(t, "1 Road", made["billing"].(map[string]any)["address_1"])
	require.Equal(t, "Leeds", made["shipping"].(map[string]any)["city"])
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "customer", id)[id].Status)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "customer", o.Key.ID)[o.Key.ID].Status, "no echo")

	p.edit(`UPDATE ledger.addresses SET street = '3 Road' WHERE kind = 'invoice'`)
	o = p.run(flow.Export, "customer", id)[id]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	require.Contains(t, o.Steps, "customer "+o.Key.ID+` updated "billing.address_1"`, "only what differs is sent, and no value is logged")
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "customer", o.Key.ID)[o.Key.ID].Status, "no echo")
}

func TestACustomerThatTheStoreHasIsTakenOver(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	there := p.ask(http.MethodPost, "customers", map[string]any{"email": "ada@example.com"})
	id := p.makePartner(erp.Partner{Name: "Ada", FirstName: "Ada", Email: "Ada@example.com"})
	o := p.run(flow.Export, "customer", id)[id]
	require.True(t, o.Landed(), "%s: %s", o.Code, o.Reason)
	require.Equal(t, jsonNumber(there["id"]), o.Key.ID)
	nobody := p.makePartner(erp.Partner{Name: "Nobody"})
	require.Equal(t, "no_email", p.run(flow.Export, "customer", nobody)[nobody].Code)
}

func (p *pair) makeCoupon(c erp.Coupon) string {
	p.t.Helper()
	c.Key, c.Status = byHand("coupon", 1), "publish"
	return p.make(func(b erp.Backend, ctx context.Context) ([]erp.Outcome, error) {
		return b.UpsertCoupons(ctx, []erp.Coupon{c})
	})
}

func TestACouponMadeInTheERPReachesTheStoreOnce(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{Zone: time.FixedZone("Paris in summer", 2*60*60)})
	id := p.makeCoupon(erp.Coupon{Code: "SUMMER", Kind: "percent", Amount: decimal.NewFromInt(10), UsageLimit: 5, Expires: time.Date(2030, 6, 1, 22, 0, 0, 0, time.UTC)})
	p.ec.Instance.Store.Timezone = "Europe/Paris"
	o := p.run(flow.Export, "coupon", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	require.Equal(t, "summer", p.stored("coupons", o)["code"])
	require.Equal(t, "2030-06-01T22:00:00", p.stored("coupons", o)["date_expires_gmt"])
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "coupon", id)[id].Status)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "coupon", o.Key.ID)[o.Key.ID].Status, "no echo")

	twin := p.makeCoupon(erp.Coupon{Code: "summer", Kind: "percent", Amount: decimal.NewFromInt(10)})
	require.Equal(t, "linked_elsewhere", p.run(flow.Export, "coupon", twin)[twin].Code)
	odd := p.makeCoupon(erp.Coupon{Code: "odd", Kind: "sign_up_fee", Amount: decimal.NewFromInt(10)})
	require.Equal(t, "invalid_kind", p.run(flow.Export, "coupon", odd)[odd].Code)
	much := p.makeCoupon(erp.Coupon{Code: "much", Kind: "percent", Amount: decimal.NewFromInt(101)})
	require.Equal(t, "invalid_amount", p.run(flow.Export, "coupon", much)[much].Code)

	p.edit(`UPDATE ledger.coupons SET usage_limit = 0 WHERE id = $1`, id)
	o = p.run(flow.Export, "coupon", id)[id]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	require.Nil(t, p.stored("coupons", o)["usage_limit"])
}

// A coupon that is limited to what another store has is not written without the limit.
func TestACouponOfAnotherStoreKeepsItsLimits(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]func(*erp.Coupon, []erp.Key){
		"products":            func(c *erp.Coupon, keys []erp.Key) { c.Products = keys },
		"excluded products":   func(c *erp.Coupon, keys []erp.Key) { c.ExcludeProducts = keys },
		"categories":          func(c *erp.Coupon, keys []erp.Key) { c.Categories = keys },
		"excluded categories": func(c *erp.Coupon, keys []erp.Key) { c.ExcludeCategory = keys },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, wootest.Options{})
			coupon := erp.Coupon{Code: "TEN", Kind: "percent", Amount: decimal.NewFromInt(10), Status: "publish"}
			limit(&coupon, []erp.Key{{Instance: "elsewhere", Entity: "product", ID: "7"}})
			id := p.makeCoupon(coupon)
			before := p.writes()
			o := p.run(flow.Export, "coupon", id)[id]
			require.Equal(t, []any{flow.Parked, "other_store"}, []any{o.Status, o.Code}, o.Reason)
			require.Equal(t, before, p.writes())
		})
	}
}

// Where single orders went stays off the account: a real shopper's order had another billing address than the account.
func TestAddressesOfOrdersDoNotReachTheAccount(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	held := b.look("customer")
	b.sell()
	require.Equal(t, held, b.look("customer"), "an order changes nothing of the account")
	before := b.writes()
	b.requireAll(flow.Export, "customer", flow.Unchanged)
	require.Equal(t, before, b.writes())

	b.edit(`UPDATE ledger.addresses a SET street = '9 New Street' FROM ledger.external_ids e
		WHERE e.model = 'address' AND e.record_id = a.id AND e.ext_id LIKE '%-billing'`)
	for id, o := range b.run(flow.Export, "customer") {
		require.Equal(t, flow.Updated, o.Status, "%s: %s %s", id, o.Code, o.Reason)
		require.Equal(t, "9 New Street", b.stored("customers", o)["billing"].(map[string]any)["address_1"])
	}
}

// Every reply to a write may be lost, and only some of a batch may have been done (C17): no account and no code is made twice.
func TestLostRepliesMakeNoBuyerAndNoCouponTwice(t *testing.T) {
	t.Parallel()
	for entity, create := range map[string]func(*pair, string){
		"customer": func(p *pair, name string) {
			p.makePartner(erp.Partner{Name: name, FirstName: name, Email: name + "@example.com"})
		},
		"coupon": func(p *pair, name string) {
			p.makeCoupon(erp.Coupon{Code: name, Kind: "percent", Amount: decimal.NewFromInt(10)})
		},
	} {
		t.Run(entity, func(t *testing.T) {
			t.Parallel()
			p := connect(t, wootest.Options{})
			for i := range 30 {
				create(p, "n"+strconv.Itoa(i))
			}
			p.shop.SetFaults(wootest.Faults{RateCut: 0.3, RateTimeout: 0.2, TimeoutAfter: 1, Seed: 9})
			p.untilThrough(flow.Export, entity)
			p.shop.SetFaults(wootest.Faults{})
			p.requireAll(flow.Export, entity, flow.Unchanged)
			require.Len(t, p.list(entity+"s"), 30)
		})
	}
}

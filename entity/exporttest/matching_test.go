package exporttest

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/woo/wootest"
)

// pairs keeps links as the database does, one to one.
type pairs map[string]string

func (l pairs) LinkPairs(_ context.Context, _, entity string, wooIDs, erpIDs []string, look bool, taken func(int, string, string)) error {
	for i, id := range wooIDs {
		key := entity + "/" + id
		if other := l[key]; other != "" && other != erpIDs[i] {
			taken(i, id, other)
		} else if !look {
			l[key] = erpIDs[i]
		}
	}
	return nil
}

// found keeps what a matching reads.
type found map[string]mapping.Candidate

func (f found) AddCandidates(_ context.Context, _ string, candidates []mapping.Candidate) error {
	for _, c := range candidates {
		f[string(c.Side)+"/"+c.ID] = c
	}
	return nil
}

func (found) Pairs(context.Context, string, []string, int64, int) ([]mapping.Pair, int64, error) {
	return nil, 0, nil
}
func (found) SettlePairs(context.Context, string, []mapping.Pair, []error) error { return nil }

// match reads both sides of an entity by rules.
func (p *pair) match(name string, rules ...string) found {
	p.t.Helper()
	e, err := entity.Get(flow.Match, name)
	require.NoError(p.t, err)
	out := found{}
	p.ec.Matches = out
	var recorded flowtest.Recorder
	require.NoError(p.t, e.Run(context.Background(), p.ec, flow.Scan{Filter: flow.Filter{Kind: flow.All, Rules: rules}}, &recorded))
	return out
}

// link ties records of an entity, and gives the codes of those that cannot be.
func (p *pair) link(name string, wanted ...mapping.Pair) []string {
	p.t.Helper()
	m, err := entity.Matcher(name)
	require.NoError(p.t, err)
	if p.ec.Links == nil {
		p.ec.Links = pairs{}
	}
	looked, err := m.Check(context.Background(), p.ec, wanted)
	require.NoError(p.t, err)
	refused, err := m.Link(context.Background(), p.ec, wanted)
	require.NoError(p.t, err)
	codes := make([]string, len(refused))
	for i, err := range refused {
		if err != nil {
			codes[i] = fault.From(err).Code
			require.NotEmpty(p.t, codes[i], "%v", err)
		}
		require.Equal(p.t, err == nil, looked[i] == nil, "what a look says is what becomes of it: %v, %v", looked[i], err)
	}
	return codes
}

// shareKey reports whether both sides have a key of a rule in common.
func (f found) shareKey(rule, wooID, erpID string) bool {
	store, inERP := f["store/"+wooID], f["erp/"+erpID]
	return slices.ContainsFunc(store.Keys[rule], func(key string) bool { return slices.Contains(inERP.Keys[rule], key) })
}

// S40, U12: products are told by SKU and barcode, whatever their case, those of variations too; by slug and name; and by the id that
// was written into the store.
func TestProductsAreMatchedByRule(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	lamp := jsonNumber(p.ask(http.MethodPost, "products", map[string]any{"name": "Lamp", "slug": "lamp", "sku": "l-1 ", "global_unique_id": "4006381333931"})["id"])
	shirt := jsonNumber(p.ask(http.MethodPost, "products", map[string]any{
		"name": "Shirt", "type": "variable", "attributes": []map[string]any{{"name": "Size", "options": []string{"S", "M"}, "variation": true}},
	})["id"])
	p.ask(http.MethodPost, "products/"+shirt+"/variations", map[string]any{"sku": "S-S", "attributes": []map[string]any{{"name": "Size", "option": "S"}}})

	ledgerLamp := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "lamp", SKU: "L-1", Barcode: "4006381333931", Slug: "other"}, "1")
	ledgerShirt := p.makeProduct(variable(), "20")
	p.ask(http.MethodPut, "products/"+shirt, map[string]any{"meta_data": []map[string]any{{"key": "_tandem_erp_id", "value": "demo/" + ledgerShirt}}})

	all := p.match("product", "own_id", "sku", "barcode", "slug", "name")
	require.True(t, all.shareKey("sku", lamp, ledgerLamp))
	require.True(t, all.shareKey("name", lamp, ledgerLamp))
	require.False(t, all.shareKey("slug", lamp, ledgerLamp))
	require.True(t, all.shareKey("sku", shirt, ledgerShirt), "by its variation")
	require.True(t, all.shareKey("own_id", shirt, ledgerShirt))
	require.False(t, all.shareKey("own_id", lamp, ledgerLamp))
	require.False(t, all.shareKey("sku", lamp, ledgerShirt))
	require.Equal(t, "l-1 Lamp", all["store/"+lamp].Label)

	usual := p.match("product")
	require.Empty(t, usual["store/"+lamp].Keys["name"], "a name is asked for")
	require.NotEmpty(t, usual["store/"+lamp].Keys["sku"])
}

// A pair that is linked is the same to imports and exports: its variations too.
func TestLinkedProductsAreNotMadeAgain(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	shirt := jsonNumber(p.ask(http.MethodPost, "products", map[string]any{
		"name": "Shirt of the store", "type": "variable", "attributes": []map[string]any{{"name": "Size", "options": []string{"S", "M"}, "variation": true}},
	})["id"])
	for _, size := range []string{"S", "M"} {
		p.ask(http.MethodPost, "products/"+shirt+"/variations", map[string]any{"attributes": []map[string]any{{"name": "Size", "option": size}}, "regular_price": "5"})
	}
	inLedger := p.makeProduct(variable(), "20")
	require.Equal(t, []string{""}, p.link("product", mapping.Pair{WooID: shirt, ERPID: inLedger}))
	require.Equal(t, []string{""}, p.link("product", mapping.Pair{WooID: shirt, ERPID: inLedger}), "twice is once")
	require.Equal(t, inLedger, p.match("product")["store/"+shirt].Linked)
	require.Equal(t, shirt, p.match("product")["erp/"+inLedger].Linked)

	for _, name := range terms {
		p.run(flow.Import, name)
	}
	variants := func() (n int) {
		require.NoError(t, p.books.Get(&n, `SELECT count(*) FROM ledger.variants`))
		return n
	}
	before := variants()
	o := p.run(flow.Import, "product", shirt)[shirt]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	require.Equal(t, inLedger, o.ID)
	require.Equal(t, before, variants(), "its variations have variants")
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", inLedger)[inLedger].Status)
	require.Len(t, p.list("products"), 1)
	require.Len(t, p.list("products/"+shirt+"/variations"), 2)
}

// A pair whose records do not exist, or are linked to others, is refused, and says which is in the way.
func TestPairsThatCannotBeLinked(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	var inStore, inLedger []string
	for i := range 3 {
		inStore = append(inStore, jsonNumber(p.ask(http.MethodPost, "products", map[string]any{"name": "Lamp", "sku": "W-" + strconv.Itoa(i)})["id"]))
		inLedger = append(inLedger, p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "E-" + strconv.Itoa(i)}, "1"))
	}
	require.Equal(t, []string{""}, p.link("product", mapping.Pair{WooID: inStore[0], ERPID: inLedger[0]}))
	p.ask(http.MethodDelete, "products/"+inStore[2], nil)
	require.Equal(t, []string{"linked_elsewhere", "linked_elsewhere", "not_in_store", "not_in_store", "not_in_erp", "not_in_erp"}, p.link("product",
		mapping.Pair{WooID: inStore[0], ERPID: inLedger[1]},
		mapping.Pair{WooID: inStore[1], ERPID: inLedger[0]},
		mapping.Pair{WooID: inStore[2], ERPID: inLedger[2]},
		mapping.Pair{WooID: "one", ERPID: "900001"},
		mapping.Pair{WooID: inStore[1], ERPID: "900000"},
		mapping.Pair{WooID: inStore[1], ERPID: "nine"},
	))
	require.Equal(t, []string{"", "linked_elsewhere"}, p.link("product",
		mapping.Pair{WooID: inStore[1], ERPID: inLedger[1]},
		mapping.Pair{WooID: inStore[1], ERPID: inLedger[2]},
	), "nor two pairs of one record")
}

// C23, U12: customers are told by e-mail and by VAT number; their addresses are the same ones then.
func TestCustomersAreMatchedAndLinked(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	buyer := jsonNumber(p.ask(http.MethodPost, "customers", map[string]any{
		"email": "Anna@example.com", "first_name": "Anna", "last_name": "Kunz", "billing": map[string]any{"address_1": "Gasse 1", "city": "Linz", "country": "AT"},
	})["id"])
	partner := erp.Partner{
		Key: byHand("customer", 1), Name: "Anna Kunz", FirstName: "Anna", LastName: "Kunz", Email: "anna@EXAMPLE.com", TaxID: "ATU 123.456-78",
		Addresses: []erp.Address{{Key: byHand("address", 1), Kind: erp.InvoiceAddress, Name: "Anna Kunz", Street: "Gasse 2", City: "Linz", Country: "AT"}},
	}
	inLedger := p.make(func(b erp.Backend, ctx context.Context) ([]erp.Outcome, error) {
		return b.UpsertPartners(ctx, []erp.Partner{partner})
	})
	all := p.match("customer", "email", "vat")
	require.True(t, all.shareKey("email", buyer, inLedger))
	require.Empty(t, all["store/"+buyer].Label, "customers are not named")
	require.Empty(t, all["erp/"+inLedger].Label)
	require.Len(t, all["erp/"+inLedger].Keys["vat"], 1)

	require.Equal(t, []string{""}, p.link("customer", mapping.Pair{WooID: buyer, ERPID: inLedger}))
	require.Equal(t, flow.Updated, p.run(flow.Import, "customer", buyer)[buyer].Status)
	var addresses int
	require.NoError(t, p.books.Get(&addresses, `SELECT count(*) FROM ledger.addresses WHERE partner_id = $1`, inLedger))
	require.Equal(t, 1, addresses, "the address was taken over")
}

// Terms are told by slug, categories by their place in the tree as well; the values of attributes go along.
func TestTermsAreMatchedAndLinked(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	top := jsonNumber(p.ask(http.MethodPost, "products/categories", map[string]any{"name": "Men"})["id"])
	below := jsonNumber(p.ask(http.MethodPost, "products/categories", map[string]any{"name": "Shoes &amp; boots", "parent": number(top)})["id"])
	ledgerTop := p.makeTerm(erp.Term{Kind: erp.Category, Name: "men"})
	ledgerBelow := p.makeTerm(erp.Term{Kind: erp.Category, Name: "Shoes & boots"})
	p.edit(`UPDATE ledger.terms SET parent_id = $1 WHERE id = $2`, ledgerTop, ledgerBelow)
	require.Equal(t, []string{""}, p.link("category", mapping.Pair{WooID: top, ERPID: ledgerTop}))
	all := p.match("category", "path")
	require.True(t, all.shareKey("path", below, ledgerBelow))
	require.Equal(t, []string{top, ledgerTop}, []string{all["store/"+below].Parent, all["erp/"+ledgerBelow].Parent}, "whether the one above is linked or not")

	size := jsonNumber(p.ask(http.MethodPost, "products/attributes", map[string]any{"name": "Size", "slug": "pa_size"})["id"])
	p.ask(http.MethodPost, "products/attributes/"+size+"/terms", map[string]any{"name": "small"})
	ledgerSize := p.makeTerm(erp.Term{Kind: erp.Attribute, Name: "Sizes", Code: "size", Values: []erp.Term{{Name: "Small"}, {Name: "Large"}}})
	require.True(t, p.match("attribute").shareKey("slug", size, ledgerSize))
	require.Equal(t, []string{""}, p.link("attribute", mapping.Pair{WooID: size, ERPID: ledgerSize}))
	require.Equal(t, flow.Updated, p.run(flow.Import, "attribute", size)[size].Status)
	var values int
	require.NoError(t, p.books.Get(&values, `SELECT count(*) FROM ledger.terms WHERE parent_id = $1`, ledgerSize))
	require.Equal(t, 2, values, "the value was taken over")

	coupon := jsonNumber(p.ask(http.MethodPost, "coupons", map[string]any{"code": "summer", "amount": "5"})["id"])
	ledgerCoupon := p.make(func(b erp.Backend, ctx context.Context) ([]erp.Outcome, error) {
		return b.UpsertCoupons(ctx, []erp.Coupon{{Key: byHand("coupon", 1), Code: "SUMMER", Kind: "percent", Status: "publish"}})
	})
	require.True(t, p.match("coupon").shareKey("code", coupon, ledgerCoupon))
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

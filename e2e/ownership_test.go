package e2e

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/entity/mapping"
	"tandem/woo/wootest"
)

// pricedShop is a store and a ledger with products whose price people change on both sides.
type pricedShop struct {
	*tandem
	store *shop
}

func openPriced(t *testing.T, owner string) pricedShop {
	t.Helper()
	p := pricedShop{store: openShop(t, wootest.Sized(12, 0, 0)), tandem: serve(t)}
	p.connect(p.store.URL)
	p.allowExports()
	require.NoError(t, p.api.Patch(t.Context(), "/instances/"+instanceID, map[string]any{"config": map[string]any{
		"ownership": map[string]any{"product": map[string]string{"price": owner}}}}, nil))
	p.importAll(everything, "tax_class", "category", "tag", "brand", "attribute", "shipping_class", "product")
	return p
}

// simple gives the ids of products that are sold as they are.
func (p pricedShop) simple() []int {
	p.t.Helper()
	var ids []int
	for _, product := range p.store.products() {
		if product.Type == "simple" {
			ids = append(ids, product.ID)
		}
	}
	return ids
}

func (p pricedShop) inStore(id int, price string) {
	p.t.Helper()
	p.store.write(http.MethodPut, "products/"+strconv.Itoa(id), map[string]string{"regular_price": price, "sale_price": ""}, nil)
}

// pricesInERP are the regular prices of a product of the store.
const pricesInERP = ` FROM ledger.prices p JOIN ledger.variants v ON v.id = p.variant_id JOIN ledger.price_lists l ON l.id = p.price_list_id
	JOIN tandem.links k ON k.erp_id = v.product_id::text AND k.entity = 'product' WHERE l.kind = 'regular' AND k.woo_id = $1`

func (p pricedShop) inERP(id int, price string) {
	p.t.Helper()
	_, err := p.database.ExecContext(p.t.Context(), `
		UPDATE ledger.prices SET amount = $2 WHERE (variant_id, price_list_id) IN (SELECT p.variant_id, p.price_list_id`+pricesInERP+`)`, strconv.Itoa(id), price)
	require.NoError(p.t, err)
}

func (p pricedShop) requirePrice(id int, price string) {
	p.t.Helper()
	var held string
	require.NoError(p.t, p.database.GetContext(p.t.Context(), &held, `SELECT trim_scale(p.amount)::text`+pricesInERP, strconv.Itoa(id)))
	require.Equal(p.t, []string{price, price}, []string{held, read[shopProduct](p.store, "products/"+strconv.Itoa(id)).Regular})
}

// requireQuiet checks that neither direction has anything left to write.
func (p pricedShop) requireQuiet() {
	p.t.Helper()
	before := p.store.requests("POST /products/batch")
	for range 2 {
		require.Zero(p.t, progressOf(p.importAll(everything, "product"), "product").Updated)
		require.Zero(p.t, progressOf(p.export(everything, "product"), "product").Updated)
	}
	require.Equal(p.t, before, p.store.requests("POST /products/batch"), "no echo")
	require.Empty(p.t, p.unsynchronised())
}

func (p pricedShop) asked() []gen.Job {
	p.t.Helper()
	return get[gen.JobPage](p.tandem, "/jobs?state=parked&code="+mapping.BothChanged).Items
}

// A price that both sides changed waits with both values until a person decides: one by the command line, the others together by the API.
func TestAPersonIsAskedWhosePriceCounts(t *testing.T) {
	t.Parallel()
	p := openPriced(t, "ask")
	ids := p.simple()[:3]
	for i, id := range ids {
		p.inStore(id, strconv.Itoa(60+i))
		p.inERP(id, strconv.Itoa(70+i))
	}
	written := p.store.requests("POST /products/batch")
	require.Equal(t, 3, progressOf(p.importAll(changed, "product"), "product").Parked)
	require.Equal(t, 3, progressOf(p.export(everything, "product"), "product").Parked)
	require.Equal(t, written, p.store.requests("POST /products/batch"), "nothing is written until then")
	byRecord := map[string]gen.Job{}
	for _, job := range p.asked() {
		byRecord[job.WooID] = job
	}
	require.Len(t, byRecord, 3)
	first := byRecord[strconv.Itoa(ids[0])]
	require.Equal(t, []string{"Regular price", "70", "60"}, []string{first.Differences[0].Field, first.Differences[0].ERP, first.Differences[0].Store})

	p.env = append(p.env, "TANDEM_URL="+p.url, "TANDEM_TOKEN="+p.token)
	require.Contains(t, p.command("jobs", "decide", strconv.FormatInt(first.ID, 10)), "Regular price")
	p.command("jobs", "decide", strconv.FormatInt(first.ID, 10), "store")
	eventually(t, "the price to be written", func() bool {
		return p.number(`SELECT count(*)`+pricesInERP+` AND p.amount = 60`, strconv.Itoa(ids[0])) == 1
	})
	p.requirePrice(ids[0], "60")

	decided := post[gen.ProcessedJobs](p.tandem, "/jobs/process", gen.JobSelection{Instance: instanceID, Entity: "product", Code: mapping.BothChanged, Choice: "erp"})
	require.Equal(t, 2, decided.Count)
	require.Equal(t, "done", string(p.ended(decided.Operation).State))
	p.requirePrice(ids[1], "71")
	p.requirePrice(ids[2], "72")
	p.importAll(changed, "product")
	require.Empty(t, p.asked())
	p.requireQuiet()
}

// Of two prices the one counts whose record was changed later, whichever direction is first.
func TestTheNewestPriceCounts(t *testing.T) {
	t.Parallel()
	p := openPriced(t, "newest")
	ids := p.simple()[:2]
	p.inStore(ids[0], "60")
	p.inERP(ids[1], "71")
	time.Sleep(1100 * time.Millisecond) // dates of the store are whole seconds
	p.inERP(ids[0], "70")
	p.inStore(ids[1], "61")
	p.importAll(changed, "product")
	p.requirePrice(ids[1], "61")
	p.export(changed, "product")
	p.requirePrice(ids[0], "70")
	p.requireQuiet()

	p.inStore(ids[0], "62")
	p.export(everything, "product")
	require.Len(t, p.unsynchronised(), 1, "the export leaves what the store changed")
	p.importAll(changed, "product")
	p.requirePrice(ids[0], "62")
	p.requireQuiet()
}

package exporttest

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// desk is work in the ledger by hand.
func (p *pair) desk() erp.Desk {
	p.t.Helper()
	desk, err := erp.Desks.Of(p.ec.Backend)
	require.NoError(p.t, err)
	return desk
}

// What a person makes in the ledger reaches the store with the ledger's own prices; what they change of it then is all that is sent, and an
// import afterwards has nothing to do.
func TestWorkInTheLedgerReachesTheStoreOnce(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	category, err := p.desk().Terms(erp.Category).Create(t.Context(), "request-1", erp.Term{Kind: erp.Category, Name: "Lamps", Active: true})
	require.NoError(t, err)
	product := variable()
	product.Status, product.Categories = "publish", []erp.Key{erp.OwnKey("category", category.ID)}
	for i := range product.Variants {
		product.Variants[i].Prices = []erp.Price{{
			List:   erp.Key{Instance: erp.OwnInstance, Entity: "price_list", ID: "regular-EUR"},
			Amount: decimal.NewFromInt(20),
		}}
	}
	made, err := p.desk().Products().Create(t.Context(), "request-2", product)
	require.NoError(t, err)
	p.run(flow.Export, "category")
	o := p.run(flow.Export, "product", made.ID)[made.ID]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	path := "products/" + o.Key.ID + "/variations"
	for _, v := range p.list(path) {
		require.Equal(t, "20", v["regular_price"])
	}
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")

	before, err := p.desk().Products().Get(t.Context(), made.ID)
	require.NoError(t, err)
	edited := before.Record
	edited.Name = "Better shirt"
	edited.Variants[0].Prices[0].Amount = decimal.NewFromInt(25)
	_, err = p.desk().Products().Update(t.Context(), before, edited)
	require.NoError(t, err)
	writes := p.writes()
	o = p.run(flow.Export, "product", made.ID)[made.ID]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	require.Contains(t, o.Steps, "product "+o.Key.ID+` updated "name"`, "only what differs is sent")
	require.Equal(t, 2, p.writes()-writes, "the product, and its variations")
	require.Equal(t, "Better shirt", p.stored("products", o)["name"])
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", made.ID)[made.ID].Status)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")
}

// A record that a store brought is changed by a person, and goes back with just that.
func TestAStoresRecordsAreChangedByHand(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(10, 5, 0))
	p.importCatalogue()
	p.requireAll(flow.Import, "customer", flow.Created)
	products, err := p.desk().Products().Search(t.Context(), erp.RecordSearch{Limit: 100})
	require.NoError(t, err)
	require.NotEmpty(t, products.Records)
	for _, before := range products.Records {
		edited := before.Record
		edited.Name += " by hand"
		_, err := p.desk().Products().Update(t.Context(), before, edited)
		require.NoError(t, err)
		o := p.run(flow.Export, "product", before.ID)[before.ID]
		require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
		require.Contains(t, o.Steps, "product "+o.Key.ID+` updated "name"`)
		require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")
	}
	customers, err := p.desk().Partners().Search(t.Context(), erp.RecordSearch{Limit: 1})
	require.NoError(t, err)
	before := customers.Records[0]
	edited := before.Record
	edited.FirstName = "Ada"
	_, err = p.desk().Partners().Update(t.Context(), before, edited)
	require.NoError(t, err)
	o := p.run(flow.Export, "customer", before.ID)[before.ID]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	require.Contains(t, o.Steps, "customer "+o.Key.ID+` updated "first_name"`)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "customer", o.Key.ID)[o.Key.ID].Status, "no echo")
}

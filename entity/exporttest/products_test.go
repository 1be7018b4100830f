package exporttest

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/catalog"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

var terms = []string{"tax_class", "category", "tag", "brand", "attribute", "shipping_class"}

// importCatalogue imports what the store sells.
func (p *pair) importCatalogue() {
	p.t.Helper()
	for _, name := range append(terms, "product") {
		p.run(flow.Import, name)
	}
}

// makeProduct lands a product that the store has never seen, with the prices of its first variant, and gives its id.
func (p *pair) makeProduct(product erp.Product, prices ...string) string {
	p.t.Helper()
	ctx := context.Background()
	require.NoError(p.t, catalog.LandPriceLists(ctx, p.ec))
	product.Key, product.Status = byHand("product", 1), "publish"
	if product.Kind != erp.Variable {
		product.Variants = []erp.Variant{{SKU: product.SKU, Active: true}}
	}
	for i := range product.Variants {
		v := &product.Variants[i]
		if v.Key = product.Key; product.Kind == erp.Variable {
			v.Key = byHand("product", i+2)
		}
		for n, kind := range []erp.PriceKind{erp.Regular, erp.Sale} {
			if n < len(prices) && prices[n] != "" {
				v.Prices = append(v.Prices, erp.Price{List: mapping.PriceListKey(p.ec, kind, "EUR"), Amount: decimal.RequireFromString(prices[n])})
			}
		}
	}
	return p.make(func(b erp.Backend, ctx context.Context) ([]erp.Outcome, error) {
		return b.UpsertProducts(ctx, []erp.Product{product})
	})
}

// The round trip: what was imported and not touched since is not written.
func TestProductsThatWereImportedAreNotWritten(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(60, 10, 0))
	p.importCatalogue()
	before := p.writes()
	p.requireAll(flow.Export, "product", flow.Unchanged)
	require.Equal(t, before, p.writes())
}

func TestAProductMadeInTheERPReachesTheStoreOnce(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "R&D lamp", SKU: "L-1", Description: "A lamp", Slug: "lamp", Taxable: true, TaxClass: "standard"}, "59.95", "49.5")
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	made := p.stored("products", o)
	require.Equal(t, "59.95", made["regular_price"])
	require.Equal(t, "49.5", made["sale_price"])
	require.Equal(t, "lamp", made["slug"])
	require.Equal(t, "no", made["backorders"])
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")
}

// N29: a sale that is over is emptied with its dates; N33: a new name changes no address.
func TestAnEditedProductIsUpdated(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1", Slug: "lamp", Description: "A lamp", ShortDescription: "Lamp"}, "59.95", "49.5")
	p.edit(`UPDATE ledger.prices SET valid_from = $1, valid_until = $2 WHERE amount = 49.5`, time.Now().UTC().Truncate(time.Second), time.Now().UTC().Add(time.Hour).Truncate(time.Second))
	o := p.run(flow.Export, "product", id)[id]
	require.NotNil(t, p.stored("products", o)["date_on_sale_to_gmt"])

	p.edit(`DELETE FROM ledger.prices WHERE amount = 49.5`)
	p.edit(`UPDATE ledger.products SET name = 'Better lamp' WHERE id = $1`, id)
	o = p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	now := p.stored("products", o)
	require.Equal(t, []any{"Better lamp", "lamp", "", nil, nil}, []any{now["name"], now["slug"], now["sale_price"], now["date_on_sale_from_gmt"], now["date_on_sale_to_gmt"]})
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")
}

// The store takes a product without a price, and nobody can buy it.
func TestAProductWithoutAPriceIsSaid(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	lamp := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"})
	shirt := p.makeProduct(variable())
	require.Contains(t, p.run(flow.Export, "product", lamp)[lamp].Steps, "1 of 1 variants cannot be bought in this store: they have no price in its price list")
	require.Contains(t, p.run(flow.Export, "product", shirt)[shirt].Steps, "2 of 2 variants cannot be bought in this store: they have no price in its price list")
}

func variable() erp.Product {
	return erp.Product{
		Kind: erp.Variable, Name: "Shirt", SKU: "S",
		Attributes: []erp.ProductAttribute{{Name: "Size", Values: []string{"S", "M"}, Visible: true, Variation: true}},
		Variants: []erp.Variant{
			{SKU: "S-S", Active: true, Options: []erp.Option{{Attribute: "Size", Value: "S"}}},
			{Active: true, Options: []erp.Option{{Attribute: "Size", Value: "M"}}},
		},
	}
}

// N23, N34, C15: variations are told apart by id, and each has the option that it was sent with.
func TestAVariableProductReachesTheStoreWithItsVariations(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeProduct(variable(), "20")
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	path := "products/" + o.Key.ID + "/variations"
	options := map[any]any{}
	for _, v := range p.list(path) {
		require.Equal(t, "20", v["regular_price"])
		options[v["attributes"].([]any)[0].(map[string]any)["option"]] = v["sku"]
	}
	require.Equal(t, map[any]any{"S": "S-S", "M": ""}, options)
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")

	p.edit(`UPDATE ledger.prices SET amount = 25 WHERE variant_id = (SELECT id FROM ledger.variants WHERE sku = 'S-S')`)
	before := p.writes()
	require.Equal(t, flow.Updated, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, 1, p.writes()-before, "only the variation is written")
	require.Len(t, p.list(path), 2)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")
}

// C18: the store names the product that has the SKU; one in the trash is reported with the remedy.
func TestTakenSKUs(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	there := p.ask(http.MethodPost, "products", map[string]any{"name": "Old lamp", "sku": "L-1", "regular_price": "1"})
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "l-1"}, "2")
	o := p.run(flow.Export, "product", id)[id]
	if o.Landed() { // the simulated store compares SKUs with their case; a real one does not
		require.Contains(t, []flow.Status{flow.Updated, flow.Created}, o.Status)
	}
	same := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"}, "2")
	o = p.run(flow.Export, "product", same)[same]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	require.Equal(t, jsonNumber(there["id"]), o.Key.ID)
	require.Equal(t, "Lamp", p.stored("products", o)["name"])

	twin := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"}, "2")
	require.Equal(t, "linked_elsewhere", p.run(flow.Export, "product", twin)[twin].Code)

	gone := p.ask(http.MethodPost, "products", map[string]any{"name": "Gone", "sku": "L-2"})
	p.ask(http.MethodDelete, "products/"+jsonNumber(gone["id"]), nil)
	trashed := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-2"}, "2")
	o = p.run(flow.Export, "product", trashed)[trashed]
	require.Equal(t, "sku_in_trash", o.Code, o.Reason)
	require.Contains(t, o.Reason, "restore it there or delete it for good")
}

// A batch validates nothing, so what the store would take otherwise is refused before.
func TestProductsAreCheckedBeforeTheyAreSent(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	sale := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp"}, "10", "12")
	status := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp"}, "10")
	p.edit(`UPDATE ledger.products SET status = 'nope' WHERE id = $1`, status)
	outcomes := p.run(flow.Export, "product")
	require.Equal(t, "sale_not_below_regular", outcomes[sale].Code)
	require.Equal(t, "invalid_status", outcomes[status].Code)
	require.Zero(t, p.writes())
}

func TestAProductWaitsForItsTerms(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	category := p.makeTerm(erp.Term{Kind: erp.Category, Name: "Lamps"})
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp"}, "10")
	p.edit(`INSERT INTO ledger.product_terms VALUES ($1, $2)`, id, category)
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, "unlinked_reference", o.Code)
	require.Equal(t, []erp.Key{erp.PendingKey("demo", "category", category)}, o.Waits)
	p.run(flow.Export, "category")
	o = p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
}

// What a product names in the ERP need not be in the store where that is not written: by choice, or because the store owns it.
func TestAProductWaitsForNothingThatIsNotWritten(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp"}, "10")
	made := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, made.Status, "%s: %s", made.Code, made.Reason)
	categories := p.ask(http.MethodGet, "products/"+made.Key.ID, nil)["categories"]
	category := p.makeTerm(erp.Term{Kind: erp.Category, Name: "Lamps"})
	p.edit(`INSERT INTO ledger.product_terms VALUES ($1, $2)`, id, category)
	push := func(price string) flow.Outcome {
		p.edit(`UPDATE ledger.prices SET amount = $1`, price)
		return p.run(flow.Export, "product", id)[id]
	}
	require.Equal(t, "unlinked_reference", push("11").Code)

	p.ec.Parts = []string{mapping.PricePart}
	o := push("12")
	require.Equal(t, []any{flow.Updated, true}, []any{o.Status, o.Partial}, "%s: %s", o.Code, o.Reason)
	p.ec.Parts = nil
	p.giveOwners(`{"product":{"basic":"store"}}`)
	o = push("13")
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	have := p.ask(http.MethodGet, "products/"+made.Key.ID, nil)
	require.Equal(t, []any{"13", categories}, []any{have["regular_price"], have["categories"]})

	p.giveOwners(`{"product":{"basic":"erp"}}`)
	require.Equal(t, "unlinked_reference", push("14").Code)
}

// Lost replies and batches that are done in part make no product and no variation twice, with SKUs and without.
func TestLostRepliesMakeNoProductTwice(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	for i := range 6 {
		p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp " + strconv.Itoa(i), SKU: "L-" + strconv.Itoa(i)}, "10")
		p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Plain " + strconv.Itoa(i)}, "10")
	}
	shirt := p.makeProduct(variable(), "20")
	p.shop.SetFaults(wootest.Faults{RateCut: 0.3, RateTimeout: 0.2, TimeoutAfter: 1, Seed: 5})
	p.untilThrough(flow.Export, "product")
	p.shop.SetFaults(wootest.Faults{})
	p.requireAll(flow.Export, "product", flow.Unchanged)
	require.Len(t, p.list("products"), 13)
	require.Len(t, p.list("products/"+p.run(flow.Export, "product", shirt)[shirt].Key.ID+"/variations"), 2)
}

// The reply to a write shows texts without the paragraphs that lists show. Where no text was sent, what the list showed before holds.
func TestTextsThatWereNotSentAreNotReadAgain(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1", Description: "<p>Bright</p>\n", ShortDescription: "<p>A lamp</p>\n"}, "20")
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)

	p.edit(`UPDATE ledger.products SET name = 'Bright lamp'`)
	before := p.allRequests()
	require.Equal(t, flow.Updated, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, 2, p.allRequests()-before, "one reads the product, one writes it")
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")

	p.edit(`UPDATE ledger.products SET description = E'<p>Very bright</p>\n'`)
	before = p.allRequests()
	require.Equal(t, flow.Updated, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, 3, p.allRequests()-before, "and the text is read as lists show it")
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")
}

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/woo/wootest"
)

// TestLedgerByHand follows the guide's chapters 4.2, 4.3.2 and 9.1 without an Odoo: a category, products and a company are
// made on the command line, stock is counted, and what is exported is changed and exported again.
func TestLedgerByHand(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(3, 2, 0))
	x := serve(t)
	x.connect(store.URL)
	x.allowExports()
	x.env = append(x.env, "TANDEM_URL="+x.url, "TANDEM_TOKEN="+x.token)

	category := made[gen.LedgerTerm](x, "ledger", "terms", "create", "category", "--name", "Shirts by hand")
	shirt := made[gen.LedgerProduct](x, "ledger", "products", "create", "--category", category.ID, "--file", x.file(`{
		"name": "Shirt by hand", "kind": "variable", "status": "publish",
		"attributes": [{"name": "Size", "values": ["S", "M"], "variation": true}],
		"variants": [
			{"sku": "HAND-S", "options": {"Size": "S"}, "prices": [{"currency": "EUR", "amount": "20"}]},
			{"sku": "HAND-M", "options": {"Size": "M"}, "prices": [{"currency": "EUR", "amount": "22"}]}]}`))
	company := made[gen.LedgerPartner](x, "ledger", "partners", "create", "--company", "--file", x.file(`{
		"name": "Hand Ltd", "first_name": "Hand", "last_name": "Ltd", "email": "office@hand.example",
		"addresses": [{"kind": "invoice", "street": "1 Road", "city": "London", "zip": "N1", "country": "GB"}]}`))
	mug := made[gen.LedgerProduct](x, "ledger", "products", "create", "--name", "Mug", "--price", "9.50", "--currency", "EUR", "--track-stock")
	x.command("ledger", "stock", "count", mug.ID, "25")
	stock := get[gen.LedgerStockPage](x, "/ledger/stock?product="+mug.ID)
	require.Equal(t, []string{"25", "25"}, []string{stock.Items[0].OnHand, stock.Items[0].Free})

	x.exportRecord("category", category.ID, 1, 0)
	x.exportRecord("product", shirt.ID, 1, 0)
	x.exportRecord("customer", company.ID, 1, 0)
	require.Equal(t, map[string]string{"HAND-S": "20", "HAND-M": "22"}, store.variationPrices("Shirt by hand"))
	require.Equal(t, 1, store.customersOf("office@hand.example"))

	shirt.Variants[0].Prices[0].Amount = "25"
	var now gen.LedgerProduct
	require.NoError(t, x.api.Patch(t.Context(), "/ledger/products/"+shirt.ID, map[string]any{"version": shirt.Version, "variants": shirt.Variants}, &now))
	require.Error(t, x.api.Patch(t.Context(), "/ledger/products/"+shirt.ID, map[string]any{"version": shirt.Version, "name": "Late"}, nil))
	x.exportRecord("product", shirt.ID, 0, 1)
	require.Equal(t, map[string]string{"HAND-S": "25", "HAND-M": "22"}, store.variationPrices("Shirt by hand"))
	x.exportRecord("product", shirt.ID, 0, 0)

	link := get[gen.LinkPage](x, "/links?entity=product&erp_id="+shirt.ID).Items[0]
	back := x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{link.WooID}}, "product")
	require.Equal(t, 1, back.Progress[0].Unchanged, "no echo: %+v", back.Progress[0])
}

// made runs a command that makes a record, and gives the record it prints.
func made[T any](x *tandem, args ...string) T {
	x.t.Helper()
	var record T
	require.NoError(x.t, json.Unmarshal([]byte(x.command(args...)), &record))
	return record
}

func (x *tandem) file(content string) string {
	x.t.Helper()
	name := filepath.Join(x.t.TempDir(), "record.json")
	require.NoError(x.t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

// exportRecord exports one record of the ledger, and requires what became of it.
func (x *tandem) exportRecord(entity, id string, created, updated int) {
	x.t.Helper()
	p := x.export(flow.Filter{Kind: flow.IDs, IDs: []string{id}}, entity).Progress[0]
	require.Equal(x.t, []int{1, created, updated}, []int{p.Read, p.Created, p.Updated}, "%s: %+v", entity, p)
}

// variationPrices gives the regular prices of the variations of the one product with a name, by SKU.
func (s *shop) variationPrices(name string) map[string]string {
	s.t.Helper()
	prices := map[string]string{}
	found := 0
	for _, p := range list[struct {
		ID   json.Number
		Name string
	}](s, "products", nil) {
		if p.Name != name {
			continue
		}
		found++
		for _, v := range list[struct {
			SKU   string
			Price string `json:"regular_price"`
		}](s, "products/"+p.ID.String()+"/variations", nil) {
			prices[v.SKU] = v.Price
		}
	}
	require.Equal(s.t, 1, found)
	return prices
}

// customersOf counts the customers with an e-mail.
func (s *shop) customersOf(email string) int {
	s.t.Helper()
	found := 0
	for _, c := range list[struct{ Email string }](s, "customers", nil) {
		if c.Email == email {
			found++
		}
	}
	return found
}

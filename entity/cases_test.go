package entity_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/instance"
	"tandem/schema/schematest"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

// plainStore is what the cases' orders name and the cases themselves do not bring.
const plainStore = `{"products": [
	{"id": 101, "type": "simple", "status": "publish", "name": "Thing 101", "sku": "SKU-101", "regular_price": "10.00"},
	{"id": 102, "type": "simple", "status": "publish", "name": "Thing 102", "sku": "SKU-102", "regular_price": "20.00"}],
 "tax_classes": [{"slug": "standard", "name": "Standard rate"}],
 "taxes": [{"id": 1, "country": "FR", "rate": "20.0000", "name": "VAT", "class": "standard", "shipping": true},
           {"id": 2, "country": "FR", "rate": "5.5000", "name": "VAT reduced", "class": "standard"}]}`

// outcome is what is expected of one record; no code means that it lands.
type outcome struct{ entity, id, code string }

// publicCases are inputs of public bug reports, each in a file that also names its source. Every record is listed that is not
// of plainStore.
var publicCases = []struct {
	file   string
	change func(*instance.Config)
	want   []outcome
	check  func(*caseRun)
}{
	{"00-control", nil, []outcome{{"order", "1000", ""}}, func(r *caseRun) { r.total("1000", "18", "3") }},
	{"01-avatax-tax-ids", nil, []outcome{{"order", "1001", ""}}, func(r *caseRun) { r.total("1001", "21.2", "1.2") }},
	{"04-variations-as-objects", nil, []outcome{{"product", "1040", ""}, {"order", "1004", ""}}, nil},
	{"05-meta-as-dictionary", nil, []outcome{{"product", "1050", ""}}, nil},
	{"07-deleted-variation", nil, []outcome{{"product", "1070", ""}, {"order", "1007", "variation_gone"}}, nil},
	{"07-deleted-variation", withPlaceholder, []outcome{{"product", "1070", ""}, {"order", "1007", ""}}, func(r *caseRun) { r.total("1007", "10", "0") }},
	{"09-deleted-tax-rate", nil, []outcome{{"order", "1011", ""}}, func(r *caseRun) { r.taxed("1011", "19", "1.9") }},
	{"10-recycled-tax-rate", nil, []outcome{{"order", "1012", ""}}, func(r *caseRun) { r.taxed("1012", "19", "1.9") }},
	{"11-nul-in-text", nil, []outcome{{"product", "1051", ""}, {"order", "1013", ""}}, nil},
	{"17-image-zero-date", nil, []outcome{{"product", "1063", ""}, {"order", "1019", ""}}, nil},
	{"18-sale-ends-before-it-begins", nil, []outcome{{"product", "1066", ""}, {"order", "1020", ""}}, func(r *caseRun) { r.prices("1066", "10") }},
	{"20-category-orphan", nil, []outcome{{"order", "1021", ""}}, nil},
	{"22-number-limits", nil, []outcome{{"coupon", "1083", ""}, {"product", "1084", ""}}, nil},
	{"27-other-account-email", nil, []outcome{{"customer", "301", ""}, {"customer", "302", ""}, {"customer", "304", ""}, {"customer", "305", ""},
		{"order", "1030", ""}, {"order", "1031", ""}}, func(r *caseRun) { r.distinct("customer", "301", "302", "303", "304", "305") }},
	{"40-shipping-disabled", nil, nil, nil},
	{"50-trashed-product", nil, []outcome{{"order", "3001", "product_trashed"}}, nil},
	{"50-trashed-product", withPlaceholder, []outcome{{"order", "3001", ""}}, nil},
}

func withPlaceholder(c *instance.Config) { c.Order.Placeholder = "101" }

// TestPublicCases serves each case exactly as its file says and imports all of it into a real ledger, twice: the second time
// nothing changes.
func TestPublicCases(t *testing.T) {
	for _, c := range publicCases {
		t.Run(c.file, func(t *testing.T) {
			r := startCase(t, c.file)
			if c.change != nil {
				c.change(&r.ec.Instance.Config)
			}
			first, again := r.importAll(), r.importAll()
			for _, want := range c.want {
				got := first[erp.Key{Instance: "odd", Entity: want.entity, ID: want.id}]
				require.NotNil(t, got, "%s %s was read", want.entity, want.id)
				require.Equal(t, want.code, got.Code, got.Reason)
				require.Equal(t, want.code == "", got.Landed(), got.Reason)
			}
			for key, result := range again {
				require.True(t, !result.Landed() || result.Status == erp.Unchanged, "%s is %s again", key, result.Status)
			}
			if c.check != nil {
				c.check(r)
			}
		})
	}
}

// caseRun is one case with the ledger it is imported into.
type caseRun struct {
	t  *testing.T
	ec entity.Context
}

func startCase(t *testing.T, file string) *caseRun {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "cases", file+".json"))
	require.NoError(t, err)
	var plain oddstore.State
	var odd struct {
		Store oddstore.State `json:"store"`
	}
	require.NoError(t, json.Unmarshal([]byte(plainStore), &plain))
	require.NoError(t, json.Unmarshal(raw, &odd))
	store := oddstore.Start(t, plain.Merge(odd.Store))
	client, err := woo.New(woo.Config{URL: store.URL, ConsumerKey: "ck", ConsumerSecret: "cs",
		Budget: woo.NewBudget(woo.BudgetOptions{Rate: 2000, MaxRate: 5000, Concurrency: 8})})
	require.NoError(t, err)
	config := instance.DefaultConfig()
	config.General = instance.General{Warehouse: "WH", Currency: "EUR"}
	config.Product.ImportImages = false
	config.Payment.Term, config.Order.SalesTeam, config.Order.Salesperson = "immediate", "website", "admin"
	backend := ledger.Open(schematest.New(t))
	t.Cleanup(func() { require.NoError(t, backend.Close()) })
	return &caseRun{t: t, ec: entity.Context{
		Instance: instance.Instance{ID: "odd", Name: "Odd", Config: config, Connection: instance.DefaultConnection(),
			Store: instance.StoreInfo{Currency: "EUR", Decimals: 2}},
		Store: client, Backend: backend,
	}}
}

// importAll reads and lands every entity, each after those it needs.
func (r *caseRun) importAll() map[erp.Key]*entity.Result {
	r.t.Helper()
	results := map[erp.Key]*entity.Result{}
	for _, e := range entity.List() {
		for page, err := range e.Pull(context.Background(), r.ec, entity.Filter{Kind: entity.All}, entity.Cursor{}) {
			require.NoError(r.t, err, e.Name())
			landed, err := e.Land(context.Background(), r.ec, page)
			require.NoError(r.t, err, e.Name())
			for i := range landed {
				results[landed[i].Key] = &landed[i]
			}
		}
	}
	return results
}

func (r *caseRun) figures(order string) erp.OrderFigures {
	r.t.Helper()
	figures, err := r.ec.Backend.OrderFigures(context.Background(), []erp.Key{{Instance: "odd", Entity: "order", ID: order}})
	require.NoError(r.t, err)
	return figures[0]
}

// total requires an order's total and tax.
func (r *caseRun) total(order, total, tax string) {
	r.t.Helper()
	f := r.figures(order)
	require.Equal(r.t, []string{total, tax}, []string{f.Total.String(), f.Tax.String()})
}

// taxed requires that all tax of an order is of one rate.
func (r *caseRun) taxed(order, rate, amount string) {
	r.t.Helper()
	f := r.figures(order)
	require.Len(r.t, f.Taxes, 1)
	require.Equal(r.t, []string{rate, amount}, []string{f.Taxes[0].Rate.String(), f.Taxes[0].Amount.String()})
}

// prices requires what a product costs in the regular list, and that it is in no sale.
func (r *caseRun) prices(product, regular string) {
	r.t.Helper()
	for kind, want := range map[erp.PriceKind]string{erp.Regular: regular, erp.Sale: ""} {
		list := erp.Key{Instance: "odd", Entity: "price_list", ID: erp.PriceListID(kind, "EUR")}
		listed, _, err := r.ec.Backend.Prices(context.Background(), list, "", 100)
		require.NoError(r.t, err)
		got := ""
		for _, p := range listed {
			if p.Product.ID == product {
				got = p.Amount.String()
			}
		}
		require.Equal(r.t, want, got, kind)
	}
}

// distinct requires that records are as many in the ledger as in the store.
func (r *caseRun) distinct(kind string, ids ...string) {
	r.t.Helper()
	var keys []erp.Key
	for _, id := range ids {
		keys = append(keys, erp.Key{Instance: "odd", Entity: kind, ID: id})
	}
	found, err := r.ec.Backend.Lookup(context.Background(), keys)
	require.NoError(r.t, err)
	seen := map[string]bool{}
	for i, id := range found {
		require.NotEmpty(r.t, id, ids[i])
		require.False(r.t, seen[id], ids[i])
		seen[id] = true
	}
}

package db

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/flow"
	"tandem/report/fact"
)

// landFacts lands records of an entity with what reports count of them.
func landFacts(t *testing.T, d *DB, entity string, facts map[string]fact.Facts) {
	t.Helper()
	var ids []string
	for id := range facts {
		ids = append(ids, id)
	}
	page := startPage(t, d, newOperation(t, d, entity), entity, ids...)
	for _, id := range ids {
		encoded, err := json.Marshal(facts[id])
		require.NoError(t, err)
		page.Results = append(page.Results, flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{
			Status: flow.Created, ID: "erp-" + id, After: "d", Key: keys(page.key(id))[0], Facts: encoded,
		}})
	}
	require.NoError(t, d.FinishPage(t.Context(), page))
}

func factOrder(id, status string, lines ...fact.Line) fact.Facts {
	return fact.Facts{Sale: &fact.Sale{ID: id, Kind: fact.Order, Order: id, Number: id, At: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC),
		Currency: "EUR", Status: status, Lines: lines}}
}

func factLine(id, product, variant string, net int64) fact.Line {
	return fact.Line{ID: id, Kind: fact.Product, Product: product, Variant: variant, Net: decimal.NewFromInt(net), Units: decimal.NewFromInt(1),
		Taxes: []fact.Tax{{Key: "1", Label: "VAT", Rate: decimal.NewFromInt(20), Amount: decimal.New(net*2, -1)}}}
}

func texts(t *testing.T, d *DB, query string) []string {
	t.Helper()
	var rows []string
	require.NoError(t, d.pool.SelectContext(t.Context(), &rows, query))
	return rows
}

func TestAnOrderIsKeptOnceAsItIsNow(t *testing.T) {
	d := newDB(t)
	shipping := fact.Line{ID: "9", Kind: fact.Shipping, Net: decimal.NewFromInt(5)}
	first := factOrder("7", "processing", factLine("1", "40", "41", 10), factLine("2", "40", "42", 20), shipping, factLine("3", "40", "41", 1))
	landFacts(t, d, "order", map[string]fact.Facts{"7": first})
	landFacts(t, d, "order", map[string]fact.Facts{"7": first})
	sums := `SELECT concat_ws(' ', status, units, goods, shipping, fees, credit, discount, tax) FROM tandem.sales`
	require.Equal(t, []string{"processing 3 31 5 0 0 0 6.2"}, texts(t, d, sums))
	require.Equal(t, []string{"1 3", "2 1", "3 0", "9 2"}, texts(t, d, `SELECT line || ' ' || leads FROM tandem.sale_lines ORDER BY line`))
	require.Equal(t, 1, number(t, d, `SELECT count(DISTINCT xmin::text) FROM tandem.sale_lines`))

	landFacts(t, d, "order", map[string]fact.Facts{"7": factOrder("7", "completed", factLine("2", "40", "42", 30))})
	require.Equal(t, []string{"completed 1 30 0 0 0 0 6"}, texts(t, d, sums))
	require.Equal(t, []string{"2 3"}, texts(t, d, `SELECT line || ' ' || leads FROM tandem.sale_lines`))
	require.Equal(t, []string{"2 6"}, texts(t, d, `SELECT line || ' ' || amount FROM tandem.sale_taxes`))
}

// The store forgets what a line sold once the product, or its variation, is deleted.
func TestLinesRememberWhatTheySold(t *testing.T) {
	d := newDB(t)
	landFacts(t, d, "order", map[string]fact.Facts{"7": factOrder("7", "processing", factLine("1", "40", "41", 10), factLine("2", "50", "50", 20))})
	landFacts(t, d, "order", map[string]fact.Facts{"7": factOrder("7", "completed", factLine("1", "40", "40", 10), factLine("2", "", "", 20))})
	sold := `SELECT line || ' ' || product || ' ' || variant FROM tandem.sale_lines ORDER BY line`
	require.Equal(t, []string{"1 40 41", "2 50 50"}, texts(t, d, sold))

	back := fact.Sale{ID: "7/8", Kind: fact.Refund, Order: "7", Currency: "EUR", Status: "completed", Lines: []fact.Line{{ID: "r", Kind: fact.Product, Of: "2"}}}
	landFacts(t, d, "refund", map[string]fact.Facts{"7/8": {Sale: &back}})
	require.Equal(t, []string{"1 40 41", "2 50 50", "r 50 50"}, texts(t, d, sold))
}

func TestRefundsBearTheStatusOfTheirOrder(t *testing.T) {
	d := newDB(t)
	refund := fact.Sale{ID: "7/8", Kind: fact.Refund, Order: "7", Currency: "EUR", Status: "processing"}
	landFacts(t, d, "order", map[string]fact.Facts{"7": factOrder("7", "processing", factLine("1", "40", "40", 10))})
	landFacts(t, d, "refund", map[string]fact.Facts{"7/8": {Sale: &refund}})
	landFacts(t, d, "order", map[string]fact.Facts{"7": factOrder("7", "refunded", factLine("1", "40", "40", 10))})
	require.Equal(t, []string{"refunded", "refunded"}, texts(t, d, `SELECT status FROM tandem.sales`))
	landFacts(t, d, "refund", map[string]fact.Facts{"7/8": {Sale: &fact.Sale{ID: "7/8", Kind: fact.Refund, Taken: true}}})
	require.Equal(t, []string{"order"}, texts(t, d, `SELECT kind FROM tandem.sales`))
}

func TestProductsAreCalledWhatTheyAreCalledNow(t *testing.T) {
	d := newDB(t)
	for _, name := range []string{"Mug", "Cup", "Cup"} {
		landFacts(t, d, "product", map[string]fact.Facts{"4": {Products: []fact.SoldProduct{{ID: "4", Name: name}, {ID: "5", Name: name + ", red"}}}})
	}
	require.Equal(t, []string{"4 Cup", "5 Cup, red"}, texts(t, d, `SELECT woo_id || ' ' || name FROM tandem.sold_products ORDER BY woo_id`))
}

func TestFiguresOfARemovedInstanceAreDeleted(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	landFacts(t, d, "product", map[string]fact.Facts{"4": {Products: []fact.SoldProduct{{ID: "4"}}}})
	landFacts(t, d, "order", map[string]fact.Facts{"7": factOrder("7", "processing", factLine("1", "4", "4", 10))})
	require.NoError(t, d.DeleteInstance(t.Context(), "demo"))
	require.Zero(t, number(t, d, `SELECT (SELECT count(*) FROM tandem.sales) + (SELECT count(*) FROM tandem.sale_lines)
		+ (SELECT count(*) FROM tandem.sale_taxes) + (SELECT count(*) FROM tandem.sold_products)`))
}

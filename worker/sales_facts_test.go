package worker

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/flow"
	"tandem/instance"
	"tandem/schema/schematest"
)

// landBefore lands records as a version before reports did: with copies, and without what reports count.
func landBefore(t *testing.T, d *db.DB, entity string, copies map[string]string) {
	t.Helper()
	op, _, err := d.CreateOperation(t.Context(), db.Operation{Kind: "import", Direction: "import", Instances: []string{"shop"}, Entities: []string{entity}, Trigger: "api"})
	require.NoError(t, err)
	start := db.PageStart{Operation: op.ID, Instance: "shop", Entity: entity}
	result := db.PageResult{Operation: op.ID, Instance: "shop", Entity: entity}
	for id, raw := range copies {
		record := flow.Record{ID: id, Raw: []byte(raw)}
		start.Records = append(start.Records, record)
		result.Results = append(result.Results, flow.Result{Record: record, Outcome: flow.Outcome{
			Status: flow.Created, ID: id, After: "d", Key: flow.Key{Instance: "shop", Entity: entity, ID: id}}})
	}
	result.Started, err = d.StartPage(t.Context(), start)
	require.NoError(t, err)
	require.NoError(t, d.FinishPage(t.Context(), result))
}

func TestWhatLandedBeforeThereWereReportsIsCounted(t *testing.T) {
	url := schematest.URL(t)
	d, err := db.Open(t.Context(), url, db.Options{SecretKeys: [][]byte{bytes.Repeat([]byte("k"), 32)}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	raw, err := sqlx.Open("postgres", url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	config := instance.DefaultConfig()
	config.General.Currency = "EUR"
	_, err = d.CreateInstance(t.Context(), instance.Instance{ID: "shop", Name: "Shop", StoreURL: "https://shop.example", State: instance.Active, Backend: "ledger",
		Connection: instance.DefaultConnection(), Config: config, Store: instance.StoreInfo{Currency: "EUR", Decimals: 2}},
		instance.Credentials{ConsumerKey: "ck", ConsumerSecret: "cs"})
	require.NoError(t, err)
	order := func(id int) string {
		return fmt.Sprintf(`{"id": %[1]d, "number": "%[1]d", "status": "processing", "currency": "EUR", "date_created_gmt": "2026-03-02T09:30:00",
			"total": "12.00", "total_tax": "2.00", "billing": {"last_name": "A", "email": "a@shop.invalid", "country": "FR"},
			"tax_lines": [{"rate_id": 1, "label": "VAT", "rate_percent": 20, "tax_total": "2.00", "shipping_tax_total": "0.00"}],
			"line_items": [{"id": 1, "name": "Mug", "product_id": 40, "variation_id": 41, "quantity": 1, "subtotal": "10.00", "total": "10.00",
			  "taxes": [{"id": 1, "total": "2.000000"}]}], "refunds": [{"id": %[2]d}]}`, id, id+100)
	}
	landBefore(t, d, "product", map[string]string{"40": `{"id": 40, "name": "Mug", "type": "variable", "status": "publish", "variations": [41],
		"categories": [{"id": 5, "name": "Cups &amp; mugs"}], "attributes": [{"id": 1, "name": "Colour", "variation": true, "options": ["Red"]}],
		"_variations": [{"id": 41, "status": "publish", "attributes": [{"id": 1, "name": "Colour", "option": "Red"}]}]}`})
	landBefore(t, d, "order", map[string]string{"7": order(7), "8": order(8)})
	landBefore(t, d, "refund", map[string]string{
		"7/107": `{"id": 107, "parent_id": 7, "date_created_gmt": "2026-03-05T09:30:00", "amount": "6.00"}`,
		"8/108": `{"id": 108, "parent_id": 8, "date_created_gmt": "2026-03-05T09:30:00", "amount": "6.00"}`})
	raw.MustExec(`DELETE FROM tandem.raw_records WHERE woo_id = '8'`)

	w := &Worker{db: d}
	for range 2 {
		require.NoError(t, w.countSales(t.Context()))
		var sales []string
		require.NoError(t, raw.Select(&sales, `SELECT concat_ws(' ', woo_id, kind, units, goods, fees, tax) FROM tandem.sales ORDER BY woo_id`))
		require.Equal(t, []string{"7 order 1 10 0 2", "7/107 refund 0 0 5 1"}, sales)
		var products []string
		require.NoError(t, raw.Select(&products, `SELECT concat_ws(', ', woo_id, name, category_name) FROM tandem.sold_products ORDER BY woo_id`))
		require.Equal(t, []string{"40, Mug, Cups & mugs", "41, Mug, Red, Cups & mugs"}, products)
		uncounted, err := d.UncountedSales(t.Context())
		require.NoError(t, err)
		require.Equal(t, map[string]int{"shop": 2}, uncounted, "an order without a copy, and its refund")
	}
}

package db

import (
	"context"
	"time"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"
)

// PlacedOrder is what people know an order by.
type PlacedOrder struct {
	Instance string
	WooID    string `db:"woo_id"`
	Number   string
	At       time.Time // when it was placed
	Currency string
	Total    decimal.Decimal // with tax, as reports count it
	Country  string          // where the goods go
}

// PlacedOrders gives what is known of these orders of stores, by instance and store id; what no report counts is left out.
func (d *DB) PlacedOrders(ctx context.Context, runs []OrderRun) (map[[2]string]PlacedOrder, error) {
	instances, ids := make([]string, len(runs)), make([]string, len(runs))
	for i, run := range runs {
		instances[i], ids[i] = run.Instance, run.WooID
	}
	var rows []PlacedOrder
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT s.instance, s.woo_id, s.number, s.at, s.currency, s.goods + s.shipping + s.fees + s.tax AS total, s.country
		FROM unnest($1::text[], $2::text[]) AS r(instance, woo_id) JOIN tandem.sales s USING (instance, woo_id) WHERE s.kind = 'order'`,
		pq.Array(instances), pq.Array(ids))
	found := make(map[[2]string]PlacedOrder, len(rows))
	for _, row := range rows {
		row.At = row.At.UTC()
		found[[2]string{row.Instance, row.WooID}] = row
	}
	return found, classify(err, "reading what orders are called")
}

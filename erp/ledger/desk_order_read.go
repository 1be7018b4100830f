package ledger

import (
	"context"
	"strconv"

	"github.com/lib/pq"

	"tandem/erp"
)

const selectOrderSettings = `
SELECT o.id, o.price_list_id, w.code AS warehouse, coalesce(st.code, '') AS sales_team, coalesce(sp.code, '') AS salesperson,
       coalesce(pt.code, '') AS payment_term
FROM ledger.orders o
JOIN ledger.warehouses w ON w.id = o.warehouse_id
LEFT JOIN ledger.sales_teams st ON st.id = o.sales_team_id
LEFT JOIN ledger.salespeople sp ON sp.id = o.salesperson_id
LEFT JOIN ledger.payment_terms pt ON pt.id = o.payment_term_id
WHERE o.id = ANY ($1)`

// orderSettings is what orders name by the codes of the ledger.
type orderSettings struct {
	ID          int64
	PriceListID *int64 `db:"price_list_id"`
	Warehouse   string
	SalesTeam   string `db:"sales_team"`
	Salesperson string
	PaymentTerm string `db:"payment_term"`
}

// saleOrders reads orders as people work on them.
func (r recordReader) saleOrders(ctx context.Context, ids []int64) (map[int64]erp.SaleOrder, error) {
	parts, err := r.orderParts(ctx, ids)
	if err != nil {
		return nil, err
	}
	var settings []orderSettings
	if err := r.tx.SelectContext(ctx, &settings, selectOrderSettings, pq.Array(ids)); err != nil {
		return nil, classify(err)
	}
	var states []saleRow
	if err := r.tx.SelectContext(ctx, &states, selectStates, pq.Array(ids)); err != nil {
		return nil, classify(err)
	}
	records := make(map[int64]erp.SaleOrder, len(ids))
	for _, row := range parts.rows {
		order := parts.held(row)
		record := erp.SaleOrder{Order: order.Record, Store: order.Of}
		record.Fields = fieldsOf(row.Fields, map[string]string{"reference": row.Reference, "comment": row.Comment})
		records[row.ID] = record
	}
	for _, s := range settings {
		record := records[s.ID]
		record.Warehouse, record.SalesTeam, record.Salesperson, record.PaymentTerm = s.Warehouse, s.SalesTeam, s.Salesperson, s.PaymentTerm
		if s.PriceListID != nil {
			record.PriceList = erp.OwnKey(priceListPlace.model, strconv.FormatInt(*s.PriceListID, 10))
		}
		records[s.ID] = record
	}
	for _, s := range states {
		record := records[s.ID]
		record.State = s.state()
		records[s.ID] = record
	}
	return records, nil
}

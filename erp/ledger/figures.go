package ledger

import (
	"context"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

const findOrders = `SELECT k.place, e.record_id FROM ` + boundKeys

const selectAmounts = `SELECT id, currency, total, tax FROM ledger.orders WHERE id = ANY ($1)`

const selectOrderTaxes = `
SELECT order_id, tax_key, label, rate, amount
FROM ledger.order_taxes
WHERE order_id = ANY ($1)
ORDER BY order_id, position`

// figuresRow holds the amounts of one order.
type figuresRow struct {
	ID       int64           `db:"id"`
	Currency string          `db:"currency"`
	Total    decimal.Decimal `db:"total"`
	Tax      decimal.Decimal `db:"tax"`
}

// OrderFigures reads the amounts of orders as of one moment, in the order of the keys.
func (l *Ledger) OrderFigures(ctx context.Context, orders []erp.Key) ([]erp.OrderFigures, error) {
	figures := make([]erp.OrderFigures, len(orders))
	for i, key := range orders {
		figures[i].Key = key
	}
	err := l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		ids, err := orderIDs(ctx, tx, orders)
		if err != nil {
			return err
		}
		known, err := readFigures(ctx, tx, ids)
		if err != nil {
			return err
		}
		for i, id := range ids {
			if id != 0 {
				figures[i] = known[id]
				figures[i].Key = orders[i]
			}
		}
		return nil
	})
	return figures, err
}

// orderIDs resolves keys in order; 0 where no order is landed.
func orderIDs(ctx context.Context, tx *sqlx.Tx, keys []erp.Key) ([]int64, error) {
	instances, entities, extIDs := columnsOfKeys(keys)
	var rows []struct {
		Place int   `db:"place"` // from 1
		ID    int64 `db:"record_id"`
	}
	err := tx.SelectContext(ctx, &rows, findOrders, pq.Array(instances), pq.Array(entities), pq.Array(extIDs), "order")
	if err != nil {
		return nil, classify(err)
	}
	ids := make([]int64, len(keys))
	for _, row := range rows {
		ids[row.Place-1] = row.ID
	}
	return ids, nil
}

// readFigures reads amounts, taxes, states and refunds in five statements however many orders there are.
func readFigures(ctx context.Context, tx *sqlx.Tx, ids []int64) (map[int64]erp.OrderFigures, error) {
	var amounts []figuresRow
	if err := tx.SelectContext(ctx, &amounts, selectAmounts, pq.Int64Array(ids)); err != nil {
		return nil, classify(err)
	}
	var states []saleRow
	if err := tx.SelectContext(ctx, &states, selectStates, pq.Int64Array(ids)); err != nil {
		return nil, classify(err)
	}
	taxes, err := readOrderTaxes(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	refunds, err := readRefundFigures(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	figures := make(map[int64]erp.OrderFigures, len(amounts))
	for _, a := range amounts {
		figures[a.ID] = erp.OrderFigures{ID: strconv.FormatInt(a.ID, 10), Currency: a.Currency,
			Total: a.Total, Tax: a.Tax, Taxes: taxes[a.ID], Refunds: refunds[a.ID]}
	}
	for _, s := range states {
		f := figures[s.ID]
		f.State, f.InvoiceTotal = s.state(), s.InvoiceTotal
		figures[s.ID] = f
	}
	return figures, nil
}

const selectOrderLines = `
SELECT order_id, store_line, product_key, description, quantity, total
FROM ledger.order_lines
WHERE order_id = ANY ($1) AND kind <> 'rounding'
ORDER BY order_id, position`

// OrderLines reads the lines of orders as of one moment, in the order of the keys.
func (l *Ledger) OrderLines(ctx context.Context, orders []erp.Key) ([][]erp.LineFigures, error) {
	lines := make([][]erp.LineFigures, len(orders))
	err := l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		ids, err := orderIDs(ctx, tx, orders)
		if err != nil {
			return err
		}
		var rows []struct {
			OrderID     int64  `db:"order_id"`
			StoreLine   string `db:"store_line"`
			ProductKey  string `db:"product_key"`
			Description string
			Quantity    decimal.Decimal
			Total       decimal.Decimal
		}
		if err := tx.SelectContext(ctx, &rows, selectOrderLines, pq.Int64Array(ids)); err != nil {
			return classify(err)
		}
		byOrder := map[int64][]erp.LineFigures{}
		for _, row := range rows {
			product, _ := erp.ParseKey(row.ProductKey) // lines of a version before do not say it
			byOrder[row.OrderID] = append(byOrder[row.OrderID], erp.LineFigures{
				ID: row.StoreLine, Product: product, Description: row.Description, Quantity: row.Quantity, Total: row.Total})
		}
		for i, id := range ids {
			lines[i] = byOrder[id]
		}
		return nil
	})
	return lines, err
}

func readOrderTaxes(ctx context.Context, tx *sqlx.Tx, ids []int64) (map[int64][]erp.OrderTax, error) {
	var rows []struct {
		OrderID int64           `db:"order_id"`
		TaxKey  string          `db:"tax_key"`
		Label   string          `db:"label"`
		Rate    decimal.Decimal `db:"rate"`
		Amount  decimal.Decimal `db:"amount"`
	}
	if err := tx.SelectContext(ctx, &rows, selectOrderTaxes, pq.Int64Array(ids)); err != nil {
		return nil, classify(err)
	}
	taxes := make(map[int64][]erp.OrderTax, len(ids))
	for _, row := range rows {
		key, err := erp.ParseKey(row.TaxKey)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "the tax of an order cannot be read")
		}
		taxes[row.OrderID] = append(taxes[row.OrderID],
			erp.OrderTax{Tax: key, Label: row.Label, Rate: row.Rate, Amount: row.Amount})
	}
	return taxes, nil
}

package sales

import (
	"context"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// pricedLine is a line of an order as people see it.
type pricedLine struct {
	rpc.Row
	Order    rpc.Link   `json:"order_id"`
	Text     rpc.Text   `json:"name"`
	Quantity rpc.Amount `json:"product_uom_qty"`
	Net      rpc.Amount `json:"price_subtotal"`
	SoldAs   rpc.Text   `json:"x_tandem_product"`
}

// Lines reads the lines of orders that the store named, in the order of the keys.
func (b *Book) Lines(ctx context.Context, orders []erp.Key) ([][]erp.LineFigures, error) {
	lines := make([][]erp.LineFigures, len(orders))
	ids, err := b.records.IDsOf(ctx, "sale.order", orders, record.ExternalName)
	if err != nil || len(ids) == 0 {
		return lines, err
	}
	var list []int64
	for _, id := range ids {
		list = append(list, id)
	}
	rows, err := rpc.SearchBy[pricedLine](ctx, b.rpc, "sale.order.line", "order_id", list, nil,
		"order_id", "name", "product_uom_qty", "price_subtotal", soldAsField)
	if err != nil || len(rows) == 0 {
		return lines, err
	}
	names, err := b.records.NamesOf(ctx, "sale.order.line", rpc.Map(rows, pricedLine.RowID))
	if err != nil {
		return nil, err
	}
	byOrder := map[int64][]erp.LineFigures{}
	for _, row := range rows {
		if figures, ok := row.figures(names[row.ID]); ok {
			byOrder[row.Order.ID] = append(byOrder[row.Order.ID], figures)
		}
	}
	for i, key := range orders {
		lines[i] = byOrder[ids[key]]
	}
	return lines, nil
}

// figures gives a line by the store's id, which its external id ends with; false for a line that the store did not name.
func (l pricedLine) figures(name string) (erp.LineFigures, bool) {
	named, ok := record.KeyOf(name)
	_, id, _ := strings.Cut(named.ID, "/")
	if !ok || id == "" || id == emptyLine || id == erp.RoundingLineID {
		return erp.LineFigures{}, false
	}
	product, _ := erp.ParseKey(string(l.SoldAs)) // lines of a version before do not say it
	return erp.LineFigures{ID: id, Product: product, Description: string(l.Text), Quantity: l.Quantity.Decimal, Total: l.Net.Decimal}, true
}

package sales

import (
	"cmp"
	"context"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// pricedLine is a line of an order as people see it.
type pricedLine struct {
	rpc.Row
	Order    rpc.Link   `json:"order_id"`
	Text     rpc.Text   `json:"name"`
	Product  rpc.Link   `json:"product_id"`
	Quantity rpc.Amount `json:"product_uom_qty"`
	OldUnit  rpc.Link   `json:"product_uom"`
	NewUnit  rpc.Link   `json:"product_uom_id"`
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
		"order_id", "name", "product_id", "product_uom_qty", "price_subtotal", soldAsField, rpc.LineUnits.For(b.rpc.Release))
	if err != nil || len(rows) == 0 {
		return lines, err
	}
	pieces, err := b.piecesOf(ctx, rpc.Map(rows, pricedLine.measured))
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].Quantity.Decimal = pieces[i]
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

func (l pricedLine) measured() measured {
	return measured{l.Product.ID, l.Quantity.Decimal, cmp.Or(l.OldUnit.ID, l.NewUnit.ID)}
}

// measured is how much there is of a product, in some unit.
type measured struct {
	product  int64
	quantity decimal.Decimal
	unit     int64
}

// piecesOf gives quantities in the units of their products, which is what stores sell.
func (b *Book) piecesOf(ctx context.Context, list []measured) ([]decimal.Decimal, error) {
	products, err := b.stock.ProductUnits(ctx, rpc.Distinct(rpc.Map(list, func(m measured) int64 { return m.product })))
	if err != nil {
		return nil, err
	}
	unit := func(m measured) stock.Unit { return stock.Unit{Of: m.unit, Product: products[m.product]} }
	units, err := b.stock.Units(ctx, rpc.Map(list, unit))
	return rpc.Map(list, func(m measured) decimal.Decimal { return units.InProducts(m.quantity, unit(m)) }), err
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

package sales

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// heldLine is a line of an order as Odoo has it. Two of its fields are named differently in some versions.
type heldLine struct {
	taxedLine
	Sequence    int        `json:"sequence"`
	Product     rpc.Link   `json:"product_id"`
	Text        rpc.Text   `json:"name"`
	Quantity    rpc.Amount `json:"product_uom_qty"`
	Price       rpc.Amount `json:"price_unit"`
	Discount    rpc.Amount `json:"discount"` // in percent
	SoldAs      rpc.Text   `json:"x_tandem_product"`
	Display     any        `json:"display_type"` // of headings and notes
	DownPayment bool       `json:"is_downpayment"`
	Shipping    bool       `json:"is_delivery"`
	OldUnit     rpc.Link   `json:"product_uom"`
	NewUnit     rpc.Link   `json:"product_uom_id"`
}

// unit is what a line is ordered in.
func (r *orderReader) unit(l heldLine) stock.Unit {
	return stock.Unit{Of: cmp.Or(l.OldUnit.ID, l.NewUnit.ID), Product: r.products[l.Product.ID].Unit.ID}
}

// readLines reads the lines of the orders but headings and notes, in their order. A down payment is none of an order's amounts: Odoo takes it off
// the last invoice.
func (r *orderReader) readLines(ctx context.Context) error {
	columns := []string{"order_id", "sequence", "product_id", "name", "product_uom_qty", "price_unit", "discount", "price_subtotal", "price_tax", "display_type",
		"is_downpayment", soldAsField, splitField, rpc.LineTaxes.For(r.rpc.Release), rpc.LineUnits.For(r.rpc.Release)}
	if r.setup.TellsShipping {
		columns = append(columns, "is_delivery")
	}
	rows, err := rpc.SearchBy[heldLine](ctx, r.rpc, "sale.order.line", "order_id", rpc.Map(r.rows, heldOrder.RowID), nil, columns...)
	r.lines = map[int64][]heldLine{}
	for _, line := range rows {
		if display, _ := line.Display.(string); display == "" && (!line.DownPayment || !line.Net.IsZero()) {
			r.lines[line.Order.ID] = append(r.lines[line.Order.ID], line)
		}
	}
	for _, lines := range r.lines {
		slices.SortStableFunc(lines, func(a, b heldLine) int { return cmp.Compare(a.Sequence, b.Sequence) })
	}
	return err
}

// orderedProduct is what is read of a product.product on a line.
type orderedProduct struct {
	rpc.Row
	Template rpc.Link `json:"product_tmpl_id"`
	Type     rpc.Text `json:"type"`
	ForSale  bool     `json:"sale_ok"`
	Unit     rpc.Link `json:"uom_id"`
}

func (r *orderReader) readProducts(ctx context.Context) (err error) {
	var ids []int64
	for _, lines := range r.lines {
		for _, line := range lines {
			ids = append(ids, line.Product.ID)
		}
	}
	r.products, err = rpc.SearchByID[orderedProduct](ctx, r.rpc, "product.product", ids, "product_tmpl_id", "type", "sale_ok", "uom_id")
	return err
}

// readUnits reads the units of lines that are of other units than their products, such as dozens.
func (r *orderReader) readUnits(ctx context.Context) (err error) {
	var units []stock.Unit
	for _, lines := range r.lines {
		units = append(units, rpc.Map(lines, r.unit)...)
	}
	r.units, err = r.stock.Units(ctx, units)
	return err
}

// pieces is the quantity of a line in the unit of its product, which is what the store sells.
func (r *orderReader) pieces(line heldLine) decimal.Decimal {
	return r.units.InProducts(line.Quantity.Decimal, r.unit(line))
}

// kindOf says what a line stands for. A service that the store does not sell is a charge or a discount when it takes something off the
// order, or when nobody is offered it.
func (r *orderReader) kindOf(line heldLine) erp.LineKind {
	product := r.products[line.Product.ID]
	_, sold := r.variants.Of("product", line.Product.ID)
	switch kind, charge := r.kinds[line.Product.ID]; {
	case charge:
		return kind
	case line.Shipping:
		return erp.ShippingLine
	case product.ID == 0, !sold && product.Type == "service" && (line.Net.IsNegative() || !product.ForSale):
		return erp.FeeLine
	default:
		return erp.ProductLine
	}
}

// soldKey gives the key under which the store sold the goods of a line, or sells them. What it does not sell is named by its product, which is
// what is exported.
func (r *orderReader) soldKey(line heldLine) erp.Key {
	if key, err := erp.ParseKey(string(line.SoldAs)); err == nil && key.Instance == r.instance {
		return key
	}
	if key, ok := r.variants.Of("product", line.Product.ID); ok {
		return key
	}
	return erp.PendingKey(r.instance, "product", rpc.FormatID(r.products[line.Product.ID].Template.ID))
}

// line gives a line of an order with its net amount. Charges are one piece each, as the store has them.
func (r *orderReader) line(row heldLine, net decimal.Decimal, places int32) erp.OrderLine {
	line := erp.OrderLine{ID: rpc.FormatID(row.ID), Kind: r.kindOf(row), Description: string(row.Text), Quantity: decimal.NewFromInt(1), Total: net}
	if _, id, ok := strings.Cut(r.named[row.ID].ID, "/"); ok {
		line.ID = id
	}
	if line.Kind == erp.ProductLine {
		line.Product, line.Quantity = r.soldKey(row), r.pieces(row)
	}
	line.UnitPrice = net
	if !line.Quantity.IsZero() {
		line.UnitPrice = net.DivRound(line.Quantity, priceDigits)
	}
	line.Discount = decimal.Max(decimal.Zero, r.before(row).Round(places).Sub(net))
	if !row.Discount.IsPositive() {
		line.Discount = decimal.Zero
	}
	return line
}

// before is what a line comes to without its discount.
func (r *orderReader) before(row heldLine) decimal.Decimal {
	hundred := decimal.NewFromInt(100)
	if left := hundred.Sub(row.Discount.Decimal); left.IsPositive() {
		return row.Net.Mul(hundred).DivRound(left, priceDigits)
	}
	included := decimal.NewFromInt(1)
	for _, tax := range r.taxesOf(row) {
		if rule := r.taxes.rules[tax]; rule.included {
			included = included.Add(rule.rate)
		}
	}
	return row.Price.Mul(row.Quantity.Decimal).DivRound(included, priceDigits)
}

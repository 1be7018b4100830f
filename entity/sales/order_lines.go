package sales

import (
	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/entity/stock"
	"tandem/erp"
	"tandem/woo"
)

// unitDigits is how exact a unit price is shown; the line's total is what counts.
const unitDigits = 6

// freesStock are the statuses in which the store has given the goods back, or has not taken them yet.
var freesStock = map[string]bool{
	woo.OrderPending: true, woo.OrderCancelled: true, woo.OrderRefunded: true, woo.OrderFailed: true,
}

// orderLines maps products, shipping and fees. Coupons have no lines: they are inside the totals of the products.
func orderLines(ec mapping.Context, o woo.Order, taxes *orderTaxes) ([]erp.OrderLine, error) {
	lines := make([]erp.OrderLine, 0, len(o.LineItems)+len(o.ShippingLines)+len(o.FeeLines)+1)
	for _, item := range o.LineItems {
		if item.Quantity.IsZero() && item.Total.IsZero() {
			continue // nothing was sold and nothing charged
		}
		line, err := productLine(ec, o, item)
		if err != nil {
			return nil, err
		}
		if line.Taxes, err = taxes.ofLine(ec, item.Taxes); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	for _, charge := range chargesOf(o) {
		line := charge.line()
		var err error
		if line.Taxes, err = taxes.ofLine(ec, charge.taxes); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// charge is what is charged besides products. A discount given as a fee is negative.
type charge struct {
	kind  erp.LineKind
	id    woo.ID
	title string
	total woo.Decimal
	taxes []woo.LineTax
}

// chargesOf lists shipping and fees.
func chargesOf(o woo.Order) []charge {
	var charges []charge
	for _, s := range o.ShippingLines {
		charges = append(charges, charge{erp.ShippingLine, s.ID, s.MethodTitle, s.Total, s.Taxes})
	}
	for _, f := range o.FeeLines {
		kind, taxes := erp.FeeLine, f.Taxes
		if isCredit(f) {
			kind, taxes = erp.CreditLine, nil
		}
		charges = append(charges, charge{kind, f.ID, f.Name, f.Total, taxes})
	}
	return charges
}

func (c charge) line() erp.OrderLine {
	return erp.OrderLine{
		ID: c.id.String(), Kind: c.kind, Description: mapping.Plain(c.title), Quantity: decimal.NewFromInt(1),
		UnitPrice: c.total.Decimal, Total: c.total.Decimal,
	}
}

func productLine(ec mapping.Context, o woo.Order, item woo.LineItem) (erp.OrderLine, error) {
	if !item.Quantity.IsPositive() {
		return erp.OrderLine{}, mapping.Parked("odd_quantity",
			"line %s has the quantity %s: correct it in the store and process the order again", item.ID, item.Quantity)
	}
	line := erp.OrderLine{
		ID: item.ID.String(), Kind: erp.ProductLine, Product: soldProduct(ec, item), Description: lineTitle(o, item),
		Quantity: item.Quantity.Decimal, UnitPrice: item.Total.DivRound(item.Quantity.Decimal, unitDigits),
		Total: item.Total.Decimal,
	}
	if item.Subtotal.Valid {
		line.Discount = item.Subtotal.Sub(item.Total.Decimal)
	}
	line.Restocked = stock.PutBack(item)
	if !freesStock[o.Status] {
		line.SetAside = stock.TakenOff(item)
	}
	return line, nil
}

// soldProduct names the variation, or the product without variations, that a line sold. The store gives 0 once the
// product is deleted; the zero key then lets the ERP keep what the line has there.
func soldProduct(ec mapping.Context, item woo.LineItem) erp.Key {
	if item.VariationID != 0 {
		return mapping.KeyOf(ec, mapping.ProductName, item.VariationID)
	}
	return mapping.OptionalKey(ec, mapping.ProductName, item.ProductID)
}

package sales

import (
	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// refundedItem is the line meta by which a line of a refund names the line of the order that it gives back.
const refundedItem = "_refunded_item_id"

// soldOrder is an order as it was mapped, and as the store has it.
type soldOrder struct {
	erp.Order
	record woo.Order
}

// mapRefunded maps the order of a refund. One that cannot be mapped has not landed, or waits for a person itself.
func mapRefunded(ec mapping.Context, o woo.Order) (soldOrder, error) {
	mapped, _, err := mapOrder(ec, orderRecord{Order: o}, taxesOf(ec, o))
	if err != nil {
		key := mapping.KeyOf(ec, mapping.OrderName, o.ID)
		refused := mapping.Parked("unknown_order", "order %s has to be imported first, and waits itself: %s", o.ID, err)
		refused.Waits = []string{key.String()}
		return soldOrder{}, refused
	}
	return soldOrder{mapped, o}, nil
}

// refundTaxes gives the taxes of a refund under the keys that the order's taxes have.
func refundTaxes(ec mapping.Context, o woo.Order, r woo.Refund) *orderTaxes {
	taxes := taxesOf(ec, o)
	given := map[erp.Key]decimal.Decimal{}
	for _, line := range r.TaxLines {
		key, ok := taxes.keyOf(line)
		if !ok {
			claimed := claimOf(ec, line)
			key = claimed.Tax.Key
			taxes.taxes = append(taxes.taxes, erp.OrderTax{Tax: key, Label: mapping.Plain(line.Label), Rate: claimed.Tax.Rate})
			taxes.remember(line, key)
		}
		given[key] = given[key].Sub(line.TaxTotal.Decimal).Sub(line.ShippingTaxTotal.Decimal)
	}
	kept := taxes.taxes[:0]
	for _, tax := range taxes.taxes {
		if tax.Amount = given[tax.Tax]; !tax.Amount.IsZero() {
			kept = append(kept, tax)
		}
	}
	taxes.taxes = kept
	return taxes
}

// keyOf finds the tax that a tax line of a refund is of among those of the order.
func (t *orderTaxes) keyOf(line woo.TaxLine) (erp.Key, bool) {
	for _, name := range []string{numberOf(line), line.RateCode, line.Label} {
		if key, ok := t.named[name]; ok && name != "" {
			return key, true
		}
	}
	return erp.Key{}, false
}

// linesOf maps the lines of a refund, which the store keeps as negative ones.
func linesOf(ec mapping.Context, r woo.Refund, taxes *orderTaxes) ([]erp.RefundLine, error) {
	var lines []erp.RefundLine
	add := func(line erp.OrderLine, meta []woo.Meta, given []woo.LineTax) error {
		var err error
		line.Taxes, err = taxes.ofLine(ec, negated(given))
		line.UnitPrice = line.Total
		if line.Quantity.IsPositive() {
			line.UnitPrice = line.Total.DivRound(line.Quantity, unitDigits)
		}
		lines = append(lines, erp.RefundLine{OrderLine: line, Of: refundedLine(meta)})
		return err
	}
	for _, item := range r.LineItems {
		line := erp.OrderLine{ID: item.ID.String(), Kind: erp.ProductLine, Description: mapping.Plain(item.Name),
			Quantity: item.Quantity.Neg(), Total: item.Total.Neg()}
		if line.Quantity.IsZero() && line.Total.IsZero() {
			continue
		}
		if err := add(line, item.MetaData, item.Taxes); err != nil {
			return nil, err
		}
	}
	one := decimal.NewFromInt(1)
	for _, s := range r.ShippingLines {
		line := erp.OrderLine{ID: s.ID.String(), Kind: erp.ShippingLine, Description: mapping.Plain(s.MethodTitle), Quantity: one, Total: s.Total.Neg()}
		if err := add(line, s.MetaData, s.Taxes); err != nil {
			return nil, err
		}
	}
	for _, f := range r.FeeLines {
		line := erp.OrderLine{ID: f.ID.String(), Kind: erp.FeeLine, Description: mapping.Plain(f.Name), Quantity: one, Total: f.Total.Neg()}
		if err := add(line, f.MetaData, f.Taxes); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func negated(taxes []woo.LineTax) []woo.LineTax {
	given := make([]woo.LineTax, len(taxes))
	for i, tax := range taxes {
		given[i] = tax
		given[i].Total.Decimal = tax.Total.Neg()
	}
	return given
}

// refundedLine is the order's line that a line gives back; empty when the store does not say.
func refundedLine(meta []woo.Meta) string {
	named, ok := woo.FindMeta(meta, refundedItem)
	if !ok {
		return ""
	}
	text, _ := named.Text()
	return text
}

package sales

import (
	"github.com/shopspring/decimal"

	"tandem/erp"
)

// linesOfOrder gives the lines of an order as Odoo is to have them. Odoo calculates a tax from the whole of a line.
// WooCommerce spreads a negative fee over the rates of the goods in the cart instead, and taxes each part of it at its
// rate: such a charge becomes a line for each part.
func linesOfOrder(o *erp.Order, rates map[erp.Key]decimal.Decimal, unit decimal.Decimal) []erp.OrderLine {
	var lines []erp.OrderLine
	for _, line := range o.Lines {
		if line.Kind == erp.ProductLine || followsRates(line, rates, unit) {
			lines = append(lines, line)
		} else {
			lines = append(lines, splitCharge(line, rates, unit)...)
		}
	}
	return lines
}

// followsRates reports whether the taxes of a line are what its rates make of its total.
func followsRates(line erp.OrderLine, rates map[erp.Key]decimal.Decimal, unit decimal.Decimal) bool {
	for _, t := range line.Taxes {
		if line.Total.Mul(rates[t.Tax]).Sub(t.Amount).Abs().GreaterThanOrEqual(unit) {
			return false
		}
	}
	return true
}

// splitCharge gives a line for the part of a charge that each tax is of, and one for what is left. A charge whose parts
// come to more than all of it stays as it is: there is another reason for its taxes.
func splitCharge(line erp.OrderLine, rates map[erp.Key]decimal.Decimal, unit decimal.Decimal) []erp.OrderLine {
	var parts []erp.OrderLine
	rest, free := line.Total, []erp.LineTax(nil)
	for _, t := range line.Taxes {
		if rates[t.Tax].IsZero() {
			free = append(free, t)
			continue
		}
		part := line
		part.ID, part.Taxes = line.ID+"/"+t.Tax.ID, []erp.LineTax{t}
		part.Total = t.Amount.DivRound(rates[t.Tax], priceDigits)
		parts, rest = append(parts, part), rest.Sub(part.Total)
	}
	switch {
	case len(parts) == 0 || rest.Abs().GreaterThan(line.Total.Abs()) || rest.Mul(line.Total).IsNegative() && rest.Abs().GreaterThanOrEqual(unit):
		return []erp.OrderLine{line}
	case rest.Abs().LessThan(unit): // what dividing lost
		parts[0].Total = parts[0].Total.Add(rest)
	default:
		line.ID, line.Total, line.Taxes = line.ID+"/rest", rest, free
		parts = append(parts, line)
	}
	return parts
}

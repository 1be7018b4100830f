package check

import (
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
)

// Order finds what is wrong with an order alone; nil when nothing is. Its sums are left to Totals, because they depend
// on the currency.
func Order(o *erp.Order) *landing.Refusal {
	switch {
	case o.Partner.IsZero():
		return landing.Failed("invalid", "the order names no partner")
	case o.Date.IsZero():
		return landing.Failed("invalid", "the order has no date")
	}
	lines := make(map[string]bool, len(o.Lines))
	for _, l := range o.Lines {
		if lines[l.ID] {
			return landing.Failed("invalid", "line %q is in the order twice", l.ID)
		}
		lines[l.ID] = true
		if r := line(l); r != nil {
			return r
		}
	}
	return nil
}

func line(l erp.OrderLine) *landing.Refusal {
	switch l.Kind {
	case erp.ProductLine, erp.ShippingLine, erp.FeeLine, erp.CreditLine, erp.RoundingLine:
	default:
		return landing.Failed("invalid", "line %q is of the unknown kind %q", l.ID, l.Kind)
	}
	switch {
	case l.Kind != erp.ProductLine && !l.Product.IsZero():
		return landing.Failed("invalid", "line %q is a %s line and names a product", l.ID, l.Kind)
	case l.Kind == erp.CreditLine && (l.Total.IsPositive() || len(l.Taxes) > 0):
		return landing.Failed("invalid", "line %q is a credit, which is negative and not taxed", l.ID)
	case l.SetAside.IsNegative():
		return landing.Failed("invalid", "line %q sets aside a negative quantity", l.ID)
	}
	return nil
}

// Totals compares what the lines and taxes add up to with the order's total, to the decimals of its currency.
func Totals(o *erp.Order, decimals int32) *landing.Refusal {
	sum := Sum(o)
	if sum.Sub(o.Total).Round(decimals).IsZero() {
		return nil
	}
	return landing.Failed("totals_differ", "lines and taxes add up to %s %s, but the order's total is %s %s",
		sum, o.Currency, o.Total, o.Currency)
}

// Sum is what an order's lines and taxes add up to.
func Sum(o *erp.Order) decimal.Decimal {
	var sum decimal.Decimal
	for _, l := range o.Lines {
		sum = sum.Add(l.Total)
	}
	for _, tax := range o.Taxes {
		sum = sum.Add(tax.Amount)
	}
	return sum
}

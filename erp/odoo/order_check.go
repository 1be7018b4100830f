package odoo

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// checkOrder finds what is wrong with an order by itself; nil when nothing is.
func checkOrder(o *erp.Order) *refusal {
	switch {
	case o.Partner.IsZero():
		return failed("invalid", "the order names no partner")
	case o.Date.IsZero():
		return failed("invalid", "the order has no date")
	}
	lines := make(map[string]bool, len(o.Lines))
	for _, line := range o.Lines {
		if lines[line.ID] {
			return failed("invalid", "line %q is in the order twice", line.ID)
		}
		lines[line.ID] = true
		if r := checkLine(line); r != nil {
			return r
		}
	}
	return nil
}

func checkLine(line erp.OrderLine) *refusal {
	switch line.Kind {
	case erp.ProductLine, erp.ShippingLine, erp.FeeLine, erp.RoundingLine:
	default:
		return failed("invalid", "line %q is of the unknown kind %q", line.ID, line.Kind)
	}
	switch {
	case line.Kind == erp.ProductLine && line.Product.IsZero():
		return parked("unknown_product", fmt.Sprintf("line %q names no product: map it to one", line.ID))
	case line.Kind != erp.ProductLine && !line.Product.IsZero():
		return failed("invalid", "line %q is a %s line and names a product", line.ID, line.Kind)
	case line.SetAside.IsNegative():
		return failed("invalid", "line %q sets aside a negative quantity", line.ID)
	}
	return nil
}

// checkTotals compares what the lines and taxes add up to with the order's total, to the decimals of its currency.
func checkTotals(o *erp.Order, decimals int32) *refusal {
	var sum decimal.Decimal
	for _, line := range o.Lines {
		sum = sum.Add(line.Total)
	}
	for _, tax := range o.Taxes {
		sum = sum.Add(tax.Amount)
	}
	if sum.Sub(o.Total).Round(decimals).IsZero() {
		return nil
	}
	return failed("totals_differ", "lines and taxes add up to %s %s, but the order's total is %s %s",
		sum, o.Currency, o.Total, o.Currency)
}

// amountsOf names the content of an order that is fixed once it is invoiced or shipped.
func amountsOf(o *erp.Order) (string, error) {
	fixed := erp.Order{Currency: o.Currency, Untaxed: o.Untaxed, Tax: o.Tax, Total: o.Total, Taxes: o.Taxes,
		Lines: make([]erp.OrderLine, len(o.Lines))}
	for i, line := range o.Lines {
		line.Description, line.SetAside = "", decimal.Zero
		fixed.Lines[i] = line
	}
	content, err := json.Marshal(fixed)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "an order cannot be written as JSON")
	}
	return hashOf(string(content)), nil
}

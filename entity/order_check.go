package entity

import (
	"fmt"
	"slices"
	"time"

	"tandem/woo"
)

// checkOrder refuses an order that says too little, or what no sale can be, before anything is made of it.
func checkOrder(ec Context, o woo.Order) error {
	known := currencies(ec.Instance)
	switch {
	case o.Currency == "":
		return failed("missing_currency", "the order has no currency: set it in the store")
	case !slices.Contains(known, o.Currency):
		return parked("unknown_currency",
			"the order is in %s, which is not among the instance's currencies: set config.general.multi_currency to true and add it to "+
				"config.general.currencies; the order then goes on", o.Currency)
	case o.DateCreated.Odd:
		return oddDate("date_created_gmt")
	case o.DatePaid.Odd:
		return oddDate("date_paid_gmt")
	case orderDate(o).IsZero():
		return failed("missing_date", "the order has no date: it was not completed in the store")
	case !o.Total.Valid:
		return failed("missing_total", "the order has no total: open and save it in the store")
	case o.Total.IsNegative():
		return parked("negative_total",
			"the order's total is negative (%s %s): an order cannot give money back, make it a refund in the store", o.Total, o.Currency)
	case o.Status == "":
		return failed("missing_status", "the order has no status: open and save it in the store")
	}
	return checkSizes(o)
}

// checkSizes refuses amounts and quantities that no ERP keeps exactly, naming the field.
func checkSizes(o woo.Order) error {
	sizes := []sized{{"total", o.Total}, {"total_tax", o.TotalTax}}
	for i, l := range o.LineItems {
		at := fmt.Sprintf("line_items[%d].", i)
		sizes = append(sizes, sized{at + "quantity", l.Quantity}, sized{at + "subtotal", l.Subtotal}, sized{at + "total", l.Total})
		sizes = append(sizes, sizesOfTaxes(at, l.Taxes)...)
	}
	for i, l := range o.ShippingLines {
		at := fmt.Sprintf("shipping_lines[%d].", i)
		sizes = append(append(sizes, sized{at + "total", l.Total}), sizesOfTaxes(at, l.Taxes)...)
	}
	for i, l := range o.FeeLines {
		at := fmt.Sprintf("fee_lines[%d].", i)
		sizes = append(append(sizes, sized{at + "total", l.Total}), sizesOfTaxes(at, l.Taxes)...)
	}
	for i, l := range o.TaxLines {
		at := fmt.Sprintf("tax_lines[%d].", i)
		sizes = append(sizes, sized{at + "tax_total", l.TaxTotal}, sized{at + "shipping_tax_total", l.ShippingTaxTotal},
			sized{at + "rate_percent", l.RatePercent})
	}
	return tooLarge(sizes)
}

func sizesOfTaxes(at string, taxes []woo.LineTax) []sized {
	var sizes []sized
	for i, t := range taxes {
		sizes = append(sizes, sized{fmt.Sprintf("%staxes[%d].total", at, i), t.Total})
	}
	return sizes
}

// orderDate is when the order was placed, UTC; of an order entered by hand without a date, when it was last changed.
func orderDate(o woo.Order) time.Time {
	if o.DateCreated.IsZero() {
		return o.DateModified.Time
	}
	return o.DateCreated.Time
}

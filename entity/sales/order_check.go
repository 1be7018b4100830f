package sales

import (
	"fmt"
	"slices"
	"time"

	"tandem/entity/mapping"
	"tandem/woo"
)

// checkOrder refuses an order that says too little, or what no sale can be, before anything is made of it.
func checkOrder(ec mapping.Context, o woo.Order) error {
	known := mapping.Currencies(ec.Instance)
	switch {
	case o.Currency == "":
		return mapping.Failed("missing_currency", "the order has no currency: set it in the store")
	case !slices.Contains(known, o.Currency):
		return mapping.Parked("unknown_currency",
			"the order is in %s, which is not among the instance's currencies: set config.general.multi_currency to true and add it to "+
				"config.general.currencies; the order then goes on", o.Currency)
	case o.DateCreated.Odd:
		return mapping.OddDate("date_created_gmt")
	case o.DatePaid.Odd:
		return mapping.OddDate("date_paid_gmt")
	case orderDate(o).IsZero():
		return mapping.Failed("missing_date", "the order has no date: it was not completed in the store")
	case !o.Total.Valid:
		return mapping.Failed("missing_total", "the order has no total: open and save it in the store")
	case o.Total.IsNegative():
		return mapping.Parked("negative_total",
			"the order's total is negative (%s %s): an order cannot give money back, make it a refund in the store", o.Total, o.Currency)
	case o.Status == "":
		return mapping.Failed("missing_status", "the order has no status: open and save it in the store")
	}
	return checkSizes(o)
}

// checkSizes refuses amounts and quantities that no ERP keeps exactly, naming the field.
func checkSizes(o woo.Order) error {
	sizes := []mapping.Sized{{Field: "total", Number: o.Total}, {Field: "total_tax", Number: o.TotalTax}}
	for i, l := range o.LineItems {
		at := fmt.Sprintf("line_items[%d].", i)
		sizes = append(sizes, mapping.Sized{Field: at + "quantity", Number: l.Quantity}, mapping.Sized{Field: at + "subtotal", Number: l.Subtotal}, mapping.Sized{Field: at + "total", Number: l.Total})
		sizes = append(sizes, sizesOfTaxes(at, l.Taxes)...)
	}
	for i, l := range o.ShippingLines {
		at := fmt.Sprintf("shipping_lines[%d].", i)
		sizes = append(append(sizes, mapping.Sized{Field: at + "total", Number: l.Total}), sizesOfTaxes(at, l.Taxes)...)
	}
	for i, l := range o.FeeLines {
		at := fmt.Sprintf("fee_lines[%d].", i)
		sizes = append(append(sizes, mapping.Sized{Field: at + "total", Number: l.Total}), sizesOfTaxes(at, l.Taxes)...)
	}
	for i, l := range o.TaxLines {
		at := fmt.Sprintf("tax_lines[%d].", i)
		sizes = append(sizes, mapping.Sized{Field: at + "tax_total", Number: l.TaxTotal}, mapping.Sized{Field: at + "shipping_tax_total", Number: l.ShippingTaxTotal},
			mapping.Sized{Field: at + "rate_percent", Number: l.RatePercent})
	}
	return mapping.TooLarge(sizes)
}

func sizesOfTaxes(at string, taxes []woo.LineTax) []mapping.Sized {
	var sizes []mapping.Sized
	for i, t := range taxes {
		sizes = append(sizes, mapping.Sized{Field: fmt.Sprintf("%staxes[%d].total", at, i), Number: t.Total})
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

package entity

import (
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
	return nil
}

// orderDate is when the order was placed, UTC; of an order entered by hand without a date, when it was last changed.
func orderDate(o woo.Order) time.Time {
	if o.DateCreated.IsZero() {
		return o.DateModified.Time
	}
	return o.DateCreated.Time
}

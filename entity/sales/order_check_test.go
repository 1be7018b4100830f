package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/fault"
	"tandem/woo"
)

func TestDatesThatDecideSomething(t *testing.T) {
	odd := woo.Time{Odd: true}
	for field, spoil := range map[string]func(*woo.Order){
		"date_created_gmt": func(o *woo.Order) { o.DateCreated = odd },
		"date_paid_gmt":    func(o *woo.Order) { o.DatePaid = odd },
	} {
		o := priceOf("10", "10")
		spoil(&o)
		require.Contains(t, entitytest.RequireRefusal(t, checkOrder(entitytest.Demo(), o), fault.Invalid, "invalid_date").Message, field)
	}
	o := priceOf("10", "10")
	o.DateModified, o.DateCompleted = odd, odd
	require.NoError(t, checkOrder(entitytest.Demo(), o), "these decide nothing")
}

func TestOrdersWithNumbersOfManyNines(t *testing.T) {
	nines := entitytest.Some("99999999999999999999")
	for field, spoil := range map[string]func(*woo.Order){
		"total":                        func(o *woo.Order) { o.Total = nines },
		"line_items[0].quantity":       func(o *woo.Order) { o.LineItems[0].Quantity = nines },
		"line_items[0].total":          func(o *woo.Order) { o.LineItems[0].Total = nines },
		"line_items[0].taxes[0].total": func(o *woo.Order) { o.LineItems[0].Taxes = []woo.LineTax{{ID: "1", Total: nines}} },
		"fee_lines[0].total":           func(o *woo.Order) { o.FeeLines = []woo.FeeLine{{Total: nines}} },
		"shipping_lines[0].total":      func(o *woo.Order) { o.ShippingLines = []woo.ShippingLine{{Total: nines}} },
		"tax_lines[0].rate_percent":    func(o *woo.Order) { o.TaxLines = []woo.TaxLine{{RatePercent: nines}} },
	} {
		o := priceOf("10", "10")
		spoil(&o)
		require.Contains(t, entitytest.RequireRefusal(t, checkOrder(entitytest.Demo(), o), fault.Invalid, "number_too_large").Message, field+" has")
	}
}

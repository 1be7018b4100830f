package check

import (
	"fmt"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
)

// Refund finds what is wrong with a refund alone; nil when nothing is.
func Refund(r *erp.Refund) *landing.Refusal {
	var sum decimal.Decimal
	for _, line := range r.Lines {
		sum = sum.Add(line.Total)
	}
	for _, tax := range r.Taxes {
		sum = sum.Add(tax.Amount)
	}
	switch {
	case r.Order.IsZero():
		return landing.Failed("invalid", "the refund names no order")
	case r.Date.IsZero():
		return landing.Failed("invalid", "the refund has no date")
	case r.Total.IsNegative():
		return landing.Failed("invalid", "the refund's total is negative")
	case !sum.Equal(r.Total):
		return landing.Failed("totals_differ", "lines and taxes of the refund add up to %s %s, but its total is %s %s", sum, r.Currency, r.Total, r.Currency)
	}
	return nil
}

// TaxesOfRefund lists the taxes that a refund names.
func TaxesOfRefund(r *erp.Refund) []erp.Key {
	var keys []erp.Key
	for _, tax := range r.Taxes {
		keys = append(keys, tax.Tax)
	}
	for _, line := range r.Lines {
		for _, tax := range line.Taxes {
			keys = append(keys, tax.Tax)
		}
	}
	return keys
}

// RefundRefs parks a refund whose order or taxes have not landed.
func RefundRefs(r *erp.Refund, hasOrder, hasTax func(erp.Key) bool) *landing.Refusal {
	if !hasOrder(r.Order) {
		return landing.Parked("unknown_order", fmt.Sprintf("order %s has not landed: import it", r.Order.ID), r.Order)
	}
	for _, key := range TaxesOfRefund(r) {
		if !hasTax(key) {
			return landing.Parked("unknown_tax", fmt.Sprintf("tax %s has not landed: import the taxes, or map it to a tax of the ERP", key.ID), key)
		}
	}
	return nil
}

// RefundLocked refuses to change a refund that is booked with another total.
func RefundLocked(r *erp.Refund, booked decimal.Decimal) *landing.Refusal {
	return landing.Parked("refund_locked", fmt.Sprintf("the credit note is booked with %s %s and is never changed, but the store now says %s %s: "+
		"correct it by hand", booked, r.Currency, r.Total, r.Currency))
}

// RefundedOrder parks a refund of an order that sells nothing by the ERP, and refuses one in another currency.
func RefundedOrder(r *erp.Refund, order erp.OrderState) *landing.Refusal {
	if order.Stage == erp.Confirmed && order.Currency == r.Currency {
		return nil
	}
	if order.Stage == erp.Confirmed {
		return landing.Failed("other_currency", "the refund is in %s, but its order in %s", r.Currency, order.Currency)
	}
	return landing.Parked("order_not_confirmed", fmt.Sprintf("order %s is %s in the ERP, so there is no sale to give back: confirm it there, or give orders "+
		"with its status a sale workflow, and import it again", r.Order.ID, stageName(order.Stage)), r.Order)
}

// stageName says in a sentence what an order is that is not confirmed.
func stageName(stage erp.OrderStage) string {
	if stage == erp.Quotation {
		return "a quotation"
	}
	return string(stage)
}

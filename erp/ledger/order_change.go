package ledger

import (
	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/salecycle"
)

// change is how an order that exists is brought up to date.
type change struct {
	salecycle.Change
	Redeliver bool // the open delivery is replaced along with the lines
}

// changeOf decides what landing the order again does to it.
func changeOf(s orderSnapshot, given *erp.Order, amounts string, warehouse int64) (change, *landing.Refusal) {
	c, refused := salecycle.Follow(salecycle.Held{
		Stage: s.Stage, StoreCancelled: s.StoreCancelled, Invoiced: s.Invoiced, Delivered: s.Delivered,
		Amounts: s.Amounts, Given: amounts, Moved: !s.Exported && s.Warehouse != warehouse, Total: s.Total, Currency: s.Currency,
	}, given)
	return change{Change: c, Redeliver: s.Stage == erp.Confirmed && (c.Replace || c.Stage == erp.Cancelled)}, refused
}

package odoo

import (
	"tandem/erp"
	"tandem/fault"
)

// step is something that is done to an order.
type step string

const (
	stepConfirm step = "confirm"
	stepInvoice step = "invoice"
	stepPay     step = "pay"
	stepShip    step = "ship"
	stepCancel  step = "cancel"
)

// phase is where an order stands, as far as steps depend on it.
type phase string

const (
	phaseQuotation phase = "quotation"
	phaseConfirmed phase = "confirmed" // nothing invoiced, nothing has left the house
	phaseShipped   phase = "shipped"   // goods have left the house, nothing invoiced
	phaseInvoiced  phase = "invoiced"
	phasePaid      phase = "paid"
	phaseCancelled phase = "cancelled"
)

// verdict says what a step means in a phase: act, already done, or the reason it is refused.
type verdict string

const (
	act  verdict = "act"
	done verdict = "done"
)

// transitions holds a verdict for every step in every phase. Shipping is independent of invoicing, so it acts in all
// phases from confirmed on and finds nothing to do when nothing is left to deliver.
var transitions = map[step]map[phase]verdict{
	stepConfirm: {
		phaseQuotation: act,
		phaseConfirmed: done,
		phaseShipped:   done,
		phaseInvoiced:  done,
		phasePaid:      done,
		phaseCancelled: "cannot confirm a cancelled order",
	},
	stepInvoice: {
		phaseQuotation: "cannot invoice a quotation: confirm it first",
		phaseConfirmed: act,
		phaseShipped:   act,
		phaseInvoiced:  done,
		phasePaid:      done,
		phaseCancelled: "cannot invoice a cancelled order",
	},
	stepPay: {
		phaseQuotation: "cannot register a payment for a quotation: confirm and invoice it first",
		phaseConfirmed: "cannot register a payment without an invoice: invoice the order first",
		phaseShipped:   "cannot register a payment without an invoice: invoice the order first",
		phaseInvoiced:  act,
		phasePaid:      done,
		phaseCancelled: "cannot register a payment for a cancelled order",
	},
	stepShip: {
		phaseQuotation: "cannot ship a quotation: confirm it first",
		phaseConfirmed: act,
		phaseShipped:   act,
		phaseInvoiced:  act,
		phasePaid:      act,
		phaseCancelled: "cannot ship a cancelled order",
	},
	stepCancel: {
		phaseQuotation: act,
		phaseConfirmed: act,
		phaseShipped:   "cannot cancel an order whose goods were shipped: take them back first",
		phaseInvoiced:  "cannot cancel an invoiced order: make a credit note first",
		phasePaid:      "cannot cancel a paid order: make a credit note first",
		phaseCancelled: done,
	},
}

// allowed reports whether the step is to be acted on. A refusal is fault.Conflict.
func allowed(s step, p phase) (bool, error) {
	switch v := transitions[s][p]; v {
	case act, done:
		return v == act, nil
	default:
		return false, fault.New(fault.Conflict, "%s", v)
	}
}

// phaseOf tells the phase of an order. What was posted counts more than what was shipped: it is harder to undo.
func phaseOf(state erp.OrderState, delivered bool) phase {
	switch {
	case state.Stage == erp.Cancelled:
		return phaseCancelled
	case state.Stage == erp.Quotation:
		return phaseQuotation
	case state.Paid:
		return phasePaid
	case state.Invoiced:
		return phaseInvoiced
	case delivered:
		return phaseShipped
	default:
		return phaseConfirmed
	}
}

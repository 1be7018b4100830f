// Package salecycle is the state machine of a sales order that every backend of ours follows: which step is allowed, done
// already or refused, wherever the order stands. It does nothing itself.
package salecycle

import (
	"tandem/erp"
	"tandem/fault"
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
var transitions = map[erp.Step]map[phase]verdict{
	erp.StepValidate: {
		phaseQuotation: act,
		phaseConfirmed: done,
		phaseShipped:   done,
		phaseInvoiced:  done,
		phasePaid:      done,
		phaseCancelled: "cannot confirm a cancelled order",
	},
	erp.StepInvoice: {
		phaseQuotation: "cannot invoice a quotation: confirm it first",
		phaseConfirmed: act,
		phaseShipped:   act,
		phaseInvoiced:  done,
		phasePaid:      done,
		phaseCancelled: "cannot invoice a cancelled order",
	},
	erp.StepPay: {
		phaseQuotation: "cannot register a payment for a quotation: confirm and invoice it first",
		phaseConfirmed: "cannot register a payment without an invoice: invoice the order first",
		phaseShipped:   "cannot register a payment without an invoice: invoice the order first",
		phaseInvoiced:  act,
		phasePaid:      done,
		phaseCancelled: "cannot register a payment for a cancelled order",
	},
	erp.StepShip: {
		phaseQuotation: "cannot ship a quotation: confirm it first",
		phaseConfirmed: act,
		phaseShipped:   act,
		phaseInvoiced:  act,
		phasePaid:      act,
		phaseCancelled: "cannot ship a cancelled order",
	},
	erp.StepCancel: {
		phaseQuotation: act,
		phaseConfirmed: act,
		phaseShipped:   "cannot cancel an order whose goods were shipped: take them back first",
		phaseInvoiced:  "cannot cancel an invoiced order: make a credit note first",
		phasePaid:      "cannot cancel a paid order: make a credit note first",
		phaseCancelled: done,
	},
}

// Allowed reports whether a step has to be acted on for an order in this state, of which goods have been delivered or not. A
// step that is done already is not; one that the state does not allow is fault.Conflict.
func Allowed(s erp.Step, state erp.OrderState, delivered bool) (bool, error) {
	return allowed(s, phaseOf(state, delivered))
}

func allowed(s erp.Step, p phase) (bool, error) {
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

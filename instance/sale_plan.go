package instance

import (
	"slices"
	"time"

	"tandem/erp"
	"tandem/fault"
)

// SalePlan is what the sale workflow asked for when the order was imported. It is fixed for a run, so that a change of
// configuration never changes an order under way.
type SalePlan struct {
	Workflow    string     `json:"workflow"` // id of the sale workflow, for people
	Steps       []erp.Step `json:"steps"`
	InvoiceDate time.Time  `json:"invoice_date,omitzero"` // UTC; zero is the day it is invoiced
	PaidAt      time.Time  `json:"paid_at,omitzero"`      // UTC; zero is the day it is registered
	Journal     string     `json:"journal,omitempty"`
	Method      string     `json:"method,omitempty"`
	Partial     bool       `json:"partial_shipment,omitempty"` // ship what is on hand when that is not all of it
	// OrderedAt and OrderPaidAt are the order's own dates, from which a corrected sale workflow makes another plan for it.
	OrderedAt   time.Time `json:"ordered_at,omitzero"`
	OrderPaidAt time.Time `json:"order_paid_at,omitzero"`
	// Skipped are the steps that a person left out for this order. They are none of Steps.
	Skipped []erp.Step `json:"skipped,omitempty"`
}

// Again is the plan that a corrected sale workflow makes for the same order.
func (p SalePlan) Again(w SaleWorkflow) SalePlan {
	ordered, paid := p.OrderedAt, p.OrderPaidAt
	if ordered.IsZero() { // planned before plans knew the order's dates
		ordered, paid = p.InvoiceDate, p.PaidAt
	}
	return PlanSale(w, ordered, paid).without(p.Skipped)
}

// Skip is the plan without a step that is not done, and without what builds on it: there is nothing to pay where there is no invoice.
// Nothing goes on without validation.
func (p SalePlan) Skip(step erp.Step) (SalePlan, error) {
	switch {
	case step == erp.StepValidate:
		return p, fault.Field("step", "an order that is not validated stays a quotation, so nothing can follow: cancel the run instead")
	case slices.Contains(p.Skipped, step):
		return p, fault.New(fault.Conflict, "the step %s was skipped already", step)
	case !slices.Contains(p.Steps, step):
		return p, fault.Field("step", "is none of this order's sale workflow")
	}
	gone := []erp.Step{step}
	if step == erp.StepInvoice && slices.Contains(p.Steps, erp.StepPay) {
		gone = append(gone, erp.StepPay)
	}
	return p.without(slices.Concat(p.Skipped, gone)), nil
}

func (p SalePlan) without(skipped []erp.Step) SalePlan {
	if len(skipped) == 0 {
		return p
	}
	p.Steps = slices.DeleteFunc(slices.Clone(p.Steps), func(s erp.Step) bool { return slices.Contains(skipped, s) })
	p.Skipped = skipped
	return p
}

// Same reports whether two plans of one order ask for the same.
func (p SalePlan) Same(other SalePlan) bool {
	return p.Workflow == other.Workflow && slices.Equal(p.Steps, other.Steps) && slices.Equal(p.Skipped, other.Skipped) && p.Journal == other.Journal &&
		p.Method == other.Method && p.Partial == other.Partial && p.InvoiceDate.Equal(other.InvoiceDate) && p.PaidAt.Equal(other.PaidAt)
}

// PlanSale lists the steps a sale workflow asks for, for an order of the given dates.
func PlanSale(w SaleWorkflow, orderDate, paidAt time.Time) SalePlan {
	plan := SalePlan{Workflow: w.ID, OrderedAt: orderDate, OrderPaidAt: paidAt}
	add := func(on bool, s erp.Step) {
		if on {
			plan.Steps = append(plan.Steps, s)
		}
	}
	add(w.ValidateOrder, erp.StepValidate)
	add(w.CreateInvoice, erp.StepInvoice)
	add(w.RegisterPayment, erp.StepPay)
	add(w.ConfirmShipment, erp.StepShip)
	plan.Partial = w.ConfirmShipment && w.PartialShipment
	if w.ForceInvoiceDate {
		plan.InvoiceDate = orderDate
	}
	if w.RegisterPayment {
		plan.Journal, plan.Method, plan.PaidAt = w.PaymentJournal, w.PaymentMethod, paidAt
	}
	return plan
}

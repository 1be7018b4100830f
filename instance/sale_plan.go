package instance

import (
	"slices"
	"time"

	"tandem/erp"
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
}

// Again is the plan that a corrected sale workflow makes for the same order.
func (p SalePlan) Again(w SaleWorkflow) SalePlan {
	ordered, paid := p.OrderedAt, p.OrderPaidAt
	if ordered.IsZero() { // planned before plans knew the order's dates
		ordered, paid = p.InvoiceDate, p.PaidAt
	}
	return PlanSale(w, ordered, paid)
}

// Same reports whether two plans of one order ask for the same.
func (p SalePlan) Same(other SalePlan) bool {
	return p.Workflow == other.Workflow && slices.Equal(p.Steps, other.Steps) && p.Journal == other.Journal &&
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

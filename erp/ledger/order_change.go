package ledger

import (
	"fmt"

	"tandem/erp"
)

// change is how an order that exists is brought up to date.
type change struct {
	Stage     erp.OrderStage
	ByStore   bool // it is the store that cancelled the order
	Header    bool // partner, addresses and the like follow too, not only what the store says of its progress
	Lines     bool // lines and taxes are replaced
	Redeliver bool // the open delivery is replaced along with them
}

// changeOf decides what landing the order again does to it.
func changeOf(s standing, given *erp.Order, amounts string, warehouse int64) (change, *refusal) {
	same := s.Amounts == amounts
	switch {
	case given.Cancelled && s.Stage != erp.Cancelled && s.locked():
		return change{}, parkedCancel(s)
	case s.locked() && !same:
		return change{}, parkedLocked(s, given)
	case s.locked():
		return change{Stage: s.Stage}, nil
	}
	lines := !same || s.Warehouse != warehouse
	stage := s.nextStage(given)
	return change{Stage: stage, ByStore: s.byStore(given), Header: true, Lines: lines,
		Redeliver: s.Stage == erp.Confirmed && (lines || stage == erp.Cancelled)}, nil
}

// newOrder lands an order that is not there yet: as a quotation, unless the store has cancelled it already.
func newOrder(given *erp.Order) change {
	from := standing{Stage: erp.Quotation}
	return change{Stage: from.nextStage(given), ByStore: from.byStore(given), Header: true, Lines: true}
}

// nextStage follows the store into and out of cancellation. What a person cancelled in the ledger stays cancelled.
func (s standing) nextStage(given *erp.Order) erp.OrderStage {
	switch {
	case given.Cancelled:
		return erp.Cancelled
	case s.Stage == erp.Cancelled && s.StoreCancelled:
		return erp.Quotation
	default:
		return s.Stage
	}
}

// byStore reports whether a cancellation is the store's, which it may take back.
func (s standing) byStore(given *erp.Order) bool {
	return given.Cancelled && (s.Stage != erp.Cancelled || s.StoreCancelled)
}

func parkedCancel(s standing) *refusal {
	what := "invoiced"
	if s.Delivered {
		what = "shipped"
	}
	return &refusal{Status: erp.Parked, Code: "cancel_needs_person",
		Reason: fmt.Sprintf("the store cancelled this order, but it is %s already: undo that by hand", what)}
}

func parkedLocked(s standing, given *erp.Order) *refusal {
	return &refusal{Status: erp.Parked, Code: "order_locked",
		Reason: fmt.Sprintf("the order is invoiced or shipped with a total of %s %s and can no longer follow the store's %s %s: correct it by hand",
			s.Total, s.Currency, given.Total, given.Currency)}
}

package salecycle

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
)

// Held is an order as the ERP holds it, as far as that decides how it follows the store when it is landed again.
type Held struct {
	Stage          erp.OrderStage
	StoreCancelled bool // the store cancelled it, rather than a person in the ERP
	Invoiced       bool
	Delivered      bool // goods have left the house
	Differs        bool // its Amounts are others than the store's
	Moved          bool // the store ships it from another warehouse
	Total          decimal.Decimal
	Currency       string // ISO 4217
}

// locked reports whether amounts can no longer follow the store.
func (h Held) locked() bool { return h.Invoiced || h.Delivered }

// Change is how an order is brought up to date.
type Change struct {
	Stage   erp.OrderStage // that it is to be in
	ByStore bool           // it is the store that cancels it
	Header  bool           // partner, addresses and the like follow too, not only what the store says of its progress
	Replace bool           // lines and taxes are replaced
}

// Follow decides what landing an order again does to the one that is there. An order that is invoiced or shipped is parked
// with "order_locked" when its amounts differ, and with "cancel_needs_person" when the store cancelled it.
func Follow(h Held, given *erp.Order) (Change, *landing.Refusal) {
	switch {
	case given.Cancelled && h.Stage != erp.Cancelled && h.locked():
		return Change{}, cancelNeedsPerson(h)
	case h.locked() && h.Differs:
		return Change{}, landing.Parked("order_locked", fmt.Sprintf("the order is invoiced or shipped with a total of %s %s and can "+
			"no longer follow the store's %s %s: correct it by hand", h.Total, h.Currency, given.Total, given.Currency))
	case h.locked():
		return Change{Stage: h.Stage}, nil
	}
	return Change{Stage: h.nextStage(given), ByStore: h.byStore(given), Header: true, Replace: h.Differs || h.Moved}, nil
}

// Land decides how an order lands that is not there yet: as a quotation, unless the store has cancelled it already.
func Land(given *erp.Order) Change {
	from := Held{Stage: erp.Quotation}
	return Change{Stage: from.nextStage(given), ByStore: from.byStore(given), Header: true, Replace: true}
}

// nextStage follows the store into and out of cancellation. What a person cancelled in the ERP stays cancelled.
func (h Held) nextStage(given *erp.Order) erp.OrderStage {
	switch {
	case given.Cancelled:
		return erp.Cancelled
	case h.Stage == erp.Cancelled && h.StoreCancelled:
		return erp.Quotation
	default:
		return h.Stage
	}
}

// byStore reports whether a cancellation is the store's, which it may take back.
func (h Held) byStore(given *erp.Order) bool {
	return given.Cancelled && (h.Stage != erp.Cancelled || h.StoreCancelled)
}

func cancelNeedsPerson(h Held) *landing.Refusal {
	what := "invoiced"
	if h.Delivered {
		what = "shipped"
	}
	return landing.Parked("cancel_needs_person",
		fmt.Sprintf("the store cancelled this order, but it is %s already: undo that by hand", what))
}

// Amounts names the content of an order that is fixed once it is invoiced or shipped: lines, taxes and totals.
func Amounts(o *erp.Order) (string, error) {
	fixed := erp.Order{Currency: o.Currency, Untaxed: o.Untaxed, Tax: o.Tax, Total: o.Total, Taxes: o.Taxes,
		Lines: make([]erp.OrderLine, len(o.Lines))}
	for i, line := range o.Lines {
		line.Description, line.SetAside = "", decimal.Zero
		fixed.Lines[i] = line
	}
	return landing.Digest(fixed, func(o *erp.Order) *erp.Key { return &o.Key })
}

// SetAsideAt is when the store set the order's goods aside, UTC: a stock count made later did not contain them.
func SetAsideAt(o *erp.Order) time.Time {
	if o.PaidAt.IsZero() {
		return o.Date
	}
	return o.PaidAt
}

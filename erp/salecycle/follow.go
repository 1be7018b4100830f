package salecycle

import (
	"fmt"
	"slices"
	"strings"
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
	Delivered      bool   // goods have left the house
	Amounts        string // as Amounts gave them when it was landed
	Given          string // as Amounts gives them now
	Moved          bool   // the store ships it from another warehouse
	Total          decimal.Decimal
	Currency       string // ISO 4217
}

// differs reports whether anything of the lines, taxes and totals is other than the store's.
func (h Held) differs() bool { return h.Amounts != h.Given }

// soldOtherwise reports whether what was sold, and for how much, is other than the store's. Of an order that was landed before that
// was kept apart only its total is known.
func (h Held) soldOtherwise(given *erp.Order) bool {
	if !InCoins(h.Amounts) {
		return h.differs() && (h.Currency != given.Currency || !h.Total.Equal(given.Total))
	}
	before, _, _ := strings.Cut(h.Amounts, " ")
	now, _, _ := strings.Cut(h.Given, " ")
	return before != now
}

// Locked reports whether amounts can no longer follow the store.
func (h Held) Locked() bool { return h.Invoiced || h.Delivered }

// Change is how an order is brought up to date.
type Change struct {
	Stage     erp.OrderStage // that it belongs in
	ByStore   bool           // it is the store that cancels it
	Header    bool           // partner, addresses and the like follow too, not only what the store says of its progress
	Replace   bool           // lines and taxes are replaced
	KeepLines bool           // a person refused what the store made of the lines: nothing of those is taken over
}

// Follow decides what landing an order again does to the one that is there. Where something else was sold or charged, an order that
// is invoiced or shipped is parked with "order_locked", and a confirmed one with "order_edited" if edits are to be held, unless a
// person refused the edit. One that is invoiced or shipped and that the store cancelled is parked with "cancel_needs_person".
func Follow(h Held, given *erp.Order) (Change, *landing.Refusal) {
	edited := h.soldOtherwise(given)
	refused := edited && given.Edits == erp.RefuseEdits
	switch {
	case given.Cancelled && h.Stage != erp.Cancelled && h.Locked():
		return Change{}, cancelNeedsPerson(h)
	case h.Locked() && edited && !refused:
		return Change{}, landing.Parked("order_locked", h.lockedReason(given))
	case h.Locked() || h.Stage == erp.Confirmed && !given.Cancelled && refused:
		return Change{Stage: h.Stage, KeepLines: refused}, nil
	case h.Stage == erp.Confirmed && !given.Cancelled && edited && given.Edits == erp.HoldEdits:
		return Change{}, landing.Parked("order_edited", h.editedReason(given))
	}
	return Change{Stage: h.nextStage(given), ByStore: h.byStore(given), Header: true, Replace: h.differs() || h.Moved}, nil
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

func (h Held) lockedReason(given *erp.Order) string {
	reason := "the order is invoiced or shipped and can no longer follow the store, which changed " + h.changed(given)
	more := given.Total.Sub(h.Total)
	switch {
	case h.Currency != given.Currency || more.IsZero():
		return reason + ": correct it by hand"
	case more.IsPositive():
		return fmt.Sprintf("%s: invoice and collect the %s %s more by hand", reason, more, h.Currency)
	default:
		return fmt.Sprintf("%s: credit and give back the %s %s less by hand", reason, more.Neg(), h.Currency)
	}
}

func (h Held) editedReason(given *erp.Order) string {
	return "the order is confirmed in the ERP, and since then the store changed " + h.changed(given) + ": accept or refuse the change"
}

// changed names both totals when they differ: when they do not, it is what was sold that the store changed.
func (h Held) changed(given *erp.Order) string {
	if h.Currency == given.Currency && h.Total.Equal(given.Total) {
		return fmt.Sprintf("its lines or taxes for the same total of %s %s", h.Total, h.Currency)
	}
	return fmt.Sprintf("its total of %s %s to %s %s", h.Total, h.Currency, given.Total, given.Currency)
}

func cancelNeedsPerson(h Held) *landing.Refusal {
	what := "invoiced"
	if h.Delivered {
		what = "shipped"
	}
	return landing.Parked("cancel_needs_person",
		fmt.Sprintf("the store cancelled this order, but it is %s already: undo that by hand", what))
}

// Amounts names the lines, taxes and totals of an order by two digests. The first is of what is fixed once the order is
// invoiced or shipped: what was sold, the total and the tax at each percentage. The second is of everything, down to how the
// total is spread over the lines and which records of the ERP the taxes are: that follows the store only until then.
func Amounts(o *erp.Order) (string, error) {
	fixed := erp.Order{Currency: o.Currency, Tax: o.Tax, Total: o.Total, Taxes: slices.Clone(o.Taxes)}
	for i := range fixed.Taxes {
		fixed.Taxes[i].Tax, fixed.Taxes[i].Label = erp.Key{}, ""
	}
	for _, line := range o.Lines {
		if line.Kind != erp.RoundingLine {
			fixed.Lines = append(fixed.Lines, erp.OrderLine{ID: line.ID, Kind: line.Kind, Product: line.Product, Quantity: line.Quantity})
		}
	}
	whole := erp.Order{Currency: o.Currency, Untaxed: o.Untaxed, Tax: o.Tax, Total: o.Total, Taxes: o.Taxes,
		Lines: slices.Clone(o.Lines)}
	for i := range whole.Lines {
		whole.Lines[i].Description, whole.Lines[i].SetAside, whole.Lines[i].Restocked = "", decimal.Zero, decimal.Decimal{}
	}
	key := func(o *erp.Order) *erp.Key { return &o.Key }
	first, err := landing.Digest(fixed, key)
	if err != nil {
		return "", err
	}
	second, err := landing.Digest(whole, key)
	return first + " " + second, err
}

// InCoins reports whether an order was landed with lines and taxes in whole coins, by what Amounts gave for it. Versions before
// landed the lines unrounded, with a rounding line where an ERP made another total of them, and Amounts gave one digest.
func InCoins(amounts string) bool { return strings.Contains(amounts, " ") }

// paidLater are WooCommerce's own gateways that set goods aside when the order is placed, long before it is paid: a bank
// transfer and a cheque put it on hold, cash on delivery into processing.
var paidLater = []string{"bacs", "cheque", "cod"}

// setAsideAt is when the store set the order's goods aside, UTC: a stock count made later did not contain them.
func setAsideAt(o *erp.Order) time.Time {
	if o.PaidAt.IsZero() || slices.Contains(paidLater, o.Gateway) {
		return o.Date
	}
	return o.PaidAt
}

// LeftOut is the part of a change of what an order keeps of a product that the store's own stock figure shows as well, and since
// when. What the store set aside is missing from later counts; it is put on hand along with its reservation. Negative is what it
// no longer sets aside: a later count contains those goods, or the store wrote them off, so they leave the shelf along with their
// reservation. Either way the free quantity stays what the store counted.
func LeftOut(o *erp.Order, reserved, aside decimal.Decimal) (quantity decimal.Decimal, since time.Time) {
	switch {
	case reserved.IsPositive() && aside.IsPositive():
		return decimal.Min(reserved, aside), possible(o, setAsideAt(o))
	case reserved.IsNegative() && aside.IsNegative() && !o.ChangedAt.IsZero():
		return decimal.Max(reserved, aside), possible(o, o.ChangedAt)
	}
	return decimal.Zero, time.Time{}
}

// possible gives the zero time, before any count, for a date that the order cannot have: it was read earlier, since the shop's
// clock was put right. What the shop counted since is likelier to contain the change than not.
func possible(o *erp.Order, at time.Time) time.Time {
	if !o.ReadAt.IsZero() && at.After(o.ReadAt) {
		return time.Time{}
	}
	return at
}

package sales

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/entity/stock"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// cancellationID is the second part of the id of a refund that the store does not have: that of what is left of an order which it
// cancelled after it was invoiced or shipped, once a person chose a credit note. When the order is taken up again, the credit note is
// reversed, and the store cancels it again, the next one is called cancellation-2.
const cancellationID = "cancellation"

// refundRecord is a refund with the order that it is of.
type refundRecord struct {
	woo.Refund
	id       string // "order/refund"
	order    woo.Order
	earlier  []woo.Refund // of the same order, oldest first
	later    []woo.Refund // likewise
	orphan   bool         // the store has no such order any more
	deleted  bool         // the store has no such refund any more, but it is booked
	decision string       // what a person chose to do about that
}

// refundPlan is what becomes of a refund.
type refundPlan struct {
	refund  erp.Refund
	order   erp.Order // that it is of, as the store has it
	reverse bool      // its credit note has to be reversed
	keep    bool      // it stays as it is booked, or is not booked
	steps   []string  // for the log
}

// Refunds is the import of refunds as credit notes. The id of one is "order/refund", by which stores of all versions have it.
var Refunds = mapping.Importing(mapping.Import[refundRecord, refundPlan]{
	Spec: flow.Spec{
		Entity: mapping.RefundName, Label: "Refunds", Needs: []string{mapping.OrderName}, ValidID: isRefundID, Silent: true,
	},
	Read:     readRefunds,
	Describe: describeRefund,
	Convert:  planRefund,
	Land:     landRefunds,
})

// refundID is what a refund of an order is known by.
func refundID(order, refund woo.ID) string { return order.String() + "/" + refund.String() }

// isRefundID accepts "order/refund" with the store's numbers, and "order/cancellation".
func isRefundID(id string) bool {
	order, refund, ok := strings.Cut(id, "/")
	return ok && flow.IsNumber(order) && (flow.IsNumber(refund) || isCancellation(id))
}

var cancellations = regexp.MustCompile(`^[0-9]+/` + cancellationID + `(-[1-9][0-9]{0,3})?$`)

// isCancellation reports whether a refund's id is that of what is left of a cancelled order.
func isCancellation(id string) bool { return cancellations.MatchString(id) }

// nextCancellation gives the id of the credit note of what is left of a cancelled order, by those that landed of it and what was decided about
// them: one that stands is the only one.
func nextCancellation(order woo.ID, landed []string, decided map[string]string) string {
	id := order.String() + "/" + cancellationID
	reversed := 0
	for _, one := range landed {
		switch {
		case !isCancellation(one):
		case decided[one] != mapping.Reverse:
			return one
		default:
			reversed++
		}
	}
	if reversed > 0 {
		id += "-" + strconv.Itoa(reversed+1)
	}
	return id
}

func describeRefund(r refundRecord) flow.Record {
	record := flow.Record{ID: r.id, Raw: r.Raw, Modified: r.DateCreated.Time, Label: mapping.Label(string(r.order.Number))}
	if len(r.Raw) == 0 {
		record.Raw = fmt.Appendf(nil, `{"parent_id":%s}`, r.order.ID) // the store has none
	}
	return record
}

// planRefund maps a refund. It refuses one whose money is not clear, with the exact difference.
func planRefund(ec mapping.Context, r refundRecord) (refundPlan, error) {
	switch {
	case r.orphan:
		return refundPlan{keep: true, steps: []string{"the store deleted the order: what is booked stays"}}, nil
	case r.deleted:
		return planDeleted(ec, r)
	}
	if err := checkRefund(r); err != nil {
		return refundPlan{}, err
	}
	order, err := mapRefunded(ec, r.order)
	if err != nil {
		return refundPlan{}, err
	}
	left := order.untouched()
	for _, earlier := range r.earlier {
		left.give(ec, order, earlier)
	}
	if isCancellation(r.id) {
		r.Amount = woo.NewDecimal(left.total)
	}
	money, err := left.book(ec, order, r.Refund)
	if err != nil {
		return refundPlan{}, err
	}
	mapped := erp.Refund{
		Key: mapping.NamedKey(ec, mapping.RefundName, r.id), Order: order.Key, Number: refundNumber(order.Number, r),
		Date: r.DateCreated.Time, Currency: order.Currency, Lines: money.lines, Taxes: money.taxes,
		Untaxed: money.total.Sub(money.tax), Tax: money.tax, Total: money.total, Reason: mapping.Plain(r.Reason),
		Whole: money.total.Equal(left.total),
	}
	if !ec.Instance.Config.Stock.Counted() {
		putBackBy(r.order, mapped.Lines)
	}
	return refundPlan{refund: mapped, order: order.Order, steps: money.steps}, nil
}

// refundNumber is what people see.
func refundNumber(order string, r refundRecord) string {
	_, refund, _ := strings.Cut(r.id, "/")
	return order + "/" + refund
}

// planDeleted decides about a booked refund that the store deleted. What is posted is taken back only when a person says so.
func planDeleted(ec mapping.Context, r refundRecord) (refundPlan, error) {
	switch r.decision {
	case mapping.Reverse:
		return refundPlan{reverse: true, refund: erp.Refund{Key: mapping.NamedKey(ec, mapping.RefundName, r.id)}, steps: []string{"the refund was deleted in the store"}}, nil
	case mapping.Keep:
		return refundPlan{keep: true, steps: []string{"the refund was deleted in the store: the credit note stays, as was decided"}}, nil
	}
	return refundPlan{}, mapping.Parked(mapping.RefundDeleted, "the store deleted this refund, whose credit note is booked: decide whether to reverse it, "+
		"which books the same amounts the other way round, or to keep it")
}

// checkRefund refuses what says too little, or amounts that no ERP keeps.
func checkRefund(r refundRecord) error {
	switch {
	case r.DateCreated.Odd:
		return mapping.OddDate("date_created_gmt")
	case r.DateCreated.IsZero():
		return mapping.Failed("missing_date", "the refund has no date: delete it in the store and make it again")
	case r.Amount.IsNegative():
		return mapping.Failed("negative_amount", "the refund's amount is negative (%s): delete it in the store and make it again", r.Amount)
	}
	return checkSizes(woo.Order{
		Total: r.Amount, LineItems: r.LineItems, ShippingLines: r.ShippingLines, FeeLines: r.FeeLines, TaxLines: r.TaxLines,
	})
}

// putBackBy tells with the lines of a refund how much of the order's lines refunds have put back on the shelf. The store says that of
// all refunds of a line together.
func putBackBy(o woo.Order, lines []erp.RefundLine) {
	returned := map[string]decimal.Decimal{}
	for _, item := range o.LineItems {
		returned[item.ID.String()] = stock.PutBack(item)
	}
	for i := range lines {
		lines[i].PutBack = returned[lines[i].Of]
	}
}

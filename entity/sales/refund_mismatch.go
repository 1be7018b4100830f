package sales

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
)

// holdMismatched parks refunds that give back more than the ERP has left to credit of their orders: somebody kept the ERP's order when the
// store edited it, edited it in the ERP before it was invoiced, or made a credit note there. Of a cancelled order the same has to be left on
// both sides. A person may have them booked as the store gave them all the same, or not at all.
func holdMismatched(ctx context.Context, ec mapping.Context, attempts []*refundAttempt, notes []erp.HeldRefund) error {
	if len(attempts) == 0 {
		return nil
	}
	decided, err := mismatchDecisions(ctx, ec, attempts)
	if err != nil {
		return err
	}
	orders, err := readCreditable(ctx, ec, ordersOfRefunds(attempts), notes)
	if err != nil {
		return err
	}
	for _, a := range cancellationsLast(attempts) {
		order, choice := orders[a.Value.refund.Order], decided[a.Outcome.Key.ID]
		if choice == mapping.Keep {
			a.Value.keep = true
			a.Note("no credit note is booked for this refund, as was decided")
			continue
		}
		found, differs := order.mismatch(a)
		switch {
		case differs && choice != mapping.Accept:
			found.park(a)
			continue
		case differs:
			a.Note("booked with the store's amount, as was decided")
		}
		order.booked = append(order.booked, a.Value.refund)
	}
	return nil
}

// mismatchDecisions gives what people chose about refunds that were parked here, by their ids.
func mismatchDecisions(ctx context.Context, ec mapping.Context, attempts []*refundAttempt) (map[string]string, error) {
	if ec.Progress == nil {
		return nil, nil
	}
	ids := make([]string, len(attempts))
	for i, a := range attempts {
		ids[i] = a.Outcome.Key.ID
	}
	noted, err := ec.Progress.ChangeDecisions(ctx, ec.Instance.ID, mapping.RefundName, ids)
	decided := map[string]string{}
	for _, a := range attempts {
		if d := noted[a.Outcome.Key.ID]; d.Subject == mismatchSubject(a.Value.refund) {
			decided[a.Outcome.Key.ID] = d.Choice
		}
	}
	return decided, err
}

// mismatchSubject is what a decision holds for: what is left of a cancelled order may become another amount.
func mismatchSubject(r erp.Refund) string {
	return mapping.RefundMismatch + " " + r.Total.String() + " " + r.Currency
}

// cancellationsLast moves what is left of cancelled orders behind the refunds that the store made of them.
func cancellationsLast(attempts []*refundAttempt) []*refundAttempt {
	sorted := slices.Clone(attempts)
	slices.SortStableFunc(sorted, func(a, b *refundAttempt) int {
		switch first, second := isCancellation(a.Record.id), isCancellation(b.Record.id); {
		case first == second:
			return 0
		case first:
			return 1
		default:
			return -1
		}
	})
	return sorted
}

// creditable is an order in the ERP with what was given back of it.
type creditable struct {
	erp.OrderFigures
	lines  []erp.LineFigures
	byHand []erp.Refund // by people, in the ERP; no store has them
	booked []erp.Refund // as the store gave it back
}

// readCreditable reads orders with what was given back of them and stands.
func readCreditable(ctx context.Context, ec mapping.Context, keys []erp.Key, notes []erp.HeldRefund) (map[erp.Key]*creditable, error) {
	figures, err := ec.Backend.OrderFigures(ctx, keys)
	if err != nil {
		return nil, err
	}
	lines, err := ec.Backend.OrderLines(ctx, keys)
	if err != nil {
		return nil, err
	}
	orders := make(map[erp.Key]*creditable, len(keys))
	for i, key := range keys {
		order := &creditable{OrderFigures: figures[i], lines: lines[i]}
		byHand := map[string]bool{}
		for _, note := range notes {
			if note.Record.Order == key && !note.Reversed {
				order.byHand, byHand[note.ID] = append(order.byHand, note.Record), true
			}
		}
		for _, r := range figures[i].Refunds {
			if !r.Reversed && !byHand[r.ID] {
				order.booked = append(order.booked, erp.Refund{Key: r.Key, Total: r.Total, Taxes: r.Taxes})
			}
		}
		orders[key] = order
	}
	return orders, nil
}

// left is what can still be credited of the order: of what was sold, or of the invoices of it where they are of less. Who makes a credit note
// in the ERP may invoice the order again.
func (c *creditable) left() decimal.Decimal {
	byHand := totalOf(c.byHand)
	left := c.Total.Sub(byHand)
	if c.InvoiceTotal.IsPositive() {
		left = decimal.Min(c.Total, c.InvoiceTotal.Sub(byHand))
	}
	return left.Sub(totalOf(c.booked))
}

func totalOf(refunds []erp.Refund) (sum decimal.Decimal) {
	for _, r := range refunds {
		sum = sum.Add(r.Total)
	}
	return sum
}

// mismatch finds what a refund gives back more of than is left in the ERP: of the order, of a line or of the tax of a rate. Of lines and
// taxes only those are looked at of which the ERP sold less than the store says now; the store itself takes any amount for a line. Orders
// that the ERP does not have, or does not sell by, are parked when they are booked.
func (c *creditable) mismatch(a *refundAttempt) (mismatch, bool) {
	refund := a.Value.refund
	if c.ID == "" || c.State.Stage != erp.Confirmed {
		return mismatch{}, false
	}
	left := c.left()
	whole := mismatch{field: "total", left: left, asked: refund.Total}
	switch {
	case isCancellation(a.Record.id):
		return whole, !left.Equal(refund.Total)
	case refund.Total.IsPositive() && refund.Total.GreaterThan(left):
		return whole, true
	}
	if line, found := c.lineMismatch(a); found {
		return line, true
	}
	return c.taxMismatch(a.Value)
}

// mismatch is an amount that a refund gives back and what is left of it in the ERP.
type mismatch struct {
	field       string // as in the differences of a job
	left, asked decimal.Decimal
}

// park has a person decide about the refund.
func (m mismatch) park(a *refundAttempt) {
	refund := a.Value.refund
	a.Refuse(mapping.Parked(mapping.RefundMismatch, "%s: %s %s are given back in the store, but %s of order %s are left to credit in the ERP, which sold something "+
		"else than the store says now, or has given some of it back already. Choose accept to book the store's amount all the same, keep to book no credit note, or "+
		"correct the order in the ERP or in the store and process the refund again", m.field, m.asked, refund.Currency, m.left, a.Record.order.ID))
	a.Outcome.Subject = mismatchSubject(refund)
	a.Outcome.Differences = []erp.Difference{{Field: m.field, ERP: m.left.String(), Store: m.asked.String()}}
}

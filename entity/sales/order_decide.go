package sales

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// applyDecisions lands orders as people decided: what the store cancelled after it was invoiced or shipped not as cancelled, and what it
// changed after it was confirmed with that change or without. What was invoiced is never changed; the credit note that may have been
// chosen is a refund of its own.
func applyDecisions(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	var all, cancelled []string
	for _, a := range attempts {
		all = append(all, a.Outcome.Key.ID)
		if a.Value.order.Cancelled {
			cancelled = append(cancelled, a.Outcome.Key.ID)
		}
	}
	decided, err := decisions(ctx, ec, mapping.OrderName, cancelled)
	if err != nil {
		return err
	}
	for _, a := range attempts {
		if choice := decided[a.Outcome.Key.ID]; choice != "" && a.Value.order.Cancelled {
			a.Value.order.Cancelled, a.Value.decided = false, choice
			a.Note("cancelled in the store after it was invoiced or shipped; decided: " + choice)
		}
	}
	if ec.Progress == nil || len(all) == 0 {
		return nil
	}
	edits, err := ec.Progress.ChangeDecisions(ctx, ec.Instance.ID, mapping.OrderName, all)
	for _, a := range attempts {
		a.Value.order.Edits = editsOf(ec.Instance.Config.Order, edits[a.Outcome.Key.ID], a.Record.Order)
	}
	return err
}

// editsOf says what becomes of an edit of an order: what a person decided about this one, or what is configured.
func editsOf(config instance.Order, decided flow.Decision, o woo.Order) erp.Edits {
	if decided.Choice != "" && decided.Subject == soldDigest(o) {
		if decided.Choice == mapping.Keep {
			return erp.RefuseEdits
		}
		return erp.ApplyEdits
	}
	if config.ApplyEdits == instance.UntilInvoiced {
		return erp.ApplyEdits
	}
	return erp.HoldEdits
}

// soldDigest names what an order sold and for how much, as the store says it, so that a decision about an edit holds for that one
// whatever the order's status becomes.
func soldDigest(o woo.Order) string {
	var b strings.Builder
	fmt.Fprintln(&b, o.Currency, o.Total)
	for _, l := range o.LineItems {
		fmt.Fprintln(&b, "line", l.ID, l.ProductID, l.VariationID, l.Quantity, l.Total)
	}
	for _, l := range o.ShippingLines {
		fmt.Fprintln(&b, "shipping", l.ID, l.Total)
	}
	for _, l := range o.FeeLines {
		fmt.Fprintln(&b, "fee", l.ID, l.Total)
	}
	for _, t := range o.TaxLines {
		fmt.Fprintln(&b, "tax", t.RateID, t.TaxTotal, t.ShippingTaxTotal)
	}
	return mapping.DigestOf([]byte(b.String()))
}

// compareEdited tells, of orders that are parked for an edit of the store's, in what they differ from those in the ERP.
func compareEdited(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	var edited []*orderAttempt
	var keys []erp.Key
	for _, a := range attempts {
		if a.Outcome.Status == erp.Parked && (a.Outcome.Code == mapping.OrderEdited || a.Outcome.Code == mapping.OrderLocked) {
			edited, keys = append(edited, a), append(keys, a.Outcome.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	figures, err := ec.Backend.OrderFigures(ctx, keys)
	if err != nil {
		return err
	}
	lines, err := ec.Backend.OrderLines(ctx, keys)
	if err != nil {
		return err
	}
	for i, a := range edited {
		a.Outcome.Subject = soldDigest(a.Record.Order)
		a.Outcome.Differences = orderDifferences(figures[i], lines[i], a.Value.order)
	}
	return nil
}

// maxDifferences bounds what a job keeps of a large order.
const maxDifferences = 50

// orderDifferences lists in what an order in the ERP differs from the store's: line by line in the store's order, then what only the ERP
// has, the tax of each percentage and the total.
func orderDifferences(held erp.OrderFigures, lines []erp.LineFigures, given erp.Order) []erp.Difference {
	var d differences
	for _, line := range given.Lines {
		if line.Kind == erp.RoundingLine {
			continue
		}
		i := slices.IndexFunc(lines, func(l erp.LineFigures) bool { return l.ID == line.ID })
		if i < 0 {
			d.add("line "+line.ID, "", lineText(line.Quantity, line.Description, line.Total))
			continue
		}
		d.addLine(lines[i], line)
	}
	for _, line := range lines {
		if !slices.ContainsFunc(given.Lines, func(l erp.OrderLine) bool { return l.ID == line.ID }) {
			d.add("line "+line.ID, lineText(line.Quantity, line.Description, line.Total), "")
		}
	}
	d.addTaxes(held.Taxes, given.Taxes)
	d.add("currency", held.Currency, given.Currency)
	d.addAmount("total", held.Total, given.Total)
	return d.list()
}

type differences []erp.Difference

// add adds a field in which the two sides differ.
func (d *differences) add(field, inERP, inStore string) {
	if inERP != inStore {
		*d = append(*d, erp.Difference{Field: field, ERP: inERP, Store: inStore})
	}
}

func (d *differences) addAmount(field string, inERP, inStore decimal.Decimal) {
	if !inERP.Equal(inStore) {
		d.add(field, inERP.String(), inStore.String())
	}
}

func (d *differences) addLine(held erp.LineFigures, given erp.OrderLine) {
	if !given.Product.IsZero() && !held.Product.IsZero() && given.Product != held.Product {
		d.add("line "+given.ID+" product", held.Product.ID+" "+held.Description, given.Product.ID+" "+given.Description)
	}
	d.addAmount("line "+given.ID+" quantity", held.Quantity, given.Quantity)
	d.addAmount("line "+given.ID+" total", held.Total, given.Total)
}

// addTaxes compares the tax of each percentage: the store may name the same rate by another key since.
func (d *differences) addTaxes(held, given []erp.OrderTax) {
	inERP, inStore := taxByRate(held), taxByRate(given)
	var rates []string
	for rate := range inStore {
		rates = append(rates, rate)
	}
	for rate := range inERP {
		if _, both := inStore[rate]; !both {
			rates = append(rates, rate)
		}
	}
	slices.Sort(rates)
	for _, rate := range rates {
		d.addAmount("tax "+rate+"%", inERP[rate], inStore[rate])
	}
}

func taxByRate(taxes []erp.OrderTax) map[string]decimal.Decimal {
	sums := map[string]decimal.Decimal{}
	for _, t := range taxes {
		sums[t.Rate.String()] = sums[t.Rate.String()].Add(t.Amount)
	}
	return sums
}

// list gives the first differences, and how many there are besides.
func (d *differences) list() []erp.Difference {
	if len(*d) <= maxDifferences {
		return *d
	}
	rest := len(*d) - maxDifferences + 1
	return append((*d)[:maxDifferences-1], erp.Difference{Field: fmt.Sprintf("%d more fields", rest)})
}

func lineText(quantity decimal.Decimal, description string, total decimal.Decimal) string {
	return fmt.Sprintf("%s × %s, %s", quantity, description, total)
}

package sales

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// rest is what is left of an order to give back.
type rest struct {
	total decimal.Decimal
	taxes []erp.OrderTax // per rate, in whole coins
	// lines are those of the order with what is left of each, and their taxes as exact as the store gives them. What was given
	// back of no line in particular is a line of its own, with negative amounts.
	lines   []erp.RefundLine
	byLine  bool // all that was given back was of lines of the order
	unclear bool // what was given back by an earlier refund is not clear
}

// untouched is the rest of an order of which nothing was given back.
func (o soldOrder) untouched() rest {
	left := rest{total: o.Total, taxes: slices.Clone(o.Taxes), byLine: true}
	for _, line := range o.Lines {
		line.Taxes = slices.Clone(line.Taxes)
		left.lines = append(left.lines, erp.RefundLine{OrderLine: line, Of: line.ID})
	}
	return left
}

// give takes an earlier refund off what is left.
func (left *rest) give(ec mapping.Context, o soldOrder, r woo.Refund) {
	money, err := left.book(ec, o, r)
	if err != nil {
		left.unclear, left.total = true, left.total.Sub(r.Amount.Decimal)
		return
	}
	left.total = left.total.Sub(money.total)
	for _, tax := range money.taxes {
		tax.Amount = tax.Amount.Neg()
		left.taxes = addTaxes(left.taxes, []erp.OrderTax{tax})
	}
	for _, line := range money.lines {
		left.take(line)
	}
}

// take takes a line off what is left.
func (left *rest) take(line erp.RefundLine) {
	at := slices.IndexFunc(left.lines, func(l erp.RefundLine) bool { return line.Of != "" && l.Of == line.Of })
	if at < 0 {
		left.byLine = false
		left.lines = append(left.lines, erp.RefundLine{OrderLine: erp.OrderLine{Kind: line.Kind}})
		at = len(left.lines) - 1
	}
	l := &left.lines[at]
	l.Total, l.Quantity = l.Total.Sub(line.Total), l.Quantity.Sub(line.Quantity)
	for _, tax := range line.Taxes {
		if i := slices.IndexFunc(l.Taxes, func(t erp.LineTax) bool { return t.Tax == tax.Tax }); i >= 0 {
			l.Taxes[i].Amount = l.Taxes[i].Amount.Sub(tax.Amount)
		} else {
			l.Taxes = append(l.Taxes, erp.LineTax{Tax: tax.Tax, Amount: tax.Amount.Neg()})
		}
	}
}

// all gives back all that is left: line by line, or, once something was given back of no line in particular, by the taxes of lines.
func (left rest) all() refundMoney {
	m := refundMoney{total: left.total, steps: []string{"all that was left of the order is given back"}}
	for _, tax := range left.taxes {
		if !tax.Amount.IsZero() {
			m.taxes, m.tax = append(m.taxes, tax), m.tax.Add(tax.Amount)
		}
	}
	lines := left.lines
	if !left.byLine {
		lines = left.grouped()
	}
	for _, line := range lines {
		if line.Total.IsZero() && !slices.ContainsFunc(line.Taxes, func(t erp.LineTax) bool { return !t.Amount.IsZero() }) {
			continue
		}
		line.Discount, line.SetAside, line.Restocked = decimal.Zero, decimal.Zero, decimal.Zero
		if line.Quantity.IsPositive() {
			line.UnitPrice = line.Total.DivRound(line.Quantity, unitDigits)
		} else {
			line.Quantity, line.UnitPrice = decimal.NewFromInt(1), line.Total
		}
		line.Product = erp.Key{}
		m.lines = append(m.lines, line)
	}
	return m
}

// share gives an amount back of which the store says no more: off all that is left, in proportion, with the taxes on it.
func (left rest) share(c charged) (refundMoney, error) {
	var groups []erp.RefundLine
	for _, g := range left.grouped() {
		if g.Kind != erp.CreditLine && g.Kind != erp.RoundingLine && grossOf(g).IsPositive() {
			groups = append(groups, g)
		}
	}
	whole := rest{lines: groups}.gross()
	if !whole.IsPositive() || whole.LessThan(c.total) {
		return refundMoney{}, unclear(c, decimal.Zero, "of the order's lines "+c.show(whole)+" "+c.currency+" are left to share it out")
	}
	part := func(amount decimal.Decimal) decimal.Decimal { return amount.Mul(c.total).DivRound(whole, 12) }
	var parts []decimal.Decimal
	var taxes []erp.LineTax
	for i := range groups {
		g := &groups[i]
		g.Total, g.Description = part(g.Total), "Refund"
		for j := range g.Taxes {
			g.Taxes[j].Amount = part(g.Taxes[j].Amount)
		}
		taxes = append(taxes, g.Taxes...)
		parts = append(parts, g.Total)
	}
	rates := perRate(left.taxes, taxes)
	for _, rate := range rates {
		parts = append(parts, rate.Amount)
	}
	coins, ok := erp.ShareCoins(parts, c.total, c.scale)
	if !ok {
		return refundMoney{}, unclear(c, decimal.Zero, "it cannot be shared out in whole coins")
	}
	m := refundMoney{total: c.total, lines: groups, taxes: rates, steps: []string{"the refund names no lines: shared out over what is left of the order"}}
	for i := range groups {
		m.lines[i].Total, m.lines[i].UnitPrice = coins[i], coins[i]
	}
	for i := range rates {
		m.taxes[i].Amount = coins[len(groups)+i]
	}
	m.tax = sumTaxes(m.taxes)
	return m, nil
}

// of gives what is left of one kind of lines.
func (left rest) of(kind erp.LineKind) rest {
	left.lines = slices.DeleteFunc(slices.Clone(left.lines), func(l erp.RefundLine) bool {
		return l.Kind != kind || grossOf(l).IsZero()
	})
	return left
}

// taxesOfLines sums the exact taxes of what is left, per rate.
func (left rest) taxesOfLines() []erp.OrderTax {
	var all []erp.LineTax
	for _, line := range left.lines {
		all = append(all, line.Taxes...)
	}
	return perRate(left.taxes, all)
}

// gross is what the lines come to with their taxes.
func (left rest) gross() decimal.Decimal {
	var sum decimal.Decimal
	for _, line := range left.lines {
		sum = sum.Add(grossOf(line))
	}
	return sum
}

func grossOf(line erp.RefundLine) decimal.Decimal {
	sum := line.Total
	for _, tax := range line.Taxes {
		sum = sum.Add(tax.Amount)
	}
	return sum
}

// grouped joins the lines that bear the same taxes. Credit and rounding stay apart, since they are no sales.
func (left rest) grouped() []erp.RefundLine {
	var groups []erp.RefundLine
	names := map[string]int{}
	for _, line := range left.lines {
		name := groupOf(line)
		at, known := names[name]
		if !known {
			at = len(groups)
			names[name] = at
			kind := line.Kind
			if kind == erp.ProductLine || kind == erp.ShippingLine {
				kind = erp.FeeLine
			}
			groups = append(groups, erp.RefundLine{OrderLine: erp.OrderLine{
				ID: "rest-" + name, Kind: kind, Description: "Refund", Quantity: decimal.NewFromInt(1),
			}})
		}
		g := &groups[at]
		g.Total = g.Total.Add(line.Total)
		for _, tax := range line.Taxes {
			if i := slices.IndexFunc(g.Taxes, func(t erp.LineTax) bool { return t.Tax == tax.Tax }); i >= 0 {
				g.Taxes[i].Amount = g.Taxes[i].Amount.Add(tax.Amount)
			} else {
				g.Taxes = append(g.Taxes, tax)
			}
		}
	}
	return groups
}

// groupOf names the lines that are taxed alike.
func groupOf(line erp.RefundLine) string {
	if line.Kind == erp.CreditLine || line.Kind == erp.RoundingLine {
		return string(line.Kind)
	}
	taxes := slices.Clone(line.Taxes)
	slices.SortFunc(taxes, func(a, b erp.LineTax) int { return cmp.Compare(a.Tax.String(), b.Tax.String()) })
	var names []string
	for _, tax := range taxes {
		if !tax.Amount.IsZero() {
			names = append(names, tax.Tax.ID)
		}
	}
	return cmp.Or(strings.Join(names, "+"), "untaxed")
}

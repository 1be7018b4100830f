package sales

import (
	"slices"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// refundMoney is what a refund gives back, in whole coins: lines and taxes add up to the total.
type refundMoney struct {
	lines []erp.RefundLine
	taxes []erp.OrderTax
	tax   decimal.Decimal
	total decimal.Decimal
	steps []string
}

// book gives the money of a refund. The store takes any amount, whatever the lines come to, and it is the amount that the customer
// got. Where lines and taxes explain it, they are booked as they are. The rest is looked for in what the order charged and has not
// given back yet. What is found nowhere is refused, with the exact difference.
func (left rest) book(ec mapping.Context, o soldOrder, r woo.Refund) (refundMoney, error) {
	taxes := refundTaxes(ec, o.record, r)
	lines, err := linesOf(ec, r, taxes)
	if err != nil {
		return refundMoney{}, err
	}
	c := chargedBack(ec, o, r, lines, taxes.taxes)
	if !c.total.Equal(c.total.Round(c.scale)) {
		return refundMoney{}, oddRefund(c)
	}
	if len(lines) > 0 {
		m := money{lines: orderLinesOf(lines), taxes: taxes.taxes, total: c.total}
		if m.bookExactly(c) || m.bookWithRounding(ec, c) == nil {
			return withLines(lines, m), nil
		}
	}
	switch given := add(c.nets).Add(add(c.rates)); {
	case c.total.IsZero():
		return nothingBack(), nil
	case left.unclear:
		return refundMoney{}, unclear(c, given, "an earlier refund of the order is not clear either")
	case c.total.Equal(left.total):
		return left.all(), nil
	case c.total.GreaterThan(left.total):
		return refundMoney{}, unclear(c, given, "of the order "+c.show(left.total)+" "+c.currency+" are left to give back")
	case len(lines) == 0:
		return left.share(c)
	default:
		return left.explain(o, c, lines, taxes.taxes, c.total.Sub(given.Round(c.scale)))
	}
}

// chargedBack is what the store says of a refund's money, in the terms in which orders are booked.
func chargedBack(ec mapping.Context, o soldOrder, r woo.Refund, lines []erp.RefundLine, taxes []erp.OrderTax) charged {
	of := o.record
	of.Total, of.TotalTax = r.Amount, woo.Decimal{}
	return chargedBy(ec, of, orderLinesOf(lines), taxes)
}

func orderLinesOf(lines []erp.RefundLine) []erp.OrderLine {
	plain := make([]erp.OrderLine, len(lines))
	for i := range lines {
		plain[i] = lines[i].OrderLine
	}
	return plain
}

// withLines is what was booked by a refund's own lines. A rounding line comes after them.
func withLines(lines []erp.RefundLine, m money) refundMoney {
	booked := refundMoney{taxes: m.taxes, tax: m.tax, total: m.total, steps: m.steps}
	if booked.tax.IsZero() {
		booked.tax = sumTaxes(m.taxes)
	}
	for i, line := range m.lines {
		of := ""
		if i < len(lines) {
			of = lines[i].Of
		}
		booked.lines = append(booked.lines, erp.RefundLine{OrderLine: line, Of: of})
	}
	return booked
}

func sumTaxes(taxes []erp.OrderTax) decimal.Decimal {
	var sum decimal.Decimal
	for _, tax := range taxes {
		sum = sum.Add(tax.Amount)
	}
	return sum
}

// nothingBack is a refund of nothing, which stores take.
func nothingBack() refundMoney {
	return refundMoney{lines: []erp.RefundLine{{OrderLine: erp.OrderLine{
		ID: "nothing", Kind: erp.FeeLine, Description: "Refund of nothing", Quantity: decimal.NewFromInt(1),
	}}}}
}

// explain books a refund that gives back more than its lines by what the difference is exactly: the tax that was charged on them,
// when the lines name none, or the shipping.
func (left rest) explain(o soldOrder, c charged, lines []erp.RefundLine, taxes []erp.OrderTax, difference decimal.Decimal) (refundMoney, error) {
	if charged := taxOn(o, lines); len(taxes) == 0 && len(charged) > 0 {
		for i := range lines {
			lines[i].Taxes = lineTaxes(o, lines[i])
		}
		c.rates = nil
		for _, tax := range charged {
			c.rates = append(c.rates, tax.Amount)
		}
		c.tax = difference
		m := money{lines: orderLinesOf(lines), taxes: charged, total: c.total}
		if m.bookExactly(c) {
			m.steps = append(m.steps, "the refund names no tax: what it gives back more than its lines is the tax on them")
			return withLines(lines, m), nil
		}
	}
	shipping := left.of(erp.ShippingLine)
	if gross := shipping.gross(); gross.IsPositive() && gross.Round(c.scale).Equal(difference) {
		c.rates = nil
		all := addTaxes(taxes, shipping.taxesOfLines())
		for _, tax := range all {
			c.rates = append(c.rates, tax.Amount)
		}
		c.tax = add(c.rates)
		for _, line := range shipping.lines {
			lines = append(lines, line)
			c.nets, c.kinds = append(c.nets, line.Total), append(c.kinds, line.Kind)
		}
		m := money{lines: orderLinesOf(lines), taxes: all, total: c.total}
		if m.bookExactly(c) {
			m.steps = append(m.steps, "what the refund gives back more than its lines is the shipping")
			return withLines(lines, m), nil
		}
	}
	return refundMoney{}, unclear(c, c.total.Sub(difference), "the difference is neither the tax on the lines nor the shipping")
}

// lineTaxes is the tax that the order charged on what a refund's line gives back.
func lineTaxes(o soldOrder, line erp.RefundLine) []erp.LineTax {
	at := slices.IndexFunc(o.Lines, func(sold erp.OrderLine) bool { return sold.ID == line.Of })
	if at < 0 || o.Lines[at].Total.IsZero() {
		return nil
	}
	sold := o.Lines[at]
	var taxes []erp.LineTax
	for _, tax := range sold.Taxes {
		taxes = append(taxes, erp.LineTax{Tax: tax.Tax, Amount: tax.Amount.Mul(line.Total).DivRound(sold.Total, unitDigits)})
	}
	return taxes
}

// taxOn is the tax that the order charged on what the lines of a refund give back, per rate.
func taxOn(o soldOrder, lines []erp.RefundLine) []erp.OrderTax {
	var all []erp.LineTax
	for _, line := range lines {
		all = append(all, lineTaxes(o, line)...)
	}
	return perRate(o.Taxes, all)
}

// perRate sums the taxes of lines by rate, as the order names them.
func perRate(named []erp.OrderTax, taxes []erp.LineTax) []erp.OrderTax {
	var sums []erp.OrderTax
	for _, rate := range named {
		rate.Amount = decimal.Zero
		for _, tax := range taxes {
			if tax.Tax == rate.Tax {
				rate.Amount = rate.Amount.Add(tax.Amount)
			}
		}
		if !rate.Amount.IsZero() {
			sums = append(sums, rate)
		}
	}
	return sums
}

// addTaxes adds up taxes of the same rates.
func addTaxes(a, b []erp.OrderTax) []erp.OrderTax {
	sums := slices.Clone(a)
	for _, tax := range b {
		if at := slices.IndexFunc(sums, func(s erp.OrderTax) bool { return s.Tax == tax.Tax }); at >= 0 {
			sums[at].Amount = sums[at].Amount.Add(tax.Amount)
		} else {
			sums = append(sums, tax)
		}
	}
	return sums
}

func oddRefund(c charged) error {
	return mapping.Parked("odd_total", "the refund's amount %s has more decimals than %s has (%d): delete it in the store and make it again",
		c.total, c.currency, c.scale)
}

// unclear refuses a refund of which nobody knows what it gives back, with both sums and the exact difference.
func unclear(c charged, given decimal.Decimal, why string) error {
	return mapping.Parked("refund_unclear",
		"the refund gave back %s %s, but its lines and taxes add up to %s: %s; %s. Delete it in the store and make it again with lines and "+
			"taxes that add up", c.show(c.total), c.currency, c.show(given), c.apart(c.total.Sub(given)), why)
}

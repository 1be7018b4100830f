package sales

import (
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

// lineMismatch finds a line of which a refund gives back more than the ERP has left. An order whose lines the ERP does not know by the
// store's ids says nothing about them.
func (c *creditable) lineMismatch(a *refundAttempt) (mismatch, bool) {
	refund, order := a.Value.refund, a.Value.order
	coin := coinOf(refund.Currency)
	named := func(l erp.OrderLine) bool {
		return slices.ContainsFunc(c.lines, func(held erp.LineFigures) bool { return held.ID == l.ID })
	}
	if !slices.ContainsFunc(order.Lines, named) {
		return mismatch{}, false
	}
	slack := decimal.Max(order.Unit, coin) // lines are rounded so that they add up
	for _, sold := range order.Lines {
		back := backOf(sold.ID, refund.Lines)
		if sold.Kind == erp.RoundingLine || sold.Kind == erp.CreditLine || !back.IsPositive() {
			continue
		}
		held := decimal.Zero
		for _, l := range c.lines {
			if l.ID == sold.ID {
				held = held.Add(l.Total)
			}
		}
		if !held.LessThan(sold.Total.Sub(slack)) {
			continue
		}
		left := held.Sub(c.bookedOf(sold.ID, a).Round(-coin.Exponent()))
		if back.Sub(left).GreaterThan(slack) {
			return mismatch{field: "line " + sold.ID, left: left, asked: back}, true
		}
	}
	return mismatch{}, false
}

// coinOf is the smallest amount of a currency.
func coinOf(currency string) decimal.Decimal {
	return decimal.New(1, -instance.CurrencyDecimals(currency))
}

// backOf sums what lines give back of a line of the order, without tax.
func backOf(line string, lines []erp.RefundLine) (sum decimal.Decimal) {
	for _, l := range lines {
		if l.Of == line {
			sum = sum.Add(l.Total)
		}
	}
	return sum
}

// bookedOf sums what was credited of a line of the order already. Of refunds that the ERP booked before, the store says which lines they name.
func (c *creditable) bookedOf(line string, a *refundAttempt) (sum decimal.Decimal) {
	record := a.Record
	for _, r := range slices.Concat(c.byHand, c.booked) {
		sum = sum.Add(backOf(line, r.Lines))
		for _, other := range slices.Concat(record.earlier, record.later) {
			if len(r.Lines) == 0 && r.Key.ID == refundID(record.order.ID, other.ID) {
				sum = sum.Add(backOf(line, linesNamedBy(other)))
			}
		}
	}
	return sum
}

// linesNamedBy gives what a refund of the store gives back line by line, as the store says it.
func linesNamedBy(r woo.Refund) []erp.RefundLine {
	var lines []erp.RefundLine
	add := func(meta []woo.Meta, total woo.Decimal) {
		lines = append(lines, erp.RefundLine{Of: refundedLine(meta), OrderLine: erp.OrderLine{Total: total.Neg()}})
	}
	for _, l := range r.LineItems {
		add(l.MetaData, l.Total)
	}
	for _, l := range r.ShippingLines {
		add(l.MetaData, l.Total)
	}
	for _, l := range r.FeeLines {
		add(l.MetaData, l.Total)
	}
	return lines
}

// taxMismatch finds a percentage of which a refund gives back more tax than the ERP has left. An ERP that calculates taxes itself may be off by
// what rounding explains. An order that says nothing of its taxes says nothing here.
func (c *creditable) taxMismatch(plan refundPlan) (mismatch, bool) {
	if len(c.Taxes) == 0 {
		return mismatch{}, false
	}
	lines := decimal.NewFromInt(int64(len(plan.order.Lines)))
	slack := decimal.Max(plan.order.RoundingLimit, lines.Mul(decimal.Max(plan.order.Unit, coinOf(plan.refund.Currency))))
	rates := map[erp.Key]decimal.Decimal{} // credit notes may name their taxes only
	for _, tax := range slices.Concat(c.Taxes, plan.order.Taxes, plan.refund.Taxes) {
		rates[tax.Tax] = tax.Rate
	}
	sold, held, booked := taxByRate(plan.order.Taxes), taxByRate(c.Taxes), map[string]decimal.Decimal{}
	for _, r := range slices.Concat(c.byHand, c.booked) {
		for _, tax := range r.Taxes {
			rate, known := rates[tax.Tax]
			if !known {
				rate = tax.Rate
			}
			booked[rate.String()] = booked[rate.String()].Add(tax.Amount)
		}
	}
	for _, tax := range plan.refund.Taxes {
		rate := tax.Rate.String()
		left := held[rate].Sub(booked[rate])
		if held[rate].LessThan(sold[rate].Sub(slack)) && tax.Amount.Sub(left).GreaterThan(slack) {
			return mismatch{field: "tax " + rate + "%", left: left, asked: tax.Amount}, true
		}
	}
	return mismatch{}, false
}

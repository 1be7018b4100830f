package sales

import (
	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
)

// sums are what an order's lines come to: exactly, and in whole coins.
type sums struct {
	exact  decimal.Decimal
	booked decimal.Decimal
}

// nearest gives the lines' sum, rounded line by line or only once, whichever is nearer to what the store charged for them.
func (c charged) nearest(net decimal.Decimal) sums {
	var byLine decimal.Decimal
	for _, n := range c.nets {
		byLine = byLine.Add(n.Round(c.scale))
	}
	exact := add(c.nets)
	once := exact.Round(c.scale)
	if net.Sub(byLine).Abs().LessThan(net.Sub(once).Abs()) {
		return sums{exact: byLine, booked: byLine}
	}
	return sums{exact: exact, booked: once}
}

// bookWithRounding books an order whose figures do not add up, with a line for the difference; or refuses it.
func (m *money) bookWithRounding(ec mapping.Context, c charged) error {
	tax := c.possibleTaxes()[0]
	rates, ok := c.shareTax(tax, c.scale)
	if !ok {
		tax = add(c.rates).Round(c.scale)
		rates, _ = erp.ShareCoins(c.rates, tax, c.scale)
	}
	net := c.total.Sub(tax)
	lines := c.nearest(net)
	difference := net.Sub(lines.booked)
	limit, err := ec.Instance.Config.Order.RoundingLimitOf(c.scale, len(c.nets))
	if err != nil {
		return err
	}
	if difference.Abs().GreaterThan(limit) {
		return totalsDiffer(c, lines.exact, tax, limit)
	}
	nets, _ := erp.ShareCoins(c.nets, lines.booked, c.scale)
	m.enter(nets, rates)
	if !difference.IsZero() {
		m.lines = append(m.lines, roundingLine(difference))
		m.steps = append(m.steps, "rounding line of "+difference.String()+" added")
	}
	return nil
}

func roundingLine(difference decimal.Decimal) erp.OrderLine {
	return erp.OrderLine{
		ID: erp.RoundingLineID, Kind: erp.RoundingLine, Description: "Rounding",
		Quantity: decimal.NewFromInt(1), UnitPrice: difference, Total: difference,
	}
}

// totalsDiffer names both sums and the exact difference between them.
func totalsDiffer(c charged, net, tax, limit decimal.Decimal) error {
	sum := net.Add(tax)
	remedy := "Recalculate the order in the store and process it again"
	if c.total.LessThan(sum) {
		remedy = "If a gift card or store credit paid the rest, its plugin does not say so in a way that is known: enter what it paid " +
			"as a negative fee named Gift card, without tax, and process the order again. Otherwise recalculate it in the store first"
	}
	return mapping.Parked("totals_differ",
		"lines of %s and taxes of %s add up to %s, but the store charged %s %s: %s, where rounding explains at most %s. %s",
		c.show(net), c.show(tax), c.show(sum), c.show(c.total), c.currency, c.apart(c.total.Sub(sum)), c.show(limit), remedy)
}

func oddTotal(c charged) error {
	return mapping.Parked("odd_total",
		"the total %s has more decimals than %s has (%d): set the number of decimals in the store's settings, recalculate the order there, "+
			"and process it again", c.total, c.currency, c.scale)
}

// show writes an amount with the decimals of its currency, and with more where there are more: nothing is rounded away.
func (c charged) show(amount decimal.Decimal) string {
	if rounded := amount.Round(c.scale); rounded.Equal(amount) {
		return rounded.StringFixed(c.scale)
	}
	return amount.String()
}

// apart says how far the second of two sums is from the first.
func (c charged) apart(difference decimal.Decimal) string {
	if difference.IsNegative() {
		return c.show(difference.Neg()) + " less"
	}
	return c.show(difference) + " more"
}

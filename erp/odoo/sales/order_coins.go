package sales

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
)

// coins gives the lines of an order as Odoo is to have them, in whole coins, each with its taxes: what the store charged for
// a line rounded up or down, so that the lines add up to the order and the taxes of each rate to what the store charged of
// it. An order whose taxes are not those that Odoo has is parked with the difference.
func (refs orderRefs) coins(o *erp.Order) ([]erp.OrderLine, *landing.Refusal) {
	scale := refs.Decimals(o.Currency)
	rates := make(map[erp.Key]decimal.Decimal, len(refs.taxes))
	for key, id := range refs.taxes {
		rates[key] = refs.rules[id].rate
	}
	lines := linesOfOrder(o, rates, refs.unit(o))
	nets := rpc.Map(lines, func(l erp.OrderLine) decimal.Decimal { return l.Total })
	parts, ok := erp.ShareCoins(nets, o.Total.Round(scale).Sub(taxOf(o).Round(scale)), scale)
	if !ok {
		return nil, landing.Parked("totals_differ", fmt.Sprintf("the lines of the order cannot be rounded so that they come to %s %s without tax: "+
			"correct the order in the store and process it again", o.Total.Sub(taxOf(o)), o.Currency))
	}
	for i := range lines {
		lines[i].Total = parts[i]
	}
	for _, tax := range taxesIn(o, lines) {
		if r := refs.coinsOf(o, lines, tax); r != nil {
			return nil, r
		}
	}
	return lines, nil
}

// taxOf sums the taxes of an order.
func taxOf(o *erp.Order) (sum decimal.Decimal) {
	for _, t := range o.Taxes {
		sum = sum.Add(t.Amount)
	}
	return sum
}

// taxesIn lists the taxes of an order and of its lines, each with what was charged of it. Lines are given taxes of their own.
func taxesIn(o *erp.Order, lines []erp.OrderLine) []erp.OrderTax {
	taxes := slices.Clone(o.Taxes)
	for i := range lines {
		lines[i].Taxes = slices.Clone(lines[i].Taxes)
		for _, t := range lines[i].Taxes {
			if !slices.ContainsFunc(taxes, func(known erp.OrderTax) bool { return known.Tax == t.Tax }) {
				taxes = append(taxes, erp.OrderTax{Tax: t.Tax})
			}
		}
	}
	return taxes
}

// unit is what the store rounded an order's amounts to: a coin, or more where it has fewer decimals than the currency.
func (refs orderRefs) unit(o *erp.Order) decimal.Decimal {
	smallest := coin(refs.Decimals(o.Currency))
	if o.Unit.GreaterThan(smallest) {
		return o.Unit
	}
	return smallest
}

// coinsOf rounds one tax of the lines, and compares it with what Odoo makes of it. Each line may be a unit off: the store and
// Odoo round it in different ways.
func (refs orderRefs) coinsOf(o *erp.Order, lines []erp.OrderLine, tax erp.OrderTax) *landing.Refusal {
	var places [][2]int // of the tax: line, and tax in it
	var raw []decimal.Decimal
	var own decimal.Decimal
	for i, line := range lines {
		for j, t := range line.Taxes {
			if t.Tax == tax.Tax {
				places, raw = append(places, [2]int{i, j}), append(raw, t.Amount)
				own = own.Add(refs.expected(line, t.Tax))
			}
		}
	}
	scale, unit := refs.Decimals(o.Currency), refs.unit(o)
	allowed := decimal.Max(unit.Mul(decimal.NewFromInt(int64(len(raw)))), o.RoundingLimit)
	if rule := refs.rules[refs.taxes[tax.Tax]]; rule.percent && own.Sub(tax.Amount).Abs().GreaterThan(allowed) {
		return taxesDiffer(tax, o.Currency, own.Round(scale), fmt.Sprintf("Odoo makes %s of it at %s %%", own.Round(scale), rule.rate.Shift(2)))
	}
	parts, ok := erp.ShareCoins(raw, tax.Amount.Round(scale), scale)
	if !ok {
		parts, ok = erp.ShareCoins(raw, tax.Amount.Round(scale), -unit.Exponent())
	}
	if !ok {
		var sum decimal.Decimal
		for _, amount := range raw {
			sum = sum.Add(amount)
		}
		return taxesDiffer(tax, o.Currency, sum, fmt.Sprintf("its lines come to %s", sum))
	}
	for i, at := range places {
		lines[at[0]].Taxes[at[1]].Amount = parts[i]
	}
	return nil
}

func taxesDiffer(tax erp.OrderTax, currency string, found decimal.Decimal, says string) *landing.Refusal {
	return landing.Parked("taxes_differ", fmt.Sprintf("the store charged %s %s of the tax %s, but %s: a difference of %s. "+
		"Compare the rate in Odoo with the store's and process the order again",
		tax.Amount, currency, tax.Tax, says, tax.Amount.Sub(found)))
}

// expected is what Odoo makes of one tax of a line, before it rounds.
func (refs orderRefs) expected(line erp.OrderLine, of erp.Key) decimal.Decimal {
	taxes := slices.SortedFunc(slices.Values(line.Taxes), func(a, b erp.LineTax) int {
		x, y := refs.taxes[a.Tax], refs.taxes[b.Tax]
		return cmp.Or(cmp.Compare(refs.rules[x].place, refs.rules[y].place), cmp.Compare(x, y))
	})
	var carried, forced decimal.Decimal
	for _, t := range taxes {
		rule, base := refs.rules[refs.taxes[t.Tax]], line.Total.Add(forced)
		if rule.takes {
			base = line.Total.Add(carried)
		}
		amount := base.Mul(rule.rate)
		switch {
		case t.Tax == of:
			return amount
		case rule.forces:
			carried, forced = carried.Add(amount), forced.Add(amount)
		case rule.passes || !rule.takes:
			carried = carried.Add(amount)
		}
	}
	return decimal.Zero
}

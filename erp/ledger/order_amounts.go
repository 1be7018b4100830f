package ledger

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
)

// taxRate is a tax as amounts are calculated by it.
type taxRate struct {
	ID       int64
	Name     string
	Rate     decimal.Decimal // percent
	Compound bool            // it is on the taxes before it, too
	Priority int             // the lowest comes first
}

// lineTaxPlaces is to how many decimals the tax of a line is kept before it is rounded, as WooCommerce does.
const lineTaxPlaces = 6

// calculate rounds the totals of lines to whole coins, and fills in taxes and sums. The tax of each rate is rounded on each line, as
// WooCommerce does unless it is told to round at the subtotal.
func calculate(o *erp.Order, rates map[erp.Key]taxRate, decimals int32) {
	sums := map[erp.Key]decimal.Decimal{}
	o.Untaxed, o.Tax, o.Taxes = decimal.Zero, decimal.Zero, nil
	o.Lines = slices.Clone(o.Lines)
	for i := range o.Lines {
		line := &o.Lines[i]
		line.Total = line.Total.Round(decimals)
		o.Untaxed = o.Untaxed.Add(line.Total)
		line.Taxes = taxesOn(line.Total, line.Taxes, rates)
		for _, tax := range line.Taxes {
			sums[tax.Tax] = sums[tax.Tax].Add(tax.Amount.Round(decimals))
		}
	}
	for key, amount := range sums {
		o.Taxes = append(o.Taxes, erp.OrderTax{Tax: key, Label: rates[key].Name, Rate: rates[key].Rate, Amount: amount})
		o.Tax = o.Tax.Add(amount)
	}
	slices.SortFunc(o.Taxes, func(a, b erp.OrderTax) int { return rates[a.Tax].compare(rates[b.Tax]) })
	o.Total = o.Untaxed.Add(o.Tax)
}

func (r taxRate) compare(other taxRate) int {
	return cmp.Or(cmp.Compare(r.Priority, other.Priority), cmp.Compare(r.ID, other.ID))
}

// taxesOn gives the taxes on an amount, the plain ones before those that are on other taxes.
func taxesOn(amount decimal.Decimal, named []erp.LineTax, rates map[erp.Key]taxRate) []erp.LineTax {
	taxes := slices.Clone(named)
	slices.SortFunc(taxes, func(a, b erp.LineTax) int {
		first, second := rates[a.Tax], rates[b.Tax]
		if first.Compound != second.Compound {
			if second.Compound {
				return -1
			}
			return 1
		}
		return first.compare(second)
	})
	before := decimal.Zero
	for i := range taxes {
		rate, base := rates[taxes[i].Tax], amount
		if rate.Compound {
			base = base.Add(before)
		}
		taxes[i].Amount = base.Mul(rate.Rate).Shift(-2).Round(lineTaxPlaces)
		before = before.Add(taxes[i].Amount)
	}
	return taxes
}

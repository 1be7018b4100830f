package entity

import (
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/woo"
)

// money is an order's amounts: the lines and taxes add up to the total.
type money struct {
	lines []erp.OrderLine
	taxes []erp.OrderTax
	tax   decimal.Decimal
	total decimal.Decimal
	steps []string
}

// settle holds an order to its total: lines plus taxes, rounded as the currency is, must be what the store charged. A
// difference within the instance's limit becomes a line of its own; a larger one parks the order, with both sums.
func settle(ec Context, o woo.Order, lines []erp.OrderLine) (money, error) {
	scale := decimals(o.Currency)
	m := money{lines: lines, total: o.Total.Decimal}
	if !m.total.Equal(m.total.Round(scale)) {
		return money{}, parked("odd_total", "the total %s has more decimals than %s has: correct the store's number of decimals",
			m.total, o.Currency)
	}
	var err error
	if m.taxes, err = orderTaxes(ec, o, scale); err != nil {
		return money{}, err
	}
	for _, t := range m.taxes {
		m.tax = m.tax.Add(t.Amount)
	}
	return m, m.balance(ec, o.Currency, scale)
}

// balance adds the rounding line, or refuses.
func (m *money) balance(ec Context, currency string, scale int32) error {
	sum := m.tax
	for _, line := range m.lines {
		sum = sum.Add(line.Total)
	}
	exact := m.total.Sub(sum)
	difference := exact.Round(scale)
	if difference.IsZero() {
		return nil
	}
	limit, err := ec.Instance.Config.Order.Rounding()
	if err != nil {
		return err
	}
	if difference.Abs().GreaterThan(limit) {
		return parked("totals_differ",
			"lines and taxes add up to %s, the store charged %s %s: correct the order in the store, or raise the rounding limit (%s)",
			sum.StringFixed(scale), m.total.StringFixed(scale), currency, limit)
	}
	if !exact.Sub(difference).Round(scale).IsZero() {
		difference = exact // exactly half a unit is left: no whole one settles it
	}
	m.lines = append(m.lines, erp.OrderLine{
		ID: "rounding", Kind: erp.RoundingLine, Description: "Rounding",
		Quantity: decimal.NewFromInt(1), UnitPrice: difference, Total: difference,
	})
	m.steps = append(m.steps, "rounding line of "+difference.String()+" added")
	return nil
}

// orderTaxes sums each rate over the order. Older stores give rates unrounded while their sum is rounded: the cents are
// then given to the rates that lost most, so that what is posted per rate adds up to what was charged.
func orderTaxes(ec Context, o woo.Order, scale int32) ([]erp.OrderTax, error) {
	taxes := sumRates(ec, o.TaxLines)
	rounded := decimal.Zero
	lost := make([]decimal.Decimal, len(taxes))
	for i := range taxes {
		exact := taxes[i].Amount
		taxes[i].Amount = exact.Round(scale)
		lost[i] = exact.Sub(taxes[i].Amount)
		rounded = rounded.Add(taxes[i].Amount)
	}
	if !o.TotalTax.Valid {
		return taxes, nil
	}
	left := o.TotalTax.Round(scale).Sub(rounded)
	unit := decimal.New(1, -scale)
	if left.Abs().GreaterThan(unit.Mul(decimal.NewFromInt(int64(len(taxes))))) {
		return nil, parked("taxes_differ",
			"the taxes per rate add up to %s, the order's tax is %s: recalculate the order in the store and process it again",
			rounded.StringFixed(scale), o.TotalTax.StringFixed(scale))
	}
	spread(taxes, lost, left, unit)
	return taxes, nil
}

// spread gives the units left over, one each, to the amounts that rounding moved farthest the other way.
func spread(taxes []erp.OrderTax, lost []decimal.Decimal, left, unit decimal.Decimal) {
	if left.IsNegative() {
		unit = unit.Neg()
	}
	for !left.IsZero() {
		most := 0
		for i := range lost {
			if lost[i].Mul(unit).GreaterThan(lost[most].Mul(unit)) {
				most = i
			}
		}
		taxes[most].Amount = taxes[most].Amount.Add(unit)
		lost[most] = lost[most].Sub(unit)
		left = left.Sub(unit)
	}
}

// sumRates adds the tax on goods and on shipping, one entry per rate in the order of the store.
func sumRates(ec Context, lines []woo.TaxLine) []erp.OrderTax {
	var taxes []erp.OrderTax
	at := map[woo.ID]int{}
	for _, line := range lines {
		amount := line.TaxTotal.Add(line.ShippingTaxTotal.Decimal)
		if i, seen := at[line.RateID]; seen {
			taxes[i].Amount = taxes[i].Amount.Add(amount)
			continue
		}
		at[line.RateID] = len(taxes)
		taxes = append(taxes, erp.OrderTax{
			Tax: keyOf(ec, taxName, line.RateID), Label: plain(line.Label), Rate: line.RatePercent.Decimal, Amount: amount,
		})
	}
	return taxes
}

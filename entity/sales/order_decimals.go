package sales

import (
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/woo"
)

// storedSum is a sum that WooCommerce rounded part by part when the order was placed, and stored.
type storedSum struct {
	sum   decimal.Decimal
	parts []decimal.Decimal
}

// placedDecimals gives the decimals that the store may have had when the order was placed, where its sums show that they were
// fewer than the currency's: a currency switcher may sell in whole crowns in a store of euros. They are not stored with the
// order.
func placedDecimals(o woo.Order, scale int32) []int32 {
	sums := storedSums(o)
	fits := func(places int32) bool {
		return !slices.ContainsFunc(sums, func(s storedSum) bool { return !s.fits(places) })
	}
	if fits(scale) {
		return nil
	}
	var placed []int32
	for places := scale - 1; places >= 0; places-- {
		if fits(places) {
			placed = append(placed, places)
		}
	}
	return placed
}

// storedSums are what shipping comes to, and the tax of each rate on goods and on shipping.
func storedSums(o woo.Order) []storedSum {
	var sums []storedSum
	add := func(stored woo.Decimal, parts []decimal.Decimal) {
		if stored.Valid {
			sums = append(sums, storedSum{stored.Decimal, parts})
		}
	}
	var shipping []decimal.Decimal
	var goods, carriage []woo.LineTax
	for _, line := range o.ShippingLines {
		shipping, carriage = append(shipping, line.Total.Decimal), append(carriage, line.Taxes...)
	}
	for _, line := range o.LineItems {
		goods = append(goods, line.Taxes...)
	}
	for _, line := range o.FeeLines {
		goods = append(goods, line.Taxes...)
	}
	add(o.ShippingTotal, shipping)
	for _, line := range o.TaxLines {
		add(line.TaxTotal, ofRate(line.RateID, goods))
		add(line.ShippingTaxTotal, ofRate(line.RateID, carriage))
	}
	return sums
}

func ofRate(rate woo.String, taxes []woo.LineTax) []decimal.Decimal {
	var amounts []decimal.Decimal
	for _, tax := range taxes {
		if tax.ID == rate {
			amounts = append(amounts, tax.Total.Decimal)
		}
	}
	return amounts
}

// fits reports whether the sum is that of its parts, rounded to so many decimals in either way or, as taxes may be, not at
// all.
func (s storedSum) fits(places int32) bool {
	up, down := decimal.Zero, decimal.Zero
	for _, part := range s.parts {
		up, down = up.Add(halfUp(part, places)), down.Add(halfDown(part, places))
	}
	return s.sum.Equal(up) || s.sum.Equal(down) || s.sum.Equal(add(s.parts))
}

// bookTogether gives lines and taxes in whole units of a store that shows totals with fewer decimals than the currency has,
// or had fewer when the order was placed: what it rounded may be of either.
func (c charged) bookTogether() (nets, rates []decimal.Decimal, places int32, ok bool) {
	for _, d := range c.decimals {
		places = min(d, c.now)
		if places >= c.scale || !c.explains(d, add(c.rates), places) {
			continue
		}
		if parts, fit := erp.ShareCoins(slices.Concat(c.nets, c.rates), c.total, places); fit {
			return parts[:len(c.nets)], parts[len(c.nets):], places, true
		}
	}
	return nil, nil, 0, false
}

// unit is the largest that the store may have rounded to, at least that of the places that lines were booked with; zero is a
// coin.
func (c charged) unit(tax decimal.Decimal, places int32, rates []decimal.Decimal) decimal.Decimal {
	for _, d := range c.decimals {
		finer := func(rate decimal.Decimal) bool { return !rate.Equal(rate.Round(d)) }
		if d < places && !slices.ContainsFunc(rates, finer) && c.explains(d, tax, d) {
			places = d
		}
	}
	if places < c.scale {
		return decimal.New(1, -places)
	}
	return decimal.Decimal{}
}

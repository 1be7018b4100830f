package sales

import (
	"slices"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

// money is an order's amounts in whole coins of its currency: lines and taxes add up to the total.
type money struct {
	lines []erp.OrderLine
	taxes []erp.OrderTax
	tax   decimal.Decimal
	total decimal.Decimal
	unit  decimal.Decimal // that the store rounded to; zero is a coin
	steps []string
}

// charged is what the store says of an order's money, as it says it. The total tax of lines and the order's own is
// calculated by the store when it is read, with the settings of that day: only what is stored is relied on.
type charged struct {
	currency string
	scale    int32             // decimals of the currency's coin
	decimals []int32           // of the store when the order was placed: which of them is not known
	now      int32             // decimals of the store when the order was read: its total was rounded to them once more
	kinds    []erp.LineKind    // of the lines
	nets     []decimal.Decimal // of the lines
	rates    []decimal.Decimal // the tax of each rate
	tax      decimal.Decimal   // of all rates, as the store shows it
	total    decimal.Decimal
}

// balanceOrder books an order at exactly what the store charged: every line and every tax in whole coins, each rounded up or
// down so that they add up to the total. Where the store's own figures do not add up, a difference within the instance's
// limit becomes a line of its own; a larger one parks the order, with both sums.
func balanceOrder(ec mapping.Context, o woo.Order, lines []erp.OrderLine, taxes []erp.OrderTax) (money, error) {
	c := chargedBy(ec, o, lines, taxes)
	if !c.total.Equal(c.total.Round(c.scale)) {
		return money{}, oddTotal(c)
	}
	if err := c.checkTax(); err != nil {
		return money{}, err
	}
	m := money{lines: lines, taxes: taxes, total: c.total}
	if m.bookExactly(c) || m.bookWithCredit(c, creditsOf(o)) {
		return m, nil
	}
	return m, m.bookWithRounding(ec, c)
}

// bookExactly books an order whose figures add up, and reports whether they do.
func (m *money) bookExactly(c charged) bool {
	for _, tax := range c.possibleTaxes() {
		if nets, rates, places, ok := c.book(tax); ok {
			m.enter(nets, rates)
			m.unit = c.unit(tax, places, rates)
			return true
		}
	}
	nets, rates, places, ok := c.bookTogether()
	if ok {
		m.enter(nets, rates)
		m.unit = decimal.New(1, -places)
	}
	return ok
}

// bookWithCredit books an order of whose total a gift card or store credit was taken off: the figures add up with one of
// the credits that the store reports. It reports whether they do.
func (m *money) bookWithCredit(c charged, credits []decimal.Decimal) bool {
	for _, credit := range credits {
		paid := c
		paid.nets = append(slices.Clone(c.nets), credit.Neg())
		paid.kinds = append(slices.Clone(c.kinds), erp.CreditLine)
		with := money{lines: append(slices.Clone(m.lines), creditLine(credit)), taxes: m.taxes, total: m.total}
		if with.bookExactly(paid) {
			with.steps = append(with.steps, "paid by gift card or store credit: "+c.show(credit)+" "+c.currency)
			*m = with
			return true
		}
	}
	return false
}

func chargedBy(ec mapping.Context, o woo.Order, lines []erp.OrderLine, taxes []erp.OrderTax) charged {
	c := charged{currency: o.Currency, scale: instance.CurrencyDecimals(o.Currency), total: o.Total.Decimal, tax: o.TotalTax.Decimal}
	c.decimals = []int32{c.scale}
	c.now = int32(ec.Instance.Store.Decimals)
	if c.now != c.scale {
		c.decimals = append(c.decimals, c.now)
	}
	c.decimals = append(c.decimals, placedDecimals(o, c.scale)...)
	for _, line := range lines {
		c.kinds, c.nets = append(c.kinds, line.Kind), append(c.nets, line.Total)
	}
	for _, tax := range taxes {
		c.rates = append(c.rates, tax.Amount)
	}
	if !o.TotalTax.Valid {
		c.tax = add(c.rates)
	}
	return c
}

// checkTax holds the taxes per rate to the order's tax. Each rate may be a coin off: some stores give them unrounded. The
// order's tax is shown with the decimals that the store has now.
func (c charged) checkTax() error {
	exact := add(c.rates)
	allowed := decimal.New(int64(len(c.rates)), -c.scale)
	for _, d := range c.decimals {
		if c.tax.Equal(exact.Round(d)) {
			return nil
		}
	}
	if c.tax.Sub(exact).Abs().LessThanOrEqual(allowed) {
		return nil
	}
	return mapping.Parked("taxes_differ",
		"the taxes per rate add up to %s, but the order's tax is %s %s: %s. Recalculate the order in the store and process it again",
		c.show(exact), c.show(c.tax), c.currency, c.apart(c.tax.Sub(exact)))
}

// possibleTaxes gives what the order's tax may be in whole coins, the most likely first. Taxes per rate in whole coins are
// what was charged, unless the store has fewer decimals than the currency: 20.79 may be a tax that it rounds to 21 with the
// sum. Where the store rounded only the sum of all rates, that is the order's tax; but a store that has fewer decimals now
// than the currency has shows that rounded once more.
func (c charged) possibleTaxes() []decimal.Decimal {
	exact := add(c.rates)
	shown, own := c.tax.Round(c.scale), exact.Round(c.scale)
	switch {
	case shown.Equal(own):
		return []decimal.Decimal{own}
	case !c.whole(c.rates):
		return []decimal.Decimal{shown, own}
	case c.roundsCoarser():
		return []decimal.Decimal{exact, shown}
	default:
		return []decimal.Decimal{exact}
	}
}

// roundsCoarser reports whether the store has fewer decimals than the currency, such as one that sells in whole crowns.
func (c charged) roundsCoarser() bool { return slices.Min(c.decimals) < c.scale }

func (c charged) whole(amounts []decimal.Decimal) bool {
	for _, amount := range amounts {
		if !amount.Equal(amount.Round(c.scale)) {
			return false
		}
	}
	return true
}

// book gives the lines and the taxes per rate in whole coins, when the store's way of rounding explains its total, and the
// decimals that this takes.
func (c charged) book(tax decimal.Decimal) (nets, rates []decimal.Decimal, places int32, ok bool) {
	for _, d := range c.decimals {
		if !c.explains(d, tax, d) {
			continue
		}
		places = min(d, c.scale)
		nets, netsFit := erp.ShareCoins(c.nets, c.total.Sub(tax), places)
		rates, ratesFit := c.shareTax(tax, places)
		if netsFit && ratesFit {
			return nets, rates, places, true
		}
	}
	return nil, nil, 0, false
}

// shareTax gives the tax of each rate in whole coins; in whole units of the store where it has fewer decimals than the
// currency and rounded the sum to those.
func (c charged) shareTax(tax decimal.Decimal, places int32) ([]decimal.Decimal, bool) {
	rates, ok := erp.ShareCoins(c.rates, tax, c.scale)
	if !ok {
		rates, ok = erp.ShareCoins(c.rates, tax, places)
	}
	return rates, ok
}

// explains reports whether WooCommerce, calculating with d decimals, makes the order's total of its lines and taxes. It
// rounds products and shipping line by line, or, where it rounds at subtotal, shipping only. Fees are never rounded.
// The setting it had is not stored with the order. A store that has fewer decimals now shows the total rounded to those.
func (c charged) explains(d int32, tax decimal.Decimal, now int32) bool {
	for _, rounded := range []func(decimal.Decimal, int32) decimal.Decimal{halfUp, halfDown} {
		byLine, atSubtotal := add(c.rates), add(c.rates)
		for i, net := range c.nets {
			switch c.kinds[i] {
			case erp.ProductLine:
				byLine, atSubtotal = byLine.Add(rounded(net, d)), atSubtotal.Add(net)
			case erp.ShippingLine:
				byLine, atSubtotal = byLine.Add(rounded(net, d)), atSubtotal.Add(rounded(net, d))
			default:
				byLine, atSubtotal = byLine.Add(net), atSubtotal.Add(net)
			}
		}
		off := tax.Sub(add(c.rates)) // older stores round the tax before they add it
		for _, sum := range []decimal.Decimal{byLine, atSubtotal, byLine.Add(off), atSubtotal.Add(off)} {
			if rounded(sum, d).Round(now).Equal(c.total) {
				return true
			}
		}
	}
	return false
}

// enter writes whole coins into the lines and taxes.
func (m *money) enter(nets, rates []decimal.Decimal) {
	for i := range nets {
		m.lines[i].Total = nets[i]
	}
	for i := range rates {
		m.taxes[i].Amount = rates[i]
	}
	m.tax = add(rates)
}

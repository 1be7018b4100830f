package wootest

import "strconv"

// taxRules are the settings that decide how WooCommerce takes prices apart and what it rounds when.
type taxRules struct {
	inclusive  bool // prices are entered with tax; then half a coin of tax is rounded down
	atSubtotal bool // taxes are rounded once for the order instead of line by line
	decimals   int
	shipping   string // the tax class of shipping, or inherit
}

// inherit is the shipping tax class that follows what is shipped.
const inherit = "inherit"

// tax rounds what one rate takes on one line, which is kept raw when taxes are rounded at the subtotal.
func (r taxRules) tax(m money) money {
	switch {
	case r.atSubtotal:
		return m
	case r.inclusive:
		return m.halfDown(r.decimals)
	}
	return m.roundedTo(r.decimals)
}

// item rounds a line's amount ex tax for the sums of the order.
func (r taxRules) item(m money) money {
	if r.atSubtotal {
		return m
	}
	return r.whole(m)
}

// whole rounds to the shop's decimals.
func (r taxRules) whole(m money) money { return m.roundedTo(r.decimals) }

// coin is the smallest amount the shop's prices can show.
func (r taxRules) coin() money {
	step := unit
	for range r.decimals {
		step /= 10
	}
	return step
}

// total and subtotal are the taxes of a line, each rate rounded on its own.
func (r taxRules) total(taxes []lineTax) (sum money) {
	for _, t := range taxes {
		sum += r.tax(t.total)
	}
	return sum
}

func (r taxRules) subtotal(taxes []lineTax) (sum money) {
	for _, t := range taxes {
		sum += r.tax(t.subtotal)
	}
	return sum
}

// readRules reads the rules from the settings; whoever changes a setting calls it.
func (s *Server) readRules() {
	decimals, err := strconv.Atoi(s.option("general", "woocommerce_price_num_decimals"))
	if err != nil || decimals < 0 {
		decimals = 2
	}
	s.rules = taxRules{
		inclusive:  s.option("tax", "woocommerce_prices_include_tax") == "yes",
		atSubtotal: s.option("tax", "woocommerce_tax_round_at_subtotal") == "yes",
		decimals:   min(decimals, 6),
		shipping:   s.option("tax", "woocommerce_shipping_tax_class"),
	}
}

// strip takes an amount that includes tax apart: compound rates come off first, the last on top, then the plain ones
// together. It adds what each rate takes to into and gives the sum, which is more exact than its rounded parts because
// a cart counts in coins.
func strip(rates []taxRate, gross money, into []lineTax, add func(t *lineTax, part money)) ([]lineTax, money) {
	const whole, finer = 1_000_000, 100 // a percent counts millionths; amounts are held in hundredths of money's unit
	plain := int64(whole)
	for i := range rates {
		if !rates[i].Compound {
			plain += int64(rates[i].percent)
		}
	}
	fine := gross * finer
	rest, left := fine, fine
	take := func(r *taxRate, part money) {
		rest -= part
		var at int
		into, at = taxOf(into, r.ID)
		add(&into[at], share(part, 1, finer))
	}
	for i := len(rates) - 1; i >= 0; i-- {
		if r := &rates[i]; r.Compound {
			part := share(left, int64(r.percent), whole+int64(r.percent))
			take(r, part)
			left -= part
		}
	}
	for i := range rates {
		if r := &rates[i]; !bool(r.Compound) {
			take(r, share(left, int64(r.percent), plain))
		}
	}
	return into, gross - share(rest, 1, finer)
}

// taxOf finds or adds what a rate takes on a line.
func taxOf(taxes []lineTax, rate int) ([]lineTax, int) {
	for i := range taxes {
		if taxes[i].rate == rate {
			return taxes, i
		}
	}
	return append(taxes, lineTax{rate: rate}), len(taxes)
}

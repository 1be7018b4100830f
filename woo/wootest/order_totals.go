package wootest

import "slices"

// calculate sets taxes and totals the way WooCommerce does with prices ex tax and rounding per line: each line's tax is
// kept unrounded per rate, rounded per rate and line when summed, and the order adds up the rounded parts.
func (o *order) calculate(table *taxTable) {
	o.taxLines(table)
	o.taxShipping(table)
	o.taxFees(table)
	o.sumTaxes(table.rates)
	o.sumUp()
}

func (o *order) taxLines(table *taxTable) {
	for i := range o.lines {
		l := &o.lines[i]
		l.Taxes = nil
		if !l.untaxed {
			rates := table.of(l.Class)
			l.Taxes = tax(rates, l.Total, make([]lineTax, 0, len(rates)), addTotal)
			l.Taxes = tax(rates, l.Subtotal, l.Taxes, addSubtotal)
		}
		l.TotalTax, l.SubtotalTax = sumTotal(l.Taxes).rounded(), sumSubtotal(l.Taxes).rounded()
	}
}

// shippingClass is the tax class shipping inherits: the standard one if any line has it, else the first line's.
func (o *order) shippingClass() (class string, taxed bool) {
	for i := range o.lines {
		if o.lines[i].untaxed {
			continue
		}
		if o.lines[i].Class == "" {
			return "", true
		}
		if !taxed {
			class, taxed = o.lines[i].Class, true
		}
	}
	return class, taxed
}

func (o *order) taxShipping(table *taxTable) {
	class, taxed := o.shippingClass()
	var rates []taxRate
	if taxed {
		rates = slices.DeleteFunc(slices.Clone(table.of(class)), func(r taxRate) bool { return !bool(r.Shipping) })
	}
	for i := range o.shipping {
		l := &o.shipping[i]
		l.Taxes = tax(rates, l.Total, nil, addTotal)
		l.TotalTax = sumTotal(l.Taxes).rounded()
	}
}

// taxFees taxes a fee by its class. A negative one is shared out over the classes of what the order holds.
func (o *order) taxFees(table *taxTable) {
	for i := range o.fees {
		f := &o.fees[i]
		f.Taxes = nil
		switch {
		case f.untaxed:
		case f.Total < 0:
			f.Taxes = o.apportion(table, f.Total)
		default:
			f.Taxes = tax(table.of(f.Class), f.Total, nil, addTotal)
		}
		f.TotalTax = sumTotal(f.Taxes).rounded()
	}
}

// apportion weighs classes by cost before coupons, because WooCommerce reads the lines as they were first saved.
func (o *order) apportion(table *taxTable, fee money) []lineTax {
	inherited, _ := o.shippingClass()
	classes := make([]string, 0, 4)
	costs := make([]money, 0, 4)
	var all money
	add := func(class string, cost money) {
		if cost <= 0 {
			return
		}
		all += cost
		at := slices.Index(classes, class)
		if at < 0 {
			classes, costs = append(classes, class), append(costs, 0)
			at = len(classes) - 1
		}
		costs[at] += cost
	}
	for i := range o.lines {
		add(o.lines[i].Class, o.lines[i].Subtotal)
	}
	for i := range o.fees {
		add(o.fees[i].Class, o.fees[i].Total)
	}
	for i := range o.shipping {
		add(inherited, o.shipping[i].Total)
	}
	var taxes []lineTax
	for i, class := range classes {
		taxes = tax(table.of(class), share(fee, int64(costs[i]), int64(all)), taxes, addTotal)
	}
	return taxes
}

// sumTaxes makes one tax line per rate that any line has.
func (o *order) sumTaxes(rates []taxRate) {
	old := o.taxes
	o.taxes = nil
	o.shippingTax, o.cartTax = 0, 0
	each := func(taxes []lineTax, shipping bool) {
		for _, t := range taxes {
			line := o.taxLine(t.rate, rates, old)
			if part := t.total.rounded(); shipping {
				line.Shipping += part
				o.shippingTax += part
			} else {
				line.Tax += part
				o.cartTax += part
			}
		}
	}
	for i := range o.lines {
		each(o.lines[i].Taxes, false)
	}
	for i := range o.fees {
		each(o.fees[i].Taxes, false)
	}
	for i := range o.shipping {
		each(o.shipping[i].Taxes, true)
	}
}

// taxLine finds or adds the line of a rate; a line the order had before keeps its id.
func (o *order) taxLine(id int, rates []taxRate, old []taxLine) *taxLine {
	for i := range o.taxes {
		if o.taxes[i].Rate == id {
			return &o.taxes[i]
		}
	}
	line := taxLine{Rate: id}
	for i := range old {
		if old[i].Rate == id {
			line.ID = old[i].ID
		}
	}
	for i := range rates {
		if r := &rates[i]; r.ID == id {
			line.Code, line.Label, line.Percent, line.Compound = r.code(), string(r.Name), r.percent, bool(r.Compound)
		}
	}
	o.taxes = append(o.taxes, line)
	return &o.taxes[len(o.taxes)-1]
}

// sumUp adds up the rounded parts.
func (o *order) sumUp() {
	var subtotal, total, subtotalTax, totalTax, fees money
	for i := range o.lines {
		l := &o.lines[i]
		subtotal += l.Subtotal.rounded()
		total += l.Total.rounded()
		subtotalTax += sumSubtotal(l.Taxes)
		totalTax += sumTotal(l.Taxes)
	}
	for i := range o.fees {
		fees += o.fees[i].Total
	}
	o.shippingTotal = 0
	for i := range o.shipping {
		o.shippingTotal += o.shipping[i].Total.rounded()
	}
	o.discount, o.discountTax = subtotal-total, (subtotalTax - totalTax).rounded()
	o.total = max(0, (total + fees + o.shippingTotal + o.cartTax + o.shippingTax).rounded())
}

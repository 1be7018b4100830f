package wootest

// seedRefund gives a refunded order all its money back, by line or by amount alone in turns, and another order the
// first piece of its first line.
func (s *Server) seedRefund(o *order, index int) refund {
	made := refund{ID: s.book.refund + index, created: o.modified, paidBack: o.PaymentMethod == "card"}
	item := (index*2 + 1) * lineRoom
	switch {
	case o.Status != "refunded":
		made.Reason = "Damaged"
		if len(o.lines) > 0 {
			first := &o.lines[0]
			made.lines = []orderLine{s.seedRules.giveBack(first, 1, s.seedRules.whole(first.Total/money(first.Quantity)), item)}
		}
	case index%2 == 0:
		made.Reason, made.Amount = "Order fully refunded", o.total
		return made
	default:
		made.Reason = "Returned"
		for i := range o.lines {
			made.lines = append(made.lines, s.seedRules.giveBack(&o.lines[i], o.lines[i].Quantity, o.lines[i].Total, item+i))
		}
		for i, l := range o.shipping {
			made.shipping = append(made.shipping, shippingLine{ID: item + 5 + i, Title: l.Title, Method: l.Method,
				Instance: l.Instance, Total: -l.Total, Taxes: s.seedRules.negative(l.Taxes), refunded: l.ID})
		}
		for i, l := range o.fees {
			made.fees = append(made.fees, feeLine{ID: item + 7 + i, Name: l.Name, Class: l.Class, Total: -l.Total,
				Taxes: s.seedRules.negative(l.Taxes), refunded: l.ID})
		}
	}
	made.settle(o, s.seedRules)
	for i := range made.taxes {
		made.taxes[i].ID = item + 10 + i
	}
	made.Amount = s.seedRules.whole(made.value())
	if o.Status == "refunded" {
		made.Amount = o.total
	}
	return made
}

// giveBack makes the refund line for some pieces of an order line, at an amount ex tax; the tax follows in proportion.
func (rules taxRules) giveBack(l *orderLine, quantity int, amount money, id int) orderLine {
	back := orderLine{ID: id, Name: l.Name, Product: l.Product, Variation: l.Variation, Quantity: -quantity, Class: l.Class,
		Subtotal: -amount, Total: -amount, SKU: l.SKU, ParentName: l.ParentName, Image: l.Image, ImageID: l.ImageID, refunded: l.ID}
	for _, t := range l.Taxes {
		part := rules.tax(t.total)
		if l.Total != 0 {
			part = share(part, int64(amount), int64(l.Total)).roundedTo(rules.decimals)
		}
		back.Taxes = append(back.Taxes, lineTax{rate: t.rate, total: -part, subtotal: -part})
	}
	return back
}

// negative turns an order's taxes into those given back, rounded as they were charged.
func (rules taxRules) negative(taxes []lineTax) []lineTax {
	var back []lineTax
	for _, t := range taxes {
		back = append(back, lineTax{rate: t.rate, total: -rules.tax(t.total)})
	}
	return back
}

// settle sums the taxes of the refund's lines per rate.
func (r *refund) settle(o *order, rules taxRules) {
	sums := order{taxes: o.taxes, lines: r.lines, shipping: r.shipping, fees: r.fees}
	sums.sumTaxes(nil, rules)
	r.taxes = sums.taxes
	for i := range r.taxes {
		for _, known := range o.taxes {
			if known.Rate == r.taxes[i].Rate {
				r.taxes[i].Code, r.taxes[i].Label = known.Code, known.Label
				r.taxes[i].Percent, r.taxes[i].Compound = known.Percent, known.Compound
			}
		}
		r.taxes[i].ID = 0
	}
}

// value is what the lines give back, taxes included, as a positive amount.
func (r *refund) value() (sum money) {
	for i := range r.lines {
		sum -= r.lines[i].Total + sumTotal(r.lines[i].Taxes)
	}
	for i := range r.shipping {
		sum -= r.shipping[i].Total + sumTotal(r.shipping[i].Taxes)
	}
	for i := range r.fees {
		sum -= r.fees[i].Total + sumTotal(r.fees[i].Taxes)
	}
	return sum
}

package wootest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// applyCoupons takes the discounts off the lines, which start from their subtotals. Each coupon works on the price
// before all coupons, but never discounts below zero.
func (o *order) applyCoupons(coupons []*coupon, table *taxTable) {
	for i := range o.lines {
		o.lines[i].Total = o.lines[i].Subtotal
	}
	for n, c := range coupons {
		parts := o.discounts(c)
		line := &o.coupons[n]
		line.Discount, line.Tax = 0, 0
		for i, part := range parts {
			l := &o.lines[i]
			l.Total -= part
			line.Discount += part
			if !l.untaxed && part > 0 {
				line.Tax += sumTotal(tax(table.of(l.Class), part, nil, addTotal)).rounded()
			}
		}
	}
}

// discounts gives what the coupon takes off each line, in whole cents.
func (o *order) discounts(c *coupon) []money {
	parts := make([]money, len(o.lines))
	amount := parseMoney(string(c.Amount))
	switch c.DiscountType {
	case "percent":
		o.percentDiscount(parts, percent(amount/100))
	case "fixed_product":
		for i := range o.lines {
			parts[i] = min(o.lines[i].Total, amount*money(o.lines[i].Quantity))
		}
	default:
		o.fixedDiscount(parts, amount)
	}
	return parts
}

// dearest gives the lines by price, dearest first: where WooCommerce starts to hand out left-over cents.
func (o *order) dearest() []int {
	at := make([]int, len(o.lines))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(o.lines[b].Subtotal, o.lines[a].Subtotal) })
	return at
}

// percentDiscount rounds each line down to the cent and hands out what is missing to the rate on the whole.
func (o *order) percentDiscount(parts []money, rate percent) {
	var base, given money
	for i := range o.lines {
		price := o.lines[i].Subtotal.rounded()
		parts[i] = min(rate.of(price)/cent*cent, max(0, o.lines[i].Total))
		base += price
		given += parts[i]
	}
	whole := roundHalfDown(rate.of(base))
	o.handOut(parts, whole-given)
}

// fixedDiscount gives every piece the same part of an amount, again and again until it is used up, because a piece
// takes no more than it still costs. Cents too few to go round are handed out.
func (o *order) fixedDiscount(parts []money, amount money) {
	for left := amount.rounded(); left > 0; {
		pieces := 0
		for i := range o.lines {
			if o.lines[i].Total > parts[i] {
				pieces += o.lines[i].Quantity
			}
		}
		if pieces == 0 {
			return
		}
		each := left / money(pieces) / cent * cent
		if each == 0 {
			o.handOut(parts, left)
			return
		}
		for i := range o.lines {
			part := max(0, min(o.lines[i].Total-parts[i], each*money(o.lines[i].Quantity)))
			parts[i] += part
			left -= part
		}
	}
}

// handOut gives left-over cents to pieces, dearest line first, never more than a line still costs.
func (o *order) handOut(parts []money, left money) {
	for _, i := range o.dearest() {
		for range o.lines[i].Quantity {
			if left < cent {
				return
			}
			if parts[i]+cent <= o.lines[i].Total {
				parts[i] += cent
				left -= cent
			}
		}
	}
}

// roundHalfDown rounds a positive amount to cents; half a cent goes down, as for discounts.
func roundHalfDown(m money) money { return (m + cent/2 - 1) / cent * cent }

// useCoupons finds the coupons a client named and checks that they may be used now.
func (s *Server) useCoupons(c *call, o *order, codes []string) ([]*coupon, error) {
	var used []*coupon
	o.coupons = nil
	for _, code := range codes {
		found := s.couponByCode(code)
		if found == nil {
			return nil, invalidCoupon(`Coupon "%s" cannot be applied because it does not exist.`, code)
		}
		if found.expires != 0 && found.expires < c.now {
			return nil, invalidCoupon("This coupon has expired.")
		}
		if least := parseMoney(string(found.Minimum)); o.subtotal() < least {
			return nil, invalidCoupon("The minimum spend for this coupon is %s.", least)
		}
		used = append(used, found)
		o.coupons = append(o.coupons, couponLineOf(found, take(&s.counters.item)))
	}
	return used, nil
}

func invalidCoupon(format string, args ...any) error {
	return failf(http.StatusBadRequest, "woocommerce_rest_invalid_coupon", format, args...)
}

func couponLineOf(c *coupon, id int) couponLine {
	return couponLine{ID: id, Code: strings.ToLower(string(c.Code)), Type: string(c.DiscountType), coupon: c.ID,
		Nominal: parseMoney(string(c.Amount)), FreeShipping: bool(c.FreeShipping)}
}

func (o *order) subtotal() (sum money) {
	for i := range o.lines {
		sum += o.lines[i].Subtotal
	}
	return sum
}

package wootest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// bargain hands out coupons on an order. It works on what the buyer sees: prices with tax where the shop enters them so.
type bargain struct {
	order  *order
	table  *taxTable
	rules  taxRules
	before []money // what each line costs before all coupons
	left   []money // … and still costs
	gross  []bool  // whether that includes tax
}

// applyCoupons takes the discounts off the lines, which start from their subtotals and must be taxed. Each coupon works
// on the price before all coupons, but never discounts below zero.
func (o *order) applyCoupons(coupons []*coupon, table *taxTable, rules taxRules) {
	b := bargain{order: o, table: table, rules: rules}
	for i := range o.lines {
		l := &o.lines[i]
		l.Total = l.Subtotal
		cost := l.Subtotal
		if o.inclusive {
			cost += rules.subtotal(l.Taxes)
		}
		b.before = append(b.before, rules.whole(cost))
		b.gross = append(b.gross, o.inclusive)
	}
	b.left = slices.Clone(b.before)
	for n, c := range coupons {
		b.apply(&o.coupons[n], b.discounts(c))
	}
}

// apply takes the parts off the lines and notes on the coupon's line what they are ex tax, and the tax on them.
func (b *bargain) apply(line *couponLine, parts []money) {
	line.Discount, line.Tax = 0, 0
	for i, part := range parts {
		l := &b.order.lines[i]
		b.left[i] -= part
		net, taxed := part, money(0)
		switch {
		case l.untaxed || part <= 0:
		case b.gross[i]:
			_, taxed = strip(b.table.of(l.Class), part, nil, addTotal)
			net -= taxed
		default:
			taxed = sumTotal(tax(b.table.of(l.Class), part, nil, addTotal))
		}
		l.Total = max(0, l.Total-net)
		line.Discount += net
		line.Tax += taxed
	}
	line.Discount, line.Tax = b.rules.whole(line.Discount), b.rules.whole(line.Tax)
}

// discounts gives what the coupon takes off each line, in whole coins.
func (b *bargain) discounts(c *coupon) []money {
	parts := make([]money, len(b.left))
	amount := parseMoney(string(c.Amount))
	switch c.DiscountType {
	case "percent":
		b.percentDiscount(parts, percent(amount/100))
	case "fixed_product":
		for i := range parts {
			parts[i] = min(b.left[i], amount*money(b.order.lines[i].Quantity))
		}
	default:
		b.fixedDiscount(parts, amount)
	}
	return parts
}

// dearest gives the lines by price of a piece, dearest first: where WooCommerce starts to hand out left-over coins.
func (b *bargain) dearest() []int {
	at := make([]int, len(b.before))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(x, y int) int {
		return cmp.Compare(b.before[y]*b.pieces(x), b.before[x]*b.pieces(y))
	})
	return at
}

func (b *bargain) pieces(line int) money { return money(b.order.lines[line].Quantity) }

// percentDiscount rounds each line down to the coin and hands out what is missing to the rate on the whole.
func (b *bargain) percentDiscount(parts []money, rate percent) {
	var base, given money
	coin := b.rules.coin()
	for i := range parts {
		parts[i] = min(rate.of(b.before[i])/coin*coin, max(0, b.left[i]))
		base += b.before[i]
		given += parts[i]
	}
	b.handOut(parts, rate.of(base).halfDown(b.rules.decimals)-given)
}

// fixedDiscount gives every piece the same part of an amount, again and again until it is used up, because a piece
// takes no more than it still costs. Coins too few to go round are handed out.
func (b *bargain) fixedDiscount(parts []money, amount money) {
	coin := b.rules.coin()
	for left := b.rules.whole(amount); left > 0; {
		pieces := 0
		for i := range parts {
			if b.left[i] > parts[i] {
				pieces += b.order.lines[i].Quantity
			}
		}
		if pieces == 0 {
			return
		}
		each := left / money(pieces) / coin * coin
		if each == 0 {
			b.handOut(parts, left)
			return
		}
		for i := range parts {
			part := max(0, min(b.left[i]-parts[i], each*money(b.order.lines[i].Quantity)))
			parts[i] += part
			left -= part
		}
	}
}

// handOut gives left-over coins to pieces, dearest line first, never more than a line still costs.
func (b *bargain) handOut(parts []money, left money) {
	coin := b.rules.coin()
	for _, i := range b.dearest() {
		for range b.order.lines[i].Quantity {
			if left < coin {
				return
			}
			if parts[i]+coin <= b.left[i] {
				parts[i] += coin
				left -= coin
			}
		}
	}
}

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

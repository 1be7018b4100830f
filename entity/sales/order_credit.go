package sales

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// creditTitle is what a credit is called on the order. The code of a gift card is money to whoever reads it, so it is not
// written down.
const creditTitle = "Gift card or store credit"

// creditMeta is how plugins name the fields in which they keep what a gift card, a voucher, a wallet or store credit paid of
// an order.
var creditMeta = regexp.MustCompile(`(?i)gift_?-?(card|cert)|ywgc|store_?-?credit|wallet|funds_used|voucher|smart_coupons_contribution`)

// creditFee is how fees are named by which credit is taken off a total.
var creditFee = regexp.MustCompile(`(?i)\b(gift[ -]?(card|certificate)s?|store[ -]credits?|account funds|(via|from) wallet|wallet|e-?gift)\b`)

// walletFee is the meta by which the cart knew a fee that a wallet paid.
const walletFee = "_via_wallet_partial_payment"

// isCredit reports whether a negative fee is a payment by credit and no discount: it changes no tax.
func isCredit(f woo.FeeLine) bool {
	if !f.Total.IsNegative() {
		return false
	}
	for _, tax := range f.Taxes {
		if !tax.Total.IsZero() {
			return false
		}
	}
	for _, meta := range f.MetaData {
		if text, _ := meta.Text(); text == walletFee || strings.Contains(meta.Key, walletFee) {
			return true
		}
	}
	return creditFee.MatchString(mapping.Plain(f.Name))
}

// creditsOf gives what may have been paid of an order by credit that its total does not contain, as plugins tell it: the
// list of gift cards, or one of the fields that plugins keep. Which of them counts shows in the total.
func creditsOf(o woo.Order) []decimal.Decimal {
	var credits []decimal.Decimal
	var cards decimal.Decimal
	for _, card := range slices.Concat(o.GiftCards, o.PWGiftCards) {
		cards = cards.Add(card.Amount.Abs())
	}
	credits = append(credits, cards, couponCredit(o))
	for _, meta := range o.MetaData {
		if creditMeta.MatchString(meta.Key) {
			credits = append(credits, amountIn(meta.Value, 0))
		}
	}
	var told []decimal.Decimal
	for _, credit := range credits {
		if credit.IsPositive() {
			told = append(told, credit)
		}
	}
	if len(told) > 1 {
		told = append(told, add(told)) // of several plugins
	}
	return told
}

// storeCredit is the type of coupons by which Smart Coupons pays with store credit. A shop that has it applied before tax takes it off
// the totals of the lines, as any other coupon; then it is a discount, and the figures add up without it.
const storeCredit = "smart_coupon"

// couponCredit gives what coupons of store credit paid.
func couponCredit(o woo.Order) decimal.Decimal {
	var sum decimal.Decimal
	for _, c := range o.CouponLines {
		if c.DiscountType == storeCredit {
			sum = sum.Add(c.Discount.Decimal).Add(c.DiscountTax.Decimal)
		}
	}
	return sum
}

// maxDepth bounds how deep the amount of a credit may lie in a field.
const maxDepth = 4

// amountIn gives the amount that a plugin's field tells: itself, the sum of its entries, or of what they call their amount.
func amountIn(raw json.RawMessage, depth int) decimal.Decimal {
	var object map[string]json.RawMessage
	var list []json.RawMessage
	var sum decimal.Decimal
	switch {
	case depth > maxDepth:
	case json.Unmarshal(raw, &list) == nil:
		for _, entry := range list {
			sum = sum.Add(amountIn(entry, depth+1))
		}
	case json.Unmarshal(raw, &object) == nil:
		if amount, ok := object["amount"]; ok {
			return amountIn(amount, depth+1)
		}
		for _, entry := range object {
			sum = sum.Add(amountIn(entry, depth+1))
		}
	default:
		text, _ := woo.Meta{Value: raw}.Text()
		number, _ := mapping.MetaNumber(strings.TrimSpace(text))
		return number.Abs()
	}
	return sum
}

// creditLine takes what was paid by credit off what is left to pay.
func creditLine(amount decimal.Decimal) erp.OrderLine {
	return erp.OrderLine{
		ID: "credit", Kind: erp.CreditLine, Description: creditTitle, Quantity: decimal.NewFromInt(1),
		UnitPrice: amount.Neg(), Total: amount.Neg(),
	}
}

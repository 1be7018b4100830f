package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// leftLine is a line of an order with what is left of it to give back, in whole coins.
type leftLine struct {
	sold     orderLineRow
	quantity decimal.Decimal
	net      decimal.Decimal // without tax
	taxes    map[int64]decimal.Decimal
	returned decimal.Decimal // of its goods, the quantity that came back
}

// leftOrder is an order with what is left of it to give back.
type leftOrder struct {
	total    decimal.Decimal
	currency string
	decimals int32
	lines    []leftLine
	rates    []erp.OrderTax // what is left of each tax, by own keys
	loose    []leftLine     // what was given back of no line in particular, negative
}

// credit is what a credit note gives back.
type credit struct {
	lines []erp.RefundLine
	taxes []erp.OrderTax
}

func (c credit) total() decimal.Decimal {
	sum := decimal.Zero
	for _, line := range c.lines {
		sum = sum.Add(line.Total)
	}
	for _, tax := range c.taxes {
		sum = sum.Add(tax.Amount)
	}
	return sum
}

// give decides what a request gives back.
func (left leftOrder) give(ask erp.CreditRequest) (credit, error) {
	var c credit
	var err error
	switch {
	case !left.total.IsPositive():
		return credit{}, fault.New(fault.Conflict, "nothing is left of the order to give back")
	case len(ask.Lines) > 0:
		c, err = left.ofLines(ask.Lines)
	case ask.Amount.IsPositive() && !ask.Amount.Equal(left.total):
		c, err = left.ofAmount(ask.Amount)
	default:
		c = left.rest()
	}
	if err != nil {
		return credit{}, err
	}
	if c.total().GreaterThan(left.total) {
		return credit{}, fault.Field("lines", "come to %s %s with tax, but only %s are left of the order to give back", c.total(), left.currency, left.total)
	}
	if !c.total().IsPositive() {
		return credit{}, fault.Field("lines", "come to nothing")
	}
	for i := range c.lines {
		if line := &c.lines[i]; ask.Restock && line.Kind == erp.ProductLine {
			line.PutBack = left.returned(line.Of).Add(line.Quantity)
		}
	}
	return c, nil
}

func (left leftOrder) returned(line string) decimal.Decimal {
	at := slices.IndexFunc(left.lines, func(l leftLine) bool { return l.sold.StoreLine == line })
	if at < 0 {
		return decimal.Zero
	}
	return left.lines[at].returned
}

// ofLines gives back of some lines. When nothing is left of any line then, it is the rest of the order.
func (left leftOrder) ofLines(asked []erp.CreditedLine) (credit, error) {
	var c credit
	sums := map[int64]decimal.Decimal{}
	after := map[string]decimal.Decimal{}
	for _, l := range left.lines {
		after[l.sold.StoreLine] = l.net
	}
	seen := map[string]bool{}
	for i, one := range asked {
		field := fmt.Sprintf("lines[%d]", i)
		at := slices.IndexFunc(left.lines, func(l leftLine) bool { return l.sold.StoreLine == one.Of })
		if at < 0 || seen[one.Of] {
			return credit{}, fault.Field(field+".line", "is not the id of a line of the order that is not named yet")
		}
		seen[one.Of] = true
		quantity, net, err := left.lines[at].part(field, one, left.decimals)
		if err != nil {
			return credit{}, err
		}
		line := left.lines[at].giveBack(quantity, net, left.decimals)
		for _, tax := range line.taxes {
			sums[tax.Tax] = sums[tax.Tax].Add(tax.Amount)
		}
		after[one.Of] = after[one.Of].Sub(net)
		c.lines = append(c.lines, line.refundLine())
	}
	if len(left.loose) == 0 && left.onlyCoins(after) {
		return left.rest(), nil
	}
	c.taxes = left.taxesUpTo(sums)
	return c, nil
}

// onlyCoins reports whether nothing but rounding is left of the lines.
func (left leftOrder) onlyCoins(after map[string]decimal.Decimal) bool {
	return !slices.ContainsFunc(left.lines, func(l leftLine) bool {
		return l.sold.Kind != erp.RoundingLine && !after[l.sold.StoreLine].IsZero()
	})
}

// part says how much of a line is given back.
func (l leftLine) part(field string, asked erp.CreditedLine, decimals int32) (quantity, net decimal.Decimal, err error) {
	switch {
	case l.sold.Kind == erp.RoundingLine || l.sold.Kind == erp.CreditLine:
		return quantity, net, fault.Field(field+".line", "is a %s line, which is given back with the last of the order: leave it out", l.sold.Kind)
	case asked.Quantity.GreaterThan(l.quantity):
		return quantity, net, fault.Field(field+".quantity", "only %s are left to give back", l.quantity)
	}
	quantity, net = asked.Quantity, asked.Amount
	switch {
	case quantity.IsZero() && net.IsZero():
		quantity, net = l.quantity, l.net
	case net.IsZero() && quantity.Equal(l.quantity):
		net = l.net
	case net.IsZero():
		net = nearest(l.sold.Total.Mul(quantity).DivRound(l.sold.Quantity, 12).Round(decimals), l.net)
	}
	switch {
	case !net.Equal(net.Round(decimals)):
		return quantity, net, fault.Field(field+".amount", "has more decimals than the currency")
	case net.IsZero() || net.Sign() != l.net.Sign() || net.Abs().GreaterThan(l.net.Abs()):
		return quantity, net, fault.Field(field+".amount", "only %s are left to give back", l.net)
	}
	return quantity, net, nil
}

// nearest gives an amount, but no more than a limit of the same sign.
func nearest(amount, limit decimal.Decimal) decimal.Decimal {
	if amount.Abs().GreaterThan(limit.Abs()) {
		return limit
	}
	return amount
}

// givenLine is what is given back of a line, with its taxes in whole coins.
type givenLine struct {
	sold          orderLineRow
	quantity, net decimal.Decimal
	taxes         []lineTaxRow
}

// giveBack adds to what is given back of a line the taxes on it.
func (l leftLine) giveBack(quantity, net decimal.Decimal, decimals int32) givenLine {
	given := givenLine{sold: l.sold, quantity: quantity, net: net}
	for _, tax := range l.sold.Taxes {
		amount := l.taxes[tax.Tax]
		if !net.Equal(l.net) && !l.sold.Total.IsZero() {
			amount = nearest(tax.Amount.Mul(net).DivRound(l.sold.Total, lineTaxPlaces).Round(decimals), amount)
		}
		given.taxes = append(given.taxes, lineTaxRow{Tax: tax.Tax, Amount: amount})
	}
	return given
}

func (g givenLine) refundLine() erp.RefundLine {
	line := erp.RefundLine{Of: g.sold.StoreLine, OrderLine: erp.OrderLine{
		ID: g.sold.StoreLine, Kind: g.sold.Kind, Description: g.sold.Description, Quantity: g.quantity, UnitPrice: g.net, Total: g.net,
	}}
	if g.quantity.IsPositive() {
		line.UnitPrice = g.net.DivRound(g.quantity, unitPlaces)
	}
	for _, tax := range g.taxes {
		line.Taxes = append(line.Taxes, erp.LineTax{Tax: ownTax(tax.Tax), Amount: tax.Amount})
	}
	return line
}

// unitPlaces is to how many decimals prices of single pieces are shown.
const unitPlaces = 6

func ownTax(id int64) erp.Key { return erp.OwnKey("tax", strconv.FormatInt(id, 10)) }

// taxesUpTo gives taxes per rate, but no more than is left of each.
func (left leftOrder) taxesUpTo(sums map[int64]decimal.Decimal) []erp.OrderTax {
	var taxes []erp.OrderTax
	for _, rate := range left.rates {
		id, err := ledgerID(erp.OwnID(rate.Tax))
		if err != nil {
			continue // it is an own key
		}
		if amount := nearest(sums[id], rate.Amount); !amount.IsZero() {
			rate.Amount = amount
			taxes = append(taxes, rate)
		}
	}
	return taxes
}

// rest gives back all that is left: line by line, or, once something was given back of no line in particular, by the taxes of lines.
func (left leftOrder) rest() credit {
	c := credit{taxes: slices.DeleteFunc(slices.Clone(left.rates), func(t erp.OrderTax) bool { return t.Amount.IsZero() })}
	if len(left.loose) > 0 {
		for _, g := range left.groups() {
			if !g.net.IsZero() {
				c.lines = append(c.lines, g.refundLine())
			}
		}
		return c
	}
	for _, l := range left.lines {
		given := l.giveBack(l.quantity, l.net, left.decimals)
		if !l.net.IsZero() || slices.ContainsFunc(given.taxes, func(t lineTaxRow) bool { return !t.Amount.IsZero() }) {
			c.lines = append(c.lines, given.refundLine())
		}
	}
	return c
}

// ofAmount shares an amount with tax out over what is left, in proportion.
func (left leftOrder) ofAmount(amount decimal.Decimal) (credit, error) {
	if amount.GreaterThan(left.total) {
		return credit{}, fault.Field("amount", "only %s %s are left of the order to give back", left.total, left.currency)
	}
	if !amount.Equal(amount.Round(left.decimals)) {
		return credit{}, fault.Field("amount", "has more decimals than %s has", left.currency)
	}
	groups := slices.DeleteFunc(left.groups(), func(g givenLine) bool {
		return g.sold.Kind == erp.CreditLine || g.sold.Kind == erp.RoundingLine || !g.gross().IsPositive()
	})
	whole := decimal.Zero
	for _, g := range groups {
		whole = whole.Add(g.gross())
	}
	if whole.LessThan(amount) {
		return credit{}, fault.Field("amount", "only %s %s are left of the lines to share it out: name lines instead", whole, left.currency)
	}
	share := func(part decimal.Decimal) decimal.Decimal { return part.Mul(amount).DivRound(whole, 12) }
	var parts []decimal.Decimal
	sums := map[int64]decimal.Decimal{}
	for i := range groups {
		g := &groups[i]
		g.net = share(g.net)
		parts = append(parts, g.net)
		for j := range g.taxes {
			g.taxes[j].Amount = share(g.taxes[j].Amount)
			sums[g.taxes[j].Tax] = sums[g.taxes[j].Tax].Add(g.taxes[j].Amount)
		}
	}
	taxes := left.taxesUpTo(sums)
	for _, tax := range taxes {
		parts = append(parts, tax.Amount)
	}
	coins, ok := erp.ShareCoins(parts, amount, left.decimals)
	if !ok {
		return credit{}, fault.Field("amount", "cannot be shared out in whole coins: name lines instead")
	}
	c := credit{taxes: taxes}
	for i, g := range groups {
		g.net = coins[i]
		c.lines = append(c.lines, g.refundLine())
	}
	for i := range c.taxes {
		c.taxes[i].Amount = coins[len(groups)+i]
	}
	return c, nil
}

func (g givenLine) gross() decimal.Decimal {
	sum := g.net
	for _, tax := range g.taxes {
		sum = sum.Add(tax.Amount)
	}
	return sum
}

// groups joins what is left of lines that bear the same taxes. Credit and rounding stay apart, since they are no sales.
func (left leftOrder) groups() []givenLine {
	var groups []givenLine
	byName := map[string]int{}
	for _, l := range slices.Concat(left.lines, left.loose) {
		name := l.group()
		at, known := byName[name]
		if !known {
			at = len(groups)
			byName[name] = at
			kind := l.sold.Kind
			if kind == erp.ProductLine || kind == erp.ShippingLine {
				kind = erp.FeeLine
			}
			groups = append(groups, givenLine{sold: orderLineRow{Kind: kind, Description: "Refund"}, quantity: decimal.NewFromInt(1)})
		}
		g := &groups[at]
		g.net = g.net.Add(l.net)
		for _, tax := range l.sold.Taxes {
			if i := slices.IndexFunc(g.taxes, func(t lineTaxRow) bool { return t.Tax == tax.Tax }); i >= 0 {
				g.taxes[i].Amount = g.taxes[i].Amount.Add(l.taxes[tax.Tax])
			} else {
				g.taxes = append(g.taxes, lineTaxRow{Tax: tax.Tax, Amount: l.taxes[tax.Tax]})
			}
		}
	}
	return groups
}

// group names the lines that are taxed alike.
func (l leftLine) group() string {
	if l.sold.Kind == erp.CreditLine || l.sold.Kind == erp.RoundingLine {
		return string(l.sold.Kind)
	}
	var ids []string
	for _, tax := range l.sold.Taxes {
		ids = append(ids, strconv.FormatInt(tax.Tax, 10))
	}
	slices.Sort(ids)
	return cmp.Or(strings.Join(slices.Compact(ids), "+"), "untaxed")
}

package sales

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/woo"
)

// The model of a WooCommerce cart: it prices what is in it as the recorded replies of a real store do, with integers of a
// millionth where the store keeps six decimals. It does not know how orders are mapped.

const micro = 1_000_000

// shopRules are the settings that decide what a cart comes to.
type shopRules struct {
	currency   string
	decimals   int
	inclusive  bool // shelf prices include tax
	atSubtotal bool // rounds taxes at subtotal
	rates      []cartRate
}

// cartRate is a rate in ten-thousandths of a percent.
type cartRate struct {
	number   woo.ID
	rate     int64
	compound bool
}

// unit is the store's smallest amount, in millionths.
func (s shopRules) unit() int64 {
	unit := int64(micro)
	for range s.decimals {
		unit /= 10
	}
	return unit
}

// roundTo rounds millionths to units, half away from zero or towards it.
func roundTo(amount, unit int64, halfDown bool) int64 {
	sign := int64(1)
	if amount < 0 {
		sign, amount = -1, -amount
	}
	whole, rest := amount/unit, amount%unit
	if 2*rest > unit || 2*rest == unit && !halfDown {
		whole++
	}
	return sign * whole * unit
}

// scaled gives amount × a / b, rounded to a millionth.
func scaled(amount, a, b int64) int64 {
	product := new(big.Int).Mul(big.NewInt(amount), big.NewInt(a))
	double := product.Mul(product, big.NewInt(2))
	double.Add(double, new(big.Int).Mul(big.NewInt(int64(product.Sign())), big.NewInt(b)))
	return double.Quo(double, big.NewInt(2*b)).Int64()
}

// taxOn gives the tax of each rate on a net amount, raw: the plain rates of the net, the compound ones on top of them.
func (s shopRules) taxOn(net int64) []int64 {
	taxes := make([]int64, len(s.rates))
	base := net
	for i, r := range s.rates {
		if !r.compound {
			taxes[i] = scaled(net, r.rate, micro)
			base += taxes[i]
		}
	}
	for i, r := range s.rates {
		if r.compound {
			taxes[i] = scaled(base, r.rate, micro)
		}
	}
	return taxes
}

// takeApart gives net and taxes of an amount that contains them: compound taxes come off first.
func (s shopRules) takeApart(gross int64) (net int64, taxes []int64) {
	taxes = make([]int64, len(s.rates))
	rest := gross
	for i, r := range s.rates {
		if r.compound {
			taxes[i] = rest - scaled(rest, micro, micro+r.rate)
			rest -= taxes[i]
		}
	}
	var plain int64
	for _, r := range s.rates {
		if !r.compound {
			plain += r.rate
		}
	}
	net = rest
	for i, r := range s.rates {
		if !r.compound {
			taxes[i] = scaled(rest, r.rate, micro+plain)
			net -= taxes[i]
		}
	}
	return net, taxes
}

// kept is how the tax of a line enters the totals.
func (s shopRules) kept(tax int64) int64 {
	if s.atSubtotal {
		return tax
	}
	return roundTo(tax, s.unit(), s.inclusive)
}

// cart sums up what is in it, as the store's own totals do.
type cart struct {
	shopRules
	order             woo.Order
	items, fees, ship int64
	taxes, shipTaxes  []int64
}

func (c *cart) lineTaxes(taxes []int64, sums []int64) []woo.LineTax {
	var lines []woo.LineTax
	for i, tax := range taxes {
		sums[i] += c.kept(tax)
		lines = append(lines, woo.LineTax{ID: woo.String(c.rates[i].number.String()), Total: micros(tax)})
	}
	return lines
}

func (c *cart) addItem(price, quantity, off int64) {
	net, taxes := price*quantity-off, []int64(nil)
	if c.inclusive {
		net, taxes = c.takeApart(net)
	} else {
		taxes = c.taxOn(net)
	}
	if c.atSubtotal {
		c.items += net
	} else {
		c.items += roundTo(net, c.unit(), false)
	}
	c.order.LineItems = append(c.order.LineItems, woo.LineItem{
		ID: woo.ID(len(c.order.LineItems) + 1), ProductID: 5, Quantity: woo.NewDecimal(decimal.NewFromInt(quantity)),
		Subtotal: micros(net + off), Total: micros(net), Taxes: c.lineTaxes(taxes, c.taxes),
	})
}

// addFee adds a fee, which is entered without tax. The block checkout takes no tax off a negative one.
func (c *cart) addFee(net int64, taxed bool) {
	fee := woo.FeeLine{ID: woo.ID(100 + len(c.order.FeeLines)), Name: "Fee", Total: micros(net)}
	if taxed {
		fee.Taxes = c.lineTaxes(c.taxOn(net), c.taxes)
	}
	c.fees += net
	c.order.FeeLines = append(c.order.FeeLines, fee)
}

func (c *cart) addShipping(net int64) {
	c.ship += roundTo(net, c.unit(), false)
	c.order.ShippingLines = append(c.order.ShippingLines, woo.ShippingLine{
		ID: woo.ID(200 + len(c.order.ShippingLines)), Total: micros(net), Taxes: c.lineTaxes(c.taxOn(net), c.shipTaxes),
	})
}

// checkout writes the totals of the order.
func (c *cart) checkout() woo.Order {
	tax := int64(0)
	for i, r := range c.rates {
		tax += c.taxes[i] + c.shipTaxes[i]
		c.order.TaxLines = append(c.order.TaxLines, woo.TaxLine{
			RateID: woo.String(r.number.String()), Compound: woo.Bool(r.compound), RatePercent: woo.NewDecimal(decimal.New(r.rate, -4)),
			TaxTotal: micros(c.taxes[i]), ShippingTaxTotal: micros(c.shipTaxes[i]),
		})
	}
	c.order.TotalTax = micros(roundTo(tax, c.unit(), false))
	c.order.Total = micros(roundTo(c.items+c.fees+c.ship+tax, c.unit(), false))
	return c.order
}

func micros(amount int64) woo.Decimal { return woo.NewDecimal(decimal.New(amount, -6)) }

var cartRates = [][]cartRate{
	nil,
	{{1, 200000, false}},
	{{2, 55000, false}},
	{{1, 200000, false}, {2, 55000, false}},
	{{3, 50000, false}, {4, 99750, true}},
	{{5, 72500, false}, {6, 12500, false}, {7, 10000, false}},
	{{8, 333333, false}},
}

// randomCart fills a cart at random, in a shop with random settings.
func randomCart(rng *rand.Rand) *cart {
	c := &cart{shopRules: shopRules{inclusive: rng.IntN(2) == 0, atSubtotal: rng.IntN(2) == 0, rates: cartRates[rng.IntN(len(cartRates))]}}
	c.currency = []string{"EUR", "JPY", "KWD"}[rng.IntN(3)]
	c.decimals = map[string]int{"EUR": 2, "JPY": 0, "KWD": 3}[c.currency]
	c.taxes, c.shipTaxes = make([]int64, len(c.rates)), make([]int64, len(c.rates))
	c.order = woo.Order{ID: 1, Status: "processing", Currency: c.currency, DateCreated: entitytest.SomeTime}
	price := func(most int64) int64 { return (1 + rng.Int64N(most)) * c.unit() }
	for range 1 + rng.IntN(12) {
		shelf, quantity := price(20_000), 1+rng.Int64N(5)
		if rng.IntN(2) == 0 && c.decimals == 2 {
			shelf = rng.Int64N(100)*micro + 990_000
		}
		var off int64
		if rng.IntN(4) == 0 { // a coupon of some percent
			off = scaled(shelf*quantity, rng.Int64N(100), 100)
		}
		c.addItem(shelf, quantity, off)
	}
	if rng.IntN(3) == 0 { // a part of a unit may be left, as of a fee in percent
		c.addFee(price(500)+rng.Int64N(2)*rng.Int64N(c.unit()), rng.IntN(2) == 0)
	}
	if rng.IntN(6) == 0 && c.items > price(1) {
		c.addFee(-price(c.items/c.unit()), rng.IntN(2) == 0)
	}
	if rng.IntN(2) == 0 {
		c.addShipping(price(1500))
	}
	return c
}

// TestCartsLandExactly: whatever is in a cart and however the store rounds, its order lands with the store's total, the
// store's tax per rate and no rounding line, each line within half a coin of the store's; where the store rounds at subtotal,
// within a coin.
func TestCartsLandExactly(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 55))
	ec := entitytest.Demo()
	for i := range 100_000 {
		c := randomCart(rng)
		in := c.checkout()
		ec.Instance.Store.Decimals = []int{c.decimals, 2}[rng.IntN(2)]
		taxes := taxesOf(ec, in)
		lines, err := orderLines(ec, in, taxes)
		require.NoError(t, err)
		m, err := balanceOrder(ec, in, lines, taxes.taxes)
		if err != nil {
			require.NoError(t, err, "cart %d: %+v", i, c)
		}
		if wrong := c.wrong(in, m); wrong != "" {
			require.Empty(t, wrong, "cart %d: %+v", i, c)
		}
	}
}

// wrong says what of an order's money is not as the store has it; "" when all is.
func (c *cart) wrong(in woo.Order, m money) string {
	coin := decimal.New(1, -int32(c.decimals))
	most := coin.Div(decimal.NewFromInt(2))
	if c.atSubtotal {
		most = coin
	}
	sum := decimal.Zero
	nets := netsOf(in)
	for i, line := range m.lines {
		if line.Kind == erp.RoundingLine {
			return "there is a rounding line of " + line.Total.String()
		}
		if off := line.Total.Sub(nets[i]).Abs(); off.GreaterThan(most) || off.Equal(coin) || !line.Total.Mod(coin).IsZero() {
			return "a line of " + nets[i].String() + " is " + line.Total.String()
		}
		sum = sum.Add(line.Total)
	}
	for i, tax := range m.taxes {
		exact := in.TaxLines[i].TaxTotal.Add(in.TaxLines[i].ShippingTaxTotal.Decimal)
		if off := tax.Amount.Sub(exact).Abs(); !off.IsZero() && (!c.atSubtotal || off.GreaterThanOrEqual(coin)) || !tax.Amount.Mod(coin).IsZero() {
			return "a tax of " + exact.String() + " is " + tax.Amount.String()
		}
		sum = sum.Add(tax.Amount)
	}
	if !sum.Equal(in.Total.Decimal) || !m.total.Equal(in.Total.Decimal) || !m.tax.Equal(in.TotalTax.Decimal) {
		return "lines and taxes add up to " + sum.String() + ", not " + in.Total.String()
	}
	return ""
}

func netsOf(o woo.Order) []decimal.Decimal {
	var nets []decimal.Decimal
	for _, line := range o.LineItems {
		nets = append(nets, line.Total.Decimal)
	}
	for _, line := range o.ShippingLines {
		nets = append(nets, line.Total.Decimal)
	}
	for _, line := range o.FeeLines {
		nets = append(nets, line.Total.Decimal)
	}
	return nets
}

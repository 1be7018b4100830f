package sales

import (
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// decimalsOrder is an order of a store that has other decimals now than when it was placed, or than the currency has.
type decimalsOrder struct {
	currency      string
	now           int // decimals of the store
	items         [][]string
	shipping, fee []string   // net and taxes by rate, as those of items; nil where there is none
	rates         [][]string // percentage, stored tax of goods and of shipping
	shippingTotal string
	tax, total    string
}

func (d decimalsOrder) order() woo.Order {
	o := woo.Order{ID: 1, Status: "processing", Currency: d.currency, DateCreated: entitytest.SomeTime,
		ShippingTotal: entitytest.Some(d.shippingTotal), TotalTax: entitytest.Some(d.tax), Total: entitytest.Some(d.total)}
	taxes := func(line []string) (taxes []woo.LineTax) {
		for i, tax := range line[1:] {
			if tax != "" {
				taxes = append(taxes, woo.LineTax{ID: woo.String(woo.ID(i + 1).String()), Total: entitytest.Some(tax)})
			}
		}
		return taxes
	}
	for i, line := range d.items {
		o.LineItems = append(o.LineItems, woo.LineItem{ID: woo.ID(10 + i), ProductID: 5, Quantity: entitytest.Some("1"),
			Subtotal: entitytest.Some(line[0]), Total: entitytest.Some(line[0]), Taxes: taxes(line)})
	}
	if d.shipping != nil {
		o.ShippingLines = []woo.ShippingLine{{ID: 90, Total: entitytest.Some(d.shipping[0]), Taxes: taxes(d.shipping)}}
	}
	if d.fee != nil {
		o.FeeLines = []woo.FeeLine{{ID: 95, Total: entitytest.Some(d.fee[0]), Taxes: taxes(d.fee)}}
	}
	for i, rate := range d.rates {
		o.TaxLines = append(o.TaxLines, woo.TaxLine{RateID: woo.String(woo.ID(i + 1).String()), RatePercent: entitytest.Some(rate[0]),
			TaxTotal: entitytest.Some(rate[1]), ShippingTaxTotal: entitytest.Some(rate[2])})
	}
	return o
}

// recordedDecimals are orders of a real WooCommerce 10.5.0, whose decimals were changed after they were placed.
var recordedDecimals = map[string]decimalsOrder{
	"placed in whole crowns, rounded at subtotal": {"CZK", 2,
		[][]string{{"196.536010", "9.826801", "20.584690"}, {"1.809671", "0.090484", "0.189540"}},
		[]string{"12.500000", "0.625000", "1.309219"}, []string{"3.500000", "0.175000", "0.366581"},
		[][]string{{"5", "10.092285", "0.625000"}, {"9.975", "21.140811", "1.309219"}}, "13", "33.17", "248"},
	"placed in whole crowns, as tenths of them would show as well": {"CZK", 2,
		[][]string{{"434", "86.8", ""}, {"26.97", "5.394", ""}, {"1.03", "", "0.056650"}},
		[]string{"4.99", "0.998", ""}, nil,
		[][]string{{"20", "92.194", "0.998"}, {"5.5", "0.056650", "0"}}, "5", "93.25", "560"},
	"placed in whole crowns, rounded by line": {"CZK", 2,
		[][]string{{"16.65", "", "0.915750"}, {"498", "99.6", ""}, {"33.33", "6.666", ""}},
		[]string{"4.99", "0.998", ""}, []string{"2.15", "0.43", ""},
		[][]string{{"20", "107", "1"}, {"5.5", "1", "0"}}, "5", "109", "664"},
	"placed with three decimals, read with two": {"KWD", 2,
		[][]string{{"12.490000", "", "0.686950"}}, []string{"4.990000", "0.998000", ""}, nil,
		[][]string{{"20", "0", "0.998000"}, {"5.5", "0.686950", "0"}}, "4.990000", "1.68", "19.17"},
	"calculated with two decimals of three": {"KWD", 2,
		[][]string{{"0.15", "", "0.008250"}, {"152.33", "30.466", ""}, {"24.98", "", "1.373900"}}, []string{"4.99", "0.998", ""}, nil,
		[][]string{{"20", "30.47", "1"}, {"5.5", "1.38", "0"}}, "4.99", "32.85", "215.3"},
}

// An order lands at exactly what the store shows, whatever decimals it had when the order was placed.
func TestOrdersOfOtherDecimals(t *testing.T) {
	for name, d := range recordedDecimals {
		t.Run(name, func(t *testing.T) {
			ec := entitytest.Demo()
			ec.Instance.Store.Decimals = d.now
			ec.Instance.Config.General.Currency = d.currency
			o, steps, err := mapTestOrder(ec, orderRecord{Order: d.order()})
			require.NoError(t, err)
			require.Empty(t, steps, "no rounding line is needed")
			entitytest.RequireConserved(t, o)
			entitytest.RequireAmount(t, d.total, o.Total)
			unit := map[string]string{"CZK": "1", "KWD": "0.01"}[d.currency]
			entitytest.RequireAmount(t, unit, o.Unit)
			for i, line := range append(d.order().LineItems, woo.LineItem{Total: entitytest.Some(d.shipping[0])}) {
				require.True(t, o.Lines[i].Total.Sub(line.Total.Decimal).Abs().LessThan(o.Unit), "%s is %s", line.Total, o.Lines[i].Total)
			}
		})
	}
}

// What is proved by nothing is not assumed: whole crowns that may be a gift of some hellers park the order.
func TestDecimalsAreNotGuessed(t *testing.T) {
	o := priceOf("99.60", "100")
	o.Currency = "CZK"
	ec := entitytest.Demo()
	ec.Instance.Config.General.Currency = "CZK"
	_, _, err := mapTestOrder(ec, orderRecord{Order: o})
	require.Equal(t, "totals_differ", fault.From(err).Code)
}

// TestCartsLandExactlyOnAnyDay: a store's decimals are changed after carts were ordered. What it shows then lands with no
// rounding line, each line within a unit of the store's.
func TestCartsLandExactlyOnAnyDay(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 31))
	for i := range 20_000 {
		c := randomCart(rng)
		in := c.checkout()
		ec := entitytest.Demo()
		ec.Instance.Store.Decimals = []int{0, 2, 3}[rng.IntN(3)]
		unit := decimal.New(1, -int32(min(c.decimals, ec.Instance.Store.Decimals)))
		in.Total = woo.NewDecimal(in.Total.Round(int32(ec.Instance.Store.Decimals)))
		taxes := taxesOf(ec, in)
		in.TotalTax = woo.NewDecimal(add(chargedBy(ec, in, nil, taxes.taxes).rates).Round(int32(ec.Instance.Store.Decimals)))
		lines, err := orderLines(ec, in, taxes)
		require.NoError(t, err)
		m, err := balanceOrder(ec, in, lines, taxes.taxes)
		require.NoError(t, err, "cart %d: %+v", i, c)
		sum := m.tax
		nets := netsOf(in)
		for n, line := range m.lines {
			require.NotEqual(t, erp.RoundingLine, line.Kind, "cart %d: %+v", i, c)
			require.True(t, line.Total.Sub(nets[n]).Abs().LessThan(unit), "cart %d: %s is %s", i, nets[n], line.Total)
			sum = sum.Add(line.Total)
		}
		require.True(t, sum.Equal(in.Total.Decimal), "cart %d: %s, not %s", i, sum, in.Total)
	}
}

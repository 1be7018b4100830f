package entity

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// sum adds the lines, ex tax, and the taxes of an order.
func sum(o erp.Order) (lines, taxes decimal.Decimal) {
	for _, l := range o.Lines {
		lines = lines.Add(l.Total)
	}
	for _, t := range o.Taxes {
		taxes = taxes.Add(t.Amount)
	}
	return lines, taxes
}

// requireConserved holds an order to its total, as a backend does.
func requireConserved(t testing.TB, o erp.Order) {
	t.Helper()
	lines, taxes := sum(o)
	require.True(t, lines.Add(taxes).Sub(o.Total).Round(decimals(o.Currency)).IsZero(),
		"lines %s + taxes %s is not the total %s", lines, taxes, o.Total)
	require.True(t, taxes.Equal(o.Tax))
	require.True(t, o.Untaxed.Add(o.Tax).Equal(o.Total))
}

func TestRecordedOrderMoney(t *testing.T) {
	for _, name := range []string{"order_guest_get_dp6", "order_after_refund_get"} {
		t.Run(name, func(t *testing.T) {
			o, steps, err := mapOrder(demo(), orderRecord{Order: recordedOrder(t, name)})
			require.NoError(t, err)
			require.Empty(t, steps, "no rounding line is needed")
			requireConserved(t, o)
			requireAmount(t, "151.44", o.Total)
			requireAmount(t, "24.86", o.Tax)
			requireAmount(t, "126.58", o.Untaxed)
			require.Len(t, o.Taxes, 2)
			require.Equal(t, key("tax", "1"), o.Taxes[0].Tax)
			require.Equal(t, "TVA 20", o.Taxes[0].Label)
			requireAmount(t, "20", o.Taxes[0].Rate)
			requireAmount(t, "24.69", o.Taxes[0].Amount, "goods and shipping")
			requireAmount(t, "0.17", o.Taxes[1].Amount)
		})
	}
}

func TestRecordedOrdersAreConserved(t *testing.T) {
	for _, name := range []string{"orders_modified_after", "orders_status_filter"} {
		for _, raw := range recordedList(t, name) {
			recorded, err := woo.Decode[woo.Order](raw)
			require.NoError(t, err)
			o, _, err := mapOrder(demo(), orderRecord{Order: recorded})
			require.NoError(t, err)
			requireConserved(t, o)
		}
	}
}

// priceOf is an order in EUR of one product line of the given total, with the given order total.
func priceOf(line, total string) woo.Order {
	return woo.Order{
		ID: 1, Status: "processing", Currency: "EUR", DateCreated: someTime, Total: some(total),
		LineItems: []woo.LineItem{{ID: 10, ProductID: 5, Quantity: some("1"), Total: some(line), Subtotal: some(line)}},
	}
}

func TestBalance(t *testing.T) {
	for _, test := range []struct {
		name        string
		line, total string
		limit       string
		rounding    string // "": no rounding line
		code        string // "": lands
	}{
		{"equal", "10", "10", "0.01", "", ""},
		{"equal at the currency's decimals", "9.996667", "10", "0.01", "", ""},
		{"a cent short", "9.99", "10", "0.01", "0.01", ""},
		{"a cent over", "10.01", "10", "0.01", "-0.01", ""},
		{"half a cent over", "10.005", "10", "0.01", "-0.005", ""},
		{"half a cent short", "9.995", "10", "0.01", "0.005", ""},
		{"two cents", "9.98", "10", "0.01", "", "totals_differ"},
		{"two cents allowed", "9.98", "10", "0.02", "0.02", ""},
		{"none allowed", "9.99", "10", "", "", "totals_differ"},
		{"a free order", "0", "0", "0.01", "", ""},
		{"the total of another order", "10", "20", "0.01", "", "totals_differ"},
		{"more decimals than the currency", "10.001", "10.001", "1", "", "odd_total"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ec := demo()
			ec.Instance.Config.Order.RoundingLimit = test.limit
			o, steps, err := mapOrder(ec, orderRecord{Order: priceOf(test.line, test.total)})
			if test.code != "" {
				requireRefusal(t, err, fault.Parked, test.code)
				return
			}
			require.NoError(t, err)
			requireConserved(t, o)
			if test.rounding == "" {
				require.Len(t, o.Lines, 1)
				return
			}
			require.Len(t, o.Lines, 2)
			require.Equal(t, erp.RoundingLine, o.Lines[1].Kind)
			requireAmount(t, test.rounding, o.Lines[1].Total)
			require.Contains(t, steps[0], test.rounding)
		})
	}
}

func TestTotalsDifferNamesBothSums(t *testing.T) {
	_, _, err := mapOrder(demo(), orderRecord{Order: priceOf("10", "20")})
	require.ErrorContains(t, err, "10.00")
	require.ErrorContains(t, err, "20.00 EUR")
}

func TestWrongRoundingLimitIsNotGuessed(t *testing.T) {
	ec := demo()
	ec.Instance.Config.Order.RoundingLimit = "lots"
	_, _, err := mapOrder(ec, orderRecord{Order: priceOf("9.99", "10")})
	require.Equal(t, "order.rounding_limit", fault.From(err).Field)
}

func TestOrderTaxes(t *testing.T) {
	rate := func(id woo.ID, goods, shipping string) woo.TaxLine {
		return woo.TaxLine{RateID: id, TaxTotal: some(goods), ShippingTaxTotal: some(shipping)}
	}
	for _, test := range []struct {
		name  string
		lines []woo.TaxLine
		total woo.Decimal
		want  []string
		code  string
	}{
		{"rounded by the store", []woo.TaxLine{rate(1, "3.33", "0.10")}, some("3.43"), []string{"3.43"}, ""},
		{"no tax", nil, some("0"), nil, ""},
		{"total not said", []woo.TaxLine{rate(1, "3.336", "0")}, woo.Decimal{}, []string{"3.34"}, ""},
		{"one rate twice", []woo.TaxLine{rate(1, "1", "0"), rate(2, "5", "0"), rate(1, "2", "1")}, some("9"), []string{"4", "5"}, ""},
		{"unrounded, sum rounded up", []woo.TaxLine{rate(1, "1.004", "0"), rate(2, "2.003", "0")}, some("3.01"),
			[]string{"1.01", "2"}, ""},
		{"unrounded, sum rounded down", []woo.TaxLine{rate(1, "1.007", "0"), rate(2, "2.006", "0")}, some("3.01"),
			[]string{"1.01", "2"}, ""},
		{"negative rate", []woo.TaxLine{rate(1, "-0.2", "0")}, some("-0.20"), []string{"-0.2"}, ""},
		{"tax that no rate explains", nil, some("1"), nil, "taxes_differ"},
		{"rates that do not add up", []woo.TaxLine{rate(1, "1", "0")}, some("2"), nil, "taxes_differ"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := orderTaxes(demo(), woo.Order{TaxLines: test.lines, TotalTax: test.total}, 2)
			if test.code != "" {
				requireRefusal(t, err, fault.Parked, test.code)
				return
			}
			require.NoError(t, err)
			var amounts []string
			for _, tax := range got {
				amounts = append(amounts, tax.Amount.String())
			}
			require.Equal(t, test.want, amounts)
		})
	}
}

// randomOrder makes an order as the store calculates one: lines at six decimals, taxes per rate rounded once, and a
// total of which some are wrong by up to three units.
func randomOrder(rng *rand.Rand) woo.Order {
	currency := []string{"EUR", "USD", "JPY"}[rng.IntN(3)]
	scale := decimals(currency)
	o := woo.Order{ID: 1, Status: "processing", Currency: currency, DateCreated: someTime}
	exact, taxes := decimal.Zero, map[woo.ID]decimal.Decimal{}
	charge := func() (woo.Decimal, []woo.LineTax) {
		total := decimal.New(rng.Int64N(200_000_000)-20_000_000, -6)
		rate := woo.ID(rng.IntN(3) + 1)
		tax := total.Mul(decimal.NewFromInt(int64(rate) * 5)).Div(decimal.NewFromInt(100)).Round(6)
		exact, taxes[rate] = exact.Add(total), taxes[rate].Add(tax)
		return woo.NewDecimal(total), []woo.LineTax{{ID: rate, Total: woo.NewDecimal(tax)}}
	}
	for i := range rng.IntN(6) + 1 {
		line := woo.LineItem{ID: woo.ID(i + 1), ProductID: 5, Quantity: woo.NewDecimal(decimal.New(rng.Int64N(900)+1, -int32(rng.IntN(3))))}
		line.Total, line.Taxes = charge()
		o.LineItems = append(o.LineItems, line)
	}
	for i := range rng.IntN(3) {
		fee := woo.FeeLine{ID: woo.ID(100 + i), Name: "Fee"}
		fee.Total, fee.Taxes = charge()
		o.FeeLines = append(o.FeeLines, fee)
	}
	for id := range woo.ID(4) {
		if tax, ok := taxes[id]; ok {
			if rng.IntN(2) == 0 {
				tax = tax.Round(scale) // newer stores
			}
			o.TaxLines = append(o.TaxLines, woo.TaxLine{RateID: id, TaxTotal: woo.NewDecimal(tax)})
			o.TotalTax = woo.NewDecimal(o.TotalTax.Add(tax))
		}
	}
	o.TotalTax = woo.NewDecimal(o.TotalTax.Round(scale))
	off := decimal.New(int64(rng.IntN(7)-3)*int64(rng.IntN(2)), -scale)
	o.Total = woo.NewDecimal(exact.Add(o.TotalTax.Decimal).Round(scale).Add(off))
	return o
}

// TestMoneyIsConserved: whatever the store sends, an order either lands with lines and taxes that are its total, or it
// is parked. Nothing is lost on the way.
func TestMoneyIsConserved(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	landed, rounded, refused := 0, 0, 0
	for i := range 5000 {
		in := randomOrder(rng)
		o, steps, err := mapOrder(demo(), orderRecord{Order: in})
		if err != nil {
			refused++
			require.True(t, fault.Is(err, fault.Parked), "order %d: %v", i, err)
			continue
		}
		landed++
		rounded += len(steps)
		requireConserved(t, o)
		require.True(t, o.Total.Equal(in.Total.Decimal), fmt.Sprint(i))
		require.True(t, o.Tax.Equal(in.TotalTax.Decimal), fmt.Sprint(i))
		for j, line := range in.LineItems {
			require.True(t, o.Lines[j].Total.Equal(line.Total.Decimal))
		}
	}
	require.Greater(t, landed, 2000)
	require.Greater(t, rounded, 100)
	require.Greater(t, refused, 100)
}

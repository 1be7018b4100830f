package sales

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

func TestRecordedOrderMoney(t *testing.T) {
	for _, name := range []string{"order_guest_get_dp6", "order_after_refund_get"} {
		t.Run(name, func(t *testing.T) {
			o, steps, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: entitytest.RecordedOrder(t, name)})
			require.NoError(t, err)
			require.Empty(t, steps, "no rounding line is needed")
			entitytest.RequireConserved(t, o)
			entitytest.RequireAmount(t, "151.44", o.Total)
			entitytest.RequireAmount(t, "24.86", o.Tax)
			entitytest.RequireAmount(t, "126.58", o.Untaxed)
			require.Len(t, o.Taxes, 2)
			require.Equal(t, entitytest.Key("tax", "1@20-FR"), o.Taxes[0].Tax)
			require.Equal(t, "TVA 20", o.Taxes[0].Label)
			entitytest.RequireAmount(t, "20", o.Taxes[0].Rate)
			entitytest.RequireAmount(t, "24.69", o.Taxes[0].Amount, "goods and shipping")
			entitytest.RequireAmount(t, "0.17", o.Taxes[1].Amount)
		})
	}
}

func TestRecordedOrdersAreConserved(t *testing.T) {
	for _, name := range []string{"orders_modified_after", "orders_status_filter"} {
		for _, raw := range entitytest.RecordedList(t, name) {
			recorded, err := woo.Decode[woo.Order](raw)
			require.NoError(t, err)
			o, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: recorded})
			require.NoError(t, err)
			entitytest.RequireConserved(t, o)
		}
	}
}

// priceOf is an order in EUR of one product line of the given total, with the given order total.
func priceOf(line, total string) woo.Order {
	return woo.Order{
		ID: 1, Status: "processing", Currency: "EUR", DateCreated: entitytest.SomeTime, Total: entitytest.Some(total),
		LineItems: []woo.LineItem{{ID: 10, ProductID: 5, Quantity: entitytest.Some("1"), Total: entitytest.Some(line), Subtotal: entitytest.Some(line)}},
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
		{"half a cent rounded down", "10.005", "10", "0.01", "", ""},
		{"half a cent rounded up", "9.995", "10", "0.01", "", ""},
		{"half a cent and a whole one", "9.985", "10", "0.01", "0.01", ""},
		{"two cents", "9.98", "10", "0.01", "", "totals_differ"},
		{"two cents allowed", "9.98", "10", "0.02", "0.02", ""},
		{"none allowed", "9.99", "10", "", "", "totals_differ"},
		{"more than five coins are never rounding", "9.94", "10", "5", "", "totals_differ"},
		{"a free order", "0", "0", "0.01", "", ""},
		{"the total of another order", "10", "20", "0.01", "", "totals_differ"},
		{"more decimals than the currency", "10.001", "10.001", "1", "", "odd_total"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ec := entitytest.Demo()
			ec.Instance.Config.Order.RoundingLimit = test.limit
			o, steps, err := mapTestOrder(ec, orderRecord{Order: priceOf(test.line, test.total)})
			if test.code != "" {
				entitytest.RequireRefusal(t, err, fault.Parked, test.code)
				return
			}
			require.NoError(t, err)
			entitytest.RequireConserved(t, o)
			if test.rounding == "" {
				require.Len(t, o.Lines, 1)
				return
			}
			require.Len(t, o.Lines, 2)
			require.Equal(t, erp.RoundingLine, o.Lines[1].Kind)
			entitytest.RequireAmount(t, test.rounding, o.Lines[1].Total)
			require.Contains(t, steps[0], test.rounding)
		})
	}
}

func TestTotalsDifferNamesBothSumsAndTheExactDifference(t *testing.T) {
	for _, test := range []struct {
		lines []string
		total string
		says  []string
	}{
		{[]string{"10"}, "20", []string{"add up to 10.00", "charged 20.00 EUR", "10.00 more"}},
		{[]string{"10.9"}, "10", []string{"add up to 10.90", "charged 10.00 EUR", "0.90 less"}},
		{[]string{"3.333333", "3.333333", "3.333333"}, "10.10", []string{"add up to 9.999999", "0.100001 more"}},
	} {
		o := priceOf(test.lines[0], test.total)
		for i, line := range test.lines[1:] {
			o.LineItems = append(o.LineItems, woo.LineItem{ID: woo.ID(20 + i), ProductID: 5, Quantity: entitytest.Some("1"), Total: entitytest.Some(line)})
		}
		_, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: o})
		for _, text := range test.says {
			require.ErrorContains(t, err, text)
		}
		require.NotContains(t, err.Error(), "limit")
	}
}

// A rounding line may take more where more lines were rounded, and in a currency of larger coins.
// TestAPartialCaptureIsHeldWithTheDifference: a gateway that captures a part writes that into the order's total and leaves the lines (N40).
func TestAPartialCaptureIsHeldWithTheDifference(t *testing.T) {
	_, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: priceOf("20", "5")})
	f := entitytest.RequireRefusal(t, err, fault.Parked, "totals_differ")
	require.Contains(t, f.Message, "20.00")
	require.Contains(t, f.Message, "15.00 less")
	_, _, err = mapTestOrder(entitytest.Demo(), orderRecord{Order: priceOf("20", "20")})
	require.NoError(t, err, "once the total is the order's again, it goes on")
}

func TestRoundingGrowsWithLinesAndCoin(t *testing.T) {
	for _, test := range []struct {
		currency, line string
		lines          int
		off, rounding  string
	}{
		{"EUR", "10", 1, "0.01", "0.01"},
		{"EUR", "10", 1, "0.02", ""},
		{"EUR", "10", 4, "0.02", "0.02"},
		{"EUR", "10", 4, "0.03", ""},
		{"EUR", "10", 21, "-0.11", "-0.11"},
		{"JPY", "1000", 1, "1", "1"},
		{"JPY", "1000", 1, "2", ""},
		{"JPY", "1000", 3, "-2", "-2"},
	} {
		o := priceOf(test.line, "0")
		o.Currency, o.LineItems = test.currency, nil
		for i := range test.lines {
			o.LineItems = append(o.LineItems, woo.LineItem{ID: woo.ID(1 + i), ProductID: 5, Quantity: entitytest.Some("1"), Total: entitytest.Some(test.line)})
		}
		o.Total = woo.NewDecimal(entitytest.Amount(test.line).Mul(decimal.NewFromInt(int64(test.lines))).Add(entitytest.Amount(test.off)))
		mapped, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: o})
		if test.rounding == "" {
			entitytest.RequireRefusal(t, err, fault.Parked, "totals_differ")
			continue
		}
		require.NoError(t, err)
		entitytest.RequireConserved(t, mapped)
		entitytest.RequireAmount(t, test.rounding, mapped.Lines[test.lines].Total)
	}
}

func TestWrongRoundingLimitIsNotGuessed(t *testing.T) {
	ec := entitytest.Demo()
	ec.Instance.Config.Order.RoundingLimit = "lots"
	_, _, err := mapTestOrder(ec, orderRecord{Order: priceOf("9.99", "10")})
	require.Equal(t, "order.rounding_limit", fault.From(err).Field)
}

func TestOrderTaxes(t *testing.T) {
	rate := func(id woo.String, goods, shipping string) woo.TaxLine {
		return woo.TaxLine{RateID: id, TaxTotal: entitytest.Some(goods), ShippingTaxTotal: entitytest.Some(shipping)}
	}
	for _, test := range []struct {
		name  string
		lines []woo.TaxLine
		total woo.Decimal
		want  []string
		code  string
	}{
		{"rounded by the store", []woo.TaxLine{rate("1", "3.33", "0.10")}, entitytest.Some("3.43"), []string{"3.43"}, ""},
		{"no tax", nil, entitytest.Some("0"), nil, ""},
		{"total not said", []woo.TaxLine{rate("1", "3.336", "0")}, woo.Decimal{}, []string{"3.34"}, ""},
		{"one rate twice", []woo.TaxLine{rate("1", "1", "0"), rate("2", "5", "0"), rate("1", "2", "1")}, entitytest.Some("9"), []string{"4", "5"}, ""},
		{"unrounded, sum rounded up", []woo.TaxLine{rate("1", "1.004", "0"), rate("2", "2.003", "0")}, entitytest.Some("3.01"),
			[]string{"1.01", "2"}, ""},
		{"unrounded, sum rounded down", []woo.TaxLine{rate("1", "1.007", "0"), rate("2", "2.006", "0")}, entitytest.Some("3.01"),
			[]string{"1.01", "2"}, ""},
		{"negative rate", []woo.TaxLine{rate("1", "-0.2", "0")}, entitytest.Some("-0.20"), []string{"-0.2"}, ""},
		{"tax that no rate explains", nil, entitytest.Some("1"), nil, "taxes_differ"},
		{"rates that do not add up", []woo.TaxLine{rate("1", "1", "0")}, entitytest.Some("2"), nil, "taxes_differ"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := woo.Order{TotalTax: test.total, Currency: "EUR"}
			if in.Total = test.total; !test.total.Valid {
				in.Total = entitytest.Some("3.34")
			}
			got, err := balanceOrder(entitytest.Demo(), in, nil, taxesOf(entitytest.Demo(), woo.Order{TaxLines: test.lines}).taxes)
			if test.code != "" {
				entitytest.RequireRefusal(t, err, fault.Parked, test.code)
				return
			}
			require.NoError(t, err)
			var amounts []string
			for _, tax := range got.taxes {
				amounts = append(amounts, tax.Amount.String())
			}
			require.Equal(t, test.want, amounts)
		})
	}
}

// A store that sells in whole units of a currency that has smaller coins is booked in those units, with no rounding line.
func TestStoresThatSellInWholeUnits(t *testing.T) {
	for _, test := range []struct {
		name, net, tax, shown, total string
		wantNet, wantTax             string
	}{
		{"the tax is rounded by line", "164.462810", "35", "35", "199", "164", "35"},
		{"the tax is rounded with the sum", "99", "20.79", "21", "120", "99", "21"},
		{"and has more decimals than the currency", "82.231405", "17.268595", "17", "100", "83", "17"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ec := entitytest.Demo()
			ec.Instance.Store.Decimals = 0
			in := priceOf(test.net, test.total)
			in.Currency, in.TotalTax = "CZK", entitytest.Some(test.shown)
			in.TaxLines = []woo.TaxLine{{RateID: "1", TaxTotal: entitytest.Some(test.tax)}}
			ec.Instance.Config.General.Currency = "CZK"
			o, steps, err := mapTestOrder(ec, orderRecord{Order: in})
			require.NoError(t, err)
			require.Empty(t, steps)
			entitytest.RequireConserved(t, o)
			entitytest.RequireAmount(t, test.wantNet, o.Untaxed)
			entitytest.RequireAmount(t, test.wantTax, o.Tax)
			entitytest.RequireAmount(t, "1", o.Unit)
		})
	}
}

package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func taxedBy(net string, taxes ...string) erp.OrderLine {
	line := erp.OrderLine{Kind: erp.ProductLine, Product: teaKey, Quantity: dec("1"), Total: dec(net)}
	for i, amount := range taxes {
		line.Taxes = append(line.Taxes, erp.LineTax{Tax: []erp.Key{vatKey, cityKey}[i], Amount: dec(amount)})
	}
	return line
}

func TestLinesLandInWholeCoins(t *testing.T) {
	o := &erp.Order{Currency: "EUR", Total: dec("29.97"), Lines: []erp.OrderLine{
		taxedBy("8.33", "1.665000"), taxedBy("8.33", "1.665000"), taxedBy("8.33", "1.665000")},
		Taxes: []erp.OrderTax{{Tax: vatKey, Amount: dec("4.98")}}}
	lines, refused := tea().coins(o)
	require.Nil(t, refused)
	for _, line := range lines {
		require.Equal(t, []string{"8.33", "1.66"}, []string{line.Total.String(), line.Taxes[0].Amount.String()}, "as the store rounded them")
	}
	require.Equal(t, "1.665", o.Lines[0].Taxes[0].Amount.String(), "the order keeps what the store said")
}

// A store that has fewer decimals than the currency rounds taxes to its own unit. Odoo is given what it charged.
func TestTaxesRoundedToTheStoresUnit(t *testing.T) {
	for name, c := range map[string]struct {
		unit, total, tax string
		lines            []erp.OrderLine
		want             []string
	}{
		"whole crowns, rounded by line": {"1", "596", "99", []erp.OrderLine{taxedBy("331", "66.2"), taxedBy("166", "33.4")},
			[]string{"331 66", "166 33"}},
		"tenths, rounded with the sum": {"0.1", "7.4", "1.2", []erp.OrderLine{taxedBy("4.1", "0.82"), taxedBy("2.1", "0.42")},
			[]string{"4.1 0.8", "2.1 0.4"}},
	} {
		o := &erp.Order{Currency: "EUR", Total: dec(c.total), Unit: dec(c.unit), Lines: c.lines, Taxes: []erp.OrderTax{{Tax: vatKey, Amount: dec(c.tax)}}}
		_, refused := tea().coins(&erp.Order{Currency: o.Currency, Total: o.Total, Lines: o.Lines, Taxes: o.Taxes})
		require.Equal(t, "taxes_differ", refused.Code, name)
		lines, refused := tea().coins(o)
		require.Nil(t, refused, name)
		for i, line := range lines {
			require.Equal(t, c.want[i], line.Total.String()+" "+line.Taxes[0].Amount.String(), name)
		}
	}
}

func TestOtherRatesAreParkedWithTheDifference(t *testing.T) {
	o := &erp.Order{Currency: "EUR", Total: dec("119"), Lines: []erp.OrderLine{taxedBy("100", "19")}, Taxes: []erp.OrderTax{{Tax: vatKey, Amount: dec("19")}}}
	_, refused := tea().coins(o)
	require.Equal(t, "taxes_differ", refused.Code)
	require.Equal(t, erp.Parked, refused.Status)
	for _, part := range []string{"19 EUR", vatKey.String(), "20 of it at 20 %", "a difference of -1."} {
		require.Contains(t, refused.Reason, part)
	}
	o = &erp.Order{Currency: "EUR", Total: dec("120"), Lines: []erp.OrderLine{taxedBy("100")}, Taxes: []erp.OrderTax{{Tax: vatKey, Amount: dec("20")}}}
	_, refused = tea().coins(o)
	require.Equal(t, "taxes_differ", refused.Code, "a tax that is of no line")
}

func TestWhatOdooMakesOfCompoundTaxes(t *testing.T) {
	line := taxedBy("100", "20", "6.6")
	for name, c := range map[string]struct {
		vat, city taxRule
		want      string
	}{
		"side by side":           {taxRule{}, taxRule{}, "5.5"},
		"on top":                 {taxRule{passes: true}, taxRule{takes: true}, "6.6"},
		"on top, landed before":  {taxRule{}, taxRule{takes: true}, "6.6"},
		"a person's, on default": {taxRule{takes: true}, taxRule{takes: true}, "5.5"},
		"a person's on 14":       {taxRule{forces: true}, taxRule{}, "6.6"},
	} {
		refs := tea()
		c.vat.rate, c.city.rate, c.city.place = dec("0.2"), dec("0.055"), 2
		refs.rules = map[int64]taxRule{41: c.vat, 42: c.city}
		require.Equal(t, c.want, refs.expected(line, cityKey).String(), name)
	}
}

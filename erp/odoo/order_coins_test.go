package odoo

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

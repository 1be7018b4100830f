package ledger

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func taxKey(id string) erp.Key { return erp.OwnKey("tax", id) }

func TestCalculate(t *testing.T) {
	t.Parallel()
	rates := map[erp.Key]taxRate{
		taxKey("1"): {ID: 1, Name: "VAT", Rate: decimal.NewFromInt(20), Priority: 1},
		taxKey("2"): {ID: 2, Name: "Reduced", Rate: decimal.RequireFromString("5.5"), Priority: 1},
		taxKey("3"): {ID: 3, Name: "On top", Rate: decimal.NewFromInt(10), Priority: 2, Compound: true},
	}
	type line struct {
		total string
		taxes []string
	}
	for name, c := range map[string]struct {
		decimals            int32
		lines               []line
		totals, taxes       []string // of the lines, and of the rates
		untaxed, tax, total string
	}{
		"no tax":              {2, []line{{"9.999", nil}}, []string{"10"}, nil, "10", "0", "10"},
		"half up":             {2, []line{{"0.505", []string{"1"}}, {"-0.505", nil}}, []string{"0.51", "-0.51"}, []string{"0.1"}, "0", "0.1", "0.1"},
		"each line rounded":   {2, []line{{"0.33", []string{"1"}}, {"0.33", []string{"1"}}, {"0.33", []string{"1"}}}, []string{"0.33", "0.33", "0.33"}, []string{"0.21"}, "0.99", "0.21", "1.2"},
		"two rates":           {2, []line{{"53.97", []string{"1"}}, {"10", []string{"2"}}}, []string{"53.97", "10"}, []string{"10.79", "0.55"}, "63.97", "11.34", "75.31"},
		"a tax on taxes":      {2, []line{{"100", []string{"3", "1"}}}, []string{"100"}, []string{"20", "12"}, "100", "32", "132"},
		"a negative fee":      {2, []line{{"20", []string{"1"}}, {"-10", []string{"1"}}}, []string{"20", "-10"}, []string{"2"}, "10", "2", "12"},
		"no coins":            {0, []line{{"1000.4", []string{"2"}}}, []string{"1000"}, []string{"55"}, "1000", "55", "1055"},
		"a thousandth counts": {3, []line{{"1.2345", []string{"1"}}}, []string{"1.235"}, []string{"0.247"}, "1.235", "0.247", "1.482"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var o erp.Order
			for _, l := range c.lines {
				one := erp.OrderLine{Kind: erp.FeeLine, Total: decimal.RequireFromString(l.total)}
				for _, id := range l.taxes {
					one.Taxes = append(one.Taxes, erp.LineTax{Tax: taxKey(id)})
				}
				o.Lines = append(o.Lines, one)
			}
			given := o.Lines
			calculate(&o, rates, c.decimals)
			var totals, taxes []string
			for _, l := range o.Lines {
				totals = append(totals, l.Total.String())
			}
			for _, tax := range o.Taxes {
				require.Equal(t, rates[tax.Tax].Name, tax.Label)
				taxes = append(taxes, tax.Amount.String())
			}
			require.Equal(t, []any{c.totals, c.taxes, c.untaxed, c.tax, c.total}, []any{totals, taxes, o.Untaxed.String(), o.Tax.String(), o.Total.String()})
			require.Equal(t, c.lines[0].total, given[0].Total.String(), "what was given stays")
		})
	}
}

package sales

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// rated gives the tax of the store's rate with this id.
func rated(id string) erp.Key { return erp.Key{Instance: "shop", Entity: "tax", ID: id} }

// TestChargesAreSplitByRate has the standard rate of 20 % as tax 1, the reduced one of 5.5 % as tax 2, and none as tax 3.
func TestChargesAreSplitByRate(t *testing.T) {
	for name, c := range map[string]struct {
		kind  erp.LineKind
		total string
		taxes map[string]string
		want  []string // id, total and tax of each line
	}{
		"a fee at one rate":                   {erp.FeeLine, "10", map[string]string{"1": "2"}, []string{"7 10 1:2"}},
		"a fee without tax":                   {erp.FeeLine, "10", nil, []string{"7 10"}},
		"rounded tax":                         {erp.FeeLine, "0.33", map[string]string{"1": "0.07"}, []string{"7 0.33 1:0.07"}},
		"a negative fee over two rates":       {erp.FeeLine, "-1", map[string]string{"1": "-0.129354", "2": "-0.019428"}, []string{"7/1 -0.646764 1:-0.129354", "7/2 -0.353236 2:-0.019428"}},
		"one of the rates is none":            {erp.FeeLine, "-1", map[string]string{"1": "-0.15", "3": "0"}, []string{"7/1 -0.75 1:-0.15", "7/rest -0.25 3:0"}},
		"some of the goods are not taxed":     {erp.FeeLine, "-1", map[string]string{"1": "-0.15"}, []string{"7/1 -0.75 1:-0.15", "7/rest -0.25"}},
		"compound taxes are more than a part": {erp.ShippingLine, "100", map[string]string{"1": "20", "2": "6.6"}, []string{"7 100 1:20 2:6.6"}},
		"of the other sign":                   {erp.FeeLine, "-1", map[string]string{"1": "0.2"}, []string{"7 -1 1:0.2"}},
		"goods":                               {erp.ProductLine, "10", map[string]string{"1": "1"}, []string{"7 10 1:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			line := erp.OrderLine{ID: "7", Kind: c.kind, Total: dec(c.total)}
			for _, id := range []string{"1", "2", "3"} {
				if amount, ok := c.taxes[id]; ok {
					line.Taxes = append(line.Taxes, erp.LineTax{Tax: rated(id), Amount: dec(amount)})
				}
			}
			rates := map[erp.Key]decimal.Decimal{rated("1"): dec("0.2"), rated("2"): dec("0.055"), rated("3"): dec("0")}
			var got []string
			for _, l := range linesOfOrder(&erp.Order{Lines: []erp.OrderLine{line}}, rates, dec("0.01")) {
				text := l.ID + " " + l.Total.String()
				for _, tax := range l.Taxes {
					text += fmt.Sprintf(" %s:%s", tax.Tax.ID, tax.Amount)
				}
				got = append(got, text)
			}
			require.Equal(t, c.want, got)
		})
	}
}

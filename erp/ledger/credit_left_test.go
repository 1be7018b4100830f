package ledger

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

func num(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// soldOnce is three pieces for 10.00 at 20 %, shipping for 4.90 at 20 %, a book for 5.00 at 5.5 % and a fee without tax: 22.40 + 3.26.
func soldOnce() leftOrder {
	line := func(id string, kind erp.LineKind, quantity, total string, taxes ...lineTaxRow) leftLine {
		return leftLineRow{orderLineRow: orderLineRow{StoreLine: id, Kind: kind, Quantity: num(quantity), Total: num(total), Taxes: taxes}}.untouched(2)
	}
	return leftOrder{total: num("25.66"), currency: "EUR", decimals: 2,
		lines: []leftLine{
			line("1", erp.ProductLine, "3", "10", lineTaxRow{Tax: 1, Amount: num("2")}),
			line("2", erp.ShippingLine, "1", "4.90", lineTaxRow{Tax: 1, Amount: num("0.98")}),
			line("3", erp.ProductLine, "1", "5", lineTaxRow{Tax: 2, Amount: num("0.275")}),
			line("4", erp.FeeLine, "1", "2.50"),
		},
		rates: []erp.OrderTax{{Tax: ownTax(1), Rate: num("20"), Amount: num("2.98")}, {Tax: ownTax(2), Rate: num("5.5"), Amount: num("0.28")}},
	}
}

// given writes what a credit note gives back: "line quantity net" of each line, then the taxes.
func (c credit) String() string {
	var parts []string
	for _, line := range c.lines {
		parts = append(parts, strings.Join([]string{line.Of, line.Quantity.String(), line.Total.String()}, " "))
	}
	for _, tax := range c.taxes {
		parts = append(parts, tax.Rate.String()+"% "+tax.Amount.String())
	}
	return strings.Join(parts, ", ")
}

func TestGive(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ask   erp.CreditRequest
		want  string
		field string
	}{
		"all":                  {ask: erp.CreditRequest{}, want: "1 3 10, 2 1 4.9, 3 1 5, 4 1 2.5, 20% 2.98, 5.5% 0.28"},
		"the whole amount":     {ask: erp.CreditRequest{Amount: num("25.66")}, want: "1 3 10, 2 1 4.9, 3 1 5, 4 1 2.5, 20% 2.98, 5.5% 0.28"},
		"one piece of three":   {ask: lines(erp.CreditedLine{Of: "1", Quantity: num("1")}), want: "1 1 3.33, 20% 0.67"},
		"all pieces":           {ask: lines(erp.CreditedLine{Of: "1", Quantity: num("3")}), want: "1 3 10, 20% 2"},
		"half up":              {ask: lines(erp.CreditedLine{Of: "3"}), want: "3 1 5, 5.5% 0.28"},
		"of a line an amount":  {ask: lines(erp.CreditedLine{Of: "2", Amount: num("1")}), want: "2 0 1, 20% 0.2"},
		"two lines":            {ask: lines(erp.CreditedLine{Of: "2"}, erp.CreditedLine{Of: "4"}), want: "2 1 4.9, 4 1 2.5, 20% 0.98"},
		"every line":           {ask: lines(erp.CreditedLine{Of: "1"}, erp.CreditedLine{Of: "2"}, erp.CreditedLine{Of: "3"}, erp.CreditedLine{Of: "4"}), want: "1 3 10, 2 1 4.9, 3 1 5, 4 1 2.5, 20% 2.98, 5.5% 0.28"},
		"an amount":            {ask: erp.CreditRequest{Amount: num("10")}, want: " 1 5.81,  1 1.95,  1 0.97, 20% 1.16, 5.5% 0.11"},
		"more than is left":    {ask: erp.CreditRequest{Amount: num("25.67")}, field: "amount"},
		"half a cent":          {ask: erp.CreditRequest{Amount: num("1.005")}, field: "amount"},
		"more pieces":          {ask: lines(erp.CreditedLine{Of: "1", Quantity: num("4")}), field: "lines[0].quantity"},
		"more of a line":       {ask: lines(erp.CreditedLine{Of: "2", Amount: num("4.91")}), field: "lines[0].amount"},
		"half a cent of it":    {ask: lines(erp.CreditedLine{Of: "2", Amount: num("1.005")}), field: "lines[0].amount"},
		"less than nothing":    {ask: lines(erp.CreditedLine{Of: "2", Amount: num("-1")}), field: "lines[0].amount"},
		"a line of none":       {ask: lines(erp.CreditedLine{Of: "2"}, erp.CreditedLine{Of: "9"}), field: "lines[1].line"},
		"a line that is twice": {ask: lines(erp.CreditedLine{Of: "2"}, erp.CreditedLine{Of: "2"}), field: "lines[1].line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given, err := soldOnce().give(c.ask)
			require.Equal(t, c.field, fieldOf(err), "%v", err)
			require.Equal(t, c.want, given.String())
		})
	}
}

func lines(asked ...erp.CreditedLine) erp.CreditRequest { return erp.CreditRequest{Lines: asked} }

func fieldOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.From(err).Field
}

// take takes a whole credit note off what is left, as reading it back does.
func (left *leftOrder) takeAll(c credit) {
	for _, line := range c.lines {
		row := refundLineRow{OrderLine: line.Of, Kind: line.Kind, Quantity: line.Quantity, Total: line.Total}
		for _, tax := range line.Taxes {
			id, _ := ledgerID(erp.OwnID(tax.Tax))
			row.Taxes = append(row.Taxes, lineTaxRow{Tax: id, Amount: tax.Amount})
		}
		left.take(row)
	}
	for _, tax := range c.taxes {
		for i := range left.rates {
			if left.rates[i].Tax == tax.Tax {
				left.rates[i].Amount = left.rates[i].Amount.Sub(tax.Amount)
			}
		}
	}
	left.total = left.total.Sub(c.total())
}

// However an order is given back, piece by piece or by amounts, it is never more than was charged, and the last of it is exactly the rest.
func TestTheLastOfAnOrderIsExactlyTheRest(t *testing.T) {
	t.Parallel()
	piece := lines(erp.CreditedLine{Of: "1", Quantity: num("1")})
	for name, asked := range map[string][]erp.CreditRequest{
		"piece by piece":      {piece, piece, piece, lines(erp.CreditedLine{Of: "2"}), lines(erp.CreditedLine{Of: "3"}), lines(erp.CreditedLine{Of: "4"})},
		"pieces and the rest": {piece, piece, {}},
		"amounts":             {{Amount: num("3.33")}, {Amount: num("7.77")}, {Amount: num("0.01")}, {Amount: num("14.55")}},
		"an amount, lines":    {{Amount: num("5")}, lines(erp.CreditedLine{Of: "3"}), {}},
		"lines, an amount":    {lines(erp.CreditedLine{Of: "1", Amount: num("3.33")}), {Amount: num("5")}, {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left := soldOnce()
			for _, ask := range asked {
				given, err := left.give(ask)
				require.NoError(t, err)
				left.takeAll(given)
				require.False(t, left.total.IsNegative())
				for _, rate := range left.rates {
					require.False(t, rate.Amount.IsNegative(), "more tax than was charged: %s", rate.Amount)
				}
			}
			require.Equal(t, []string{"0", "0", "0"}, []string{left.total.String(), left.rates[0].Amount.String(), left.rates[1].Amount.String()})
			_, err := left.give(erp.CreditRequest{})
			require.Equal(t, fault.Conflict, fault.KindOf(err))
		})
	}
}

// A gift card that paid part of an order is given back with the last of it. Until then no more than was charged is.
func TestWhatAGiftCardPaidIsNotGivenBack(t *testing.T) {
	t.Parallel()
	left := soldOnce()
	left.total = num("20.66")
	left.lines = append(left.lines, leftLineRow{orderLineRow: orderLineRow{StoreLine: "5", Kind: erp.CreditLine, Quantity: num("1"), Total: num("-5")}}.untouched(2))
	_, err := left.give(lines(erp.CreditedLine{Of: "5"}))
	require.Equal(t, "lines[0].line", fieldOf(err))
	_, err = left.give(lines(erp.CreditedLine{Of: "1"}, erp.CreditedLine{Of: "2"}, erp.CreditedLine{Of: "3"}))
	require.Equal(t, "lines", fieldOf(err))
	rest, err := left.give(erp.CreditRequest{})
	require.NoError(t, err)
	require.Equal(t, "20.66", rest.total().String())
}

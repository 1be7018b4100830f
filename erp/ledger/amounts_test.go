package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// charged makes an order over lines of "amount tax", with the tax as the store gives it, whatever the rate.
func (s *seller) charged(currency string, decimals int32, lines ...string) erp.Order {
	s.tb.Helper()
	order := s.batch(1)[0]
	order.Currency, order.PriceList, order.Lines = currency, erp.Key{}, nil
	untaxed, tax := decimal.Zero, decimal.Zero
	for i, line := range lines {
		var amount, lineTax string
		_, err := fmt.Sscan(line, &amount, &lineTax)
		require.NoError(s.tb, err)
		untaxed, tax = untaxed.Add(dec(amount)), tax.Add(dec(lineTax))
		order.Lines = append(order.Lines, erp.OrderLine{ID: fmt.Sprint(i), Kind: erp.FeeLine, Quantity: dec("1"), UnitPrice: dec(amount),
			Total: dec(amount), Taxes: []erp.LineTax{{Tax: benchKey("tax", 0), Amount: dec(lineTax)}}})
	}
	order.Untaxed, order.Tax = untaxed.Round(decimals), tax.Round(decimals)
	order.Taxes = []erp.OrderTax{{Tax: benchKey("tax", 0), Label: "VAT", Rate: dec("20"), Amount: order.Tax}}
	order.Total = order.Untaxed.Add(order.Tax)
	if cents := order.Untaxed.Sub(untaxed); !cents.IsZero() {
		order.Lines = append(order.Lines, erp.OrderLine{ID: "r", Kind: erp.RoundingLine, Quantity: dec("1"), UnitPrice: cents, Total: cents})
	}
	return order
}

// invoiced takes an order as far as its invoice, which is over what the store charged.
func (s *seller) invoiced(order erp.Order) {
	s.tb.Helper()
	s.landed(s.UpsertOrders(s.tb.Context(), []erp.Order{order}))
	s.confirm(order.Key)
	require.Equal(s.tb, order.Total.String(), s.invoice(order.Key, saleDate).Due.String())
}

// books gives what the postings of a currency come to per side, once the order is invoiced and paid.
func (s *seller) books(order erp.Order) string {
	s.tb.Helper()
	s.invoiced(order)
	s.pay(order.Key)
	totals, err := s.Totals(s.tb.Context(), order.Key.Instance)
	require.NoError(s.tb, err)
	sum := ""
	for _, p := range totals.Postings {
		require.Equal(s.tb, p.Debit.String(), p.Credit.String(), p.Currency)
		if p.Currency == order.Currency {
			sum = p.Debit.String()
		}
	}
	return sum
}

// A rate of 20 % does not make these taxes: the store charged them, and they are kept.
func TestTaxesAreTheStoresWhateverTheirRate(t *testing.T) {
	for _, c := range []struct {
		currency string
		decimals int32
		line     string
		total    string
		tax      string
		books    string
	}{
		{"JPY", 0, "1499 150", "1649", "150", "3298"},
		{"USD", 2, "14.99 1.50", "16.49", "1.5", "32.98"},
		{"KWD", 3, "14.999 1.501", "16.5", "1.501", "33"},
		{"EUR", 2, "100 0", "100", "0", "200"},
	} {
		t.Run(c.currency, func(t *testing.T) {
			s := newSeller(t, 3, 1)
			order := s.charged(c.currency, c.decimals, c.line)
			require.Equal(t, c.books, s.books(order))
			figures, err := s.OrderFigures(t.Context(), []erp.Key{order.Key})
			require.NoError(t, err)
			require.Equal(t, []string{c.total, c.tax, c.tax},
				[]string{figures[0].Total.String(), figures[0].Tax.String(), figures[0].Taxes[0].Amount.String()})
		})
	}
}

func TestANegativeFeeIsTakenOffEachSide(t *testing.T) {
	s := newSeller(t, 3, 1)
	require.Equal(t, "168", s.books(s.charged("EUR", 2, "100 20", "-30 -6")))
}

// Amounts and taxes at random: even what comes to less than nothing is invoiced as it is.
func TestPostingsBalanceWhateverTheAmounts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	amount := func(exponent int32) string { return decimal.New(random.Int64N(2_000_000)-500_000, exponent).String() }
	s := newSeller(t, 3, 1)
	sum := decimal.Zero
	for range 25 {
		var lines []string
		for range 1 + random.IntN(4) {
			lines = append(lines, amount(-4)+" "+amount(-6))
		}
		order := s.charged("EUR", 2, lines...)
		s.invoiced(order)
		sum = sum.Add(order.Total)
	}
	totals, err := s.Totals(t.Context(), benchKey("order", 1).Instance)
	require.NoError(t, err)
	require.Equal(t, sum.String(), totals.Orders[0].Total.String())
	require.Equal(t, totals.Postings[0].Debit.String(), totals.Postings[0].Credit.String())
	require.Equal(t, 25, totals.Invoiced)
}

package entitytest

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// RequireAmount compares decimals by value.
func RequireAmount(t testing.TB, want string, got decimal.Decimal, what ...any) {
	t.Helper()
	require.Equal(t, Amount(want).String(), got.String(), what...)
}

// RequireRefusal holds an error to its kind and code.
func RequireRefusal(t testing.TB, err error, kind fault.Kind, code string) *fault.Error {
	t.Helper()
	require.Error(t, err)
	f := fault.From(err)
	require.Equal(t, kind, f.Kind, f.Message)
	require.Equal(t, code, f.Code)
	require.NotEmpty(t, f.Message)
	return f
}

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

// RequireConserved holds an order to its total, as a backend does.
func RequireConserved(t testing.TB, o erp.Order) {
	t.Helper()
	lines, taxes := sum(o)
	require.True(t, lines.Add(taxes).Equal(o.Total), "lines %s + taxes %s is not the total %s", lines, taxes, o.Total)
	for _, l := range o.Lines {
		require.True(t, l.Total.Equal(l.Total.Round(instance.CurrencyDecimals(o.Currency))), "%s is finer than a coin", l.Total)
	}
	for _, tax := range o.Taxes {
		require.True(t, tax.Amount.Equal(tax.Amount.Round(instance.CurrencyDecimals(o.Currency))), "%s is finer than a coin", tax.Amount)
	}
	require.True(t, taxes.Equal(o.Tax))
	require.True(t, o.Untaxed.Add(o.Tax).Equal(o.Total))
}

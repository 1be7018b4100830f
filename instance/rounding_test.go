package instance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

func TestRounding(t *testing.T) {
	for text, want := range map[string]string{"": "0", "0.05": "0.05", "2": "2"} {
		got, err := instance.Order{RoundingLimit: text}.Rounding()
		require.NoError(t, err)
		require.Equal(t, want, got.String())
	}
	for _, endless := range []string{"1e999999999", "1e-999999999"} {
		_, err := instance.Order{RoundingLimit: endless}.Rounding()
		require.Equal(t, "order.rounding_limit", fault.From(err).Field)
	}
	_, err := instance.Order{RoundingLimit: "1,0"}.Rounding()
	require.Equal(t, "order.rounding_limit", fault.From(err).Field)
}

func TestRoundingLimitOf(t *testing.T) {
	for _, test := range []struct {
		limit    string
		decimals int32
		lines    int
		want     string
	}{
		{"", 2, 20, "0"},
		{"0", 2, 20, "0"},
		{"0.01", 2, 0, "0.01"},
		{"0.01", 2, 1, "0.01"},
		{"0.01", 2, 2, "0.01"},
		{"0.01", 2, 3, "0.02"},
		{"0.01", 2, 20, "0.1"},
		{"0.05", 2, 1, "0.05"},
		{"0.01", 0, 1, "1"},     // a yen
		{"0.01", 0, 5, "3"},     //
		{"0.01", 3, 1, "0.005"}, // five fils
		{"50", 2, 1, "0.05"},    // kept from before such limits were refused
	} {
		got, err := instance.Order{RoundingLimit: test.limit}.RoundingLimitOf(test.decimals, test.lines)
		require.NoError(t, err)
		require.Equal(t, test.want, got.String(), "%+v", test)
	}
	_, err := instance.Order{RoundingLimit: "lots"}.RoundingLimitOf(2, 1)
	require.Equal(t, "order.rounding_limit", fault.From(err).Field)
}

func TestCurrencyDecimals(t *testing.T) {
	for code, want := range map[string]int32{
		"EUR": 2, "PKR": 2, "RSD": 2, "IDR": 2, "COP": 2, "TZS": 2, "HUF": 2, "ISK": 0, "JPY": 0, "UGX": 0, "IQD": 3, "KWD": 3,
		"XYZ": 2, "": 2,
	} {
		require.Equal(t, want, instance.CurrencyDecimals(code), code)
	}
}

package sales

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/instance"
)

// recordedExactly names every recorded reply that is one order read with all its decimals, as the import reads it.
func recordedExactly(t testing.TB) []string {
	t.Helper()
	var names []string
	for _, name := range entitytest.RecordedNames(t) {
		if isExactOrder(t, name) {
			names = append(names, name)
		}
	}
	return names
}

func isExactOrder(t testing.TB, name string) bool {
	t.Helper()
	if strings.HasPrefix(filepath.Base(name), "_") {
		return false
	}
	file := entitytest.RecordedFile(t, name)
	var order struct {
		Key      string          `json:"order_key"`
		TaxLines json.RawMessage `json:"tax_lines"`
	}
	exact := strings.Contains(file.Request.Path+"?"+file.Request.Query, "dp=6")
	return json.Unmarshal(file.Response.Body, &order) == nil && exact && order.Key != "" && order.TaxLines != nil
}

// TestRecordedOrdersLandExactly: what a real WooCommerce calculated, in every way it can be set to round, is booked with
// its total, its tax per rate and no rounding line, in whole coins.
func TestRecordedOrdersLandExactly(t *testing.T) {
	names := recordedExactly(t)
	require.Greater(t, len(names), 115)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			recorded := entitytest.RecordedOrder(t, name)
			ec := entitytest.Demo()
			ec.Instance.Config.General.Currencies = []string{"JPY", "KWD", "CAD", "USD"}
			ec.Instance.Config.Order.Placeholder = "99"
			o, _, err := mapTestOrder(ec, orderRecord{Order: recorded})
			require.NoError(t, err)
			entitytest.RequireConserved(t, o)
			require.True(t, o.Total.Equal(recorded.Total.Decimal))
			require.True(t, o.Tax.Equal(recorded.TotalTax.Round(instance.CurrencyDecimals(o.Currency))), "%s is not %s", o.Tax, recorded.TotalTax)
			require.Len(t, o.Taxes, len(recorded.TaxLines))
			for i, tax := range recorded.TaxLines {
				requireNear(t, tax.TaxTotal.Add(tax.ShippingTaxTotal.Decimal), o.Taxes[i].Amount, instance.CurrencyDecimals(o.Currency))
			}
			for _, line := range o.Lines {
				require.NotEqual(t, erp.RoundingLine, line.Kind)
			}
		})
	}
}

// requireNear holds an amount to the store's: the same, or what the store did not round itself to the next coin.
func requireNear(t testing.TB, want, got decimal.Decimal, places int32) {
	t.Helper()
	if want.Equal(want.Round(places)) {
		require.True(t, got.Equal(want), "%s is not %s", got, want)
		return
	}
	require.True(t, got.Equal(want.RoundFloor(places)) || got.Equal(want.RoundCeil(places)), "%s is not %s in coins", got, want)
}

package sales

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/instance"
	"tandem/woo"
)

// An order must be rounded as the ledger rounds what is made of it.
func TestDecimalsAreTheLedgers(t *testing.T) {
	var seeded [][]string
	for _, name := range []string{"0001_base.sql", "0003_money.sql"} {
		script, err := os.ReadFile(filepath.Join("..", "..", "schema", "ledger", name))
		require.NoError(t, err)
		seeded = append(seeded, regexp.MustCompile(`\('([A-Z]{3})', '[^']+', (\d)\)`).FindAllStringSubmatch(string(script), -1)...)
	}
	var codes []string
	for _, row := range seeded {
		codes = append(codes, row[1])
	}
	var listed []struct{ Code string }
	require.NoError(t, json.Unmarshal(entitytest.Recorded(t, "woocommerce-10.5.0/data_currencies_codes"), &listed))
	for _, currency := range listed {
		require.Contains(t, codes, currency.Code, "WooCommerce lists it")
	}
	for _, row := range seeded {
		require.Equal(t, row[2], strconv.Itoa(int(instance.CurrencyDecimals(row[1]))), row[1])
	}
}

func TestMinorUnitsOfAnOrderStayExact(t *testing.T) {
	for _, test := range []struct{ currency, net, tax, total string }{
		{"PKR", "847.46", "152.54", "1000.00"},
		{"RSD", "83.33", "16.67", "100.00"},
		{"IQD", "83.333", "16.667", "100.000"},
		{"JPY", "909", "91", "1000"},
	} {
		t.Run(test.currency, func(t *testing.T) {
			o := priceOf(test.net, test.total)
			o.Currency, o.TotalTax = test.currency, entitytest.Some(test.tax)
			o.TaxLines = []woo.TaxLine{{RateID: "1", TaxTotal: entitytest.Some(test.tax)}}
			ec := entitytest.Demo()
			ec.Instance.Config.General.Currencies = []string{test.currency}
			mapped, steps, err := mapTestOrder(ec, orderRecord{Order: o})
			require.NoError(t, err)
			require.Empty(t, steps, "no rounding line is needed")
			require.Equal(t, test.tax, mapped.Tax.StringFixed(instance.CurrencyDecimals(test.currency)))
			entitytest.RequireAmount(t, test.net, mapped.Untaxed)
			entitytest.RequireConserved(t, mapped)
		})
	}
}

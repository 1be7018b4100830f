package woo

import (
	"net/http"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/fault"
)

const index = `{"name":"Demo","url":"http://shop.example","gmt_offset":"2","timezone_string":"Europe/Berlin","namespaces":["wp/v2","wc/v3"]}`

func probeStore(t *testing.T) (*Client, *http.ServeMux) {
	client, mux := setup(t)
	echo(mux, "GET "+shopPath+"/wp-json/{$}", index)
	mux.HandleFunc("GET "+api+"/settings/general", readFixture(t, "settings_general").serve)
	mux.HandleFunc("GET "+api+"/settings/tax", readFixture(t, "settings_tax").serve)
	mux.HandleFunc("GET "+api+"/settings/products", readFixture(t, "settings_products").serve)
	return client, mux
}

func TestProbe(t *testing.T) {
	client, mux := probeStore(t)
	mux.HandleFunc("GET "+api+"/system_status", readFixture(t, "system_status").serve)
	info, err := client.Probe(t.Context())
	require.NoError(t, err)
	require.Equal(t, StoreInfo{
		Name: "Demo", WooCommerceVersion: "10.0.2", WordPressVersion: "6.8.7", PHPVersion: "8.4.24", Currency: "EUR", PriceDecimals: 2,
		Timezone: "Europe/Berlin", TaxesEnabled: true, WeightUnit: "lbs", DimensionUnit: "in", PrettyPermalinks: true, Language: "en_US",
	}, info)
	require.Equal(t, int64(5), client.Requests())
}

func TestProbeDoesWithoutTheStatus(t *testing.T) {
	client, mux := probeStore(t)
	mux.HandleFunc("GET "+api+"/system_status", readFixture(t, "bad_key_error").serve)
	info, err := client.Probe(t.Context())
	require.NoError(t, err)
	require.True(t, info.StatusRefused)
	require.Equal(t, "EUR", info.Currency)
	require.Empty(t, info.WooCommerceVersion)
}

func TestProbeOfSomethingElse(t *testing.T) {
	for name, serve := range map[string]func(http.ResponseWriter){
		"a page":            func(w http.ResponseWriter) { answer(w, 200, "<html>Hello</html>") },
		"nothing there":     func(w http.ResponseWriter) { answer(w, 404, "<html>Not found</html>") },
		"bare WordPress":    func(w http.ResponseWriter) { answer(w, 200, `{"name":"Blog","namespaces":["wp/v2"]}`) },
		"REST switched off": func(w http.ResponseWriter) { answer(w, 404, `{"code":"rest_no_route","message":"x"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			client, mux := setup(t)
			mux.HandleFunc("GET "+shopPath+"/wp-json/{$}", func(w http.ResponseWriter, _ *http.Request) { serve(w) })
			_, err := client.Probe(t.Context())
			requireField(t, err, "url")
		})
	}
}

func TestProbePassesOtherErrorsOn(t *testing.T) {
	client, mux := setup(t)
	echo(mux, "GET "+shopPath+"/wp-json/{$}", index)
	mux.HandleFunc("GET "+api+"/settings/general", readFixture(t, "bad_key_error").serve)
	_, err := client.Probe(t.Context())
	require.Equal(t, fault.Unauthorized, fault.KindOf(err))

	client, mux = setup(t, func(cfg *Config) { cfg.Tries = 1 })
	mux.HandleFunc("GET "+shopPath+"/wp-json/{$}", func(w http.ResponseWriter, _ *http.Request) { answer(w, 503, "<html>Maintenance</html>") })
	_, err = client.Probe(t.Context())
	require.Equal(t, Unavailable, ReasonOf(err))
}

func TestTimezone(t *testing.T) {
	for offset, want := range map[string]string{"2": "UTC+02:00", "-3.5": "UTC-03:30", "5.75": "UTC+05:45", "0": "UTC+00:00"} {
		require.Equal(t, want, timezone(Index{GMTOffset: NewDecimal(decimal.RequireFromString(offset))}))
	}
	require.Equal(t, "Asia/Tokyo", timezone(Index{Timezone: "Asia/Tokyo"}))
}

func TestSystemService(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/data/currencies/current", readFixture(t, "currencies").serve)
	currency, err := client.System.Currency(t.Context())
	require.NoError(t, err)
	require.Equal(t, "EUR", currency.Code)

	mux.HandleFunc("GET "+api+"/reports/orders/totals", readFixture(t, "reports_orders_totals").serve)
	totals, err := client.Reports.Totals(t.Context(), "orders")
	require.NoError(t, err)
	require.Equal(t, []any{"pending", Int(484)}, []any{totals[0].Slug, totals[0].Total})

	mux.HandleFunc("GET "+api+"/system_status", readFixture(t, "bad_key_error").serve)
	_, err = client.System.Status(t.Context())
	require.Equal(t, Unauthorized, ReasonOf(err))
}

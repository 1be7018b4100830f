package wootest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFront: a person who opens the printed address finds the keys, the API and the faults.
func TestFront(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "/shop"} {
		c := newClient(t, Options{BasePath: base})
		answer := c.do(http.MethodGet, "/", nil)
		require.Equal(t, http.StatusOK, answer.status)
		require.Equal(t, "text/html; charset=UTF-8", answer.header.Get("Content-Type"))
		for _, told := range []string{DefaultKey, DefaultSecret, c.base + "/wp-json/", "/__sim/faults"} {
			require.Contains(t, string(answer.raw), told)
		}
	}
	own := newClient(t, Options{Keys: []Key{{Key: "ck_own", Secret: "cs_own", Permission: Read}}})
	require.NotContains(t, string(own.do(http.MethodGet, "/", nil).raw), "cs_own", "only the well-known key is shown")
}

// TestSettingsOfMoney: seeded orders add up in every setting, and take the shop's decimals.
func TestSettingsOfMoney(t *testing.T) {
	t.Parallel()
	for currency, total := range map[string]string{"JPY": `^\d+$`, "EUR": `^\d+\.\d\d$`, "KWD": `^\d+\.\d{3}$`} {
		o := Demo()
		o.Currencies, o.PricesIncludeTax = []string{currency}, true
		c := newClient(t, o)
		for _, item := range c.get("orders?per_page=100&status=completed").body.([]any) {
			order := item.(fields)
			require.Equal(t, true, order["prices_include_tax"])
			require.Regexp(t, total, order["total"])
		}
	}
}

// TestShippingDisabled: the zones are gone, methods and classes still answer.
func TestShippingDisabled(t *testing.T) {
	t.Parallel()
	o := Demo()
	o.ShippingDisabled = true
	c := newClient(t, o)
	zones := c.api(http.MethodGet, "shipping/zones", nil)
	require.Equal(t, http.StatusNotFound, zones.status)
	require.Equal(t, "rest_no_route", zones.code())
	require.Equal(t, http.StatusOK, c.get("shipping_methods").status)
	require.Equal(t, http.StatusOK, c.get("products/shipping_classes").status)
}

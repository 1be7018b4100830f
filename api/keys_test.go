package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/instance"
)

// Keys belong to the server they were made for: an address of another one never gets them.
func TestKeysAreAskedForAgainAtAnotherAddress(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		kept   instance.Credentials
	}{
		"host":       {map[string]any{"store_url": "https://evil.example.com"}, instance.Credentials{ERPSecret: erpSecret}},
		"scheme":     {map[string]any{"store_url": "http://shop.example.com"}, instance.Credentials{ERPSecret: erpSecret}},
		"port":       {map[string]any{"store_url": "https://shop.example.com:8443"}, instance.Credentials{ERPSecret: erpSecret}},
		"sub-folder": {map[string]any{"store_url": "https://shop.example.com/shop"}, instance.Credentials{ConsumerKey: consumerKey, ConsumerSecret: consumerSecret, ERPSecret: erpSecret}},
		"ERP":        {way("url", "https://evil.example.com"), instance.Credentials{ConsumerKey: consumerKey, ConsumerSecret: consumerSecret}},
		"database":   {way("database", "other"), instance.Credentials{ConsumerKey: consumerKey, ConsumerSecret: consumerSecret, ERPSecret: erpSecret}},
		"backend":    {map[string]any{"backend": "ledger"}, instance.Credentials{ConsumerKey: consumerKey, ConsumerSecret: consumerSecret}},
		"new keys": {
			map[string]any{"store_url": "https://new.example.com", "consumer_key": "ck_2", "consumer_secret": "cs_2"},
			instance.Credentials{ConsumerKey: "ck_2", ConsumerSecret: "cs_2", ERPSecret: erpSecret},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
			h.call("PATCH", "/instances/shop", c.change).is(http.StatusOK)
			kept, err := h.db.Credentials(t.Context(), "shop")
			require.NoError(t, err)
			require.Equal(t, c.kept, kept)
		})
	}
}

func TestConnectAsksForDroppedKeys(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
	change := way("url", "https://evil.example.com")
	change["store_url"] = "https://evil.example.com"
	h.call("PATCH", "/instances/shop", change).is(http.StatusOK)
	h.call("POST", "/instances/shop/connect", nil).
		fields(http.StatusUnprocessableEntity, "consumer_key", "consumer_secret", "erp_secret")
}

// The way over another ERP does not lead the key elsewhere.
func TestTheKeyOfAnERPIsGoneWithIt(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
	h.call("PATCH", "/instances/shop", map[string]any{"backend": "ledger"}).is(http.StatusOK)
	change := way("url", "https://evil.example.com")
	change["backend"] = "odoo"
	h.call("PATCH", "/instances/shop", change).is(http.StatusOK)
	h.call("POST", "/instances/shop/connect", nil).fields(http.StatusUnprocessableEntity, "erp_secret")
}

func TestALedgerTakesNoKey(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.call("PATCH", "/instances/demo", map[string]any{"erp_secret": erpSecret}).fields(http.StatusUnprocessableEntity, "erp_secret")
}

func TestWarningsNameTheSettings(t *testing.T) {
	h := newHarness(t)
	h.store.currencies = "EUR,USD"
	h.connected()
	found := decode[gen.Instance](h.call("GET", "/instances/demo", nil).is(http.StatusOK))
	require.Len(t, found.Warnings, 1)
	require.Contains(t, found.Warnings[0], "in USD")
	require.Contains(t, found.Warnings[0], "config.general.currencies")
	change := map[string]any{"general": map[string]any{"currency": "EUR", "multi_currency": true, "currencies": []string{"USD"}}}
	configured := decode[gen.Instance](h.call("PATCH", "/instances/demo", map[string]any{"config": change}).is(http.StatusOK))
	require.Empty(t, configured.Warnings)
}

package wootest

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestShippingZones(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	require.Equal(t, []int{0, 1}, c.get("shipping/zones").ids())
	require.Len(t, c.get("shipping/zones/1/locations").body, 3)
	require.Equal(t, []int{2, 3}, c.get("shipping/zones/1/methods").ids())
	require.Equal(t, "Standard delivery", c.get("shipping/zones/1/methods/2").object()["title"])
	require.Equal(t, 404, c.get("shipping/zones/0/methods/2").status, "of another zone")

	z := c.post("shipping/zones", fields{"name": "Islands"})
	path := "shipping/zones/" + identifier(z.id())
	c.put(path+"/locations", []fields{{"code": "GP", "type": "country"}})
	require.Len(t, c.get(path+"/locations").body, 1)
	m := c.post(path+"/methods", fields{"method_id": "flat_rate", "settings": fields{"cost": "9"}})
	require.Equal(t, "9", m.object()["settings"].(fields)["cost"].(fields)["value"])
	require.Equal(t, 500, c.api("POST", path+"/methods", fields{"method_id": "balloon"}).status)
	require.Equal(t, 403, c.put("shipping/zones/0", fields{"name": "x"}).status)
	require.Equal(t, 501, c.del(path).status)
	require.Equal(t, 200, c.del(path+"?force=true").status)
	require.Equal(t, 404, c.get(path+"/methods").status)
}

func TestTaxClasses(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	require.Equal(t, 201, c.post("taxes/classes", fields{"name": "Super Reduced"}).status)
	require.Equal(t, "woocommerce_rest_tax_class_exists", c.api("POST", "taxes/classes", fields{"name": "Super reduced"}).code())
	require.Len(t, c.get("taxes/classes").body, 4)
	require.Equal(t, 501, c.del("taxes/classes/super-reduced").status)
	require.Equal(t, 200, c.del("taxes/classes/super-reduced?force=true").status)
	require.Equal(t, 404, c.get("taxes/classes/super-reduced").status)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	require.Equal(t, "kg", c.get("settings/products/woocommerce_weight_unit").object()["value"])
	require.Equal(t, "GBP", c.put("settings/general/woocommerce_currency", fields{"value": "GBP"}).object()["value"])
	require.Equal(t, "GBP", c.get("data/currencies/current").object()["code"])
	require.Equal(t, "GBP", c.get("system_status").object()["settings"].(fields)["currency"])
	require.Equal(t, "GBP", c.post("orders", fields{}).object()["currency"])
	batch := c.post("settings/tax/batch", fields{"update": []fields{{"id": "woocommerce_tax_round_at_subtotal", "value": "yes"}, {"id": "nosuch"}}})
	updated := batch.object()["update"].([]any)
	require.Equal(t, "yes", updated[0].(fields)["value"])
	require.Equal(t, "rest_setting_setting_invalid", updated[1].(fields)["error"].(fields)["code"])
	require.Equal(t, "rest_setting_setting_group_invalid", c.get("settings/nosuch").code())
	require.Equal(t, "woocommerce_rest_data_invalid_currency", c.get("data/currencies/XXX").code())
	require.Len(t, c.get("settings").body, 3)
	require.Len(t, c.get("data/currencies").body, len(currencyCodes))
}

func TestGateways(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	require.Len(t, c.get("payment_gateways").body, 4)
	changed := c.put("payment_gateways/bacs", fields{"title": "Wire", "enabled": "no", "order": 3, "description": "d"}).object()
	require.Equal(t, "Wire", changed["title"])
	require.Equal(t, false, changed["enabled"])
	require.Equal(t, float64(3), c.get("payment_gateways/bacs").object()["order"])
	require.Equal(t, "woocommerce_rest_payment_gateway_invalid", c.put("payment_gateways/nosuch", fields{}).code())
}

// TestReports: the cheap counts agree with the lists.
func TestReports(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	totals := func(kind string) map[string]int {
		counts := map[string]int{}
		for _, row := range c.get("reports/" + kind + "/totals").body.([]any) {
			counts[row.(fields)["slug"].(string)] = int(row.(fields)["total"].(float64))
		}
		return counts
	}
	orders := totals("orders")
	require.NotZero(t, orders["checkout-draft"])
	delete(orders, "checkout-draft")
	require.Equal(t, c.store.OrderStatuses(), orders)
	require.Equal(t, len(everything(c, "products?type=variable&status=publish")), totals("products")["variable"])
	customers := totals("customers")
	require.Equal(t, 200, customers["paying"]+customers["non_paying"])
	require.Equal(t, 2, totals("coupons")["percent"])
}

func TestCounts(t *testing.T) {
	t.Parallel()
	s := New(Demo())
	for kind, want := range map[string]int{"categories": 17, "tags": 6, "brands": 5, "shipping_classes": 1, "attributes": 2,
		"terms": 8, "taxes": 3, "customers": 200, "coupons": 4} {
		require.Equal(t, want, s.Count(kind), kind)
	}
	require.Panics(t, func() { s.Count("unicorns") })
}

// TestServe listens until it is told to stop, and says so when it cannot.
func TestServe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan *Server, 1), make(chan error, 1)
	go func() { done <- Serve(ctx, Options{}, "127.0.0.1:0", func(s *Server) { ready <- s }) }()
	address := (<-ready).URL[len("http://"):]
	err := Serve(ctx, Options{}, address, nil)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)

	connection, err := net.DialTimeout("tcp", address, time.Second)
	require.NoError(t, err)
	require.NoError(t, connection.Close())
	cancel()
	require.NoError(t, <-done)
}

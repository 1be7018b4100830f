package worker

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"tandem/instance"
)

// Two instances on one Odoo share its request budget; each store has its own.
func TestMetricsOfRequestBudgets(t *testing.T) {
	d := newDB(t, instance.Active)
	odoo := startOdoo(t)
	addOdoo(t, d, "shop", odoo.URL)
	addOdoo(t, d, "other", odoo.URL)
	require.NoError(t, d.SetCredentials(t.Context(), "other", instance.Credentials{ERPSecret: "a key of its own"}))
	c := newConnections(d)
	for _, id := range []string{"demo", "shop", "other"} {
		_, err := c.Connect(t.Context(), id)
		require.NoError(t, err)
	}
	registry := prometheus.NewPedanticRegistry()
	require.NoError(t, registry.Register(c))

	families, err := registry.Gather()
	require.NoError(t, err)
	requests := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if name := family.GetName(); name == "tandem_erp_requests_total" || name == "tandem_store_requests_total" {
				requests[name+" "+m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
			}
		}
	}
	require.Equal(t, map[string]float64{
		"tandem_erp_requests_total " + odoo.URL: 2, "tandem_store_requests_total demo": 0,
		"tandem_store_requests_total shop": 0, "tandem_store_requests_total other": 0,
	}, requests)
}

package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/instance"
	"tandem/woo/wootest/oddstore"
)

// pluginStore is a store that has all that the cases of plugins have.
func pluginStore(t *testing.T) *oddstore.Server {
	t.Helper()
	var all oddstore.State
	require.NoError(t, json.Unmarshal([]byte(`{"products": [{"id": 101, "type": "simple", "status": "publish", "name": "Thing 101", "sku": "SKU-101", "regular_price": "10.00"}],
		"tax_classes": [{"slug": "standard", "name": "Standard rate"}],
		"taxes": [{"id": 1, "country": "FR", "rate": "20.0000", "name": "VAT", "class": "standard", "shipping": true}],
		"settings": {"WPLANG": "fr_FR"}, "variations": {}}`), &all))
	files, err := filepath.Glob("../entity/testdata/cases/plugin-*.json")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 8)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var one struct {
			Store oddstore.State `json:"store"`
		}
		require.NoError(t, json.Unmarshal(raw, &one))
		all.Products, all.Orders = append(all.Products, one.Store.Products...), append(all.Orders, one.Store.Orders...)
		all.Customers, all.Subscriptions = append(all.Customers, one.Store.Customers...), append(all.Subscriptions, one.Store.Subscriptions...)
		maps.Copy(all.Variations, one.Store.Variations)
	}
	return oddstore.Start(t, all)
}

// TestPluginsOfAStore imports a store with subscriptions, bundles, gift cards, deposits, VAT numbers and translations: every order lands
// with what the store charged, or waits and says why, and goes on to the end of its sale workflow.
func TestPluginsOfAStore(t *testing.T) {
	t.Parallel()
	x := serve(t)
	x.env = append(x.env, "TANDEM_URL="+x.url, "TANDEM_TOKEN="+x.token)
	in := x.connect(pluginStore(t).URL)
	config := x.configuration(in)
	config.Order.Statuses = append(config.Order.Statuses, "partial-payment", "partially-paid")
	config.Order.Workflows = append(config.Order.Workflows, instance.WorkflowRule{Match: "partial-payment", Workflow: instance.DefaultWorkflowID})
	require.NoError(t, x.api.Patch(t.Context(), "/instances/"+instanceID, map[string]any{"config": config}, nil))
	x.importAll(everything)

	waiting := map[string]string{}
	for _, job := range x.parked() {
		waiting[job.WooID] = job.Code
	}
	require.Equal(t, map[string]string{"7014": "totals_differ", "7406": "deposit_open"}, waiting)

	renewals := get[gen.LinkPage](x, "/links?instance="+instanceID+"&entity=order&parent_id=7301").Items
	of := map[string]string{}
	for _, l := range renewals {
		of[l.WooID] = l.Relation
	}
	require.Equal(t, map[string]string{"7302": "subscription_renewal", "7303": "subscription_renewal", "7304": "subscription_switch"}, of)
	require.Contains(t, x.command("links", "list", "--instance", instanceID, "--entity", "order", "--parent", "7301"), "subscription renewal 7301")

	require.True(t, x.order("7403", "done").Figures.Paid, "all of its payments were made")
	open := x.order("7401", "done").Figures
	require.True(t, open.Invoiced)
	require.False(t, open.Paid, "one of its payments is open")
	require.Equal(t, "120", open.Total)
	paid := x.order("7001", "done").Figures
	require.Equal(t, []string{"16", "6"}, []string{paid.Total, paid.Tax})
	require.True(t, paid.Paid)
	require.True(t, x.order("7101", "done").Figures.Shipped)

	var products []string
	for _, l := range get[gen.LinkPage](x, "/links?instance="+instanceID+"&entity=product&limit=500").Items {
		products = append(products, l.WooID)
	}
	require.Subset(t, products, []string{"752", "753", "760"})
	require.False(t, slices.Contains(products, "750") || slices.Contains(products, "754"), "translations are no products of their own")
	requireBalanced(t, x)
}

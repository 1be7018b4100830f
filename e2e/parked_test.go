package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/entity"
	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestParkedOrderWakes imports orders before what they name. They wait, and go on by themselves to the end of their sale
// workflow: some once the products are there, the rest once a person has mapped the missing tax.
func TestParkedOrderWakes(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(40, 10, 20))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything, "tax_class", "category", "tag", "brand", "attribute", "shipping_class", "customer")
	x.importAll(entity.Filter{Kind: entity.IDs, IDs: []string{"1"}}, "tax")
	orders := store.orders()

	op := x.importAll(everything, "order")
	require.Equal(t, len(orders), progressOf(op, "order").Parked)
	for _, job := range x.parked() {
		require.NotEmpty(t, job.Code)
		require.NotEmpty(t, job.Reason)
		require.True(t, slices.ContainsFunc(job.Waits, isProduct), "order %s waits for %v", job.WooID, job.Waits)
	}
	require.Empty(t, x.salesMoved())

	x.keep("operation_wakes_orders", workflows.OperationID(x.importAll(everything, "product").ID))
	parked := x.parked()
	require.True(t, len(parked) > 0 && len(parked) < len(orders), "%d of %d are parked", len(parked), len(orders))
	for _, job := range parked {
		require.False(t, slices.ContainsFunc(job.Waits, isProduct), "order %s still waits for %v", job.WooID, job.Waits)
	}

	known := get[gen.Link](x, "/links/"+instanceID+"/tax/1")
	woken := 0
	for _, rate := range []string{"2", "3"} {
		var mapped gen.MappedLink
		require.NoError(t, x.api.Put(t.Context(), "/links/"+instanceID+"/tax/"+rate, map[string]string{"erp_id": known.ERPID}, &mapped))
		if woken += mapped.Woken; mapped.Operation != "" {
			require.Equal(t, "done", string(x.ended(mapped.Operation).State))
		}
	}
	require.GreaterOrEqual(t, woken, len(parked))
	require.Empty(t, x.parked())
	requireLanded(t, x, orders)
}

func isProduct(key string) bool { return strings.HasPrefix(key, instanceID+"/product/") }

// parked gives the jobs of orders that wait.
func (x *tandem) parked() []gen.Job {
	x.t.Helper()
	return get[gen.JobPage](x, "/jobs?limit=100&entity=order&state=parked&instance="+instanceID).Items
}

// requireLanded checks that every order is in the ledger, and shipped when it was sold.
func requireLanded(t *testing.T, x *tandem, orders []shopOrder) {
	t.Helper()
	sold := 0
	for _, o := range orders {
		if o.sold() {
			sold++
		}
	}
	require.Equal(t, map[string]int{"done": sold}, x.salesMoved())
	totals, err := x.backend.Totals(t.Context(), instanceID)
	require.NoError(t, err)
	require.Equal(t, len(orders), totals.Records["order"])
	require.Equal(t, sold, totals.Shipped)
}

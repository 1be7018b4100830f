package e2e

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestParkedOrderWakes imports orders before what they name. They wait, and go on by themselves to the end of their sale
// workflow: some once the products are there, the rest once a person has mapped the missing one. None waits for a tax: an
// order says itself what it was taxed with.
func TestParkedOrderWakes(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(40, 10, 20))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything, "tax_class", "category", "tag", "brand", "attribute", "shipping_class", "customer")
	products, missing := store.productsWithoutOneSold()
	orders := store.orders()

	op := x.importAll(everything, "order")
	require.Equal(t, len(orders), progressOf(op, "order").Parked)
	for _, job := range x.parked() {
		require.NotEmpty(t, job.Code)
		require.NotEmpty(t, job.Reason)
		require.True(t, slices.ContainsFunc(job.Waits, isProduct), "order %s waits for %v", job.WooID, job.Waits)
	}
	require.Empty(t, x.salesMoved())

	x.keep("operation_wakes_orders", workflows.OperationID(x.importAll(flow.Filter{Kind: flow.IDs, IDs: products}, "product").ID))
	parked := x.parked()
	require.True(t, len(parked) > 0 && len(parked) < len(orders), "%d of %d are parked", len(parked), len(orders))
	for _, job := range parked {
		require.Equal(t, []string{instanceID + "/product/" + missing}, job.Waits)
	}

	known := get[gen.Link](x, "/links/"+instanceID+"/product/"+products[0])
	var mapped gen.MappedLink
	require.NoError(t, x.api.Put(t.Context(), "/links/"+instanceID+"/product/"+missing, map[string]string{"erp_id": known.ERPID}, &mapped))
	require.Equal(t, len(parked), mapped.Woken)
	require.Equal(t, "done", string(x.ended(mapped.Operation).State))
	require.Empty(t, x.parked())
	requireLanded(t, x, orders)
}

// productsWithoutOneSold gives the ids of all products but a simple one that some orders sold and others did not, and that
// one's; a simple one comes first.
func (s *shop) productsWithoutOneSold() (rest []string, missing string) {
	s.t.Helper()
	sold := map[int]bool{}
	for _, o := range s.orders() {
		for _, line := range o.Lines {
			sold[line.Product] = true
		}
	}
	for _, p := range s.products() {
		id := strconv.Itoa(p.ID)
		switch {
		case missing == "" && p.Type == "simple" && sold[p.ID]:
			missing = id
		case p.Type == "simple":
			rest = append([]string{id}, rest...)
		default:
			rest = append(rest, id)
		}
	}
	require.NotEmpty(s.t, missing)
	return rest, missing
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

package sales

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// orderedBy makes orders of these customers, with the ids 1, 2, 3 …
func orderedBy(customers ...int64) []*pendingOrder[erp.InvoiceRequest] {
	orders := make([]*pendingOrder[erp.InvoiceRequest], len(customers))
	for i, customer := range customers {
		orders[i] = &pendingOrder[erp.InvoiceRequest]{Snapshot: Snapshot{orderRow: orderRow{Row: rpc.Row{ID: int64(i + 1)}, Invoicee: rpc.Link{ID: customer}}}}
	}
	return orders
}

func TestWhoIsToBlameIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		bad   []int64
		kind  fault.Kind
		calls []string
	}{
		"nobody":        {nil, "", []string{"[1 2 3 4 5]"}},
		"one":           {[]int64{4}, fault.Invalid, []string{"[1 2 3 4 5]", "[1 2]", "[3 4 5]", "[3]", "[4 5]", "[4]", "[5]"}},
		"a crash":       {[]int64{1}, fault.Internal, []string{"[1 2 3 4 5]", "[1 2]", "[1]", "[2]", "[3 4 5]"}},
		"all":           {[]int64{1, 2, 3, 4, 5}, fault.Invalid, nil},
		"what is gone":  {[]int64{5}, fault.NotFound, nil},
		"what is at it": {[]int64{2}, fault.Parked, nil},
	} {
		t.Run(name, func(t *testing.T) {
			orders := orderedBy(1, 2, 3, 4, 5)
			var calls []string
			done := map[int64]bool{}
			require.NoError(t, asOne(orders, func(ids []int64) error {
				calls = append(calls, fmt.Sprint(ids))
				for _, id := range ids {
					if slices.Contains(c.bad, id) {
						return fault.New(c.kind, "order %d is bad", id)
					}
				}
				for _, id := range ids {
					require.False(t, done[id], "done twice")
					done[id] = true
				}
				return nil
			}))
			for _, o := range orders {
				require.Equal(t, slices.Contains(c.bad, o.ID), o.failure != nil, "order %d", o.ID)
				require.NotEqual(t, o.failure != nil, done[o.ID])
			}
			if c.calls != nil {
				require.Equal(t, c.calls, calls)
			}
		})
	}
}

func TestNobodyIsToBlameForAnOutage(t *testing.T) {
	for _, kind := range []fault.Kind{fault.Unavailable, fault.RateLimited, fault.Unauthorized} {
		orders := orderedBy(1, 2)
		calls := 0
		err := asOne(orders, func([]int64) error { calls++; return fault.New(kind, "no") })
		require.Equal(t, kind, fault.KindOf(err))
		require.Equal(t, 1, calls)
		require.Len(t, unfailed(orders), 2)
	}
}

func TestOneOrderMayBeOutOfBounds(t *testing.T) {
	orders := orderedBy(1, 2, 3)
	require.NoError(t, asOne(orders, func(ids []int64) error {
		if slices.Contains(ids, 2) {
			return rpc.Exception{Name: "odoo.exceptions.AccessError"}.Fault(rpc.Call{Model: "sale.order", Method: "action_confirm"})
		}
		return nil
	}))
	require.Equal(t, []int64{1, 3}, rpc.Map(unfailed(orders), idOf[erp.InvoiceRequest]))
	require.Equal(t, fault.Unauthorized, fault.KindOf(orders[1].failure))
}

func TestOrdersOfOneCustomerGetInvoicesOfTheirOwn(t *testing.T) {
	for version, want := range map[string]string{"14.0": "[[1 2] [3 5] [4]]", "17.0": "[[1 2 3 4 5]]"} {
		b := newBook(&rpc.Client{Release: at(t, version)})
		parts := b.apart(orderedBy(7, 8, 7, 7, 8))
		require.Equal(t, want, fmt.Sprint(rpc.Map(parts, func(part []*pendingOrder[erp.InvoiceRequest]) []int64 {
			return rpc.Map(part, idOf[erp.InvoiceRequest])
		})), version)
	}
}

package odoo

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// An order whose lines a version before landed, which did not note under which key they were sold, keeps its products too.
func TestLinesOfAVersionBeforeKeepTheirProducts(t *testing.T) {
	for _, version := range []int{14, 19} {
		_, b, tale := inStock(t, version)
		land := func(order erp.Order) erp.Outcome {
			t.Helper()
			outcomes, err := b.UpsertOrders(t.Context(), []erp.Order{order})
			require.NoError(t, err)
			return outcomes[0]
		}
		require.Equal(t, erp.Created, land(tale.order).Status)
		ids, err := b.records.IDsOf(t.Context(), "sale.order", []erp.Key{tale.order.Key}, record.ExternalName)
		require.NoError(t, err)
		before := productsOn(t, b, ids[tale.order.Key])
		require.NoError(t, b.rpc.Write(t.Context(), "sale.order.line", slices.Collect(maps.Keys(before)), map[string]any{"x_tandem_product": ""}))

		gone := tale.order
		gone.Lines = append([]erp.OrderLine{}, gone.Lines...)
		gone.Lines[0].Product, gone.StoreStatus = erp.Key{}, "completed"
		require.Equal(t, erp.Updated, land(gone).Status)
		require.Equal(t, erp.Unchanged, land(gone).Status)
		require.Equal(t, before, productsOn(t, b, ids[tale.order.Key]))

		other := gone
		other.Key.ID, other.Number = "2", "W-new"
		require.Equal(t, erp.GoneProduct, land(other).Code, "of a line that is not there nothing is known")
	}
}

// productsOn gives the products of an order's lines, by the lines.
func productsOn(t *testing.T, b *Backend, order int64) map[int64]int64 {
	t.Helper()
	type line struct {
		rpc.Row
		Product rpc.Link `json:"product_id"`
	}
	lines, err := rpc.SearchBy[line](t.Context(), b.rpc, "sale.order.line", "order_id", []int64{order}, nil, "product_id")
	require.NoError(t, err)
	products := map[int64]int64{}
	for _, l := range lines {
		products[l.ID] = l.Product.ID
	}
	return products
}

package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
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
		before, err := b.linesOf(t.Context(), []int64{ids[tale.order.Key]})
		require.NoError(t, err)
		for _, line := range before.lines[ids[tale.order.Key]] {
			require.NoError(t, b.rpc.Write(t.Context(), "sale.order.line", []int64{line.ID}, map[string]any{soldAsField: ""}))
		}

		gone := tale.order
		gone.Lines = append([]erp.OrderLine{}, gone.Lines...)
		gone.Lines[0].Product, gone.StoreStatus = erp.Key{}, "completed"
		require.Equal(t, erp.Updated, land(gone).Status)
		require.Equal(t, erp.Unchanged, land(gone).Status)
		after, err := b.linesOf(t.Context(), []int64{ids[tale.order.Key]})
		require.NoError(t, err)
		require.Len(t, after.lines[ids[tale.order.Key]], len(gone.Lines))
		for i, line := range after.lines[ids[tale.order.Key]] {
			require.Equal(t, before.lines[ids[tale.order.Key]][i].Product, line.Product)
		}

		other := gone
		other.Key.ID, other.Number = "2", "W-new"
		require.Equal(t, erp.GoneProduct, land(other).Code, "of a line that is not there nothing is known")
	}
}

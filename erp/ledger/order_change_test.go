package ledger

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestADeliveryFollowsItsOrder(t *testing.T) {
	const same, other = "same", "other"
	for name, c := range map[string]struct {
		held      orderSnapshot
		cancelled bool
		amounts   string
		warehouse int64
		want      bool
	}{
		"quotation, other amounts":   {held: orderSnapshot{Stage: erp.Quotation}, amounts: other, warehouse: 1},
		"quotation is cancelled":     {held: orderSnapshot{Stage: erp.Quotation}, cancelled: true, amounts: same, warehouse: 1},
		"confirmed, progress only":   {held: orderSnapshot{Stage: erp.Confirmed}, amounts: same, warehouse: 1},
		"confirmed, other amounts":   {held: orderSnapshot{Stage: erp.Confirmed}, amounts: other, warehouse: 1, want: true},
		"confirmed, other warehouse": {held: orderSnapshot{Stage: erp.Confirmed}, amounts: same, warehouse: 2, want: true},
		"confirmed is cancelled":     {held: orderSnapshot{Stage: erp.Confirmed}, cancelled: true, amounts: same, warehouse: 1, want: true},
		"invoiced, other warehouse":  {held: orderSnapshot{Stage: erp.Confirmed, Invoiced: true}, amounts: same, warehouse: 2},
		"shipped, progress only":     {held: orderSnapshot{Stage: erp.Confirmed, Delivered: true}, amounts: same, warehouse: 1},
	} {
		t.Run(name, func(t *testing.T) {
			c.held.Amounts, c.held.Warehouse = same, 1
			got, refused := changeOf(c.held, &erp.Order{Cancelled: c.cancelled}, c.amounts, c.warehouse)
			require.Nil(t, refused)
			require.Equal(t, c.want, got.Redeliver)
		})
	}
}

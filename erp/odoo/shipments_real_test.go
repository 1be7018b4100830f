//go:build odoo

package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// TestTrackingOfADelivery ships an order, and gives the delivery a carrier and a number as a person does afterwards.
func TestTrackingOfADelivery(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		s := inWarehouse(t, settings, "ship_only")
		s.recounts(t, "5")
		_, err := stepsOf(s.Backend).ShipOrder(t.Context(), s.order.Key, erp.ShipRequest{})
		require.NoError(t, err)
		shipped, err := s.ShipmentsOf(t.Context(), []erp.Key{s.order.Key})
		require.NoError(t, err)
		require.Len(t, shipped, 1)
		require.Equal(t, []any{s.order.Key, erp.Tracking{}}, []any{shipped[0].Order, shipped[0].Tracking})
		require.Equal(t, []string{s.order.Lines[0].ID, "2"}, []string{shipped[0].Lines[0].Line, shipped[0].Lines[0].Quantity.String()})

		setup, err := s.records.Prepared(t.Context())
		require.NoError(t, err)
		require.True(t, setup.TracksParcels, "the module delivery is installed for tests")
		next, err := s.ShipmentsFromNow(t.Context())
		require.NoError(t, err)
		product, err := s.rpc.Create(t.Context(), "product.product", []map[string]any{{"name": "Delivery", "type": "service"}})
		require.NoError(t, err)
		carrier, err := s.rpc.Create(t.Context(), "delivery.carrier", []map[string]any{{"name": "Own van", "product_id": product[0], "delivery_type": "fixed"}})
		require.NoError(t, err)
		require.NoError(t, s.rpc.Write(t.Context(), "stock.picking", []int64{rpc.ParseID(shipped[0].ID)},
			map[string]any{"carrier_id": carrier[0], "carrier_tracking_ref": "A1"}))
		page, err := s.ListShipments(t.Context(), erp.RecordQuery{Instance: s.order.Key.Instance, After: next, Limit: 1000})
		require.NoError(t, err)
		require.Len(t, page.Shipments, 1)
		require.Equal(t, erp.Tracking{Carrier: "Own van", Number: "A1"}, page.Shipments[0].Tracking)
	})
}

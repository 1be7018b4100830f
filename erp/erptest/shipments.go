package erptest

import (
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var shipmentTests = []test{
	{"a delivery is told once it went out", selling(shipmentTold)},
	{"each part of an order is a shipment of its own", selling(shipmentsInParts)},
	{"what was shipped before is not told from now on", selling(shipmentsFromNow)},
	{"shipments of other instances are not told", selling(shipmentOfAnother)},
	{"goods that came back are told", selling(shipmentReturned)},
}

func (s *store) shipments() erp.ShipmentReader {
	s.t.Helper()
	reader, err := erp.Shipments.Of(s.Backend)
	require.NoError(s.t, err)
	return reader
}

// shipped reads what was shipped after a place, page by page, and the place after that.
func (s *store) shipped(after string) (found []erp.Shipment, next string) {
	s.t.Helper()
	for done := false; !done; {
		page, err := s.shipments().ListShipments(s.t.Context(), erp.RecordQuery{Instance: s.instance, After: after, Limit: 1})
		require.NoError(s.t, err)
		found, after, done = append(found, page.Shipments...), page.Next, page.Done
	}
	return found, after
}

// shippedOnce waits for the one shipment after a place: it is told once no older change is under way elsewhere in the ERP.
func (s *store) shippedOnce(after string) (found erp.Shipment, next string) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		shipments, place := s.shipped(after)
		require.LessOrEqual(s.t, len(shipments), 1)
		if len(shipments) == 0 {
			return false
		}
		found, next = shipments[0], place
		return true
	}, time.Minute, 10*time.Millisecond)
	return found, next
}

// shippedLines gives what left of each line.
func shippedLines(shipment erp.Shipment) map[string]string {
	lines := map[string]string{}
	for _, line := range shipment.Lines {
		lines[line.Line] = line.Quantity.String()
	}
	return lines
}

func shipmentTold(s *store) {
	s.count(mug, "10", later)
	order := s.order(1, s.taxed(s.goods(mug, "2", "20"), standardRate, "4"), s.charge(erp.ShippingLine, "5"))
	s.lands(erp.Created, order)
	s.confirm(1)
	none, next := s.shipped("")
	require.Empty(s.t, none, "what is ready has not left")
	s.ship(1)
	shipment, _ := s.shippedOnce(next)
	require.Equal(s.t, order.Key, shipment.Order)
	require.Equal(s.t, map[string]string{order.Lines[0].ID: "2"}, shippedLines(shipment), "shipping charges are no goods")
	require.NotEmpty(s.t, shipment.Number)
	require.False(s.t, shipment.At.IsZero() || shipment.Returned)

	byID, err := s.shipments().ListShipments(s.t.Context(), erp.RecordQuery{Instance: s.instance, IDs: []string{shipment.ID, "987654321", "nonsense"}, Limit: 10})
	require.NoError(s.t, err)
	require.Equal(s.t, []erp.Shipment{shipment}, byID.Shipments, "what does not exist is left out")
	of, err := s.shipments().ShipmentsOf(s.t.Context(), []erp.Key{order.Key, s.key("order", 99)})
	require.NoError(s.t, err)
	require.Equal(s.t, []erp.Shipment{shipment}, of)
	_, err = s.shipments().ListShipments(s.t.Context(), erp.RecordQuery{Instance: s.instance, After: "nonsense", Limit: 1})
	require.Equal(s.t, fault.Invalid, fault.KindOf(err))
}

func shipmentsInParts(s *store) {
	s.count(mug, "1", earlier)
	s.count(shirtS, "2", earlier)
	order := s.order(1, s.goods(mug, "3", "30"), s.goods(shirtS, "2", "40"))
	s.lands(erp.Created, order)
	s.confirm(1)
	s.shipPart(1, "10")
	s.count(mug, "5", later)
	s.ship(1)
	found, err := s.shipments().ShipmentsOf(s.t.Context(), []erp.Key{order.Key})
	require.NoError(s.t, err)
	require.Len(s.t, found, 2)
	mugs, shirts := order.Lines[0].ID, order.Lines[1].ID
	require.Equal(s.t, []map[string]string{{mugs: "1", shirts: "2"}, {mugs: "2"}}, []map[string]string{shippedLines(found[0]), shippedLines(found[1])})
}

func shipmentsFromNow(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")))
	next, err := s.shipments().ShipmentsFromNow(s.t.Context())
	require.NoError(s.t, err)
	none, next := s.shipped(next)
	require.Empty(s.t, none)
	s.confirm(1)
	s.ship(1)
	_, next = s.shippedOnce(next)
	again, _ := s.shipped(next)
	require.LessOrEqual(s.t, len(again), 1, "it may be told twice")
}

func shipmentOfAnother(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")))
	s.confirm(1)
	s.ship(1)
	page, err := s.shipments().ListShipments(s.t.Context(), erp.RecordQuery{Instance: "elsewhere", Limit: 10})
	require.NoError(s.t, err)
	require.Empty(s.t, page.Shipments)
	found, _ := s.shipped("")
	page, err = s.shipments().ListShipments(s.t.Context(), erp.RecordQuery{Instance: "elsewhere", IDs: []string{found[0].ID}, Limit: 10})
	require.NoError(s.t, err)
	_, pending := erp.PendingID(page.Shipments[0].Order)
	require.True(s.t, pending, "the other instance's store does not have the order")
}

func shipmentReturned(s *store) {
	if _, err := erp.Refunds.Of(s.Backend); err != nil {
		return
	}
	s.count(mug, "10", later)
	s.sold(1)
	s.ship(1)
	_, next := s.shipped("")
	refund := s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2"))
	refund.Lines[0].PutBack = refund.Lines[0].Quantity
	s.gives(erp.Created, refund)
	require.Eventually(s.t, func() bool {
		found, _ := s.shipped(next)
		return len(found) > 0 && found[len(found)-1].Returned
	}, time.Minute, 10*time.Millisecond)
}

package ledger_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/schema/schematest"
)

func part(line, quantity string) erp.ShipmentLine {
	return erp.ShipmentLine{Line: line, Quantity: decimal.RequireFromString(quantity)}
}

// dhl is how a parcel goes out.
func dhl(number string) erp.Tracking {
	return erp.Tracking{Carrier: "DHL", Number: number, URL: "https://dhl.example/" + number}
}

func (s *seller) confirmedByHand(request string) (id string) {
	s.tb.Helper()
	made, err := s.Orders().Create(s.tb.Context(), request, s.quotation())
	require.NoError(s.tb, err)
	s.confirm(erp.OwnKey("order", made.ID))
	return made.ID
}

func TestAnOrderIsShippedInPartsByHand(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	order := s.confirmedByHand("request-1")
	ready, err := s.Deliveries(t.Context(), order)
	require.NoError(t, err)
	require.Len(t, ready, 1)
	require.Equal(t, []any{"ready", "1", "3"}, []any{ready[0].State, ready[0].Lines[0].Line, ready[0].Lines[0].Quantity.String()})

	first, err := s.ShipLines(t.Context(), "ship-request-1", order, []erp.ShipmentLine{part("1", "1")}, dhl("A1"))
	require.NoError(t, err)
	require.Equal(t, []any{"done", dhl("A1"), "1"}, []any{first.State, first.Tracking, first.Lines[0].Quantity.String()})
	require.Equal(t, ready[0].ID, first.ID)
	again, err := s.ShipLines(t.Context(), "ship-request-1", order, []erp.ShipmentLine{part("1", "1")}, dhl("A1"))
	require.NoError(t, err)
	require.Equal(t, first, again, "the same request ships once")
	require.Equal(t, []string{"999999"}, s.column(`SELECT trim_scale(on_hand)::text FROM ledger.stock_quants q
		WHERE variant_id = (SELECT variant_id FROM ledger.order_lines WHERE variant_id IS NOT NULL)`))
	state, err := s.Orders().Get(t.Context(), order)
	require.NoError(t, err)
	require.True(t, state.Record.State.PartlyShipped)

	rest, err := s.ShipLines(t.Context(), "ship-request-2", order, nil, erp.Tracking{})
	require.NoError(t, err)
	require.Equal(t, "2", rest.Lines[0].Quantity.String())
	_, err = s.ShipLines(t.Context(), "ship-request-3", order, nil, erp.Tracking{})
	require.Equal(t, fault.Conflict, fault.KindOf(err), "nothing is left")

	tracked, err := s.TrackDelivery(t.Context(), rest.ID, dhl("B2"))
	require.NoError(t, err)
	require.Equal(t, dhl("B2"), tracked.Tracking)
	all, err := s.Deliveries(t.Context(), order)
	require.NoError(t, err)
	require.Equal(t, []erp.Delivery{first, tracked}, all)
}

func TestAShipmentByHandIsChecked(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	order := s.confirmedByHand("request-1")
	for field, c := range map[string]struct {
		lines    []erp.ShipmentLine
		tracking erp.Tracking
	}{
		"lines[0].line":     {lines: []erp.ShipmentLine{part("2", "1")}}, // shipping is no goods
		"lines[0].quantity": {lines: []erp.ShipmentLine{part("1", "4")}},
		"lines[1].line":     {lines: []erp.ShipmentLine{part("1", "1"), part("1", "1")}},
		"tracking_url":      {tracking: erp.Tracking{URL: "javascript:alert(1)"}},
	} {
		_, err := s.ShipLines(t.Context(), "request-"+field, order, c.lines, c.tracking)
		require.Equal(t, []any{fault.Invalid, field}, []any{fault.KindOf(err), fault.From(err).Field}, "%v", err)
	}
	s.exec(`UPDATE ledger.stock_quants SET on_hand = 1`)
	_, err := s.ShipLines(t.Context(), "request-2", order, []erp.ShipmentLine{part("1", "2")}, erp.Tracking{})
	require.Equal(t, "no_stock", fault.From(err).Code)
	_, err = s.ShipLines(t.Context(), "request-3", order, []erp.ShipmentLine{part("1", "1")}, erp.Tracking{})
	require.NoError(t, err)
	_, err = s.TrackDelivery(t.Context(), "4711", erp.Tracking{})
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = s.Deliveries(t.Context(), "4711")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}

// A version before did not note which lines went out: where all of an order went at once, that is known all the same.
func TestLinesOfADeliveryThatWereNotNoted(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	order := s.confirmedByHand("request-1")
	_, err := s.ShipLines(t.Context(), "request-2", order, []erp.ShipmentLine{part("1", "1")}, erp.Tracking{})
	require.NoError(t, err)
	s.exec(`DELETE FROM ledger.delivery_lines`)
	all, err := s.Deliveries(t.Context(), order)
	require.NoError(t, err)
	require.Empty(t, all[0].Lines, "one of two parts")
	s.exec(`DELETE FROM ledger.stock_moves WHERE delivery_id = $1`, all[1].ID)
	s.exec(`DELETE FROM ledger.deliveries WHERE id = $1`, all[1].ID)
	all, err = s.Deliveries(t.Context(), order)
	require.NoError(t, err)
	require.Equal(t, "1", all[0].Lines[0].Quantity.String())
}

// An order that gets to a store after it was shipped is told then.
func TestAShipmentIsToldOnceItsOrderIsLinked(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	order := s.confirmedByHand("request-1")
	next, err := s.ShipmentsFromNow(t.Context())
	require.NoError(t, err)
	_, err = s.ShipLines(t.Context(), "request-2", order, nil, dhl("A1"))
	require.NoError(t, err)
	query := erp.RecordQuery{Instance: "demo", After: next, Limit: 10}
	schematest.AwaitTransactions(t, s.db)
	page, err := s.ListShipments(t.Context(), query)
	require.NoError(t, err)
	require.Empty(t, page.Shipments)
	held, err := s.ReadOrders(t.Context(), benchKey("order", 0).Instance, []string{order})
	require.NoError(t, err)
	stored := held[0].Record
	stored.Key = erp.Key{Instance: "demo", Entity: "order", ID: "77"}
	stored.InvoiceAddress, stored.DeliveryAddress = erp.Key{}, erp.Key{}
	stored.Lines[0].ID, stored.Lines[1].ID = "501", "502"
	require.NoError(t, s.AdoptOrders(t.Context(), []erp.Adoption[erp.Order]{{ID: order, Record: stored}}))
	query.After = page.Next
	schematest.AwaitTransactions(t, s.db)
	page, err = s.ListShipments(t.Context(), query)
	require.NoError(t, err)
	require.Len(t, page.Shipments, 1)
	require.Equal(t, []any{stored.Key, "501"}, []any{page.Shipments[0].Order, page.Shipments[0].Lines[0].Line})
}

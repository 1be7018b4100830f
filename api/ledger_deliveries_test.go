package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// walkLedgerDeliveries ships a part of an order, and says how it went out.
func walkLedgerDeliveries(h *harness, order, line string) {
	ask := map[string]any{"lines": []any{map[string]any{"line": line, "quantity": "1"}}, "carrier": "DHL"}
	made := decode[gen.LedgerDelivery](h.call("POST", "/ledger/orders/"+order+"/deliveries", ask).is(http.StatusCreated))
	h.call("GET", "/ledger/orders/"+order+"/deliveries", nil).is(http.StatusOK)
	h.call("PUT", "/ledger/deliveries/"+made.ID+"/tracking", map[string]any{"carrier": "DHL", "tracking_number": "A1"}).is(http.StatusOK)
}

func TestAnOrderIsShippedInParts(t *testing.T) {
	h := newHarness(t)
	order := decode[gen.LedgerOrder](h.call("POST", "/ledger/orders", h.quotation()).is(http.StatusCreated))
	path := "/ledger/orders/" + order.ID + "/deliveries"
	require.Contains(t, h.call("POST", path, map[string]any{}).problem(http.StatusConflict).Detail, "confirm it first")
	h.call("POST", "/ledger/orders/"+order.ID+"/validate", nil).is(http.StatusOK)
	line := order.Lines[0].ID
	h.call("POST", path, map[string]any{"lines": []any{map[string]any{"line": line, "quantity": "9"}}}).fields(http.StatusUnprocessableEntity, "lines[0].quantity")
	h.call("POST", path, map[string]any{"tracking_url": "nonsense"}).fields(http.StatusUnprocessableEntity, "tracking_url")

	ask := map[string]any{
		"lines": []any{map[string]any{"line": line, "quantity": "1"}}, "carrier": " DHL ", "tracking_number": "A1", "tracking_url": "https://dhl.example/A1",
	}
	made := decode[gen.LedgerDelivery](h.call("POST", path, ask, "Idempotency-Key", "ship-once").is(http.StatusCreated))
	require.Equal(t, []string{"done", "DHL", "A1", "1", order.ID}, []string{string(made.State), made.Carrier, made.TrackingNumber, made.Lines[0].Quantity, made.Order})
	require.False(t, made.ShippedAt.IsZero())
	again := decode[gen.LedgerDelivery](h.call("POST", path, ask, "Idempotency-Key", "ship-once").is(http.StatusCreated))
	require.Equal(t, made, again)
	list := decode[gen.LedgerDeliveryList](h.call("GET", path, nil).is(http.StatusOK)).Items
	require.Equal(t, []string{"done", "ready", "2"}, []string{string(list[0].State), string(list[1].State), list[1].Lines[0].Quantity})

	now := decode[gen.LedgerDelivery](h.call("PUT", "/ledger/deliveries/"+made.ID+"/tracking", map[string]any{"tracking_number": "B2"}).is(http.StatusOK))
	require.Equal(t, []string{"", "B2", ""}, []string{now.Carrier, now.TrackingNumber, now.TrackingURL})
	h.call("PUT", "/ledger/deliveries/4711/tracking", map[string]any{}).problem(http.StatusNotFound)
	h.call("GET", "/ledger/orders/4711/deliveries", nil).problem(http.StatusNotFound)
}

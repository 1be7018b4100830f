package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
)

// Orders are shown by what people know them by, as far as reports count them.
func TestOrdersSayWhatPeopleKnowThemBy(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.orderIn("101", "done")
	h.orderIn("102", "blocked")
	h.exec(`INSERT INTO tandem.sales (instance, woo_id, kind, order_id, number, at, currency, status, gateway, country, customer, units, goods, shipping, fees,
	    credit, discount, tax, digest)
	  VALUES ('demo', '101', 'order', '101', 'N-2026-17', '2026-03-01T10:00:00Z', 'EUR', 'completed', 'bacs', 'FR', '7', 2, 40, 4.9, 0, 0, 0, 8.98, ''),
	    ('demo', '101/5', 'refund', '101', 'N-2026-17', '2026-03-02T10:00:00Z', 'EUR', 'completed', 'bacs', 'FR', '7', 1, 20, 0, 0, 0, 0, 4, '')`)
	items := decode[gen.OrderPage](h.call("GET", "/orders?instance=demo", nil).is(http.StatusOK)).Items
	require.Len(t, items, 2)
	require.Equal(t, "102", items[0].WooID)
	require.Empty(t, items[0].Number+items[0].Total)
	for _, o := range []gen.Order{items[1], decode[gen.Order](h.call("GET", "/orders/demo/101", nil).is(http.StatusOK))} {
		require.Equal(t, []string{"N-2026-17", "53.88", "EUR", "FR"}, []string{o.Number, o.Total, o.Currency, o.Country})
		require.Equal(t, time.Date(2026, time.March, 1, 10, 0, 0, 0, time.UTC), o.PlacedAt)
	}
}

// An order that was made in the ERP and exported has no run: it is shown with its link and how it came into the store, and its steps are taken in the ERP.
func TestOrdersWithoutASaleWorkflowAreShown(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.call("GET", "/orders/demo/64", nil).problem(http.StatusNotFound)
	h.landed(h.importAll("order"), "order", flow.Result{Record: flow.Record{ID: "64"}, Outcome: flow.Outcome{
		Status: flow.Unchanged, ID: "12", After: "d", Key: keys("demo/order/64")[0]}})
	h.erp.figures["demo/order/64"] = sampleFigures()
	o := decode[gen.Order](h.call("GET", "/orders/demo/64", nil).is(http.StatusOK))
	require.Equal(t, []any{gen.OrderStateInERP, "12", 0, ""}, []any{o.State, o.ERPID, len(o.Steps), o.TemporalURL})
	require.Equal(t, []string{"12", "64"}, []string{o.Link.ERPID, o.Link.WooID})
	require.Len(t, o.History, 1)
	require.Equal(t, []any{"unchanged", flow.Import}, []any{o.History[0].Outcome, o.History[0].Direction})
	require.NotNil(t, o.Figures)
	require.Contains(t, h.call("POST", "/orders/demo/64/retry", nil).problem(http.StatusConflict).Detail, "taken in the ERP")
	h.call("POST", "/orders/demo/65/retry", nil).problem(http.StatusNotFound)
	found := decode[gen.RecordSearch](h.call("GET", "/records/search?q=64&local_only=true", nil).is(http.StatusOK)).Items
	require.Len(t, found, 1)
	require.Equal(t, []string{"64", "12", "landed"}, []string{found[0].WooID, found[0].ERPID, string(found[0].State)})
}

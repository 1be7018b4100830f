package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
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

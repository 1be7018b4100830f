package contract

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// checkFulfillments: what was sent of an order is kept as meta data, believed without a look at the order, and replaced whole. They are no
// status of the order.
func checkFulfillments(t *testing.T, s *store) {
	if s.get(t, "orders/0/fulfillments").code() == "rest_no_route" {
		t.Skip("the store has no fulfillments: WooCommerce has them since 10.1, with the feature \"Order fulfillments\" switched on")
	}
	require.Equal(t, "woocommerce_rest_order_invalid_id", s.get(t, "orders/0/fulfillments").code(), "this is how the feature is found")
	p := s.sell(t, "10.00", "", 50)
	o := s.order(t, object{"status": "processing", "line_items": []object{{"product_id": p["id"], "quantity": 3}}})
	path := "orders/" + number(o["id"]) + "/fulfillments"
	line := at(o, "line_items", 0, "id")
	require.Empty(t, s.get(t, path).list())

	overlooked := s.post(t, path, object{"status": "fulfilled", "meta_data": []object{{"key": "_items", "value": []object{{"item_id": line, "qty": 2}}}}})
	require.Equal(t, http.StatusBadRequest, overlooked.status, "a meta field without an id is overlooked: %v", overlooked.body)
	made := s.post(t, path, object{"status": "fulfilled", "is_fulfilled": true, "meta_data": sent(line, 2, "A1")})
	require.Equal(t, http.StatusCreated, made.status, "%v", made.body)
	kept := fulfillmentMeta(made.object())
	require.Equal(t, []any{true, "A1", "other", "Own van", "shop/17"},
		[]any{made.object()["is_fulfilled"], kept["_tracking_number"], kept["_shipment_provider"], kept["_provider_name"], kept["_tandem_erp_id"]})
	require.Equal(t, float64(2), at(kept["_items"], 0, "qty"))
	require.NotEmpty(t, kept["_date_fulfilled"])

	one := path + "/" + number(made.object()["id"])
	refused := s.put(t, one, object{"status": "fulfilled"})
	require.Equal(t, []any{http.StatusBadRequest, "rest_missing_callback_param"}, []any{refused.status, refused.code()}, "meta data are named each time")
	again := s.put(t, one, object{"status": "fulfilled", "is_fulfilled": true, "meta_data": sent(line, 2, "A2")[:2]})
	require.Equal(t, http.StatusOK, again.status, "%v", again.body)
	kept = fulfillmentMeta(again.object())
	require.Equal(t, "A2", kept["_tracking_number"])
	require.NotContains(t, kept, "_provider_name", "what is not named is deleted")

	more := s.post(t, path, object{"status": "fulfilled", "meta_data": sent(line, 99, "A3")})
	require.Equal(t, http.StatusCreated, more.status, "quantities are believed")
	require.Equal(t, http.StatusBadRequest, s.post(t, path, object{"status": "fulfilled", "meta_data": []object{}}).status)
	require.Len(t, s.get(t, path).list(), 2)
	for range 2 {
		require.Equal(t, http.StatusOK, s.delete(t, path+"/"+number(more.object()["id"])).status)
	}
	require.Len(t, s.get(t, path).list(), 1)
	require.Equal(t, "processing", s.get(t, "orders/"+number(o["id"])).object()["status"])
}

// sent is the meta data of a fulfillment: items and tracking number, carrier, and a field of one's own.
func sent(line any, quantity int, tracking string) []object {
	return []object{
		{"id": 0, "key": "_items", "value": []object{{"item_id": line, "qty": quantity}}}, {"id": 0, "key": "_tracking_number", "value": tracking},
		{"id": 0, "key": "_shipment_provider", "value": "other"}, {"id": 0, "key": "_provider_name", "value": "Own van"},
		{"id": 0, "key": "_tandem_erp_id", "value": "shop/17"},
	}
}

func fulfillmentMeta(f object) map[string]any {
	kept := map[string]any{}
	for _, m := range objects(f["meta_data"]) {
		kept[word(m["key"])] = m["value"]
	}
	return kept
}

package contract

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// checkStock: batches write whole pieces of what is counted, of nothing else, and reply with what is stored; the status follows the
// quantity.
func checkStock(t *testing.T, s *store) {
	counted := s.create(t, "products", object{"name": "Counted " + s.run, "regular_price": "5", "manage_stock": true, "stock_quantity": 10})
	uncounted := s.create(t, "products", object{"name": "Uncounted " + s.run, "regular_price": "5"})
	for _, step := range []struct {
		sent, quantity any
		status         string
	}{
		{7, 7, "instock"}, {0, 0, "outofstock"}, {"8", 8, "instock"}, {2.7, 2, "instock"}, {-2, -2, "outofstock"}, {5, 5, "instock"}, {nil, 5, "instock"},
	} {
		a := s.post(t, "products/batch", object{"update": []object{
			{"id": counted["id"], "stock_quantity": step.sent}, {"id": uncounted["id"], "stock_quantity": step.sent},
		}})
		require.Equal(t, http.StatusOK, a.status)
		require.InEpsilon(t, float64(step.quantity.(int))+100, at(a.body, "update", 0, "stock_quantity").(float64)+100, 1e-9, "sent %v", step.sent)
		require.Equal(t, step.status, at(a.body, "update", 0, "stock_status"), "sent %v", step.sent)
		require.Equal(t, false, at(a.body, "update", 1, "manage_stock"))
		require.Nil(t, at(a.body, "update", 1, "stock_quantity"), "what is not counted takes no quantity")
	}
	checkNoQuantity(t, s)
	fraction := s.put(t, "products/"+number(counted["id"]), object{"stock_quantity": 2.5})
	require.Equal(t, http.StatusBadRequest, fraction.status, "a single request takes no fraction")
	require.Equal(t, "rest_invalid_param", fraction.code())

	s.put(t, "products/"+number(counted["id"]), object{"backorders": "yes"})
	owed := s.post(t, "products/batch", object{"update": []object{{"id": counted["id"], "stock_quantity": -3}}})
	require.Equal(t, "onbackorder", at(owed.body, "update", 0, "stock_status"))
	require.Equal(t, []int{whole(counted["id"])}, s.list(t, "products?status=any&_fields=id,stock_quantity&include="+number(counted["id"])).ids())
}

// checkNoQuantity: what is counted and was never given a quantity has none, and is out of stock. Selling it leaves it so.
func checkNoQuantity(t *testing.T, s *store) {
	made := s.create(t, "products", object{"name": "No quantity " + s.run, "regular_price": "5", "manage_stock": true})
	require.Equal(t, []any{true, nil, "outofstock"}, []any{made["manage_stock"], made["stock_quantity"], made["stock_status"]})
	s.order(t, object{"status": "processing", "line_items": []object{{"product_id": made["id"], "quantity": 2}}})
	path := "products/" + number(made["id"])
	require.Nil(t, s.get(t, path).object()["stock_quantity"])

	unset := s.post(t, "products/batch", object{"update": []object{{"id": made["id"], "stock_quantity": nil}}})
	require.Nil(t, at(unset.body, "update", 0, "stock_quantity"), "a batch takes null for nothing")
	require.Equal(t, float64(0), s.put(t, path, object{"stock_quantity": nil}).object()["stock_quantity"])
	s.put(t, path, object{"stock_quantity": 5})
	s.put(t, path, object{"manage_stock": false})
	require.Nil(t, s.put(t, path, object{"manage_stock": true}).object()["stock_quantity"], "what is not counted forgets its quantity")
}

// checkSharedStock: variations that count nothing themselves share what their product counts, and only that can be written.
func checkSharedStock(t *testing.T, s *store) {
	parent := s.create(t, "products", object{"name": "Shared " + s.run, "type": "variable", "manage_stock": true, "stock_quantity": 10,
		"attributes": []object{{"name": "Size", "variation": true, "visible": true, "options": []string{"S", "M"}}}})
	list := "products/" + number(parent["id"]) + "/variations"
	shares := s.post(t, list, object{"regular_price": "10", "attributes": []object{{"name": "Size", "option": "S"}}}).object()
	owns := s.post(t, list, object{"regular_price": "10", "manage_stock": true, "stock_quantity": 3, "attributes": []object{{"name": "Size", "option": "M"}}}).object()
	require.Equal(t, []any{"parent", float64(10)}, []any{shares["manage_stock"], shares["stock_quantity"]})
	require.Equal(t, []any{true, float64(3)}, []any{owns["manage_stock"], owns["stock_quantity"]})

	a := s.post(t, list+"/batch", object{"update": []object{{"id": shares["id"], "stock_quantity": 77}, {"id": owns["id"], "stock_quantity": 4}}})
	require.Equal(t, float64(10), at(a.body, "update", 0, "stock_quantity"), "the product's stock is not that of a variation")
	require.Equal(t, float64(4), at(a.body, "update", 1, "stock_quantity"))
	a = s.post(t, "products/batch", object{"update": []object{{"id": parent["id"], "stock_quantity": 9}}})
	require.Equal(t, float64(9), at(a.body, "update", 0, "stock_quantity"))
	require.Equal(t, float64(9), s.get(t, list+"/"+number(shares["id"])).object()["stock_quantity"])
	require.Equal(t, float64(4), s.get(t, list+"/"+number(owns["id"])).object()["stock_quantity"])

	order := s.create(t, "orders", object{"status": "on-hold", "line_items": []object{
		{"product_id": parent["id"], "variation_id": shares["id"], "quantity": 2},
	}})
	require.Equal(t, float64(7), s.get(t, "products/"+number(parent["id"])).object()["stock_quantity"], "a sale takes it off the product")
	require.Equal(t, "2", metaOf(at(order, "line_items", 0), "_reduced_stock"))

	s.put(t, "products/"+number(parent["id"]), object{"manage_stock": false})
	require.Equal(t, false, s.get(t, list+"/"+number(shares["id"])).object()["manage_stock"], "there is nothing to share any more")
}

// metaOf gives the value of a meta field; nil when there is none.
func metaOf(record any, key string) any {
	for _, meta := range objects(at(record, "meta_data")) {
		if meta["key"] == key {
			return meta["value"]
		}
	}
	return nil
}

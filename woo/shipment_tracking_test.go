package woo

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

const fulfillmentBody = `{"id":2,"entity_type":"WC_Order","entity_id":"1410","is_fulfilled":true,"status":"fulfilled","date_updated":"2026-11-28 13:32:19",
	"meta_data":[{"id":2,"key":"_items","value":[{"item_id":3562,"qty":1},{"item_id":3563,"qty":2.5}]},{"id":3,"key":"_tracking_number","value":"TRACK123"}]}`

func TestFulfillments(t *testing.T) {
	client, mux := setup(t)
	echo(mux, "GET "+api+"/orders/1410/fulfillments", "["+fulfillmentBody+"]")
	list, err := client.Fulfillments.Of(1410).List(t.Context(), ListOptions{})
	require.NoError(t, err)
	require.Len(t, list.Records, 1)
	f := list.Records[0]
	require.Equal(t, []any{ID(2), true, "TRACK123", ""}, []any{f.ID, bool(f.IsFulfilled), f.Text(FulfillmentNumber), f.Text(FulfillmentURL)})
	require.Equal(t, map[ID]string{3562: "1", 3563: "2.5"}, map[ID]string{3562: f.Items()[3562].String(), 3563: f.Items()[3563].String()})
	require.Empty(t, Fulfillment{MetaData: []Meta{{Key: FulfillmentItems, Value: json.RawMessage(`"none"`)}}}.Items())
}

func TestWhetherAStoreHasFulfillments(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		has    bool
		kind   fault.Kind
	}{
		"on":             {404, `{"code":"woocommerce_rest_order_invalid_id","message":"Invalid order ID.","data":{"status":"404"}}`, true, ""},
		"off":            {404, `{"code":"rest_no_route","message":"No route.","data":{"status":404}}`, false, ""},
		"not for us":     {401, `{"code":"woocommerce_rest_cannot_view","message":"Sorry.","data":{"status":401}}`, false, ""},
		"nobody answers": {500, `{"code":"internal_server_error","message":"Oh.","data":{"status":500}}`, false, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			client, mux := setup(t)
			mux.HandleFunc("GET "+api+"/orders/0/fulfillments", func(w http.ResponseWriter, _ *http.Request) { answer(w, c.status, c.body) })
			has, err := client.HasFulfillments(t.Context())
			require.Equal(t, []any{c.has, c.kind}, []any{has, kindOf(err)}, "%v", err)
		})
	}
}

func kindOf(err error) fault.Kind {
	if err == nil {
		return ""
	}
	return fault.KindOf(err)
}

func TestShipmentTrackings(t *testing.T) {
	client, mux := setup(t)
	path := shopPath + "/wp-json/" + ShipmentTrackingAPI + "/orders/7/shipment-trackings"
	const kept = `{"tracking_id":"3fa9","tracking_provider":"DHL","tracking_link":"https://dhl.example/1","tracking_number":1,"date_shipped":"2026-03-10"}`
	echo(mux, "GET "+path, "["+kept+"]")
	echo(mux, "GET "+path+"/providers", `{"Germany":{"DHL":"https://dhl.example/%1$s"}}`)
	mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		require.JSONEq(t, `{"tracking_number":"1"}`, string(body))
		answer(w, 201, kept)
	})
	mux.HandleFunc("DELETE "+path+"/3fa9", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, kept) })
	mux.HandleFunc("DELETE "+path+"/gone", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 404, `{"code":"woocommerce_rest_order_shipment_tracking_invalid_id","message":"Invalid.","data":{"status":404}}`)
	})
	trackings := client.ShipmentTrackings(ShipmentTrackingAPI, 7)
	list, err := trackings.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, []String{"3fa9", "DHL", "1", "https://dhl.example/1"}, []String{list[0].ID, list[0].Provider, list[0].Number, list[0].Link})
	made, err := trackings.Create(t.Context(), Fields{"tracking_number": "1"})
	require.NoError(t, err)
	require.Equal(t, list[0].ID, made.ID)
	names, err := trackings.Providers(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"DHL"}, names)
	require.NoError(t, trackings.Delete(t.Context(), "3fa9"))
	require.NoError(t, trackings.Delete(t.Context(), "gone"), "it is gone already")
}

func TestALostReplyToATrackingNumberIsSaid(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("POST "+shopPath+"/wp-json/"+ShipmentTrackingAPI+"/orders/7/shipment-trackings",
		func(w http.ResponseWriter, _ *http.Request) { answer(w, 201, `{"tracking_id":`) })
	_, err := client.ShipmentTrackings(ShipmentTrackingAPI, 7).Create(t.Context(), Fields{"tracking_number": "1"})
	require.Equal(t, Uncertain, ReasonOf(err))
}

func FuzzFulfillmentItems(f *testing.F) {
	for _, seed := range []string{`[{"item_id":3562,"qty":1}]`, `[{"item_id":"1","qty":"2.5"}]`, `"none"`, `{}`, `[]`, `null`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		items := Fulfillment{MetaData: []Meta{{Key: FulfillmentItems, Value: json.RawMessage(value)}}}.Items()
		for line, quantity := range items {
			require.GreaterOrEqual(t, line, ID(0))
			require.NotEmpty(t, quantity.String())
		}
	})
}

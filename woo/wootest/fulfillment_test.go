package wootest

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fulfillmentSession is what a WooCommerce 10.5.0 was asked, in order, and answered: see the recordings.
var fulfillmentSession = []string{
	"fulfillments_list_empty", "fulfillment_create_draft", "fulfillment_create_fulfilled_with_tracking", "fulfillments_list",
	"fulfillment_get", "fulfillment_metadata_get", "fulfillment_update", "fulfillment_update_status_only_error",
	"fulfillment_without_meta_data_error", "fulfillment_without_items_error", "fulfillment_qty_too_much", "fulfillment_unknown_item",
	"fulfillment_unknown_provider", "fulfillment_status_only_no_is_fulfilled", "fulfillment_of_other_order_get_error",
	"fulfillment_delete", "fulfillment_delete_again", "fulfillment_deleted_get_error", "fulfillments_list_after_delete",
	"fulfillments_unknown_order_error",
}

func TestFulfillmentsAnswerAsRecorded(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{Fulfillments: true})
	ids := soldForFulfillment(c)
	for _, name := range fulfillmentSession {
		recorded := readFulfillment(t, name, ids)
		got := c.do(recorded.Request.Method, recorded.Request.Path, recorded.Request.Body)
		require.Equal(t, recorded.Response.Status, got.status, "%s: %s", name, got.raw)
		require.Equal(t, withoutMoments(recorded.Response.Body), withoutMoments(got.body), name)
	}
	order := c.get("orders/" + ids["1410"])
	require.Equal(t, "processing", order.object()["status"], "the status is not touched")
	require.Contains(t, string(order.raw), `"_fulfillment_status"`)
}

func TestFulfillmentsAreOffAtFirst(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	ids := soldForFulfillment(c)
	for _, name := range []string{"fulfillments_flag_off_list_error", "fulfillments_flag_off_create_error"} {
		recorded := readFulfillment(t, name, ids)
		got := c.do(recorded.Request.Method, recorded.Request.Path, recorded.Request.Body)
		require.Equal(t, []any{recorded.Response.Status, recorded.Response.Body}, []any{got.status, got.body}, name)
	}
}

// soldForFulfillment makes the orders of the recorded session, and gives for ids that stand in it those of the replay.
func soldForFulfillment(c *client) map[string]string {
	var products []any
	for _, price := range []string{"9.99", "14.99"} {
		products = append(products, c.post("products", map[string]any{"name": "Rec " + price, "regular_price": price}).object()["id"])
	}
	sell := func() map[string]any {
		return c.post("orders", map[string]any{"status": "processing", "line_items": []any{
			map[string]any{"product_id": products[0], "quantity": 3}, map[string]any{"product_id": products[1], "quantity": 2},
		}}).object()
	}
	other, order := sell(), sell()
	text := func(v any) string { return strconv.Itoa(int(v.(float64))) }
	lines := order["line_items"].([]any)
	return map[string]string{
		"1409": text(other["id"]), "1410": text(order["id"]),
		"3562": text(lines[0].(map[string]any)["id"]), "3563": text(lines[1].(map[string]any)["id"]),
	}
}

func readFulfillment(t *testing.T, name string, ids map[string]string) recording {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(carts, name+".json"))
	require.NoError(t, err)
	text := string(b)
	for from, to := range ids {
		text = strings.ReplaceAll(text, from, to)
	}
	var r recording
	require.NoError(t, json.Unmarshal([]byte(text), &r))
	if r.Request.Method == http.MethodGet {
		r.Request.Body = nil
	}
	return r
}

// withoutMoments blanks what is another one each time: ids of meta fields, and times.
func withoutMoments(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = withoutMoments(v[i])
		}
	case map[string]any:
		if _, isMeta := v["key"]; isMeta {
			delete(v, "id")
		}
		if v["key"] == "_date_fulfilled" {
			v["value"] = "a time"
		}
		for name, inner := range v {
			v[name] = withoutMoments(inner)
			if name == "date_updated" {
				v[name] = "a time"
			}
		}
	}
	return v
}

// What the plugins answer, by their source: a number of its own for each, no changes, and only carriers of their own for
// Advanced Shipment Tracking.
func TestTrackingNumbersOfPlugins(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options  Options
		provider string
		notes    int
	}{
		"shipment tracking":          {Options{ShipmentTracking: true}, "Own van", 0},
		"advanced shipment tracking": {Options{AdvancedShipmentTracking: true}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, c.options)
			order := soldForFulfillment(client)["1410"]
			before := len(client.get("orders/" + order + "/notes").ids())
			path := "/wp-json/wc-shipment-tracking/v3/orders/" + order + "/shipment-trackings"
			require.Equal(t, http.StatusBadRequest, client.do(http.MethodPost, path, map[string]any{"tracking_provider": "DHL"}).status)
			made := client.do(http.MethodPost, path, map[string]any{
				"tracking_number": "X1", "custom_tracking_provider": "Own van", "custom_tracking_link": "https://van.example/X1", "date_shipped": "2026-03-10",
			})
			require.Equal(t, http.StatusCreated, made.status)
			require.Equal(t, []any{c.provider, "https://van.example/X1", "X1", "2026-03-10"}, []any{made.object()["tracking_provider"],
				made.object()["tracking_link"], made.object()["tracking_number"], made.object()["date_shipped"]})
			known := client.do(http.MethodPost, path, map[string]any{"tracking_number": "X2", "tracking_provider": "dhl"})
			require.Equal(t, "DHL", known.object()["tracking_provider"])
			require.Len(t, client.do(http.MethodGet, path, nil).ids(), 2)
			one := path + "/" + made.object()["tracking_id"].(string)
			require.Equal(t, http.StatusOK, client.do(http.MethodDelete, one, nil).status)
			require.Equal(t, http.StatusNotFound, client.do(http.MethodDelete, one, nil).status)
			require.Len(t, client.get("orders/"+order+"/notes").ids(), before+2*c.notes)
		})
	}
}

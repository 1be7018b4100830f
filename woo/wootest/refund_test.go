package wootest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// soldOrder is a processing order of three pieces at 54.99, paid by a given method.
func soldOrder(t *testing.T, method string) (c *client, path string, line fields, product int) {
	t.Helper()
	c = newClient(t, Demo())
	product = c.post("products", fields{"regular_price": "54.99", "manage_stock": true, "stock_quantity": 100}).id()
	o := c.post("orders", fields{"billing": toFrance, "status": "processing", "payment_method": method,
		"line_items": []fields{{"product_id": product, "quantity": 3}}}).object()
	line, _ = o["line_items"].([]any)[0].(fields)
	return c, "orders/" + identifier(int(o["id"].(float64))), line, product
}

// TestRefundDefaults: without being told otherwise WooCommerce moves money and stock.
func TestRefundDefaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, method string
		flags        fields
		status       int
		paidBack     bool
		stock        int
	}{
		{"both by default", "card", fields{}, 201, true, 99},
		{"neither", "card", fields{"api_refund": false, "api_restock": false}, 201, false, 97},
		{"a gateway that cannot", "bacs", fields{}, 500, false, 97},
		{"a gateway nobody knows", "nosuch", fields{}, 500, false, 97},
		{"told not to ask it", "nosuch", fields{"api_refund": false}, 201, false, 99},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, path, line, product := soldOrder(t, tc.method)
			tc.flags["line_items"] = []fields{{"id": line["id"], "quantity": 2, "refund_total": "109.98"}}
			got := c.api("POST", path+"/refunds", tc.flags)
			require.Equal(t, tc.status, got.status, "%s", got.raw)
			require.Equal(t, tc.stock, c.store.Stock()[product])
			if tc.status == 201 {
				require.Equal(t, tc.paidBack, got.object()["refunded_payment"])
				require.Equal(t, "109.98", got.object()["amount"], "the lines decide when there is no amount")
			}
		})
	}
}

func TestRefundedStatus(t *testing.T) {
	t.Parallel()
	c, path, _, _ := soldOrder(t, "card")
	order := c.get(path).object()
	full := c.put(path, fields{"status": "refunded"}).object()
	refunds, _ := full["refunds"].([]any)
	require.Len(t, refunds, 1)
	require.Equal(t, "-"+order["total"].(string), refunds[0].(fields)["total"])
	require.Equal(t, order["total"], full["total"], "the order's own total stays")

	id := identifier(int(refunds[0].(fields)["id"].(float64)))
	require.Equal(t, 200, c.del(path+"/refunds/"+id).status, "a refund has no trash, and needs no force")
	require.Empty(t, c.get(path).object()["refunds"])
	require.Equal(t, "refunded", c.get(path).object()["status"], "the status stays")
	require.Equal(t, "woocommerce_rest_shop_order_refund_invalid_id", c.get(path+"/refunds/"+id).code())
}

func TestRefundRefusals(t *testing.T) {
	t.Parallel()
	c, path, _, _ := soldOrder(t, "card")
	require.Equal(t, "woocommerce_rest_cannot_create_order_refund", c.api("POST", path+"/refunds", fields{"amount": "1000"}).code())
	require.Equal(t, "woocommerce_rest_invalid_order_id", c.get("orders/1/refunds").code())
	require.Empty(t, c.get(path+"/refunds").ids())
	lost := c.api("POST", "orders/1/refunds", fields{"amount": "1"})
	require.Equal(t, 500, lost.status)
	require.InDelta(t, 404, lost.object()["data"], 0, "the data is a number, another one than the status")
}

// TestOddRefunds: a store takes refunds of nothing, of lines that are not the order's, and of more pieces than were sold.
func TestOddRefunds(t *testing.T) {
	t.Parallel()
	c, path, line, product := soldOrder(t, "bacs")
	refund := func(in fields) {
		in["api_refund"] = false
		c.post(path+"/refunds", in)
	}
	refund(fields{"amount": "0"})
	refund(fields{"amount": "1", "line_items": []fields{{"id": 1, "quantity": 1, "refund_total": "1"}}})
	before := c.store.Stock()[product]
	refund(fields{"amount": "1", "line_items": []fields{{"id": line["id"], "quantity": 50, "refund_total": "1"}}})
	require.Equal(t, before+50, c.store.Stock()[product])
	kept := map[string]any{}
	for _, m := range c.get(path).object()["line_items"].([]any)[0].(fields)["meta_data"].([]any) {
		kept[m.(fields)["key"].(string)] = m.(fields)["value"]
	}
	require.Equal(t, "50", kept["_restock_refunded_items"])
	require.Equal(t, "-47", kept["_reduced_stock"])
}

// TestRefundOfShippingAndFees: any line can be given back.
func TestRefundOfShippingAndFees(t *testing.T) {
	t.Parallel()
	c, _, _, product := soldOrder(t, "card")
	o := c.post("orders", fields{"billing": toFrance, "line_items": []fields{{"product_id": product}},
		"shipping_lines": []fields{{"method_id": "flat_rate", "total": "5"}}, "fee_lines": []fields{{"name": "Fee", "total": "2"}}}).object()
	in := fields{"api_refund": false, "line_items": []fields{
		{"id": o["shipping_lines"].([]any)[0].(fields)["id"], "refund_total": "5", "refund_tax": []fields{{"id": 1, "refund_total": "1"}}},
		{"id": o["fee_lines"].([]any)[0].(fields)["id"], "refund_total": "2", "refund_tax": []fields{{"id": 1, "refund_total": "0.40"}}},
	}}
	got := c.post("orders/"+identifier(int(o["id"].(float64)))+"/refunds", in).object()
	require.Equal(t, "8.40", got["amount"])
	require.Equal(t, "-5.00", got["shipping_lines"].([]any)[0].(fields)["total"])
	require.Equal(t, "-0.40", got["fee_lines"].([]any)[0].(fields)["total_tax"])
	for _, lines := range []string{"shipping_lines", "fee_lines"} {
		given := o[lines].([]any)[0].(fields)
		meta := got[lines].([]any)[0].(fields)["meta_data"].([]any)[0].(fields)
		require.Equal(t, "_refunded_item_id", meta["key"])
		require.Equal(t, identifier(int(given["id"].(float64))), meta["value"])
		require.Empty(t, given["meta_data"])
	}
	tax := got["tax_lines"].([]any)[0].(fields)
	require.Equal(t, "-0.40", tax["tax_total"])
	require.Equal(t, "-1.00", tax["shipping_tax_total"])
}

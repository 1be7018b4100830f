package wootest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// taxedShop has 20 % and 5.5 % in France and three products: 54.99, 1.15 at the reduced rate, 19.99.
func taxedShop(t *testing.T) (*client, []int) {
	t.Helper()
	c := newClient(t, Options{})
	c.post("taxes", fields{"country": "FR", "rate": "20", "name": "A", "class": "standard"})
	c.post("taxes", fields{"country": "FR", "rate": "5.5", "name": "B", "class": "reduced-rate"})
	var ids []int
	for _, p := range []fields{{"regular_price": "54.99"}, {"regular_price": "1.15", "tax_class": "reduced-rate"}, {"regular_price": "19.99"}} {
		p["manage_stock"], p["stock_quantity"] = true, 100
		ids = append(ids, c.post("products", p).id())
	}
	return c, ids
}

var toFrance = fields{"country": "FR"}

func TestOrderTotals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		build func(c *client, ids []int) fields
		want  map[string]string
	}{
		{"two rates", func(_ *client, ids []int) fields {
			return fields{"line_items": []fields{{"product_id": ids[0], "quantity": 2}, {"product_id": ids[1], "quantity": 3}}}
		}, map[string]string{"cart_tax": "22.19", "total": "135.62"}},
		{"totals given by the client", func(_ *client, ids []int) fields {
			return fields{"line_items": []fields{{"product_id": ids[0], "subtotal": "100", "total": "80"}}}
		}, map[string]string{"discount_total": "20.00", "discount_tax": "4.00", "cart_tax": "16.00", "total": "96.00"}},
		{"shipping alone has no tax class to inherit", func(*client, []int) fields {
			return fields{"shipping_lines": []fields{{"method_id": "flat_rate", "total": "5"}}}
		}, map[string]string{"shipping_tax": "0.00", "total": "5.00"}},
		{"shipping inherits the reduced class", func(_ *client, ids []int) fields {
			return fields{"line_items": []fields{{"product_id": ids[1]}}, "shipping_lines": []fields{{"method_id": "flat_rate", "total": "10"}}}
		}, map[string]string{"shipping_tax": "0.55", "cart_tax": "0.06", "total": "11.76"}},
		{"fixed cart coupon", func(c *client, ids []int) fields {
			c.post("coupons", fields{"code": "five", "discount_type": "fixed_cart", "amount": "5"})
			return fields{"line_items": []fields{{"product_id": ids[0]}, {"product_id": ids[2]}}, "coupon_lines": []fields{{"code": "FIVE"}}}
		}, map[string]string{"discount_total": "5.00", "discount_tax": "1.00", "total": "83.98"}},
		{"fixed product coupon", func(c *client, ids []int) fields {
			c.post("coupons", fields{"code": "each", "discount_type": "fixed_product", "amount": "2"})
			return fields{"line_items": []fields{{"product_id": ids[0], "quantity": 2}, {"product_id": ids[1]}}, "coupon_lines": []fields{{"code": "each"}}}
		}, map[string]string{"discount_total": "5.15", "total": "127.18"}},
		{"coupon above the price", func(c *client, ids []int) fields {
			c.post("coupons", fields{"code": "all", "discount_type": "fixed_cart", "amount": "500"})
			return fields{"line_items": []fields{{"product_id": ids[2]}}, "coupon_lines": []fields{{"code": "all"}}}
		}, map[string]string{"discount_total": "19.99", "total": "0.00", "total_tax": "0.00"}},
		{"fee without tax", func(_ *client, ids []int) fields {
			return fields{"line_items": []fields{{"product_id": ids[2]}}, "fee_lines": []fields{{"name": "Fee", "total": "10", "tax_status": "none"}}}
		}, map[string]string{"cart_tax": "4.00", "total": "33.99"}},
		{"abroad", func(_ *client, ids []int) fields {
			return fields{"line_items": []fields{{"product_id": ids[0]}}, "shipping": fields{"country": "CH"}}
		}, map[string]string{"total_tax": "0.00", "total": "54.99"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, ids := taxedShop(t)
			in := tc.build(c, ids)
			if in["billing"] == nil {
				in["billing"] = toFrance
			}
			got := c.post("orders", in).object()
			for name, want := range tc.want {
				require.Equal(t, want, got[name], name)
			}
		})
	}
}

// TestTaxRateChoice: one rate per priority, the closest to the place; compound rates come on top.
func TestTaxRateChoice(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for _, rate := range []fields{
		{"country": "", "rate": "10", "name": "World"},
		{"country": "CA", "rate": "5", "name": "GST"},
		{"country": "CA", "state": "QC", "rate": "9", "name": "QST", "priority": 2, "compound": true},
		{"country": "CA", "postcodes": []string{"H2*"}, "rate": "7", "name": "City", "priority": 3},
	} {
		c.post("taxes", rate)
	}
	p := c.post("products", fields{"regular_price": "100"}).id()
	for _, tc := range []struct {
		to    fields
		total string
		rates int
	}{
		{fields{"country": "FR"}, "110.00", 1},
		{fields{"country": "CA", "state": "ON"}, "105.00", 1},
		{fields{"country": "CA", "state": "QC"}, "114.45", 2},
		{fields{"country": "CA", "state": "QC", "postcode": "H2X 1Y4"}, "122.08", 3},
	} {
		got := c.post("orders", fields{"billing": tc.to, "line_items": []fields{{"product_id": p}}}).object()
		require.Len(t, got["tax_lines"], tc.rates, "%v", tc.to)
		require.Equal(t, tc.total, got["total"], "%v", tc.to)
	}
}

func TestOrderLinesOnUpdate(t *testing.T) {
	t.Parallel()
	c, ids := taxedShop(t)
	o := c.post("orders", fields{"billing": toFrance, "status": "processing",
		"line_items": []fields{{"product_id": ids[0], "quantity": 2}, {"product_id": ids[2]}}})
	path := "orders/" + identifier(o.id())
	first := o.object()["line_items"].([]any)[0].(fields)
	require.Equal(t, map[int]int{ids[0]: 98, ids[1]: 100, ids[2]: 99}, c.store.Stock())

	removed := c.put(path, fields{"line_items": []fields{{"id": first["id"], "quantity": 0}}}).object()
	require.Len(t, removed["line_items"], 1)
	require.Equal(t, "23.99", removed["total"])
	require.Equal(t, 100, c.store.Stock()[ids[0]], "a removed line gives its stock back")

	added := c.put(path, fields{"line_items": []fields{{"product_id": ids[1], "quantity": 10}}}).object()
	require.Len(t, added["line_items"], 2)
	require.Equal(t, "36.12", added["total"])
	bad := c.put(path, fields{"line_items": []fields{{"id": 99999, "total": "1"}}})
	require.Equal(t, "woocommerce_rest_invalid_item_id", bad.code())

	quantity := c.put(path, fields{"line_items": []fields{{"id": added["line_items"].([]any)[1].(fields)["id"], "quantity": 5}}})
	require.Equal(t, "36.12", quantity.object()["total"], "a quantity alone changes no total")
}

func TestOrderRefusals(t *testing.T) {
	t.Parallel()
	c, ids := taxedShop(t)
	c.post("coupons", fields{"code": "old", "amount": "1", "date_expires": "2026-01-01T00:00:00"})
	c.post("coupons", fields{"code": "big", "amount": "1", "minimum_amount": "1000"})
	for code, in := range map[string]fields{
		"rest_invalid_param":                   {"status": "trash"},
		"woocommerce_rest_invalid_customer_id": {"customer_id": 77},
	} {
		require.Equal(t, code, c.api("POST", "orders", in).code())
	}
	for _, coupon := range []string{"nosuch", "old", "big"} {
		in := fields{"line_items": []fields{{"product_id": ids[0]}}, "coupon_lines": []fields{{"code": coupon}}}
		require.Equal(t, "woocommerce_rest_invalid_coupon", c.api("POST", "orders", in).code(), coupon)
	}
	require.Equal(t, "rest_invalid_param", c.api("POST", "orders", fields{"currency": "XXX"}).code())
	require.Equal(t, "rest_invalid_json", c.send(jsonRequest(t, c, "orders", "{")).code())
	require.Zero(t, c.store.Count("orders"))
}

// TestPaidStatus: what set_paid makes of an order.
func TestPaidStatus(t *testing.T) {
	t.Parallel()
	c, ids := taxedShop(t)
	file := c.post("products", fields{"virtual": true, "downloadable": true, "regular_price": "3"}).id()
	for _, tc := range []struct {
		product int
		method  string
		want    string
	}{{ids[0], "bacs", "processing"}, {ids[0], "cod", "completed"}, {file, "bacs", "completed"}} {
		got := c.post("orders", fields{"payment_method": tc.method, "set_paid": true, "line_items": []fields{{"product_id": tc.product}}}).object()
		require.Equal(t, tc.want, got["status"])
		require.NotNil(t, got["date_paid"])
		require.Equal(t, tc.want == "completed", got["date_completed"] != nil)
	}
}

// TestCustomStatus: a plugin's status is accepted and listed without its prefix.
func TestCustomStatus(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{CustomStatuses: []string{"packed"}})
	made := c.post("orders", fields{"status": "packed"})
	require.Equal(t, []int{made.id()}, c.get("orders?status=packed").ids())
	require.Equal(t, map[string]int{"packed": 1}, c.store.OrderStatuses())
}

func TestNotes(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	order := c.get("orders?per_page=1&orderby=id&order=asc&status=processing").ids()[0]
	path := "orders/" + identifier(order) + "/notes"
	seeded := c.get(path).ids()
	require.NotEmpty(t, seeded)
	mine := c.post(path, fields{"note": "For you", "customer_note": true})
	require.Equal(t, append([]int{mine.id()}, seeded...), c.get(path).ids(), "newest first")
	require.Contains(t, c.get(path+"?type=customer").ids(), mine.id())
	require.NotContains(t, c.get(path+"?type=internal").ids(), mine.id())
	one := path + "/" + identifier(mine.id())
	require.Equal(t, 501, c.del(one).status)
	require.Equal(t, 200, c.del(one+"?force=true").status)
	require.Equal(t, "woocommerce_rest_invalid_id", c.get(one).code())
	require.Equal(t, "woocommerce_rest_order_invalid_id", c.get("orders/1/notes").code())
}

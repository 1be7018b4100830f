package wootest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAddresses: the API answers under a sub-folder, under ?rest_route=, and describes itself.
func TestAddresses(t *testing.T) {
	t.Parallel()
	o := Demo()
	o.BasePath = "/shop"
	c := newClient(t, o)
	pretty := c.get("products?per_page=1")
	plain := c.do(http.MethodGet, "/?rest_route=/wc/v3/products&per_page=1&_=wp-json/wc/", nil)
	require.Equal(t, 200, pretty.status)
	for _, unseen := range []string{"", "&_=wp-json%2Fwc%2F", "&consumer_key=" + DefaultKey + "&consumer_secret=" + DefaultSecret} {
		answer := c.do(http.MethodGet, "/?rest_route=/wc/v3/products"+unseen, nil)
		require.Equal(t, 401, answer.status, "keys count only where the address names WooCommerce's routes")
		require.Equal(t, "woocommerce_rest_cannot_view", answer.code())
	}
	require.Equal(t, pretty.body, plain.body)
	require.Contains(t, pretty.header.Values("Link"), `<https://127.0.0.1:8081/shop/wp-json/wc/v3/products?per_page=1&page=2>; rel="next"`)

	index := c.do(http.MethodGet, "/wp-json/", nil)
	require.Contains(t, index.object()["namespaces"], "wc/v3")
	require.Equal(t, c.base, index.object()["home"])
	require.Equal(t, 404, c.do(http.MethodGet, "/nosuch", nil).status)
	require.Equal(t, "rest_no_route", c.do(http.MethodGet, "/wp-json/wp/v2/media", nil).code())
	require.Equal(t, "rest_no_route", c.api(http.MethodDelete, "payment_gateways/bacs", nil).code())
}

// TestFilters: each filter keeps something, leaves something out, and keeps only what it should.
func TestFilters(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	firstOrder := c.get("orders?per_page=1&orderby=id&order=asc&status=processing").body.([]any)[0].(fields)
	buyer := identifier(int(firstOrder["customer_id"].(float64)))
	line := firstOrder["line_items"].([]any)[0].(fields)
	for _, tc := range []struct {
		path string
		keep func(fields) bool
	}{
		{"products?type=variable", field("type", "variable")},
		{"products?status=draft", field("status", "draft")},
		{"products?featured=true", field("featured", true)},
		{"products?on_sale=true", field("on_sale", true)},
		{"products?virtual=true", field("virtual", true)},
		{"products?category=17", names("categories", 17)},
		{"products?tag=32", names("tags", 32)},
		{"products?stock_status=instock&type=variable", field("stock_status", "instock")},
		{"products?search=honey", func(o fields) bool { return strings.Contains(o["name"].(string), "Honey") }},
		{"orders?status=failed", field("status", "failed")},
		{"orders?status[]=failed&status[]=pending", func(o fields) bool { return o["status"] == "failed" || o["status"] == "pending" }},
		{"orders?customer=" + buyer, field("customer_id", firstOrder["customer_id"])},
		{"orders?product=" + identifier(int(line["product_id"].(float64))), func(o fields) bool {
			return strings.Contains(string(mustJSON(t, o["line_items"])), `"product_id":`+identifier(int(line["product_id"].(float64))))
		}},
		{"orders?created_via=checkout&search=guest-", func(o fields) bool {
			return strings.HasPrefix(o["billing"].(fields)["email"].(string), "guest-")
		}},
		{"customers?email=customer-7@example.com", field("email", "customer-7@example.com")},
		{"customers?search=customer-12", func(o fields) bool { return strings.HasPrefix(o["email"].(string), "customer-12") }},
		{"products/categories?parent=16", field("parent", float64(16))},
		{"products/categories?hide_empty=true", func(o fields) bool { return o["count"].(float64) > 0 }},
		{"products/tags?slug=organic", field("slug", "organic")},
		{"taxes?class=zero-rate", field("class", "zero-rate")},
		{"coupons?code=SUMMER5", field("code", "summer5")},
	} {
		kept := everything(c, tc.path)
		require.NotEmpty(t, kept, tc.path)
		base, _, _ := strings.Cut(tc.path, "?")
		require.Less(t, len(kept), len(everything(c, base)), tc.path)
		require.Equal(t, len(kept), count(kept, tc.keep), tc.path)
	}
}

func names(list string, id int) func(fields) bool {
	return func(o fields) bool {
		for _, item := range o[list].([]any) {
			if item.(fields)["id"] == float64(id) {
				return true
			}
		}
		return false
	}
}

// TestSiteTimeZone: without dates_are_gmt a bound is local time. Mixing the two up loses or repeats hours of orders.
func TestSiteTimeZone(t *testing.T) {
	t.Parallel()
	o := Demo()
	o.Zone = time.FixedZone("UTC+2", 2*60*60)
	c := newClient(t, o)
	order := c.get("orders?per_page=1&orderby=id&order=asc").body.([]any)[0].(fields)
	gmt, local := order["date_modified_gmt"].(string), order["date_modified"].(string)
	require.NotEqual(t, gmt, local)
	id := int(order["id"].(float64))
	before := func(bound, flag string) []int {
		return c.get("orders?per_page=1&orderby=modified&order=asc&modified_before=" + bound + flag).ids()
	}
	require.NotContains(t, before(gmt, "&dates_are_gmt=true"), id, "bounds are exclusive")
	require.NotContains(t, before(local, ""), id)
	require.Contains(t, before(local, "&dates_are_gmt=true"), id)
	require.NotContains(t, before(gmt+url.QueryEscape("+00:00"), ""), id, "a bound with its own offset needs no flag")
}

func TestOrderByAndDefaults(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	ascending := c.get("orders?orderby=id&order=asc&per_page=100").ids()
	require.IsIncreasing(t, ascending)
	require.IsDecreasing(t, c.get("orders?per_page=100").ids(), "newest first by default")
	wanted := ascending[3:6]
	include := identifier(wanted[2]) + "," + identifier(wanted[0]) + "," + identifier(wanted[1])
	require.Equal(t, []int{wanted[2], wanted[0], wanted[1]}, c.get("orders?orderby=include&include="+include).ids())

	touched := wanted[1]
	require.Equal(t, 200, c.put("orders/"+identifier(touched), fields{"customer_note": "x"}).status)
	newest := c.get("orders?orderby=modified&order=desc&per_page=1").ids()
	require.Equal(t, []int{touched}, newest)
	require.Equal(t, []int{touched}, c.get("orders?dates_are_gmt=true&modified_after=2026-01-01T00:00:00").ids())
	require.Equal(t, ascending, c.get("orders?orderby=id&order=asc&per_page=100").ids(), "a change moves nothing in a scan by id")
}

func TestParameterErrors(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	for path, details := range map[string]string{
		"orders?page=0":                   "rest_out_of_bounds",
		"orders?per_page=x":               "rest_invalid_type",
		"orders?per_page=0":               "rest_out_of_bounds",
		"orders?order=up":                 "rest_not_in_enum",
		"orders?orderby=total":            "rest_not_in_enum",
		"orders?modified_after=yesterday": "rest_invalid_date",
		"customers?role=king":             "rest_not_in_enum",
		"products?status=processing":      "rest_not_in_enum",
		"webhooks?status=asleep":          "rest_not_in_enum",
	} {
		answer := c.get(path)
		require.Equal(t, 400, answer.status, path)
		require.Equal(t, "rest_invalid_param", answer.code(), path)
		require.Contains(t, string(answer.raw), details, path)
	}
}

package wootest

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// everything gets all pages of a list.
func everything(c *client, path string) []map[string]any {
	c.t.Helper()
	var all []map[string]any
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	for page := 1; ; page++ {
		answer := c.get(path + separator + "per_page=100&orderby=id&order=asc&page=" + identifier(page))
		require.Equal(c.t, 200, answer.status, "%s", answer.raw)
		items, _ := answer.body.([]any)
		for _, item := range items {
			object, _ := item.(map[string]any)
			all = append(all, object)
		}
		if len(items) < 100 {
			return all
		}
	}
}

func count(all []map[string]any, test func(map[string]any) bool) (n int) {
	for _, o := range all {
		if test(o) {
			n++
		}
	}
	return n
}

func field(name string, value any) func(map[string]any) bool {
	return func(o map[string]any) bool { return o[name] == value }
}

func filled(name string) func(map[string]any) bool {
	return func(o map[string]any) bool {
		list, isList := o[name].([]any)
		return isList && len(list) > 0 || !isList && o[name] != nil && o[name] != "" && o[name] != float64(0)
	}
}

// TestDemoProducts: the demo shop holds every kind of product.
func TestDemoProducts(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	all := everything(c, "products")
	require.Len(t, all, 320)
	require.Equal(t, 320, c.store.Count("products"))
	for name, n := range map[string]int{"variable": 60, "grouped": 5, "external": 4, "simple": 200} {
		require.GreaterOrEqual(t, count(all, field("type", name)), n, name)
	}
	for _, flag := range []string{"virtual", "downloadable", "on_sale", "featured", "manage_stock"} {
		require.Positive(t, count(all, field(flag, true)), flag)
	}
	for _, name := range []string{"images", "tags", "brands", "categories", "global_unique_id", "weight", "shipping_class",
		"date_on_sale_from", "date_on_sale_to", "downloads", "grouped_products", "external_url", "meta_data"} {
		require.Positive(t, count(all, filled(name)), name)
	}
	for _, class := range []string{"", "reduced-rate", "zero-rate"} {
		require.Positive(t, count(all, field("tax_class", class)), class)
	}
	for _, status := range []string{"publish", "draft", "private"} {
		require.Positive(t, count(all, field("status", status)), status)
	}
	skus := map[any]bool{}
	for _, p := range all {
		skus[p["sku"]] = true
	}
	require.Len(t, skus, 320, "codes are unique")
}

// TestDemoVariations: each variable product lists its variations, and some leave an attribute open.
func TestDemoVariations(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	open, total := 0, 0
	for _, p := range everything(c, "products?type=variable") {
		var listed []any
		for _, v := range everything(c, "products/"+identifier(int(p["id"].(float64)))+"/variations") {
			listed = append(listed, v["id"])
			require.Equal(t, p["id"], v["parent_id"])
			if len(v["attributes"].([]any)) == 1 {
				open++
			}
		}
		require.Equal(t, p["variations"], listed)
		total += len(listed)
	}
	require.Equal(t, c.store.Count("variations"), total)
	require.Positive(t, open)
}

// TestDemoCustomers: persons and companies with VAT numbers, in more than one country.
func TestDemoCustomers(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	all := everything(c, "customers")
	require.Len(t, all, 200)
	companies := count(all, func(o map[string]any) bool { return o["billing"].(fields)["company"] != "" })
	require.Equal(t, 50, companies)
	vat := count(all, func(o map[string]any) bool { return o["meta_data"].([]any)[0].(fields)["key"] == "vat_number" })
	require.Equal(t, companies, vat)
	abroad := count(all, func(o map[string]any) bool { return o["billing"].(fields)["country"] != "FR" })
	require.Positive(t, abroad)
}

// TestDemoOrders: 500 to import, 400 of them processing or completed, over all statuses and with every kind of line.
func TestDemoOrders(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	all := everything(c, "orders")
	drafts := count(all, field("status", "checkout-draft"))
	require.Positive(t, drafts)
	require.Len(t, all, 500+drafts)
	require.NotEmpty(t, everything(c, "orders?status=trash"))
	require.Equal(t, 500, c.store.Count("orders"))
	require.Len(t, everything(c, "orders?status=processing,completed"), 400)
	for _, status := range []string{"pending", "on-hold", "cancelled", "refunded", "failed", "packed"} {
		require.Positive(t, count(all, field("status", status)), status)
		require.Equal(t, count(all, field("status", status)), c.store.OrderStatuses()[status])
	}
	require.InDelta(t, 0.3, float64(count(all, field("customer_id", float64(0))))/float64(len(all)), 0.06, "guests")
	for _, currency := range []string{"EUR", "USD", "GBP"} {
		require.Positive(t, count(all, field("currency", currency)), currency)
	}
	for _, name := range []string{"coupon_lines", "fee_lines", "shipping_lines", "refunds", "customer_note", "transaction_id", "meta_data"} {
		require.Positive(t, count(all, filled(name)), name)
	}
	require.Positive(t, count(all, func(o map[string]any) bool { return strings.HasPrefix(o["number"].(string), "W-") }))
	negative := count(all, func(o map[string]any) bool {
		return strings.Contains(string(mustJSON(t, o["fee_lines"])), `"total":"-1.00"`)
	})
	require.Positive(t, negative, "negative fees")
	require.Len(t, everything(c, "refunds"), c.store.Count("refunds"))
}

// TestSeededOrdersAddUp works every total out again from what the API shows, as an importer would.
func TestSeededOrdersAddUp(t *testing.T) {
	t.Parallel()
	c := newClient(t, Demo())
	sums := map[string]decimal.Decimal{}
	for _, o := range everything(c, "orders?dp=6") {
		id := o["id"]
		lines, lineTax := sumOf(o, "line_items")
		fees, feeTax := sumOf(o, "fee_lines")
		shipping, shippingTax := sumOf(o, "shipping_lines")
		require.True(t, amount(o, "shipping_total").Equal(shipping), "order %v: shipping", id)
		require.True(t, amount(o, "total").Equal(decimal.Sum(lines, fees, shipping, amount(o, "total_tax"))), "order %v: total", id)
		perRate := decimal.Zero
		for _, line := range o["tax_lines"].([]any) {
			perRate = decimal.Sum(perRate, amount(line, "tax_total"), amount(line, "shipping_tax_total"))
		}
		require.True(t, amount(o, "total_tax").Equal(perRate), "order %v: taxes by rate", id)
		drift := lineTax.Add(feeTax).Add(shippingTax).Sub(perRate).Abs()
		require.True(t, drift.LessThanOrEqual(decimal.New(1, -2)), "order %v: taxes by line", id)
		require.True(t, amount(o, "total").Equal(amount(o, "total").Round(2)), "order %v is in whole cents", id)
		if o["status"] != "checkout-draft" {
			currency := o["currency"].(string)
			sums[currency] = sums[currency].Add(amount(o, "total"))
		}
	}
	for currency, totals := range c.store.OrderTotals() {
		require.True(t, sums[currency].Equal(totals.Total), "%s: listed %s, audited %s", currency, sums[currency], totals.Total)
		rates := decimal.Zero
		for _, tax := range totals.TaxRates {
			rates = rates.Add(tax)
		}
		require.True(t, rates.Equal(totals.Tax), currency)
	}
}

func amount(o any, name string) decimal.Decimal {
	object, _ := o.(fields)
	s, _ := object[name].(string)
	return decimal.RequireFromString(s)
}

func sumOf(o fields, lines string) (total, tax decimal.Decimal) {
	for _, line := range o[lines].([]any) {
		total, tax = total.Add(amount(line, "total").Round(2)), tax.Add(amount(line, "total_tax"))
	}
	return total, tax
}

// TestSeededOrdersReferToTheCatalogue: every line names a product or variation that exists and has that code.
func TestSeededOrdersReferToTheCatalogue(t *testing.T) {
	t.Parallel()
	s := New(Demo())
	for o := range s.orders.records {
		for i := range o.lines {
			l := &o.lines[i]
			p := s.soldProduct(l)
			require.NotNil(t, p, "order %d", o.ID)
			require.Equal(t, l.SKU, string(p.SKU))
			require.Equal(t, s.taxClassOf(p), l.Class)
			managed := p.ManageStock == stockOn
			takes := o.Status == "processing" || o.Status == "completed" || o.Status == "on-hold"
			require.Equal(t, managed && takes, l.reduced == l.Quantity, "order %d line %d", o.ID, l.ID)
			price := parseMoney(p.price(shopTime.Unix()))
			require.Equal(t, price*money(l.Quantity), l.Subtotal)
		}
		if o.CustomerID != 0 {
			require.Equal(t, s.customers.get(int(o.CustomerID)).Email, o.Billing.Email)
		}
	}
}

// TestSeededRefunds: a refunded order got all its money back, another one a part; lines explain the amount.
func TestSeededRefunds(t *testing.T) {
	t.Parallel()
	s := New(Demo())
	full, part := 0, 0
	for o := range s.orders.records {
		for i := range o.refunds {
			r := &o.refunds[i]
			if len(r.lines) > 0 {
				require.Equal(t, r.Amount, r.value(), "order %d", o.ID)
			}
			if o.Status == "refunded" {
				require.Equal(t, o.total, r.Amount, "order %d", o.ID)
				full++
			} else {
				require.Less(t, r.Amount, o.total)
				part++
			}
		}
	}
	require.Positive(t, full)
	require.Positive(t, part)
}

// TestSeedRepeats: the same seed gives the same bytes, another seed other ones.
func TestSeedRepeats(t *testing.T) {
	t.Parallel()
	page := func(seed int64, path string) string {
		o := Demo()
		o.Seed = seed
		return string(newClient(t, o).get(path).raw)
	}
	for _, path := range []string{"orders?per_page=100&dp=6", "products?per_page=100", "customers?per_page=100"} {
		require.Equal(t, page(7, path), page(7, path))
		require.NotEqual(t, page(7, path), page(8, path))
	}
}

// TestLargeStore starts a store of a million orders and reads its last page. Its records are made on demand: if they
// were not, this test would take minutes.
func TestLargeStore(t *testing.T) {
	t.Parallel()
	c := newClient(t, Sized(100_000, 100_000, 1_000_000))
	answer := c.get("orders?per_page=100&orderby=id&order=asc&page=10050&dp=6")
	drafts := 5_000
	require.Equal(t, identifier(1_000_000+drafts), answer.header.Get("X-WP-Total"))
	require.Len(t, answer.ids(), 100)
	require.Equal(t, "100000", c.get("products?per_page=1").header.Get("X-WP-Total"))
	require.Equal(t, "800000", c.get("orders?status=processing,completed&per_page=1").header.Get("X-WP-Total"))
}

// TestDatesRiseWithIDs: scans by id and by modified date agree.
func TestDatesRiseWithIDs(t *testing.T) {
	t.Parallel()
	s := New(Demo())
	var last head
	for h := range s.orders.heads {
		require.Greater(t, h.id, last.id)
		require.Greater(t, h.modified, last.modified)
		require.Less(t, h.created, time.Date(2025, time.July, 1, 0, 0, 0, 0, time.UTC).Unix())
		last = h
	}
}

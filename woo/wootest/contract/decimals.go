package contract

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// coins is a currency with the decimals that a store of it sets, and what the suite's order comes to in it.
type coins struct {
	currency, decimals string
	total, totalTax    string            // with the store's decimals, as replies give them without dp
	exact              map[string]string // with dp=6
}

var currencies = []coins{
	{"JPY", "0", "1999", "333", map[string]string{
		"total": "1999.000000", "total_tax": "333.000000", "cart_tax": "332.000000", "shipping_tax": "1.000000",
		"shipping_total": "5.000000", "discount_total": "185.000000", "discount_tax": "37.000000"}},
	{"EUR", "2", "2000.57", "333.38", map[string]string{
		"total": "2000.570000", "total_tax": "333.380000", "cart_tax": "332.380000", "shipping_tax": "1.000000",
		"shipping_total": "4.990000", "discount_total": "184.690000", "discount_tax": "36.930000"}},
	{"KWD", "3", "2000.569", "333.379", map[string]string{
		"total": "2000.569000", "total_tax": "333.379000", "cart_tax": "332.381000", "shipping_tax": "0.998000",
		"shipping_total": "4.990000", "discount_total": "184.689000", "discount_tax": "36.931000"}},
}

// checkCurrencies: a store of a currency without decimals, or with three, calculates and shows amounts with as many.
func checkCurrencies(t *testing.T, s *store) {
	for _, c := range currencies {
		t.Run(c.currency, func(t *testing.T) {
			s.taxed(t, mode{})
			s.set(t, "general/woocommerce_currency", c.currency)
			s.decimals(t, c.decimals)
			o := s.discountedOrder(t)
			require.Equal(t, c.currency, o["currency"])
			require.Equal(t, c.total, o["total"])
			require.Equal(t, c.totalTax, o["total_tax"])
			require.Equal(t, c.exact, s.sums(t, o))
		})
	}
}

// checkReadDecimals: a store rounds the total of an order and its tax when it reads them, with the decimals that it has
// then, whatever dp says. All else that an order adds up is read as it was stored, and so are what refunds gave back.
func checkReadDecimals(t *testing.T, s *store) {
	s.taxed(t, mode{})
	s.set(t, "general/woocommerce_currency", "KWD")
	s.decimals(t, "3")
	o := s.discountedOrder(t)
	path := "orders/" + number(o["id"])
	refund := s.post(t, path+"/refunds", object{"amount": "1.239", "api_refund": false})
	require.Equal(t, http.StatusCreated, refund.status, "%v", refund.body)
	stored := s.sums(t, o)
	lines := s.kept(t, path)
	for decimals, want := range map[string][2]string{
		"2": {"2000.570000", "333.380000"}, "1": {"2000.600000", "333.400000"}, "0": {"2001.000000", "333.000000"},
		"3": {"2000.569000", "333.379000"},
	} {
		s.decimals(t, decimals)
		stored["total"], stored["total_tax"] = want[0], want[1]
		require.Equal(t, stored, s.sums(t, o), decimals)
		require.Equal(t, lines, s.kept(t, path), decimals)
	}
}

// checkWritesAtOtherDecimals: a change of the status at fewer decimals stores nothing that was rounded for reading; a
// recalculation does. What may be refunded, and what a status of refunded refunds, is the total as it reads that day.
func checkWritesAtOtherDecimals(t *testing.T, s *store) {
	s.taxed(t, mode{})
	body := func() object {
		return object{"status": "processing", "line_items": []object{
			{"product_id": s.sell(t, "16.30", "", 50)["id"], "quantity": 1, "subtotal": "16.30", "total": "16.30"}}}
	}
	kept, worked, refunded, finer := s.order(t, body()), s.order(t, body()), s.order(t, body()), s.order(t, body())
	path := func(o object) string { return "orders/" + number(o["id"]) }
	s.decimals(t, "0")
	require.Equal(t, "20", s.put(t, path(kept), object{"status": "completed"}).object()["total"])
	require.Equal(t, "19", s.put(t, path(worked), object{"billing": object{"first_name": "Other"}}).object()["total"])
	require.Equal(t, "refunded", s.put(t, path(refunded), object{"status": "refunded"}).object()["status"])
	tooMuch := s.post(t, path(finer)+"/refunds", object{"amount": "20.40", "api_refund": false})
	require.Equal(t, http.StatusInternalServerError, tooMuch.status)
	part := s.post(t, path(finer)+"/refunds", object{"amount": "19.56", "api_refund": false})
	require.Equal(t, http.StatusCreated, part.status, "%v", part.body)

	s.decimals(t, "2")
	require.Equal(t, "19.56", s.get(t, path(kept)).object()["total"])
	require.Equal(t, "19.00", s.get(t, path(worked)).object()["total"])
	require.Equal(t, "-20.00", at(s.get(t, path(refunded)).body, "refunds", 0, "total"))
	require.Equal(t, "-19.56", at(s.get(t, path(finer)).body, "refunds", 0, "total"))
	require.Equal(t, "processing", s.get(t, path(finer)).object()["status"], "a rest was left that day")
}

// decimals sets how many decimals the store has, until the test ends.
func (s *store) decimals(t *testing.T, n string) {
	t.Helper()
	s.set(t, "general/woocommerce_price_num_decimals", n)
}

// discountedOrder has amounts that any number of decimals rounds: two lines of two rates, a coupon of 10 % and shipping.
func (s *store) discountedOrder(t *testing.T) object {
	t.Helper()
	standard, reduced := s.sell(t, "1", "", 50), s.sell(t, "1", "reduced-rate", 50)
	code := "day" + s.run
	s.create(t, "coupons", object{"code": code, "discount_type": "percent", "amount": "10"})
	return s.order(t, object{
		"line_items": []object{
			{"product_id": standard["id"], "quantity": 3, "subtotal": "1846.4321", "total": "1846.4321"},
			{"product_id": reduced["id"], "quantity": 1, "subtotal": "0.4567", "total": "0.4567"},
		},
		"shipping_lines": []object{{"method_id": "flat_rate", "method_title": "Flat", "total": "4.99"}},
		"coupon_lines":   []object{{"code": code}},
	})
}

// sums are what an order adds up, with six decimals.
func (s *store) sums(t *testing.T, o object) map[string]string {
	t.Helper()
	exact := s.get(t, "orders/"+number(o["id"])+"?dp=6").object()
	got := map[string]string{}
	for field := range currencies[0].exact {
		got[field] = word(exact[field])
	}
	return got
}

// kept are the figures of an order's lines and refunds that are stored as they are, with six decimals.
func (s *store) kept(t *testing.T, path string) []any {
	t.Helper()
	exact := s.get(t, path+"?dp=6").body
	got := []any{at(exact, "refunds", 0, "total"), s.list(t, path+"/refunds?dp=6").list()[0]["amount"]}
	for _, list := range []string{"line_items", "shipping_lines", "tax_lines"} {
		for _, line := range objects(at(exact, list)) {
			got = append(got, line["total"], line["subtotal"], line["taxes"], line["tax_total"], line["shipping_tax_total"])
		}
	}
	return append(got, at(exact, "coupon_lines", 0, "discount"), at(exact, "coupon_lines", 0, "discount_tax"))
}

package contract

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// modeTotals are what one order comes to in each mode.
var modeTotals = map[mode]map[string]string{
	{false, false}: {"discount_total": "13.340000", "discount_tax": "2.620000", "shipping_tax": "1.000000",
		"cart_tax": "23.860000", "total_tax": "24.860000", "total": "151.440000"},
	{true, false}: {"discount_total": "13.340000", "discount_tax": "2.620000", "shipping_tax": "1.000000",
		"cart_tax": "23.860000", "total_tax": "24.860000", "total": "151.440000"},
	{false, true}: {"discount_total": "13.340000", "discount_tax": "2.620000", "shipping_tax": "1.000000",
		"cart_tax": "23.868599", "total_tax": "24.870000", "total": "151.450000"},
	{true, true}: {"discount_total": "13.340000", "discount_tax": "2.620000", "shipping_tax": "1.000000",
		"cart_tax": "23.868531", "total_tax": "24.870000", "total": "151.450000"},
}

// checkOrderTotals: what WooCommerce makes of two rates, a coupon, shipping and fees of either sign, in each mode. Lines
// are sent ex tax whatever the mode.
func checkOrderTotals(t *testing.T, s *store) {
	for m, want := range modeTotals {
		t.Run(m.String(), func(t *testing.T) {
			s.taxed(t, m)
			o := s.mixedOrder(t)
			exact := s.get(t, "orders/"+number(o["id"])+"?dp=6").object()
			require.Equal(t, m.inclusive, exact["prices_include_tax"])
			got := map[string]string{}
			for field := range want {
				got[field] = word(exact[field])
			}
			require.Equal(t, want, got)
			s.checkLines(t, m, exact)
		})
	}
}

// mixedOrder holds lines of two rates, a coupon of 10 %, shipping, a fee and a negative fee.
func (s *store) mixedOrder(t *testing.T) object {
	t.Helper()
	standard, reduced, third := s.sell(t, "54.99", "", 50), s.sell(t, "1.15", "reduced-rate", 50), s.sell(t, "19.99", "", 50)
	code := "sum" + s.run
	s.create(t, "coupons", object{"code": code, "discount_type": "percent", "amount": "10"})
	return s.order(t, object{
		"line_items": []object{
			{"product_id": standard["id"], "quantity": 2, "subtotal": "109.98", "total": "109.98"},
			{"product_id": reduced["id"], "quantity": 3, "subtotal": "3.45", "total": "3.45"},
			{"product_id": third["id"], "quantity": 1, "subtotal": "19.99", "total": "19.99"},
		},
		"shipping_lines": []object{{"method_id": "flat_rate", "method_title": "Flat", "total": "5.00"}},
		"fee_lines":      []object{{"name": "Wrap", "total": "2.50"}, {"name": "Loyalty", "total": "-1.00"}},
		"coupon_lines":   []object{{"code": code}},
	})
}

// checkLines: taxes are kept raw per line and rate; the sums of a line are rounded per rate, or not at all when the shop
// rounds at the subtotal.
func (s *store) checkLines(t *testing.T, m mode, exact object) {
	t.Helper()
	raw := word(at(exact, "line_items", 1, "taxes", 0, "total"))
	require.Regexp(t, `^0\.17\d{4}$`, raw)
	if m.atSubtotal {
		require.Equal(t, raw, at(exact, "line_items", 1, "total_tax"))
	} else {
		require.Equal(t, "0.170000", at(exact, "line_items", 1, "total_tax"))
	}
	require.Equal(t, "1.000000", at(exact, "shipping_lines", 0, "total_tax"))
	require.Equal(t, "-0.195104", at(exact, "fee_lines", 1, "taxes", 0, "total"))
}

// checkShelfPrices: a line without totals takes the shelf price, ex the tax that the shop's own country has on it. Prices
// with tax round half a coin of tax down, so that nets and taxes of single lines add up to the price.
func checkShelfPrices(t *testing.T, s *store) {
	s.taxed(t, mode{inclusive: true})
	var lines []object
	for range 3 {
		lines = append(lines, object{"product_id": s.sell(t, "9.99", "", 50)["id"], "quantity": 1})
	}
	o := s.order(t, object{"line_items": lines,
		"shipping_lines": []object{{"method_id": "flat_rate", "method_title": "Flat", "total": "4.99"}}})
	exact := s.get(t, "orders/"+number(o["id"])+"?dp=6").object()
	require.Equal(t, "8.325000", at(exact, "line_items", 0, "total"))
	require.Equal(t, "1.665000", at(exact, "line_items", 0, "taxes", 0, "total"))
	require.Equal(t, "1.660000", at(exact, "line_items", 0, "total_tax"))
	require.Equal(t, "4.980000", at(exact, "tax_lines", 0, "tax_total"))
	require.Equal(t, "35.960000", exact["total"], "lines are rounded before they are added")

	s.switchTo(t, mode{})
	ex := s.order(t, object{"line_items": lines})
	require.Equal(t, "9.99", at(ex, "line_items", 0, "total"))
	require.Equal(t, "2.00", at(ex, "line_items", 0, "total_tax"))
	require.Equal(t, "35.97", ex["total"])
}

// checkReadTaxes: an order's own sums are stored; those of its lines are made when it is read, by the settings of then.
func checkReadTaxes(t *testing.T, s *store) {
	s.taxed(t, mode{inclusive: true})
	p := s.sell(t, "9.99", "", 50)
	o := s.order(t, object{"line_items": []object{{"product_id": p["id"], "quantity": 1}}})
	for _, read := range []struct {
		mode mode
		tax  string
	}{
		{mode{inclusive: true}, "1.660000"}, {mode{}, "1.670000"}, {mode{atSubtotal: true}, "1.665000"},
		{mode{inclusive: true, atSubtotal: true}, "1.665000"},
	} {
		s.switchTo(t, read.mode)
		exact := s.get(t, "orders/"+number(o["id"])+"?dp=6").object()
		require.Equal(t, read.tax, at(exact, "line_items", 0, "total_tax"), read.mode)
		require.Equal(t, "1.660000", exact["cart_tax"], read.mode)
		require.Equal(t, "1.660000", at(exact, "tax_lines", 0, "tax_total"), read.mode)
		require.Equal(t, "1.660000", exact["total_tax"], read.mode)
		require.Equal(t, true, exact["prices_include_tax"], read.mode)
	}
}

// checkRecalculation: a change of a line or an address works the totals out again, a change of the status does not.
func checkRecalculation(t *testing.T, s *store) {
	s.taxed(t, mode{})
	p := s.sell(t, "10.00", "", 50)
	o := s.order(t, object{"line_items": []object{{"product_id": p["id"], "quantity": 1}},
		"shipping_lines": []object{{"method_id": "flat_rate", "method_title": "Flat", "total": "5.00"}}})
	path := "orders/" + number(o["id"])
	require.Equal(t, "18.00", o["total"])
	more := s.put(t, path, object{"shipping_lines": []object{{"id": at(o, "shipping_lines", 0, "id"), "total": "10.00"}}})
	require.Equal(t, "24.00", more.object()["total"])

	rate := "taxes/" + number(at(o, "tax_lines", 0, "rate_id"))
	require.Equal(t, http.StatusOK, s.put(t, rate, object{"rate": "25"}).status)
	require.Equal(t, "24.00", s.put(t, path, object{"status": "on-hold", "customer_note": "x"}).object()["total"])
	renamed := s.put(t, path, object{"billing": object{"first_name": "Other"}})
	require.Equal(t, "25.00", renamed.object()["total"], "the rate of today")
	require.Equal(t, at(o, "tax_lines", 0, "rate_code"), at(renamed.body, "tax_lines", 0, "rate_code"))
	require.Equal(t, float64(25), at(renamed.body, "tax_lines", 0, "rate_percent"))

	line := at(o, "line_items", 0, "id")
	pieces := s.put(t, path, object{"line_items": []object{{"id": line, "quantity": 5}}})
	require.Equal(t, float64(5), at(pieces.body, "line_items", 0, "quantity"))
	require.Equal(t, "10.00", at(pieces.body, "line_items", 0, "total"), "the total of a line is its own")
	require.Equal(t, 45, s.stock(t, p), "but the stock follows")
}

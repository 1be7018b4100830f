package wootest

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

// BenchmarkOrderPage serves pages of 100 orders from a store of a million; ns/order is the aim: at most 60 µs.
func BenchmarkOrderPage(b *testing.B) {
	const orders = 1_000_000
	o := Sized(100_000, 100_000, orders)
	o.PlainHTTPAuth = true
	s := New(o)
	served := 0
	for b.Loop() {
		page := served/100%(orders/100) + 1
		r := httptest.NewRequest(http.MethodGet, "/wp-json/wc/v3/orders?dp=6&per_page=100&orderby=id&order=asc&page="+strconv.Itoa(page), nil)
		r.SetBasicAuth(DefaultKey, DefaultSecret)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("status %d", w.Code)
		}
		served += 100
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(served), "ns/order")
	b.ReportMetric(float64(served)/b.Elapsed().Seconds(), "orders/s")
}

func BenchmarkProductPage(b *testing.B) {
	o := Sized(100_000, 0, 0)
	o.PlainHTTPAuth = true
	s := New(o)
	for b.Loop() {
		r := httptest.NewRequest(http.MethodGet, "/wp-json/wc/v3/products?per_page=100&orderby=id&order=asc", nil)
		r.SetBasicAuth(DefaultKey, DefaultSecret)
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
}

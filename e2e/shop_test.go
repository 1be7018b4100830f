package e2e

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/woo/wootest"
)

// shop is a simulated store. What it holds is read from its own replies, past the client under test.
type shop struct {
	*wootest.Server
	t testing.TB
}

func openShop(t testing.TB, o wootest.Options) *shop {
	t.Helper()
	return &shop{Server: wootest.Start(t, o), t: t}
}

// shopOrder is what the store says of an order, as far as it is compared.
type shopOrder struct {
	ID       int             `json:"id"`
	Status   string          `json:"status"`
	Currency string          `json:"currency"`
	Customer int             `json:"customer_id"`
	Total    decimal.Decimal `json:"total"`
	Tax      decimal.Decimal `json:"total_tax"`
	Billing  shopAddress     `json:"billing"`
	Shipping shopAddress     `json:"shipping"`
	Lines    []struct {
		Product int `json:"product_id"`
	} `json:"line_items"`
	Taxes []struct {
		Rate        int             `json:"rate_id"`
		Tax         decimal.Decimal `json:"tax_total"`
		ShippingTax decimal.Decimal `json:"shipping_tax_total"`
	} `json:"tax_lines"`
	Fees    []struct{ Total decimal.Decimal } `json:"fee_lines"`
	Coupons []struct{ Code string }           `json:"coupon_lines"`
	Meta    []shopMeta                        `json:"meta_data"`
}

// taxes sums each rate, by the store's id of it. Rates of nothing are left out.
func (o shopOrder) taxes() map[string]string {
	sums := map[string]decimal.Decimal{}
	for _, line := range o.Taxes {
		rate := strconv.Itoa(line.Rate)
		sums[rate] = sums[rate].Add(line.Tax).Add(line.ShippingTax)
	}
	texts := map[string]string{}
	for rate, sum := range sums {
		if !sum.IsZero() {
			texts[rate] = sum.StringFixed(2)
		}
	}
	return texts
}

// sold reports whether the order goes through the default sale workflow.
func (o shopOrder) sold() bool { return o.Status == "processing" || o.Status == "completed" }

// shopAddress is a billing or shipping address.
type shopAddress struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	Email     string `json:"email"`
	Phone     string `json:"phone"`
}

type shopMeta struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

type shopCustomer struct {
	ID        int         `json:"id"`
	Email     string      `json:"email"`
	FirstName string      `json:"first_name"`
	LastName  string      `json:"last_name"`
	Billing   shopAddress `json:"billing"`
	Shipping  shopAddress `json:"shipping"`
	Meta      []shopMeta  `json:"meta_data"`
}

// shopProduct is a product or a variation.
type shopProduct struct {
	ID       int    `json:"id"`
	Type     string `json:"type"`
	Managed  any    `json:"manage_stock"` // true, false or "parent"
	Quantity *int   `json:"stock_quantity"`
	Regular  string `json:"regular_price"`
	Sale     string `json:"sale_price"`
	Images   []struct {
		Src string `json:"src"`
	} `json:"images"`
}

// orders gives what an import must land: neither carts nor what lies in the bin.
func (s *shop) orders() []shopOrder {
	s.t.Helper()
	return slices.DeleteFunc(list[shopOrder](s, "orders", nil), func(o shopOrder) bool { return o.Status == "checkout-draft" })
}

func (s *shop) customers() []shopCustomer {
	s.t.Helper()
	return list[shopCustomer](s, "customers", url.Values{"role": {"all"}})
}

func (s *shop) products() []shopProduct { return list[shopProduct](s, "products", nil) }

// articles gives what orders name: products without variations, and variations.
func (s *shop) articles() []shopProduct {
	s.t.Helper()
	var articles []shopProduct
	for _, p := range s.products() {
		if p.Type == "variable" {
			articles = append(articles, list[shopProduct](s, fmt.Sprintf("products/%d/variations", p.ID), nil)...)
		} else {
			articles = append(articles, p)
		}
	}
	return articles
}

// stock gives the quantity of everything whose stock the store counts, by id.
func (s *shop) stock() map[string]int {
	s.t.Helper()
	counted := map[string]int{}
	for _, p := range s.articles() {
		if p.Managed == true && p.Quantity != nil {
			counted[strconv.Itoa(p.ID)] = *p.Quantity
		}
	}
	return counted
}

// prices gives all prices by "regular" or "sale" and the id.
func (s *shop) prices() map[string]string {
	s.t.Helper()
	prices := map[string]string{}
	for _, p := range s.articles() {
		for kind, price := range map[string]string{"regular": p.Regular, "sale": p.Sale} {
			if price != "" {
				prices[fmt.Sprintf("%s %d", kind, p.ID)] = decimal.RequireFromString(price).StringFixed(2)
			}
		}
	}
	return prices
}

// list reads all pages of a resource.
func list[T any](s *shop, resource string, query url.Values) []T {
	s.t.Helper()
	query = url.Values{"per_page": {"100"}, "orderby": {"id"}, "order": {"asc"}, "role": query["role"]}
	var all []T
	for page := 1; ; page++ {
		query.Set("page", strconv.Itoa(page))
		var some []T
		s.ask(http.MethodGet, resource+"?"+query.Encode(), nil, &some)
		all = append(all, some...)
		if len(some) < 100 {
			return all
		}
	}
}

// read gives one record.
func read[T any](s *shop, path string) T {
	s.t.Helper()
	var out T
	s.ask(http.MethodGet, path, nil, &out)
	return out
}

// write changes or makes a record, as a person in the store would, and reads it into out unless that is nil.
func (s *shop) write(method, path string, body, out any) {
	s.t.Helper()
	s.ask(method, path, body, out)
}

// ask puts a request to the store's own handler, as one that came over https.
func (s *shop) ask(method, path string, in, out any) {
	s.t.Helper()
	body, err := json.Marshal(in)
	require.NoError(s.t, err)
	request := httptest.NewRequest(method, "/wp-json/wc/v3/"+path, bytes.NewReader(body))
	request.TLS = &tls.ConnectionState{}
	request.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, request)
	require.Less(s.t, answer.Code, 300, "%s %s: %s", method, path, answer.Body)
	if out != nil {
		require.NoError(s.t, json.Unmarshal(answer.Body.Bytes(), out))
	}
}

// requests counts the requests of a method and route since the start, such as "GET /orders".
func (s *shop) requests(route string) int { return s.Stats().Requests[route] }

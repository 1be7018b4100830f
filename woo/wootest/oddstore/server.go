package oddstore

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// Server is the store while a test runs.
type Server struct {
	*httptest.Server
	state atomic.Pointer[State]
}

// Start serves a state until the test ends. Any key is accepted.
func Start(t testing.TB, state State) *Server {
	t.Helper()
	s := &Server{}
	s.Set(state)
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// Set changes what the store has.
func (s *Server) Set(state State) { s.state.Store(&state) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	path := strings.Trim(strings.Replace(r.URL.Path, "/wp-json", "", 1), "/")
	if path == "" {
		send(w, http.StatusOK, jsonOf(map[string]any{"name": "Odd", "url": s.URL, "home": s.URL, "gmt_offset": 1,
			"timezone_string": "Europe/Paris", "namespaces": []string{"wc/v3", "wp/v2"}}))
		return
	}
	st := s.state.Load()
	path = strings.TrimPrefix(path, "wc/v3/")
	if fixed, ok := st.Overrides[path]; ok {
		send(w, fixed.Status, fixed.bytes())
		return
	}
	for _, route := range routes {
		if match := route.path.FindStringSubmatch(path); match != nil {
			route.serve(st, w, r.URL.Query(), match[1:])
			return
		}
	}
	send(w, http.StatusNotFound, refusal("rest_no_route", "No route was found matching the URL and request method."))
}

type route struct {
	path  *regexp.Regexp
	serve func(s *State, w http.ResponseWriter, q url.Values, match []string)
}

var routes = []route{
	{regexp.MustCompile(`^settings/(\w+)$`), serveSettings},
	{regexp.MustCompile(`^system_status$`), func(s *State, w http.ResponseWriter, _ url.Values, _ []string) {
		send(w, http.StatusOK, jsonOf(map[string]any{"environment": map[string]string{"version": "10.5.0", "wp_version": "6.8", "language": s.Settings["WPLANG"]},
			"settings": map[string]any{"currency": s.setting("woocommerce_currency"), "HPOS_enabled": true}}))
	}},
	{regexp.MustCompile(`^data/currencies/current$`), func(s *State, w http.ResponseWriter, _ url.Values, _ []string) {
		send(w, http.StatusOK, jsonOf(map[string]string{"code": s.setting("woocommerce_currency"), "name": "x", "symbol": "x"}))
	}},
	{regexp.MustCompile(`^(?:products/)?(products|orders|customers|coupons|taxes|categories|tags|brands|attributes|shipping_classes)$`), serveList},
	{regexp.MustCompile(`^(subscriptions)$`), func(s *State, w http.ResponseWriter, q url.Values, match []string) {
		if s.Subscriptions == nil {
			send(w, http.StatusNotFound, refusal("rest_no_route", "No route was found matching the URL and request method."))
			return
		}
		serveList(s, w, q, match)
	}},
	{regexp.MustCompile(`^(taxes/classes|payment_gateways|shipping/zones)$`), serveDirectory},
	{regexp.MustCompile(`^shipping/zones/(\d+)/methods$`), func(s *State, w http.ResponseWriter, _ url.Values, match []string) {
		send(w, http.StatusOK, listOf(s.Methods[match[0]]))
	}},
	{regexp.MustCompile(`^products/(\d+)/variations$`), func(s *State, w http.ResponseWriter, q url.Values, match []string) {
		s.list(w, "variations", s.Variations[match[0]], q)
	}},
	{regexp.MustCompile(`^products/attributes/(\d+)/terms$`), func(s *State, w http.ResponseWriter, q url.Values, match []string) {
		s.list(w, "terms", s.Terms[match[0]], q)
	}},
	{regexp.MustCompile(`^(products|orders|customers|coupons)/(\d+)$`), serveOne},
}

// plainSettings are those of a shop in euros that enters its prices without tax.
var plainSettings = map[string]string{
	"woocommerce_currency": "EUR", "woocommerce_calc_taxes": "yes", "woocommerce_price_num_decimals": "2",
	"woocommerce_prices_include_tax": "no", "woocommerce_tax_round_at_subtotal": "no",
	"woocommerce_weight_unit": "kg", "woocommerce_dimension_unit": "cm",
}

func (s *State) setting(id string) string {
	if value, ok := s.Settings[id]; ok {
		return value
	}
	return plainSettings[id]
}

func serveSettings(s *State, w http.ResponseWriter, _ url.Values, _ []string) {
	var list []map[string]string
	for id := range plainSettings {
		list = append(list, map[string]string{"id": id, "label": id, "value": s.setting(id)})
	}
	send(w, http.StatusOK, jsonOf(list))
}

func serveList(s *State, w http.ResponseWriter, q url.Values, match []string) {
	s.list(w, match[0], s.records(match[0]), q)
}

func serveDirectory(s *State, w http.ResponseWriter, _ url.Values, match []string) {
	send(w, http.StatusOK, listOf(s.records(match[0])))
}

func (s *State) records(list string) []json.RawMessage {
	return map[string][]json.RawMessage{
		"products": s.Products, "orders": s.Orders, "customers": s.Customers, "coupons": s.Coupons, "taxes": s.Taxes,
		"taxes/classes": s.TaxClasses, "categories": s.Categories, "tags": s.Tags, "brands": s.Brands, "attributes": s.Attributes,
		"shipping_classes": s.Classes, "payment_gateways": s.Gateways, "shipping/zones": s.Zones,
		"subscriptions": s.Subscriptions,
	}[list]
}

// serveOne gives a single record, out of the trash too, as WooCommerce does. A variation is also a product.
func serveOne(s *State, w http.ResponseWriter, _ url.Values, match []string) {
	list, id := match[0], match[1]
	pool := slices.Clone(s.records(list))
	if list == "products" {
		for _, variations := range s.Variations {
			pool = append(pool, variations...)
		}
	}
	for _, raw := range pool {
		number := fieldsOf(raw).number()
		if strconv.FormatInt(number, 10) != id {
			continue
		}
		if slices.Contains(s.Bad[list], number) {
			send(w, http.StatusInternalServerError, []byte(s.BadBody))
			return
		}
		send(w, http.StatusOK, raw)
		return
	}
	send(w, http.StatusNotFound, refusal("woocommerce_rest_"+strings.TrimSuffix(list, "s")+"_invalid_id", "Invalid ID."))
}

// list gives one page of records, filtered as WooCommerce filters.
func (s *State) list(w http.ResponseWriter, name string, records []json.RawMessage, q url.Values) {
	if slices.Contains(s.IgnoreQuery, name) {
		q = url.Values{}
	}
	records = filtered(name, records, q)
	size, offset := number(q, "per_page", 10), 0
	offset = number(q, "offset", (number(q, "page", 1)-1)*size)
	if name == "attributes" {
		offset, size = 0, max(1, len(records)) // WooCommerce gives them all, whatever page is asked for
	}
	if slices.Contains(s.IgnoreOffset, name) {
		offset = 0
	}
	page := records[min(offset, len(records)):min(offset+size, len(records))]
	largest, limited := s.MaxPage[name]
	bad := slices.ContainsFunc(page, func(raw json.RawMessage) bool { return slices.Contains(s.Bad[name], fieldsOf(raw).number()) })
	if bad || limited && size > largest {
		send(w, http.StatusInternalServerError, []byte(s.BadBody))
		return
	}
	w.Header().Set("X-WP-Total", strconv.Itoa(len(records)))
	w.Header().Set("X-WP-TotalPages", strconv.Itoa((len(records)+size-1)/size))
	send(w, http.StatusOK, listOf(page))
}

func filtered(name string, records []json.RawMessage, q url.Values) []json.RawMessage {
	include := q.Get("include")
	status := q.Get("status")
	dated := name == "orders" || name == "products" || name == "coupons"
	kept := slices.DeleteFunc(slices.Clone(records), func(raw json.RawMessage) bool {
		f := fieldsOf(raw)
		id := strconv.FormatInt(f.number(), 10)
		return f.Status == "trash" ||
			include != "" && !slices.Contains(strings.Split(include, ","), id) ||
			name == "orders" && q.Get("parent") != "" && !slices.Contains(strings.Split(q.Get("parent"), ","), strconv.FormatInt(f.Parent, 10)) ||
			name == "orders" && status != "" && status != "any" && !slices.Contains(strings.Split(status, ","), f.Status) ||
			dated && (q.Get("modified_after") != "" && f.Modified <= q.Get("modified_after") || q.Get("after") != "" && f.Created <= q.Get("after"))
	})
	slices.SortStableFunc(kept, func(a, b json.RawMessage) int {
		order := cmp.Compare(fieldsOf(a).number(), fieldsOf(b).number())
		if q.Get("order") != "asc" {
			return -order
		}
		return order
	})
	return kept
}

func number(q url.Values, name string, fallback int) int {
	if n, err := strconv.Atoi(q.Get(name)); err == nil {
		return n
	}
	return fallback
}

func send(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func listOf(records []json.RawMessage) []byte {
	if records == nil {
		return []byte("[]")
	}
	return jsonOf(records)
}

func jsonOf(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain maps and records that were JSON
	}
	return body
}

func refusal(code, message string) []byte {
	return jsonOf(map[string]any{"code": code, "message": message, "data": map[string]int{"status": http.StatusNotFound}})
}

package woo

import (
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// echo answers every request with body and keeps what was asked.
func echo(mux *http.ServeMux, pattern, body string) *http.Request {
	seen := &http.Request{}
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		*seen = *r
		seen.Form = url.Values{"body": {string(content)}}
		answer(w, 200, body)
	})
	return seen
}

func TestServiceMethods(t *testing.T) {
	client, mux := setup(t)
	ctx := t.Context()

	seen := echo(mux, "GET "+api+"/orders/7", `{"id":7,"status":"pending"}`)
	order, err := client.Orders.Get(ctx, 7)
	require.NoError(t, err)
	require.Equal(t, "pending", order.Status)
	require.Equal(t, url.Values{"dp": {"6"}}, seen.URL.Query())

	seen = echo(mux, "POST "+api+"/orders", `{"id":8}`)
	order, err = client.Orders.Create(ctx, Fields{"status": "pending"})
	require.NoError(t, err)
	require.Equal(t, ID(8), order.ID)
	require.JSONEq(t, `{"status":"pending"}`, seen.Form.Get("body"))
	require.Equal(t, "application/json", seen.Header.Get("Content-Type"))
	require.Equal(t, "Tandem", seen.Header.Get("User-Agent"))

	seen = echo(mux, "PUT "+api+"/orders/7", `{"id":7}`)
	_, err = client.Orders.Update(ctx, 7, Fields{"status": "completed"})
	require.NoError(t, err)
	require.JSONEq(t, `{"status":"completed"}`, seen.Form.Get("body"), "a status push sends nothing else")

	seen = echo(mux, "DELETE "+api+"/orders/7", `{"id":7}`)
	_, err = client.Orders.Delete(ctx, 7, true)
	require.NoError(t, err)
	require.Equal(t, "true", seen.URL.Query().Get("force"))
}

func TestListSendsItsOptions(t *testing.T) {
	client, mux := setup(t)
	seen := echo(mux, "GET "+api+"/orders", `[]`)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 2*3600))
	page, err := client.Orders.List(t.Context(), ListOptions{
		Page: 2, PerPage: 50, Offset: 3, Search: "x y", Order: "desc", OrderBy: "date", Include: []ID{1, 2}, Exclude: []ID{3},
		After: at, Before: at, ModifiedAfter: at, ModifiedBefore: at, Status: []string{"processing", "completed"}, SKU: []string{"A", "B"},
		Role: "all", Fields: []string{"id", "total"}, Params: url.Values{"customer": {"5"}},
	})
	require.NoError(t, err)
	utc := []string{"2026-03-01T10:00:00"}
	require.Equal(t, url.Values{
		"page": {"2"}, "per_page": {"50"}, "offset": {"3"}, "search": {"x y"}, "order": {"desc"}, "orderby": {"date"},
		"include": {"1,2"}, "exclude": {"3"}, "after": utc, "before": utc, "modified_after": utc, "modified_before": utc,
		"status": {"processing,completed"}, "sku": {"A,B"}, "role": {"all"}, "_fields": {"id,total"}, "customer": {"5"},
		"dp": {"6"}, "dates_are_gmt": {"true"},
	}, seen.URL.Query())
	require.Equal(t, -1, page.Total, "this store sends no totals")
	require.Equal(t, -1, page.TotalPages)
}

// Resources differ only in what always goes with their requests.
func TestWhatEveryResourceSends(t *testing.T) {
	client, mux := setup(t)
	gmt, exact := url.Values{"dates_are_gmt": {"true"}}, url.Values{"dates_are_gmt": {"true"}, "dp": {"6"}}
	ctx := t.Context()
	for path, test := range map[string]struct {
		list func() error
		want url.Values
	}{
		"products":                    {func() error { _, err := client.Products.List(ctx, ListOptions{}); return err }, gmt},
		"products/5/variations":       {func() error { _, err := client.Variations.Of(5).List(ctx, ListOptions{}); return err }, gmt},
		"products/categories":         {func() error { _, err := client.Categories.List(ctx, ListOptions{}); return err }, url.Values{}},
		"products/tags":               {func() error { _, err := client.Tags.List(ctx, ListOptions{}); return err }, url.Values{}},
		"products/brands":             {func() error { _, err := client.Brands.List(ctx, ListOptions{}); return err }, url.Values{}},
		"products/attributes":         {func() error { _, err := client.Attributes.List(ctx, ListOptions{}); return err }, url.Values{}},
		"products/attributes/3/terms": {func() error { _, err := client.AttributeTerms.Of(3).List(ctx, ListOptions{}); return err }, url.Values{}},
		"products/shipping_classes":   {func() error { _, err := client.ShippingClasses.List(ctx, ListOptions{}); return err }, url.Values{}},
		"customers":                   {func() error { _, err := client.Customers.List(ctx, ListOptions{}); return err }, url.Values{"role": {"all"}}},
		"coupons":                     {func() error { _, err := client.Coupons.List(ctx, ListOptions{}); return err }, gmt},
		"orders":                      {func() error { _, err := client.Orders.List(ctx, ListOptions{}); return err }, exact},
		"orders/9/notes":              {func() error { _, err := client.OrderNotes.Of(9).List(ctx, ListOptions{}); return err }, url.Values{}},
		"orders/9/refunds":            {func() error { _, err := client.Refunds.Of(9).List(ctx, ListOptions{}); return err }, exact},
		"refunds":                     {func() error { _, err := client.AllRefunds.List(ctx, ListOptions{}); return err }, exact},
		"taxes":                       {func() error { _, err := client.Taxes.List(ctx, ListOptions{}); return err }, url.Values{}},
		"webhooks":                    {func() error { _, err := client.Webhooks.List(ctx, ListOptions{}); return err }, url.Values{}},
		"taxes/classes":               {func() error { _, err := client.TaxClasses.List(ctx); return err }, url.Values{}},
		"payment_gateways":            {func() error { _, err := client.PaymentGateways.List(ctx); return err }, url.Values{}},
		"shipping_methods":            {func() error { _, err := client.ShippingMethods.List(ctx); return err }, url.Values{}},
		"shipping/zones":              {func() error { _, err := client.ShippingZones.List(ctx); return err }, url.Values{}},
		"shipping/zones/0/methods":    {func() error { _, err := client.ShippingZoneMethods.Of(0).List(ctx); return err }, url.Values{}},
		"shipping/zones/4/locations":  {func() error { _, err := client.ZoneLocations.Of(4).List(ctx); return err }, url.Values{}},
		"data/currencies":             {func() error { _, err := client.System.Currencies.List(ctx); return err }, url.Values{}},
		"reports/orders/totals":       {func() error { _, err := client.Reports.Totals(ctx, "orders"); return err }, url.Values{}},
	} {
		seen := echo(mux, "GET "+api+"/"+path, `[]`)
		require.NoError(t, test.list(), path)
		require.Equal(t, test.want, seen.URL.Query(), path)
	}
}

func TestListOfARecordedPage(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/customers", readFixture(t, "customers_list").serve)
	page, err := client.Customers.List(t.Context(), ListOptions{PerPage: 5})
	require.NoError(t, err)
	require.Len(t, page.Records, 5)
	require.Equal(t, []int{501, 101}, []int{page.Total, page.TotalPages})
	require.Equal(t, "Paris", page.Records[0].Billing.City)
	require.False(t, page.StoreTime.IsZero())
}

func TestWhatIsNoRecordIsRefused(t *testing.T) {
	client, mux := setup(t)
	echo(mux, "GET "+api+"/orders/1", `{"config":{"a":1}}`)
	_, err := client.Orders.Get(t.Context(), 1)
	require.Equal(t, fault.Invalid, fault.KindOf(err))

	echo(mux, "GET "+api+"/orders", `{"id":1}`)
	_, err = client.Orders.List(t.Context(), ListOptions{})
	require.Equal(t, Unavailable, ReasonOf(err))

	echo(mux, "GET "+api+"/taxes/classes", `[{"slug":"a"},5]`)
	_, err = client.TaxClasses.List(t.Context())
	require.Equal(t, Unavailable, ReasonOf(err))
}

func TestDirectories(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/payment_gateways", readFixture(t, "payment_gateways").serve)
	mux.HandleFunc("GET "+api+"/shipping/zones", readFixture(t, "shipping_zones").serve)
	gateways, err := client.PaymentGateways.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"bacs", "cheque", "cod"}, []string{gateways[0].ID, gateways[1].ID, gateways[2].ID})
	zones, err := client.ShippingZones.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, ID(0), zones[0].ID, "the rest of the world is zone 0")

	mux.HandleFunc("GET "+api+"/taxes/classes", readFixture(t, "bad_key_error").serve)
	_, err = client.TaxClasses.List(t.Context())
	require.Equal(t, Unauthorized, ReasonOf(err))
}

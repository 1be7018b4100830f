package woo

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestRecordedErrors(t *testing.T) {
	for name, want := range map[string]struct {
		reason   Reason
		kind     fault.Kind
		resource ID
	}{
		"bad_key_error":                        {Unauthorized, fault.Unauthorized, 0},
		"unauthenticated_error":                {Unauthorized, fault.Unauthorized, 0},
		"category_duplicate_error":             {Duplicate, fault.Conflict, 32},
		"coupon_duplicate_error":               {Duplicate, fault.Conflict, 0},
		"customer_duplicate_error":             {Duplicate, fault.Conflict, 0},
		"product_duplicate_sku_error":          {Duplicate, fault.Conflict, 4010},
		"customer_not_found_error":             {NotFound, fault.NotFound, 0},
		"order_not_found_error":                {NotFound, fault.NotFound, 0},
		"product_not_found_error":              {NotFound, fault.NotFound, 0},
		"variation_put_through_products_error": {NotFound, fault.NotFound, 0},
		"no_route_error":                       {Unsupported, fault.Unsupported, 0},
		"order_invalid_status_error":           {Invalid, fault.Invalid, 0},
		"orders_unknown_status_error":          {Invalid, fault.Invalid, 0},
		"products_batch_too_large_error":       {Invalid, fault.Invalid, 0},
		"products_invalid_param_error":         {Invalid, fault.Invalid, 0},
		"refund_too_much_error":                {Invalid, fault.Invalid, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := readFixture(t, name)
			_, e := classify(call{method: f.Request.Method, path: "/wc/v3/x"}, f.Response.Status, nil, f.Response.Body)
			require.NotNil(t, e)
			require.Equal(t, want.reason, e.Reason)
			require.Equal(t, want.kind, fault.KindOf(e))
			require.Equal(t, want.resource, e.ResourceID)
			require.NotEmpty(t, e.Code)
			require.Equal(t, e.Code, fault.From(e).Code)
			require.NotEmpty(t, e.Message)
			require.NotContains(t, e.Error(), e.Message, "the store's own text may hold personal data")
		})
	}
	_, e := classify(call{}, 400, nil, readFixture(t, "products_invalid_param_error").Response.Body)
	require.Equal(t, []string{"per_page"}, e.Params)
	require.Contains(t, e.Error(), "per_page")
}

func TestOtherReplies(t *testing.T) {
	page := `<!DOCTYPE html><html><script>var config={"id":5};</script></html>`
	for _, test := range []struct {
		name      string
		status    int
		body      string
		reason    Reason
		transient bool
	}{
		{"page with status 200", 200, page, NotWooCommerce, true},
		{"page for an unknown address", 404, page, NotWooCommerce, false},
		{"maintenance", 503, page, Unavailable, true},
		{"gateway", 502, "", Unavailable, true},
		{"cloudflare", 522, page, Unavailable, true},
		{"firewall", 403, page, Blocked, true},
		{"security plugin", 403, `{"code":"rest_login_required","message":"x","data":{"status":403}}`, Blocked, true},
		{"login wall", 401, page, Unauthorized, false},
		{"throttled", 429, page, RateLimited, true},
		{"empty", 200, "", Unavailable, true},
		{"cut", 200, `[{"id":1,"name":"a`, Unavailable, true},
		{"PHP fatal", 500, `{"code":"internal_server_error","message":"x","data":{"status":500}}`, Unavailable, true},
		{"no permission", 403, `{"code":"woocommerce_rest_cannot_edit","message":"x","data":{"status":403}}`, Forbidden, false},
		{"trashed already", 410, `{"code":"woocommerce_rest_already_trashed","message":"x","data":{"status":410}}`, NotFound, false},
		{"no trash", 501, `{"code":"woocommerce_rest_trash_not_supported","message":"x","data":{"status":501}}`, Unsupported, false},
		{"unknown id", 400, `{"code":"woocommerce_rest_shop_order_invalid_id","message":"x","data":{"status":400}}`, NotFound, false},
		{"error under a good status", 200, `{"code":"rest_forbidden","message":"x","data":{"status":401}}`, Invalid, false},
		{"redirect", 301, "", Redirected, false},
		{"personal data for a code", 400, `{"code":"Jane Doe","message":"x"}`, Invalid, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, e := classify(call{method: "GET", path: "/wc/v3/orders"}, test.status, http.Header{}, []byte(test.body))
			require.NotNil(t, e)
			require.Equal(t, test.reason, e.Reason)
			require.Equal(t, test.transient, e.transient())
			require.NotContains(t, e.Error(), "Jane")
			require.Equal(t, test.reason, ReasonOf(fault.Wrap(fault.Internal, e, "outer")))
		})
	}
}

func TestGoodRepliesWithACode(t *testing.T) {
	for _, body := range []string{`{"code":"EUR","name":"Euro","symbol":"&euro;"}`, `{"id":4,"code":"ten","message":"x","data":{}}`, `[]`, `{}`} {
		value, e := classify(call{}, 200, nil, []byte(body))
		require.Nil(t, e)
		require.Equal(t, body, string(value))
	}
}

func TestEveryReasonHasAKindAndAdvice(t *testing.T) {
	require.Len(t, kinds, 14)
	for reason, kind := range kinds {
		e := call{method: "GET", path: "/wc/v3/orders"}.failed(reason, 418, errors.New("cause"))
		require.Equal(t, kind, fault.KindOf(e))
		require.Contains(t, e.Error(), "/wc/v3/orders", reason)
		require.NotContains(t, e.Error(), "cause")
	}
	require.Empty(t, ReasonOf(context.Canceled))
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-5": 0, "soon": 0, "99999999999999": 24 * time.Hour,
		"Fri, 02 Jan 2026 03:04:35 GMT": 30 * time.Second, "Fri, 02 Jan 2026 03:00:00 GMT": 0,
	} {
		require.Equal(t, want, retryAfter(http.Header{"Retry-After": {text}}, now), text)
	}
}

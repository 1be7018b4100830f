package woo

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// decoders names the record type behind every recorded path.
var decoders = []struct {
	path   *regexp.Regexp
	decode func([]byte) (any, json.RawMessage, error)
}{
	{at(`products/attributes`), lossless[Attribute]},
	{at(`products/attributes/\d+/terms`), lossless[AttributeTerm]},
	{at(`products/brands`), lossless[Brand]},
	{at(`products/categories`), lossless[Category]},
	{at(`products/tags`), lossless[Tag]},
	{at(`products/shipping_classes`), lossless[ShippingClass]},
	{at(`products/\d+/variations`), lossless[Variation]},
	{at(`products`), lossless[Product]},
	{at(`coupons`), lossless[Coupon]},
	{at(`customers`), lossless[Customer]},
	{at(`orders`), lossless[Order]},
	{at(`orders/\d+/notes`), lossless[OrderNote]},
	{at(`orders/\d+/refunds`), lossless[Refund]},
	{at(`refunds`), lossless[Refund]},
	{at(`payment_gateways`), lossless[PaymentGateway]},
	{at(`shipping_methods`), lossless[ShippingMethod]},
	{at(`shipping/zones`), lossless[ShippingZone]},
	{at(`taxes`), lossless[TaxRate]},
	{at(`taxes/classes`), lossless[TaxClass]},
	{at(`webhooks`), lossless[Webhook]},
	{at(`settings/\w+`), lossless[Setting]},
	{at(`reports/\w+/totals`), lossless[ReportTotal]},
	{at(`data/currencies/current`), lossless[Currency]},
	{at(`system_status`), lossless[SystemStatus]},
}

func at(resource string) *regexp.Regexp {
	return regexp.MustCompile(`^/wp-json/wc/v3/` + resource + `(/\d+|/batch)?$`)
}

func lossless[T any, P record[T]](raw []byte) (any, json.RawMessage, error) {
	v, err := Decode[T, P](raw)
	_, kept := P(&v).record()
	return v, *kept, err
}

// pluginFields are those of plugins, which the recorded store does not have: see entity/testdata/cases/plugin-*.json.
var pluginFields = []string{
	"woo.Order.gift_cards", "woo.Order.pw_gift_cards_redeemed", "woo.Order.line_items[].bundled_by", "woo.Order.line_items[].composite_parent",
	"woo.Product.lang", "woo.Product.translations", "woo.Refund.line_items[].bundled_by", "woo.Refund.line_items[].composite_parent",
}

// Every recorded record decodes, keeps its bytes, and what was decoded encodes to the same values: nothing this package claims to know
// is lost or bent.
func TestFixturesDecodeWithoutLoss(t *testing.T) {
	files, err := filepath.Glob("testdata/woocommerce-10.0.2/[a-z]*.json")
	require.NoError(t, err)
	require.Greater(t, len(files), 70)
	known := fieldsSeen{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			f := readFixture(t, name)
			if f.Response.Status < 300 {
				for _, raw := range recordsOf(t, f.Response.Body) {
					requireLossless(t, known, f.Request.Path, raw)
				}
			}
		})
	}
	for _, field := range pluginFields {
		delete(known, field)
	}
	for path, present := range known {
		require.True(t, present, "no recorded record has the field %s: is its name right?", path)
	}
}

// recordsOf opens lists and batch replies.
func recordsOf(t *testing.T, body json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil {
		return list
	}
	var batch batchReply
	require.NoError(t, json.Unmarshal(body, &batch))
	list = slices.Concat(batch.Create, batch.Update, batch.Delete)
	if len(list) == 0 {
		return []json.RawMessage{body}
	}
	return slices.DeleteFunc(list, func(raw json.RawMessage) bool { return strings.Contains(string(raw), `"error"`) })
}

func requireLossless(t *testing.T, known fieldsSeen, path string, raw []byte) {
	address, err := url.Parse(path)
	require.NoError(t, err)
	for _, d := range decoders {
		if !d.path.MatchString(address.Path) {
			continue
		}
		v, kept, err := d.decode(raw)
		require.NoError(t, err)
		require.Equal(t, string(raw), string(kept))
		want, err := parseTree(raw)
		require.NoError(t, err)
		got, err := parseTree([]byte(encode(t, v)))
		require.NoError(t, err)
		known.requireSame(t, fmt.Sprintf("%T", v), want, got)
		return
	}
	t.Fatalf("no record type for %s", address.Path)
}

// fieldsSeen reports for every field this package knows whether a recorded record has it.
type fieldsSeen map[string]bool

// requireSame compares every field that was encoded with the recorded one. Fields the store did not send must have stayed empty.
func (seen fieldsSeen) requireSame(t *testing.T, path string, want, got any) {
	switch got := got.(type) {
	case map[string]any:
		object, isObject := want.(map[string]any)
		for name, field := range got {
			value, present := object[name]
			if isObject {
				seen[path+"."+name] = seen[path+"."+name] || present
			}
			seen.requireSame(t, path+"."+name, value, field)
		}
	case []any:
		list, _ := want.([]any)
		require.Len(t, list, len(got), path)
		for i := range got {
			seen.requireSame(t, path+"[]", list[i], got[i])
		}
	default:
		require.Equal(t, plain(want), plain(got), path)
	}
}

// plain gives one form to the forms PHP has for the same thing: 1, "1.00" and true; 0, "", null, false and [].
func plain(v any) string {
	text, ok := coerceToText(v).(string)
	if !ok {
		return ""
	}
	if n, err := decimal.NewFromString(text); err == nil {
		text = n.String()
	}
	if text == "0" {
		return ""
	}
	return text
}

package woo

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestDecodeKeepsTheExactBytes(t *testing.T) {
	raw := []byte(`{"id": 5, "plugin_field": {"x":  1.00}, "name":"A"}`)
	product, err := Decode[Product](raw)
	require.NoError(t, err)
	require.Equal(t, ID(5), product.ID)
	require.Equal(t, raw, []byte(product.Raw))
}

func TestDecodeMendsWhatPHPSends(t *testing.T) {
	for _, test := range []struct{ name, raw, want string }{
		{"empty list for an object", `{"id":1,"billing":[],"total":"9.50"}`, `{"id":1,"total":"9.50"}`},
		{"empty text for an object", `{"id":1,"billing":"","shipping":false}`, `{"id":1}`},
		{"object for a list", `{"id":1,"line_items":{"2":{"id":7},"10":{"id":8},"x":{"id":9}}}`, `{"id":1,"line_items":[{"id":7},{"id":8},{"id":9}]}`},
		{"text for a list", `{"id":1,"line_items":"","fee_lines":false}`, `{"id":1,"line_items":[],"fee_lines":[]}`},
		{"null in a list", `{"id":1,"billing":[],"line_items":[null,{"id":7}]}`, `{"id":1,"line_items":[{"id":7}]}`},
		{"number for a text", `{"id":1,"billing":{"postcode":75001,"city":false,"company":true}}`, `{"id":1,"billing":{"postcode":"75001","company":"1"}}`},
		{"list for a text", `{"id":1,"status":["x"]}`, `{"id":1}`},
		{"long number for a text", `{"id":1,"billing":{"phone":33123456789012345678}}`, `{"id":1,"billing":{"phone":"33123456789012345678"}}`},
		{"deep inside", `{"id":1,"line_items":[{"id":7,"taxes":{"0":{"id":3,"total":1.5}},"image":""}]}`, `{"id":1,"line_items":[{"id":7,"taxes":[{"id":3,"total":"1.5"}]}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Decode[Order]([]byte(test.raw))
			require.NoError(t, err)
			require.Equal(t, test.raw, string(got.Raw))
			want, err := Decode[Order]([]byte(test.want))
			require.NoError(t, err)
			require.Equal(t, encode(t, want), encode(t, got))
		})
	}
}

func TestDecodeTakesALoneValueForAList(t *testing.T) {
	product, err := Decode[Product]([]byte(`{"id":1,"attributes":[{"id":2,"options":"Red"}],"upsell_ids":7,"images":""}`))
	require.NoError(t, err)
	require.Equal(t, []string{"Red"}, product.Attributes[0].Options)
	require.Equal(t, []ID{7}, product.UpsellIDs)
	require.Empty(t, product.Images)
}

func TestDecodeRefusesToGuess(t *testing.T) {
	for name, raw := range map[string]string{
		"amount":   `{"id":1,"total":"Jane Doe"}`,
		"id":       `{"id":"Jane Doe"}`,
		"mended":   `{"id":1,"billing":[],"total":"Jane Doe"}`,
		"cut":      `{"id":1,"billing":{"first_name":"Jane Doe`,
		"no JSON":  `Jane Doe`,
		"an array": `[{"id":"Jane Doe"}]`,
	} {
		order, err := Decode[Order]([]byte(raw))
		if name == "an array" { // a list where a record is expected is an empty record; services refuse it for having no id
			require.NoError(t, err)
			require.Zero(t, order.ID)
			continue
		}
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
		require.NotContains(t, err.Error(), "Jane", name)
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

// FuzzDecode: whatever the bytes, decoding ends, and a record that decodes also encodes.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":1,"line_items":{"3":{"taxes":""}},"billing":[],"total":12}`))
	f.Add([]byte(`{"id":1,"amount":"1e999999999","rate":"-1e-999999999","parent":{"id":2},"settings":[],"value":{"a":[1]}}`))
	f.Add([]byte(`{"id":"4","images":[{"id":false}],"attributes":{"a":{"options":"x"}}}`))
	for _, name := range []string{"order_guest_get_dp6", "product_variable_get", "customer_create", "refund_partial_create"} {
		f.Add([]byte(readFixture(f, name).Response.Body))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzRecord[Order](t, data)
		fuzzRecord[Product](t, data)
		fuzzRecord[Customer](t, data)
		fuzzRecord[Variation](t, data)
		fuzzRecord[Coupon](t, data)
		fuzzRecord[Category](t, data)
		fuzzRecord[Attribute](t, data)
		fuzzRecord[TaxRate](t, data)
		fuzzRecord[PaymentGateway](t, data)
		fuzzRecord[ShippingZoneMethod](t, data)
		fuzzRecord[Refund](t, data)
		fuzzRecord[OrderNote](t, data)
		fuzzRecord[Setting](t, data)
		fuzzRecord[SystemStatus](t, data)
		fuzzRecord[Webhook](t, data)
	})
}

func fuzzRecord[T any, P record[T]](t *testing.T, data []byte) {
	v, err := Decode[T, P](data)
	if err != nil {
		require.Equal(t, fault.Invalid, fault.KindOf(err))
		return
	}
	_, raw := P(&v).record()
	require.True(t, bytes.Equal(data, *raw))
	_, err = json.Marshal(v)
	require.NoError(t, err)
}

// BenchmarkDecodeOrder: the import needs thousands of these a second on one core.
func BenchmarkDecodeOrder(b *testing.B) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, readFixture(b, "order_guest_get_dp6").Response.Body); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(compact.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode[Order](compact.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
}

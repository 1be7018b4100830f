package woo

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oddValues are what no field of any type can hold as it is.
var oddValues = []any{"abc", []any{map[string]any{"x": 1}}, map[string]any{"x": []any{1}}, map[string]any{"id": "abc"}, 1.5, -1, true,
	json.Number("1e400"), []any{"1", "abc"}, "2026-02-30T99:00:00"}

// spot is a field of a record, perhaps of a record inside of it.
type spot struct {
	path []string // a list's first item has no name of its own
	lax  bool     // it, or what it is part of
}

// spotsIn lists the fields of a struct and of those inside.
func spotsIn(t reflect.Type, before spot) []spot {
	var spots []spot
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "-" || name == "" {
			continue
		}
		here := spot{append(append([]string{}, before.path...), name), before.lax || t.Field(i).Tag.Get("lax") != ""}
		spots = append(spots, here)
		inner := t.Field(i).Type
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && !reflect.PointerTo(inner).Implements(unmarshaler) {
			spots = append(spots, spotsIn(inner, here)...)
		}
	}
	return spots
}

// with gives the JSON of a type with one value in a place.
func (p spot) with(t *testing.T, of reflect.Type, value any) []byte {
	t.Helper()
	raw, err := json.Marshal(p.put(of, p.path, value))
	require.NoError(t, err)
	return raw
}

func (p spot) put(of reflect.Type, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	for i := range of.NumField() {
		if name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); name != path[0] {
			continue
		}
		inner := of.Field(i).Type
		if inner.Kind() == reflect.Slice && len(path) > 1 {
			return map[string]any{path[0]: []any{p.put(inner.Elem(), path[1:], value)}}
		}
		return map[string]any{path[0]: p.put(inner, path[1:], value)}
	}
	return nil
}

// What nothing reads keeps no record from being read, whatever stands there; an odd value elsewhere is taken or named.
func TestOddValuesInFieldsThatNothingReads(t *testing.T) {
	laxFields(t, Decode[Order], "line_items.image.id", "line_items.meta_data.id", "coupon_lines.discount", "refunds.total")
	laxFields(t, Decode[Product], "price", "upsell_ids", "images.id", "meta_data.id")
	laxFields(t, Decode[Variation], "price", "menu_order")
	laxFields(t, Decode[Customer], "is_paying_customer", "meta_data.id")
	laxFields(t, Decode[Coupon], "used_by")
	laxFields(t, Decode[PaymentGateway], "method_supports")
	laxFields(t, Decode[Category], "count")
	laxFields(t, Decode[Tag], "count")
	laxFields(t, Decode[Brand], "display")
	laxFields(t, Decode[Attribute], "has_archives")
	laxFields(t, Decode[AttributeTerm], "count")
	laxFields(t, Decode[ShippingClass], "count")
	laxFields(t, Decode[TaxRate], "order")
	laxFields(t, Decode[Setting], "default")
}

// laxFields puts each odd value into each field of a record. The named ones are among those that nothing reads.
func laxFields[T any](t *testing.T, decode func([]byte) (T, error), named ...string) {
	t.Helper()
	unread := map[string]bool{}
	of := reflect.TypeFor[T]()
	for _, p := range spotsIn(of, spot{}) {
		path := strings.Join(p.path, ".")
		for _, value := range oddValues {
			raw := p.with(t, of, value)
			_, err := decode(raw)
			if p.lax {
				unread[path] = true
				require.NoError(t, err, "%s in %s", raw, of)
			} else if err != nil {
				require.Contains(t, strings.ReplaceAll(err.Error(), "[0]", ""), strings.Join(p.path[:1], "."), "%s in %s", raw, of)
			}
		}
	}
	for _, path := range named {
		require.True(t, unread[path], "%s of %s: %v", path, of, maps.Keys(unread))
	}
}

func TestAnOddFieldThatNothingReadsIsEmpty(t *testing.T) {
	product, err := Decode[Product]([]byte(`{"id":7,"price":"cheap","upsell_ids":[1,"x"],"regular_price":"9.5","meta_data":[{"id":"a","key":"k","value":1}]}`))
	require.NoError(t, err)
	require.False(t, product.Price.Valid)
	require.Empty(t, product.UpsellIDs)
	require.Equal(t, "9.5", product.RegularPrice.String())
	require.Equal(t, "k", product.MetaData[0].Key)
	require.Zero(t, product.MetaData[0].ID)
}

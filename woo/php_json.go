package woo

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// parseTree reads any JSON and keeps numbers exact.
func parseTree(raw []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	err := dec.Decode(&tree)
	return tree, err
}

// coerceToType makes a JSON tree fit a Go type where PHP wrote another shape of the same thing. What fits is left alone, and so are types that
// decode themselves. nil stands for "leave the field empty".
func coerceToType(v any, t reflect.Type) any {
	if v == nil || reflect.PointerTo(t).Implements(unmarshaler) {
		return v
	}
	switch t.Kind() {
	case reflect.Pointer:
		return coerceToType(v, t.Elem())
	case reflect.Struct:
		return coerceToObject(v, t)
	case reflect.Slice:
		return coerceToList(v, t.Elem())
	case reflect.String:
		return coerceToText(v)
	default:
		return v
	}
}

// coerceToObject also takes a bare id for the record it names, where records of that type have one.
func coerceToObject(v any, t reflect.Type) any {
	if id, ok := v.(json.Number); ok && hasField(t, "id") {
		return map[string]any{"id": id}
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		value, ok := object[name]
		if !ok {
			continue
		}
		object[name] = coerceToType(value, field.Type)
		if field.Tag.Get("lax") != "" && !fits(object[name], field.Type) {
			object[name] = nil
		}
	}
	return object
}

func hasField(t reflect.Type, name string) bool {
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag == name {
			return true
		}
	}
	return false
}

// coerceToList takes an object for the list of its values, which is what PHP makes of an array with gaps, and a lone value for a list of
// one.
func coerceToList(v any, elem reflect.Type) any {
	var items []any
	switch v := v.(type) {
	case []any:
		items = v
	case map[string]any:
		items = valuesInOrder(v)
		if elem == reflect.TypeFor[Meta]() {
			items = metaInOrder(v)
		}
	case string:
		if v != "" {
			items = []any{v}
		}
	case json.Number:
		items = []any{v}
	}
	list := make([]any, 0, len(items))
	for _, item := range items {
		if item = coerceToType(item, elem); item != nil {
			list = append(list, item)
		}
	}
	return list
}

// valuesInOrder sorts by the keys as PHP numbers them; other keys go last, by name.
func valuesInOrder(object map[string]any) []any {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		switch {
		case errX == nil && errY == nil:
			return x - y
		case errX == nil:
			return -1
		case errY == nil:
			return 1
		}
		return strings.Compare(a, b)
	})
	values := make([]any, len(keys))
	for i, key := range keys {
		values[i] = object[key]
	}
	return values
}

// metaInOrder reads custom fields that stand under their keys instead of naming them.
func metaInOrder(object map[string]any) []any {
	keys := slices.Sorted(maps.Keys(object))
	if slices.ContainsFunc(keys, func(key string) bool { _, named := object[key].(map[string]any); return named }) {
		return valuesInOrder(object)
	}
	fields := make([]any, len(keys))
	for i, key := range keys {
		fields[i] = map[string]any{"key": key, "value": object[key]}
	}
	return fields
}

func coerceToText(v any) any {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "1"
		}
	}
	return nil
}

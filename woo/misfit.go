package woo

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"tandem/fault"
)

// misfit names, as a path such as "line_items[2].total", the value of a JSON tree that a Go type cannot hold; "" when it is the
// whole.
func misfit(v any, t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return ""
	}
	switch object := v.(type) {
	case map[string]any:
		if t.Kind() == reflect.Struct {
			return misfitField(object, t)
		}
	case []any:
		if t.Kind() == reflect.Slice {
			return misfitItem(object, t.Elem())
		}
	}
	return ""
}

func misfitField(object map[string]any, t reflect.Type) string {
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if value, ok := object[name]; ok && !fits(value, t.Field(i).Type) {
			return name + misfitPart(misfit(value, t.Field(i).Type))
		}
	}
	return ""
}

func misfitItem(list []any, elem reflect.Type) string {
	for i, value := range list {
		if !fits(value, elem) {
			return fmt.Sprintf("[%d]%s", i, misfitPart(misfit(value, elem)))
		}
	}
	return ""
}

// misfitPart joins a path to the one before it.
func misfitPart(path string) string {
	if path == "" || path[0] == '[' {
		return path
	}
	return "." + path
}

func fits(v any, t reflect.Type) bool {
	raw, err := json.Marshal(v)
	return err == nil && json.Unmarshal(raw, reflect.New(t).Interface()) == nil
}

// nameRecord says which record of which list an error of decoding is about.
func nameRecord(err error, list string, raw []byte) error {
	f := fault.From(err)
	named := *f
	named.Message = fmt.Sprintf("record %s of %s %s", nameOf(raw), list, strings.TrimPrefix(f.Message, "the record "))
	return &named
}

// nameOf is what a record is called in its list: its id, or the slug of those that have none.
func nameOf(raw []byte) string {
	var known struct {
		ID   String `json:"id"`
		Slug String `json:"slug"`
	}
	if json.Unmarshal(raw, &known) != nil || known.ID == "" && known.Slug == "" {
		return "without an id"
	}
	if known.ID != "" {
		return string(known.ID)
	}
	return string(known.Slug)
}

package mapping_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo"
)

func TestConvertMeta(t *testing.T) {
	for _, test := range []struct{ kind, raw, want string }{
		{"text", `"FR123"`, "FR123"},
		{"text", `" kept as it is "`, " kept as it is "},
		{"text", `12`, "12"},
		{"text", `""`, ""},
		{"text", `null`, ""},
		{"integer", `"12"`, "12"},
		{"integer", `-3`, "-3"},
		{"integer", `"12.00"`, "12"},
		{"integer", `"1e3"`, "1000"},
		{"integer", `""`, ""},
		{"decimal", `"1.50"`, "1.5"},
		{"decimal", `0.1`, "0.1"},
		{"decimal", `null`, ""},
		{"boolean", `true`, "true"},
		{"boolean", `"yes"`, "true"},
		{"boolean", `"Off"`, "false"},
		{"boolean", `""`, "false"},
		{"boolean", `0`, "false"},
		{"date", `"2026-01-31"`, "2026-01-31"},
		{"date", `"20260131"`, "2026-01-31"},
		{"date", `"2026-01-31 23:59:59"`, "2026-01-31"},
		{"date", `"2026-01-31T08:00:00Z"`, "2026-01-31"},
		{"date", `1795392000`, "2026-11-23"},
		{"date", `" "`, ""},
	} {
		t.Run(test.kind+" "+test.raw, func(t *testing.T) {
			got, err := mapping.ConvertMeta(entitytest.Meta("k", test.raw), test.kind)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

func TestConvertMetaRefuses(t *testing.T) {
	for _, test := range []struct{ kind, raw string }{
		{"text", `["secretvalue"]`},
		{"text", `{"a":"secretvalue"}`},
		{"integer", `"secretvalue"`},
		{"integer", `"1.5"`},
		{"integer", `"1e999999999"`},
		{"decimal", `"1,5"`},
		{"decimal", `"secretvalue"`},
		{"boolean", `"secretvalue"`},
		{"date", `"31/01/2026"`},
		{"date", `"secretvalue"`},
		{"date", `12345`},
		{"colour", `"secretvalue"`},
	} {
		t.Run(test.kind+" "+test.raw, func(t *testing.T) {
			_, err := mapping.ConvertMeta(entitytest.Meta("_key", test.raw), test.kind)
			f := entitytest.RequireRefusal(t, err, fault.Invalid, "meta_conversion")
			require.Contains(t, f.Message, `"_key"`)
			require.NotContains(t, f.Message, "secretvalue")
		})
	}
}

func TestMetaFields(t *testing.T) {
	entries := []woo.Meta{entitytest.Meta("_vat", `"FR123"`), entitytest.Meta("_level", `"3"`)}
	ec := entitytest.WithMeta(instance.MetaCustomer, "_vat", "tax_id", "text")
	mapped := func(change func(*instance.MetaMapping)) instance.MetaMapping {
		m := instance.MetaMapping{Instance: "demo", Model: instance.MetaCustomer, Key: "_level", Field: "x_level", Type: "integer", Active: true}
		change(&m)
		return m
	}
	ec.Meta = append(ec.Meta,
		mapped(func(*instance.MetaMapping) {}),
		mapped(func(m *instance.MetaMapping) { m.Active, m.Field = false, "x_inactive" }),
		mapped(func(m *instance.MetaMapping) { m.Model, m.Field = instance.MetaOrder, "x_order" }),
		mapped(func(m *instance.MetaMapping) { m.Instance, m.Field = "other", "x_other" }),
		mapped(func(m *instance.MetaMapping) { m.Key, m.Field = "_absent", "x_absent" }),
	)
	got, err := mapping.MetaFields(ec, instance.MetaCustomer, entries)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"tax_id": "FR123", "x_level": "3"}, got)

	ec.Instance.Config.Meta.Enabled = false
	got, err = mapping.MetaFields(ec, instance.MetaCustomer, entries)
	require.NoError(t, err)
	require.Nil(t, got)
}

// shapes are what each type may come out as.
var shapes = map[string]*regexp.Regexp{
	"text":    regexp.MustCompile(`(?s)^.*$`),
	"integer": regexp.MustCompile(`^(-?\d+)?$`),
	"decimal": regexp.MustCompile(`^(-?\d+(\.\d+)?)?$`),
	"boolean": regexp.MustCompile(`^(true|false)$`),
	"date":    regexp.MustCompile(`^(\d{4}-\d\d-\d\d)?$`),
}

func FuzzConvertMeta(f *testing.F) {
	for _, seed := range []string{`"FR123"`, `12`, `1e64`, `-0`, `true`, `"2026-01-31"`, `["a"]`, `null`, `"1795392000"`, `"-1e-64"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !json.Valid([]byte(raw)) {
			return
		}
		for kind, shape := range shapes {
			got, err := mapping.ConvertMeta(entitytest.Meta("_key", raw), kind)
			if err != nil {
				entitytest.RequireRefusal(t, err, fault.Invalid, "meta_conversion")
				continue
			}
			require.Regexp(t, shape, strings.ToValidUTF8(got, "?"), kind)
			again, err := json.Marshal(got)
			require.NoError(t, err)
			settled, err := mapping.ConvertMeta(entitytest.Meta("_key", string(again)), kind)
			require.NoError(t, err)
			if kind != "text" {
				require.Equal(t, got, settled, "the one form of a %s is stable", kind)
			}
		}
	})
}

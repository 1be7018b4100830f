package wootest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLooseTypes(t *testing.T) {
	t.Parallel()
	var in struct {
		Texts    []text    `json:"texts"`
		Integers []integer `json:"integers"`
		Booleans []boolean `json:"booleans"`
		Stock    stockMode `json:"stock"`
	}
	require.NoError(t, json.Unmarshal([]byte(`{
		"texts": ["a\"b", 12.50, true, null], "integers": [3, "4", "5.9", "x", null], "booleans": [true, "yes", 1, "1", "no", 0, null],
		"stock": "parent"}`), &in))
	require.Equal(t, []text{`a"b`, "12.50", "true", ""}, in.Texts)
	require.Equal(t, []integer{3, 4, 5, 0, 0}, in.Integers)
	require.Equal(t, []boolean{true, true, true, true, false, false, false}, in.Booleans)
	require.Equal(t, stockParent, in.Stock)
}

// TestListForgetsOldElements: a plain slice would keep the name of the element it overwrites.
func TestListForgetsOldElements(t *testing.T) {
	t.Parallel()
	old := list[picture]{{ID: 1, Name: "old"}, {ID: 2}}
	kept := old
	require.NoError(t, json.Unmarshal([]byte(`[{"id":7}]`), &old))
	require.Equal(t, list[picture]{{ID: 7}}, old)
	require.Equal(t, list[picture]{{ID: 1, Name: "old"}, {ID: 2}}, kept, "the stored record is not touched")
}

func TestSlugify(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Épicerie 03698": "epicerie-03698", "Fine <b>food</b>": "fine-b-food-b", "T-Shirt": "t-shirt", "  A  &  B ": "a-b",
		"pa_color": "pa_color", "Größe": "große",
	} {
		require.Equal(t, want, slugify(name), name)
	}
	taken := map[string]bool{"a": true, "a-2": true}
	require.Equal(t, "a-3", unique("a", func(s string) bool { return taken[s] }))
}

func TestMergeMeta(t *testing.T) {
	t.Parallel()
	next := 100
	old := []meta{textMeta(1, "a", "x"), textMeta(2, "b", "y")}
	for _, c := range []struct {
		name string
		in   []metaInput
		want []string
	}{
		{"adds", []metaInput{{Key: "c", Value: []byte(`1`)}}, []string{"a", "b", "c"}},
		{"changes by key", []metaInput{{Key: "a", Value: []byte(`2`)}}, []string{"a", "b"}},
		{"changes by id", []metaInput{{ID: 2, Value: []byte(`2`)}}, []string{"a", "b"}},
		{"removes by null", []metaInput{{Key: "a", Value: []byte(`null`)}}, []string{"b"}},
		{"ignores the removal of what is not there", []metaInput{{Key: "z", Value: []byte(`null`)}}, []string{"a", "b"}},
	} {
		var keys []string
		for _, m := range mergeMeta(old, c.in, &next) {
			keys = append(keys, m.Key)
		}
		require.Equal(t, c.want, keys, c.name)
		require.Equal(t, `"x"`, string(old[0].Value), "the stored fields are not touched")
	}
}

func TestProject(t *testing.T) {
	t.Parallel()
	record := []byte(`{"id":1,"name":"n","a":{"b":{"c":2,"d":3},"e":4}}`)
	for _, c := range []struct {
		fields []string
		want   string
	}{
		{[]string{"id"}, `{"id":1}`},
		{[]string{"a.b.c", "name"}, `{"a":{"b":{"c":2}},"name":"n"}`},
		{[]string{"nosuch"}, `{}`},
	} {
		require.JSONEq(t, c.want, string(project(record, c.fields)))
	}
}

package record

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestExternalNamesAreReadInOneWayOnly(t *testing.T) {
	seen := map[string]erp.Key{}
	for _, key := range []erp.Key{
		{Instance: "demo", Entity: "order", ID: "12"},
		{Instance: "demo", Entity: "price_list", ID: "regular-EUR"},
		{Instance: "a_b", Entity: "order", ID: "1"},
		{Instance: "a", Entity: "order", ID: "b_1"},
		{Instance: "a", Entity: "order", ID: "b/1"},
		{Instance: "ü.~", Entity: "attribute_value", ID: "~7e é"},
	} {
		name := ExternalName(key)
		require.NotContains(t, seen, name)
		seen[name] = key
		require.Regexp(t, `^[A-Za-z0-9_~-]+$`, name)
		got, ok := KeyOf(name)
		require.True(t, ok)
		require.Equal(t, key, got)
		got, ok = KeyOf(TemplateName(key))
		require.True(t, ok)
		require.Equal(t, key, got)
	}
	for _, name := range []string{"", "order", "order_12"} {
		_, ok := KeyOf(name)
		require.False(t, ok, name)
	}
	require.Equal(t, "a~b", decodeNamePart("a~b"), "what plain did not write stays")
}

// FuzzExternalNames: every key can be told from the external id that it is given.
func FuzzExternalNames(f *testing.F) {
	f.Add("shop", "1/2_3~.é")
	f.Add("a_b", "")
	f.Fuzz(func(t *testing.T, instance, id string) {
		key := erp.Key{Instance: instance, Entity: "product", ID: id}
		got, ok := KeyOf(ExternalName(key))
		require.True(t, ok)
		require.Equal(t, key, got)
	})
}

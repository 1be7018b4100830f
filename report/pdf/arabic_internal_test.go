package pdf

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Texts as they are seen from left to right. The Arabic ones are in the forms that letters have beside their neighbours.
func TestVisualOrder(t *testing.T) {
	for logical, seen := range map[string]string{
		"Mug (large)":      "Mug (large)",
		"שלום":             "םולש",
		"ספל (גדול)":       "(לודג) לפס",
		"ספל 500 מל":       "למ 500 לפס",
		"Mug ספל red":      "Mug לפס red",
		"Mug ספל 12 red":   "Mug 12 לפס red",
		"Mug ספל 12 מל ok": "Mug למ 12 לפס ok",
		"سلام":             "\ufee1\ufefc\ufeb3", // seen initial, lam-alef final, meem isolated
		"بيت":              "\ufe96\ufef4\ufe91", // beh initial, yeh medial, teh final
		"دار":              "\ufead\ufe8d\ufea9", // letters that do not join
		"پچ":               "\ufb7b\ufb58",       // Persian
	} {
		require.Equal(t, seen, visual(logical), "%+q", logical)
	}
}

func TestPrintable(t *testing.T) {
	require.Equal(t, "a b é□", printable(" a\u0000\nb\u202e e\u0301\xff"))
	require.Equal(t, "كتاب", printable("كِتَاب"), "marks that make no letter of their own are left out")
	list, lost := pieces("a日🍵", families["serif"][0], families["sans"][0])
	require.True(t, lost)
	require.Equal(t, []piece{{families["serif"][0], "a"}, {families["sans"][0], "□□"}}, list)
	for _, family := range families {
		for _, f := range family {
			require.True(t, f.has('a'))
			require.True(t, f.has('−'))
		}
	}
	require.True(t, families["sans"][0].has(missing) && families["sans"][1].has(missing))
}

package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
)

func TestTwinsAreParkedBeforeTheyArchiveEachOther(t *testing.T) {
	shirt, mug := draftOf(&erp.Product{}, teaKey), draftOf(&erp.Product{}, erp.Key{Instance: "demo", Entity: "product", ID: "2"})
	shirt.ID, mug.ID = 1, 2
	of := func(d *record.Draft[erp.Product], id string, active bool, values ...int64) *variation {
		return &variation{draft: d, record: &erp.Variant{Key: erp.Key{ID: id}, Active: active}, values: values}
	}
	for name, c := range map[string]struct {
		shirts []*variation
		code   string
	}{
		"any value, twice":    {[]*variation{of(shirt, "11", true, 5), of(shirt, "12", true), of(shirt, "13", true)}, "same_options"},
		"the same, twice":     {[]*variation{of(shirt, "12", true, 5, 6), of(shirt, "13", true, 5, 6)}, "same_options"},
		"one is disabled":     {[]*variation{of(shirt, "12", true), of(shirt, "13", false)}, ""},
		"each has its own":    {[]*variation{of(shirt, "12", true, 5), of(shirt, "13", true)}, ""},
		"those of two differ": {[]*variation{of(shirt, "12", true, 5), of(shirt, "13", true, 5, 6)}, ""},
	} {
		shirt.Refused = nil
		rest := refuseTwins(append(c.shirts, of(mug, "21", true)))
		require.True(t, mug.Accepted(), name)
		if c.code == "" {
			require.True(t, shirt.Accepted(), name)
			require.Len(t, rest, len(c.shirts)+1, name)
			continue
		}
		require.Equal(t, c.code, shirt.Refused.Code, name)
		require.Contains(t, shirt.Refused.Reason, "12 and 13", name)
		require.Len(t, rest, 1, "what the others have lands")
	}
}

package catalog

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

// Categories that lie below each other would wait for each other for ever, on whatever pages they are read.
func TestCategoriesInACycle(t *testing.T) {
	tree := []woo.Category{{ID: 1, Parent: 10}, {ID: 2, Parent: 1}, {ID: 10, Parent: 2}, {ID: 11, Parent: 10}, {ID: 12}, {ID: 13, Parent: 12}}
	raw := make([]json.RawMessage, len(tree))
	for i, c := range tree {
		var err error
		raw[i], err = json.Marshal(map[string]woo.ID{"id": c.ID, "parent": c.Parent})
		require.NoError(t, err)
	}
	ec := entitytest.OddStore(t, oddstore.State{Categories: raw})
	for perPage := 1; perPage <= len(tree); perPage++ {
		stub := &treeStub{landed: map[erp.Key]bool{}}
		ec.Backend = stub
		for range 3 { // a category whose parent comes later is landed again
			for page := range slices.Chunk(tree, perPage) {
				results, err := entitytest.Land(context.Background(), ec, Categories, entitytest.PageOf(Categories, page...))
				require.NoError(t, err)
				for i, c := range page {
					require.Equal(t, c.ID == 1, slices.Contains(results[i].Steps, `landed at the top: its parent, category "10", lies below itself`), c.ID)
				}
			}
		}
		last := map[erp.Key]erp.Key{}
		for _, term := range stub.Terms {
			last[term.Key] = term.Parent
		}
		for _, c := range tree {
			want := mapping.OptionalKey(ec, categoryName, c.Parent)
			if c.ID == 1 {
				want = erp.Key{}
			}
			require.True(t, stub.landed[mapping.KeyOf(ec, categoryName, c.ID)], c.ID)
			require.Equal(t, want, last[mapping.KeyOf(ec, categoryName, c.ID)], "%d, %d a page", c.ID, perPage)
		}
	}
}

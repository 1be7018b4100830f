package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// TestAnImportOfEverythingFindsWhatTheStoreDeleted deletes records for good, of which no webhook tells, and trashes some without one. The
// next import of everything says so at their links, and nothing fails; what is restored loses it.
func TestAnImportOfEverythingFindsWhatTheStoreDeleted(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(30, 10, 10))
	x := serve(t)
	x.connect(store.URL)
	ids := func(path string) (ids []int) {
		for _, r := range list[struct {
			ID int `json:"id"`
		}](store, path, nil) {
			ids = append(ids, r.ID)
		}
		require.Greater(t, len(ids), 1, path)
		return ids
	}
	var single []int
	for _, p := range store.products() {
		if p.Type == "simple" {
			single = append(single, p.ID)
		}
	}
	kinds := map[string]struct {
		path string
		ids  []int
	}{
		"product":  {"products", single},
		"customer": {"customers", ids("customers")},
		"coupon":   {"coupons", ids("coupons")},
		"tag":      {"products/tags", ids("products/tags")},
	}
	x.importAll(everything)

	remove := func(entity string, at int, force bool) {
		k := kinds[entity]
		store.write(http.MethodDelete, fmt.Sprintf("%s/%d?force=%t", k.path, k.ids[at], force), nil, nil)
	}
	stateOf := func(entity string, at int) string {
		return get[gen.Link](x, fmt.Sprintf("/links/%s/%s/%d", instanceID, entity, kinds[entity].ids[at])).StoreState
	}
	for entity := range kinds {
		remove(entity, 0, true)
	}
	remove("product", 1, false)
	remove("coupon", 1, false)
	x.importAll(everything)
	for entity := range kinds {
		require.Equal(t, "deleted", stateOf(entity, 0), entity)
	}
	require.Equal(t, "trashed", stateOf("product", 1))
	require.Equal(t, "trashed", stateOf("coupon", 1))
	require.Empty(t, stateOf("customer", 1))
	require.Empty(t, get[gen.JobPage](x, "/jobs?state=failed").Items, "nothing is to be mended")

	asked := store.requests("products")
	x.importAll(everything, "product")
	once := store.requests("products") - asked
	store.write(http.MethodPut, fmt.Sprintf("products/%d", single[1]), map[string]string{"status": "publish"}, nil)
	asked = store.requests("products")
	x.importAll(everything, "product")
	require.Equal(t, once, store.requests("products")-asked, "what is known to be gone is not asked for again")
	require.Empty(t, stateOf("product", 1))
	require.Equal(t, "deleted", stateOf("product", 0))
}

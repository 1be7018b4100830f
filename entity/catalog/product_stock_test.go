package catalog

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

func TestLandProducts(t *testing.T) {
	stub := &entitytest.Ledger{Outcomes: map[erp.Key]erp.Outcome{
		entitytest.Key("product", "2"): {Status: erp.Parked, Code: "unknown_category", Waits: []erp.Key{entitytest.Key("category", "9")}},
	}}
	ec := entitytest.OddStore(t, oddstore.State{Categories: []json.RawMessage{[]byte(`{"id": 9}`)}})
	ec.Backend = stub
	page := entitytest.PageOf(Products, managed(1), managed(2), tshirt(t))
	page.StoreTime = entitytest.SomeTime.Time
	results, err := entitytest.Land(context.Background(), ec, Products, page)
	require.NoError(t, err)
	require.Equal(t, []string{"price lists 6", "products 3", "stock 5"}, stub.Calls, "one call each for the whole page")
	require.Equal(t, entitytest.SomeTime.Add(-time.Second), stub.Counts[0].CountedAt)
	require.Equal(t, erp.Created, results[0].Status)
	require.Equal(t, []string{"product created", "stock of 1 created"}, results[0].Steps)
	require.Empty(t, results[0].Also)
	require.Equal(t, erp.Parked, results[1].Status)
	require.Empty(t, results[1].Steps, "no stock of a product that is not there")
	require.Empty(t, results[1].Also)
	require.Equal(t, []erp.Key{
		entitytest.Key("product", "4013"), entitytest.Key("product", "4014"), entitytest.Key("product", "4015"), entitytest.Key("product", "4016"), entitytest.Key("product", "4017"),
	}, results[2].Also)
}

// Orders wait for keys: a product whose figure alone is refused is there, for whichever reason and however many variations.
func TestAProductWithoutItsStockIsThere(t *testing.T) {
	for _, status := range []erp.Status{erp.Failed, erp.Parked} {
		ec := entitytest.OddStore(t, oddstore.State{})
		ec.Backend = &entitytest.Ledger{Uncounted: status}
		results, err := entitytest.Land(t.Context(), ec, Products, entitytest.PageOf(Products, managed(1), tshirt(t)))
		require.NoError(t, err)
		require.Equal(t, status, results[0].Status)
		require.Equal(t, []erp.Key{entitytest.Key("product", "1")}, results[0].Also)
		require.Equal(t, status, results[1].Status)
		shirt := results[1].Key
		require.Equal(t, 1, countOf(results[1].Also, shirt), "once")
		require.Equal(t, 1, countOf(results[1].Also, entitytest.Key("product", "4013")))
	}
}

func countOf(keys []erp.Key, key erp.Key) (count int) {
	for _, k := range keys {
		if k == key {
			count++
		}
	}
	return count
}

func TestApplyStock(t *testing.T) {
	for _, test := range []struct {
		name           string
		product, count erp.Status
		want           erp.Status
	}{
		{"nothing changed", erp.Unchanged, erp.Unchanged, erp.Unchanged},
		{"only the figure changed", erp.Unchanged, erp.Updated, erp.Updated},
		{"new product", erp.Created, erp.Updated, erp.Created},
		{"figure refused", erp.Created, erp.Failed, erp.Failed},
		{"figure waits", erp.Unchanged, erp.Parked, erp.Parked},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := erp.Outcome{Key: entitytest.Key("product", "1"), Status: test.product, ID: "77"}
			applyStock(&result, erp.Outcome{Key: entitytest.Key("product", "1"), Status: test.count, Code: "closed", Reason: "closed warehouse"})
			require.Equal(t, test.want, result.Status)
			require.Equal(t, "77", result.ID)
			if !result.Landed() {
				require.Equal(t, "closed", result.Code)
				require.Contains(t, result.Reason, "closed warehouse")
			}
		})
	}
}

func TestStockFailsAsAWhole(t *testing.T) {
	ec := entitytest.Demo()
	ec.Backend = &entitytest.Ledger{Failing: "stock", Err: fault.New(fault.Unavailable, "gone")}
	_, err := entitytest.Land(context.Background(), ec, Products, entitytest.PageOf(Products, managed(1)))
	require.True(t, fault.Is(err, fault.Unavailable))
}

func TestVirtualProductsThatAreCounted(t *testing.T) {
	for name, test := range map[string]struct {
		record  productRecord
		virtual bool
		counts  int
	}{
		"a service":      {productRecord{Product: mapping.Product{Product: woo.Product{ID: 1, Type: "simple", Virtual: true}}}, true, 0},
		"a ticket":       {productRecord{Product: mapping.Product{Product: woo.Product{ID: 1, Type: "simple", Virtual: true, ManageStock: true, StockQuantity: entitytest.Some("40")}}}, false, 1},
		"a sold-out one": {productRecord{Product: mapping.Product{Product: woo.Product{ID: 1, Type: "simple", Virtual: true, ManageStock: true, StockQuantity: entitytest.Some("0")}}}, false, 1},
		"its variations": {productRecord{Product: mapping.Product{Product: woo.Product{ID: 1, Type: "variable", Virtual: true}, VariationRecords: []woo.Variation{
			{ID: 2, Virtual: true, ManageStock: woo.StockOwn, StockQuantity: entitytest.Some("3")}, {ID: 3, Virtual: true}}}}, false, 1},
		"variations that nobody counts": {productRecord{Product: mapping.Product{Product: woo.Product{ID: 1, Type: "variable", Virtual: true},
			VariationRecords: []woo.Variation{{ID: 2, Virtual: true}}}}, true, 0},
	} {
		plan, err := planProduct(entitytest.Demo(), test.record)
		require.NoError(t, err)
		require.Equal(t, test.virtual, plan.product.Virtual, name)
		require.Len(t, plan.counts, test.counts, name)
		for _, count := range plan.counts {
			for _, v := range plan.product.Variants {
				require.True(t, v.Key != count.Key || v.TrackStock, name)
			}
		}
	}
}

package entity

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

func TestStockCounts(t *testing.T) {
	simple := productRecord{Product: woo.Product{ID: 1, Type: "simple", ManageStock: true, StockQuantity: some("7")}}
	unmanaged := productRecord{Product: woo.Product{ID: 1, Type: "simple", StockQuantity: some("7")}}
	oversold := productRecord{Product: woo.Product{ID: 1, Type: "simple", ManageStock: true, StockQuantity: some("-2")}}
	unknown := productRecord{Product: woo.Product{ID: 1, Type: "simple", ManageStock: true}}
	grouped := productRecord{Product: woo.Product{ID: 1, Type: "grouped", ManageStock: true, StockQuantity: some("7")}}
	shared := productRecord{Product: woo.Product{ID: 1, Type: "variable", ManageStock: true, StockQuantity: some("7")},
		variations: []woo.Variation{
			{ID: 2, ManageStock: woo.StockOfParent, StockQuantity: some("7")},
			{ID: 3, ManageStock: woo.StockOwn, StockQuantity: some("1.5")},
		}}
	for _, test := range []struct {
		name   string
		record productRecord
		want   map[string]string
		notes  int
	}{
		{"simple", simple, map[string]string{"1": "7"}, 0},
		{"not managed", unmanaged, nil, 0},
		{"oversold on backorder", oversold, map[string]string{"1": "-2"}, 0},
		{"managed without a figure", unknown, nil, 0},
		{"a group has no stock", grouped, nil, 0},
		{"variations", tshirt(t), map[string]string{"4013": "7", "4014": "7", "4015": "7", "4016": "7"}, 0},
		{"stock shared by variations cannot be counted", shared, map[string]string{"3": "1.5"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			counts, notes := stockCounts(demo(), test.record)
			var got map[string]string
			for _, c := range counts {
				if got == nil {
					got = map[string]string{}
				}
				require.Equal(t, "WH", c.Warehouse)
				got[c.Key.ID] = c.Free.String()
			}
			require.Equal(t, test.want, got)
			require.Len(t, notes, test.notes)
		})
	}
	ec := demo()
	ec.Instance.Config.Stock.Import = false
	counts, _ := stockCounts(ec, simple)
	require.Empty(t, counts)
}

// managed is a simple product with a stock figure.
func managed(id woo.ID) productRecord {
	return productRecord{Product: woo.Product{
		ID: id, Name: "P", Type: "simple", Status: "publish", ManageStock: true, StockQuantity: some("7"),
	}}
}

func TestLandProducts(t *testing.T) {
	stub := &ledgerStub{outcomes: map[erp.Key]erp.Outcome{
		key("product", "2"): {Status: erp.Parked, Code: "unknown_category", Waits: []erp.Key{key("category", "9")}},
	}}
	ec := reading(t, oddstore.State{Categories: []json.RawMessage{[]byte(`{"id": 9}`)}})
	ec.Backend = stub
	page := pageOf(product, managed(1), managed(2), tshirt(t))
	page.StoreTime = someTime.Time
	results, err := land(context.Background(), ec, product, page)
	require.NoError(t, err)
	require.Equal(t, []string{"price lists 6", "products 3", "stock 5"}, stub.calls, "one call each for the whole page")
	require.Equal(t, someTime.Add(-time.Second), stub.counts[0].CountedAt)
	require.Equal(t, erp.Created, results[0].Status)
	require.Equal(t, []string{"product created", "stock of 1 created"}, results[0].Steps)
	require.Empty(t, results[0].Also)
	require.Equal(t, erp.Parked, results[1].Status)
	require.Empty(t, results[1].Steps, "no stock of a product that is not there")
	require.Empty(t, results[1].Also)
	require.Equal(t, []erp.Key{
		key("product", "4013"), key("product", "4014"), key("product", "4015"), key("product", "4016"), key("product", "4017"),
	}, results[2].Also)
}

// Orders wait for keys: a product whose figure alone is refused is there, for whichever reason and however many variations.
func TestAProductWithoutItsStockIsThere(t *testing.T) {
	for _, status := range []erp.Status{erp.Failed, erp.Parked} {
		ec := reading(t, oddstore.State{})
		ec.Backend = &ledgerStub{uncounted: status}
		results, err := land(t.Context(), ec, product, pageOf(product, managed(1), tshirt(t)))
		require.NoError(t, err)
		require.Equal(t, status, results[0].Status)
		require.Equal(t, []erp.Key{key("product", "1")}, results[0].Also)
		require.Equal(t, status, results[1].Status)
		shirt := results[1].Key
		require.Equal(t, 1, countOf(results[1].Also, shirt), "once")
		require.Equal(t, 1, countOf(results[1].Also, key("product", "4013")))
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
			result := erp.Outcome{Key: key("product", "1"), Status: test.product, ID: "77"}
			applyStock(&result, erp.Outcome{Key: key("product", "1"), Status: test.count, Code: "closed", Reason: "closed warehouse"})
			require.Equal(t, test.want, result.Status)
			require.Equal(t, "77", result.ID)
			if !result.Landed() {
				require.Equal(t, "closed", result.Code)
				require.Contains(t, result.Reason, "closed warehouse")
			}
		})
	}
}

func TestCountWithoutStoreClock(t *testing.T) {
	counts := datedCounts([]erp.StockCount{{ChangedAt: someTime.Time}, {CountedAt: someTime.Time}}, woo.Reading{})
	require.WithinDuration(t, time.Now(), counts[0].CountedAt, time.Minute)
	require.Equal(t, someTime.Time, counts[1].CountedAt, "it was read on its own")
}

func TestStockFailsAsAWhole(t *testing.T) {
	ec := demo()
	ec.Backend = &ledgerStub{failing: "stock", err: fault.New(fault.Unavailable, "gone")}
	_, err := land(context.Background(), ec, product, pageOf(product, managed(1)))
	require.True(t, fault.Is(err, fault.Unavailable))
}

package stock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/entity/stock"
	"tandem/erp"
	"tandem/woo"
)

func TestStockCounts(t *testing.T) {
	simple := mapping.Product{Product: woo.Product{ID: 1, Type: "simple", ManageStock: true, StockQuantity: entitytest.Some("7")}}
	unmanaged := mapping.Product{Product: woo.Product{ID: 1, Type: "simple", StockQuantity: entitytest.Some("7")}}
	oversold := mapping.Product{Product: woo.Product{ID: 1, Type: "simple", ManageStock: true, StockQuantity: entitytest.Some("-2")}}
	unknown := mapping.Product{Product: woo.Product{ID: 1, Type: "simple", ManageStock: true}}
	grouped := mapping.Product{Product: woo.Product{ID: 1, Type: "grouped", ManageStock: true, StockQuantity: entitytest.Some("7")}}
	shared := mapping.Product{Product: woo.Product{ID: 1, Type: "variable", ManageStock: true, StockQuantity: entitytest.Some("7")},
		VariationRecords: []woo.Variation{
			{ID: 2, ManageStock: woo.StockOfParent, StockQuantity: entitytest.Some("7")},
			{ID: 3, ManageStock: woo.StockOwn, StockQuantity: entitytest.Some("1.5")},
		}}
	both := mapping.Product{Product: woo.Product{ID: 1, Type: "variable", ManageStock: true, StockQuantity: entitytest.Some("7")},
		VariationRecords: []woo.Variation{{ID: 2, ManageStock: woo.StockOwn, StockQuantity: entitytest.Some("4")}}}
	for _, test := range []struct {
		name   string
		record mapping.Product
		want   map[string]string
		notes  int
	}{
		{"simple", simple, map[string]string{"1": "7"}, 0},
		{"not managed", unmanaged, nil, 0},
		{"oversold on backorder", oversold, map[string]string{"1": "-2"}, 0},
		{"managed without a figure", unknown, nil, 0},
		{"a group has no stock", grouped, nil, 0},
		{"variations", entitytest.RecordedTShirt(t), map[string]string{"4013": "7", "4014": "7", "4015": "7", "4016": "7"}, 0},
		{"N19: both the product and its variations", both, map[string]string{"2": "4"}, 1},
		{"stock shared by variations cannot be counted", shared, map[string]string{"3": "1.5"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			counts, notes := stock.Counts(entitytest.Demo(), test.record)
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
	ec := entitytest.Demo()
	ec.Instance.Config.Stock.Import = false
	counts, _ := stock.Counts(ec, simple)
	require.Empty(t, counts)
}

func TestCountWithoutStoreClock(t *testing.T) {
	counts := stock.Dated([]erp.StockCount{{ChangedAt: entitytest.SomeTime.Time}, {CountedAt: entitytest.SomeTime.Time}}, woo.Reading{})
	require.WithinDuration(t, time.Now(), counts[0].CountedAt, time.Minute)
	require.Equal(t, entitytest.SomeTime.Time, counts[1].CountedAt, "it was read on its own")
}

func TestFigureOfManyNines(t *testing.T) {
	p := entitytest.Managed(7)
	p.StockQuantity = entitytest.Some("9999999999999999")
	counts, notes := stock.Counts(entitytest.Demo(), p)
	require.Empty(t, counts)
	require.Contains(t, notes[0], "stock_quantity")
}

package ledger_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// A person counts what lies on the shelf; what orders reserved of it is not free all the same.
func TestShelvesAreCounted(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 3, 1)
	orders := s.batch(1)
	s.landed(s.UpsertOrders(t.Context(), orders))
	for _, r := range s.ConfirmOrders(t.Context(), []erp.Ask[erp.ConfirmRequest]{{Order: orders[0].Key}}) {
		require.NoError(t, r.Err)
	}
	page, err := s.Stock(t.Context(), erp.StockSearch{RecordSearch: erp.RecordSearch{Limit: 10}})
	require.NoError(t, err)
	require.Equal(t, "WH", page.Warehouse)
	require.Len(t, page.Items, 3)
	item := page.Items[0]
	require.True(t, item.Reserved.IsPositive())
	cursor := s.settled(3)
	counted := func() string {
		var at string
		require.NoError(t, s.db.Get(&at, `SELECT max(counted_at)::text FROM ledger.stock_quants`))
		return at
	}
	before := counted()

	for range 2 {
		require.NoError(t, s.CountShelves(t.Context(), "", []erp.ShelfCount{{Product: item.Product, OnHand: decimal.NewFromInt(7)}}))
		now, err := s.Stock(t.Context(), erp.StockSearch{RecordSearch: erp.RecordSearch{Limit: 1}, Product: erp.OwnID(item.Product)})
		require.NoError(t, err)
		require.Equal(t, "7", now.Items[0].OnHand.String())
		require.Equal(t, item.Reserved, now.Items[0].Reserved)
		require.Equal(t, decimal.NewFromInt(7).Sub(item.Reserved).String(), now.Items[0].Free().String())
	}
	require.Equal(t, before, counted(), "it is no count of the store")
	require.Eventually(t, func() bool { moved, _ := s.told(cursor); return len(moved) == 1 }, time.Minute, 10*time.Millisecond,
		"it has to be pushed to the store")
	var moves int
	require.NoError(t, s.db.Get(&moves, `SELECT count(*) FROM ledger.stock_moves WHERE reference = 'counted by hand'`))
	require.Equal(t, 1, moves, "the same count again moves nothing")
}

func TestWrongCountsCountNothing(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 2, 1)
	shirts, err := s.Products().Create(t.Context(), "request-1", shirt())
	require.NoError(t, err)
	page, err := s.Stock(t.Context(), erp.StockSearch{RecordSearch: erp.RecordSearch{Limit: 1}})
	require.NoError(t, err)
	require.NotEmpty(t, page.Next)
	sound := erp.ShelfCount{Product: page.Items[0].Product, OnHand: decimal.NewFromInt(7)}
	for field, wrong := range map[string]erp.ShelfCount{
		"there is no product 4711":       {Product: erp.OwnKey("product", "4711")},
		"counts[1].product: is counted":  sound,
		"counts[1].product: no stock is": {Product: shirts.Record.Variants[0].Key},
		"there is no product":            {Product: erp.OwnKey("product", shirts.ID)}, // its variants are what is sold
	} {
		err := s.CountShelves(t.Context(), "WH", []erp.ShelfCount{sound, wrong})
		require.ErrorContains(t, err, field)
	}
	require.Equal(t, "warehouse", fault.From(s.CountShelves(t.Context(), "NOWHERE", []erp.ShelfCount{sound})).Field)
	now, err := s.Stock(t.Context(), erp.StockSearch{RecordSearch: erp.RecordSearch{Limit: 1}})
	require.NoError(t, err)
	require.Equal(t, page.Items[0], now.Items[0], "nothing is half written")
}

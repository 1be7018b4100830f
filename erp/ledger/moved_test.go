package ledger_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// told gives the ids of the products that moved since a cursor.
func (s *seller) told(after string) (ids []string, next string) {
	s.tb.Helper()
	products, next, err := s.MovedProducts(s.tb.Context(), benchKey("product", 0).Instance, "WH", after, 100)
	require.NoError(s.tb, err)
	for _, key := range products {
		ids = append(ids, key.ID)
	}
	return ids, next
}

// settled waits until what a new ledger was given is told: other tests' transactions may be older.
func (s *seller) settled(products int) (cursor string) {
	s.tb.Helper()
	require.Eventually(s.tb, func() bool {
		var ids []string
		ids, cursor = s.told("")
		return len(ids) == products
	}, time.Minute, 10*time.Millisecond)
	return cursor
}

func (s *seller) counts(product int, free int64) {
	s.tb.Helper()
	s.landed(s.SetStock(s.tb.Context(), []erp.StockCount{{Key: benchKey("product", product), Warehouse: "WH",
		Free: decimal.NewFromInt(free), CountedAt: saleDate.Add(time.Hour)}}))
}

const touch = `
UPDATE ledger.stock_quants SET on_hand = on_hand + 1, changed = pg_current_xact_id()
WHERE variant_id = (SELECT record_id FROM ledger.external_ids WHERE model = 'variant' AND ext_id = $1)`

func TestAChangeIsNotPassedByALaterOne(t *testing.T) {
	s := newSeller(t, 3, 1)
	start := s.settled(3)
	tx, err := s.db.BeginTxx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), touch, benchKey("product", 1).ID)
	require.NoError(t, err)
	s.counts(0, 5)

	ids, next := s.told(start)
	require.Empty(t, ids, "an older transaction is under way")
	require.Equal(t, start, next)

	require.NoError(t, tx.Commit())
	require.Eventually(t, func() bool { ids, next = s.told(start); return len(ids) == 2 }, time.Minute, 10*time.Millisecond)
	require.Equal(t, []string{benchKey("product", 1).ID, benchKey("product", 0).ID}, ids)
	ids, _ = s.told(next)
	require.Empty(t, ids)
}

// In a dump restored into another cluster, transactions are renumbered.
func TestARestoredLedgerIsToldAgain(t *testing.T) {
	s := newSeller(t, 3, 1)
	cursor := s.settled(3)
	s.exec(`UPDATE ledger.stock_quants SET changed = '9000000000000000000'
		WHERE variant_id = (SELECT record_id FROM ledger.external_ids WHERE model = 'variant' AND ext_id = $1)`, benchKey("product", 2).ID)
	ids, _ := s.told("")
	require.Equal(t, []string{benchKey("product", 2).ID, benchKey("product", 0).ID, benchKey("product", 1).ID}, ids)
	ids, _ = s.told(cursor)
	require.Empty(t, ids, "it was told before the dump")
	ids, next := s.told("8000000000000000000-1-product-1")
	require.Len(t, ids, 3, "a cursor of the other cluster starts again")
	s.counts(0, 5)
	require.Eventually(t, func() bool { ids, _ = s.told(next); return len(ids) == 1 }, time.Minute, 10*time.Millisecond)
	require.Equal(t, []string{benchKey("product", 0).ID}, ids)
}

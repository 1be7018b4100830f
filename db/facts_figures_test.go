package db

import (
	"strconv"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/report/fact"
)

// In an installation's first minute the database has no statistics yet, and plans for next to no rows. Written without regard to that, figures
// of one page combined everything sold with everything that sales have in common: 20 s for a page of 100 orders.
func TestFiguresOfAPageAreWrittenWithoutStatistics(t *testing.T) {
	d := newDB(t)
	const orders, lines = 100, 4
	for first := 0; first < 15*orders; first += orders {
		facts := map[string]fact.Facts{}
		for id := first; id < first+orders; id++ {
			var sold []fact.Line
			for l := range lines {
				sold = append(sold, factLine(strconv.Itoa(l), strconv.Itoa((id*lines+l)%430), "", 10))
			}
			f := factOrder(strconv.Itoa(id), "status "+strconv.Itoa(id%3), sold...)
			f.Sale.Country, f.Sale.Gateway = strconv.Itoa(id%8), strconv.Itoa(id%5)
			facts[f.Sale.ID] = f
		}
		landFacts(t, d, "order", facts)
		require.Less(t, rowsReadForFigures(t, d, orders), 5_000_000, "after %d orders", first+orders)
	}
	require.Equal(t, 15*orders*lines, number(t, d, `SELECT count(*) FROM tandem.line_figures`))
}

// rowsReadForFigures writes the figures of the newest sales again and gives how many rows of all tables that took.
func rowsReadForFigures(t *testing.T, d *DB, sales int) (rows int) {
	t.Helper()
	const count = `SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables`
	require.NoError(t, d.tx(t.Context(), "writing figures", func(tx *sqlx.Tx) error {
		var ids []int64
		require.NoError(t, tx.SelectContext(t.Context(), &ids, `SELECT id FROM tandem.sales ORDER BY id DESC LIMIT $1`, sales))
		var before int
		require.NoError(t, tx.GetContext(t.Context(), &before, count))
		if err := writeFigures(t.Context(), tx, ids); err != nil {
			return err
		}
		err := tx.GetContext(t.Context(), &rows, count)
		rows -= before
		return err
	}))
	return rows
}

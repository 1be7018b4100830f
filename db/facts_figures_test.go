package db

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
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
		if err := writeFigures(t.Context(), tx, "demo", ids); err != nil {
			return err
		}
		err := tx.GetContext(t.Context(), &rows, count)
		rows -= before
		return err
	}))
	return rows
}

// Orders are counted by category as looking at each of their lines does, while products are filed anew and orders are written again.
func TestOrdersOfACategoryAreCountedOnce(t *testing.T) {
	d := newDB(t)
	var wg sync.WaitGroup
	for writer := range uint64(4) {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(writer, 9))
			for range 30 {
				var facts []json.RawMessage
				for range 1 + random.IntN(8) {
					facts = append(facts, randomFacts(t, random, writer < 2))
				}
				assert.NoError(t, d.tx(t.Context(), "writing facts", func(tx *sqlx.Tx) error { return writeFacts(t.Context(), tx, "demo", facts) }))
			}
		})
	}
	wg.Wait()
	require.Equal(t, texts(t, d, `
		SELECT concat_ws(' ', s.woo_id, p.category) FROM tandem.sales s JOIN tandem.sale_lines l ON l.sale = s.id
		LEFT JOIN tandem.sold_products p ON p.instance = s.instance AND p.woo_id = l.product
		GROUP BY s.woo_id, coalesce(p.category, ''), p.category ORDER BY 1`), texts(t, d, `
		SELECT concat_ws(' ', s.woo_id, p.category) FROM tandem.sales s JOIN tandem.line_figures f ON f.sale = s.id
		JOIN tandem.sale_items i ON i.id = f.sale_item LEFT JOIN tandem.sold_products p ON p.instance = i.instance AND p.woo_id = i.product
		WHERE f.leads >= 2 AND NOT f.repeats_category ORDER BY 1`))
	require.Greater(t, number(t, d, `SELECT count(*) FROM tandem.line_figures WHERE repeats_category`), 20)
}

// randomFacts are those of one of twelve products, in one of three categories, or of one of forty orders.
func randomFacts(t *testing.T, random *rand.Rand, product bool) json.RawMessage {
	t.Helper()
	facts := fact.Facts{Products: []fact.SoldProduct{{ID: fmt.Sprint(random.IntN(12)), Category: fmt.Sprint(1 + random.IntN(3))}}}
	if !product {
		var lines []fact.Line
		for n := range 1 + random.IntN(6) {
			id := random.IntN(12)
			lines = append(lines, factLine(fmt.Sprint(n), fmt.Sprint(id), fmt.Sprint(id*10+random.IntN(2)), 1))
		}
		facts = factOrder(fmt.Sprint(random.IntN(40)), "processing", append(lines, fact.Line{ID: "ship", Kind: fact.Shipping})...)
	}
	encoded, err := json.Marshal(facts)
	assert.NoError(t, err)
	return encoded
}

package db

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// A large import fills tables of which PostgreSQL has no statistics yet, or those of the few rows there were. What a page costs must not
// grow with them.
func TestAPageReadsOnlyItsOwnRows(t *testing.T) {
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = fmt.Sprint(1_000_000 + i)
	}
	for statistics, analyze := range map[string]string{"no statistics": `SELECT 1`, "statistics of few rows": `ANALYZE`} {
		t.Run(statistics, func(t *testing.T) {
			d := newDB(t)
			d.pool.SetMaxOpenConns(1) // one session counts all
			op := newOperation(t, d, "order")
			seedPage(t, d, op, "9000001", "9000002")
			seedExport(t, d, "9000001", "9000002")
			_, err := d.pool.ExecContext(t.Context(), analyze)
			require.NoError(t, err)
			fill(t, d, op, 20_000)

			before := rowsRead(t, d)
			seedPage(t, d, op, ids...)
			seedPage(t, d, op, ids...)
			due, err := d.DueOrderRuns(t.Context(), "demo", len(ids))
			require.NoError(t, err)
			require.NoError(t, d.MarkOrderRunsStarted(t.Context(), "demo", due))
			imported := rowsRead(t, d)
			require.Less(t, imported-before, 5_000, "rows read for two imported pages of 100")

			seedExport(t, d, ids...)
			seedExport(t, d, ids...)
			require.Less(t, rowsRead(t, d)-imported, 5_000, "rows read for two exported pages of 100")
		})
	}
}

// seedExport lands products of the ERP in the store.
func seedExport(t *testing.T, d *DB, ids ...string) {
	t.Helper()
	page := exportPage(t, d, ids...)
	for _, id := range ids {
		page.Results = append(page.Results, exported(id, id, "sha256:store"))
	}
	require.NoError(t, d.FinishPage(t.Context(), page))
}

// seedPage lands orders that each ask for a run and each let others go on.
func seedPage(t *testing.T, d *DB, operation string, ids ...string) {
	t.Helper()
	page := startPage(t, d, operation, "order", ids...)
	for _, id := range ids {
		page.Results = append(page.Results, flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{Status: flow.Created, ID: id, Key: keys(page.key(id))[0], Plan: []byte(`{}`)}})
	}
	require.NoError(t, d.FinishPage(t.Context(), page))
}

// fill stores as many records as if an operation had landed them, and as many parked ones.
func fill(t *testing.T, d *DB, operation string, rows int) {
	t.Helper()
	for _, query := range []string{
		`INSERT INTO tandem.queue_jobs (operation, instance, entity, woo_id, state, attempts)
		 SELECT $1, 'demo', 'order', n::text, 'done', 1 FROM generate_series(1, $2) n`,
		`INSERT INTO tandem.queue_jobs (operation, instance, entity, woo_id, state, waits, attempts)
		 SELECT $1, 'demo', 'coupon', n::text, 'parked', '{demo/product/1}', 1 FROM generate_series(1, $2) n`,
		`INSERT INTO tandem.queue_jobs (operation, instance, entity, direction, erp_id, state, attempts)
		 SELECT $1, 'demo', 'product', 'export', n::text, 'parked', 1 FROM generate_series(1, $2) n`,
		`INSERT INTO tandem.job_waits (key, job)
		 SELECT 'demo/product/' || id, id FROM tandem.queue_jobs WHERE operation = $1 AND entity = 'coupon' LIMIT $2`,
		`INSERT INTO tandem.links (instance, entity, woo_id, woo_type, erp_id, state, digest)
		 SELECT 'demo', 'order', n::text, '', $1::uuid::text, 'synchronised', '' FROM generate_series(1, $2) n`,
		`INSERT INTO tandem.raw_records (instance, entity, woo_id, digest, raw, type, status)
		 SELECT 'demo', 'order', n::text, '', '', '', $1::uuid::text FROM generate_series(1, $2) n`,
		`INSERT INTO tandem.order_runs (instance, woo_id, erp_id, state, plan)
		 SELECT 'demo', n::text, $1::uuid::text, 'due', '{}' FROM generate_series(1, $2) n`,
	} {
		_, err := d.pool.ExecContext(t.Context(), query, operation, rows)
		require.NoError(t, err)
	}
}

// rowsRead counts the rows and index entries this database's tables were asked for so far.
func rowsRead(t *testing.T, d *DB) int {
	t.Helper()
	_, err := d.pool.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	_, err = d.pool.ExecContext(t.Context(), `SELECT pg_stat_clear_snapshot()`)
	require.NoError(t, err)
	return number(t, d, `
		SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)`)
}

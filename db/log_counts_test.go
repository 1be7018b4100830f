package db

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestLogChart(t *testing.T) {
	d, _, today := logFixture(t)

	days, err := d.LogChart(t.Context(), LogFilter{Instance: "demo"}, "day")
	require.NoError(t, err)
	require.Equal(t, []LogCount{
		{At: today.AddDate(0, 0, -1), Status: Created, Count: 1},
		{At: today, Status: Failed, Count: 1},
		{At: today, Status: Parked, Count: 1},
	}, days)

	hours, err := d.LogChart(t.Context(), LogFilter{Entity: "brand"}, "hour")
	require.NoError(t, err)
	require.Equal(t, []LogCount{{At: today.Add(time.Hour), Status: Parked, Count: 1}}, hours)

	_, err = d.LogChart(t.Context(), LogFilter{}, "decade")
	requireKind(t, fault.Invalid, err)
	require.Equal(t, "bucket", fault.From(err).Field)
}

// randomLogs writes and deletes lines of three days from some connections at once.
func randomLogs(t *testing.T, d *DB, first time.Time) {
	t.Helper()
	var wg sync.WaitGroup
	for seed := range uint64(8) {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			for range 25 {
				_, err := d.pool.ExecContext(t.Context(), `
					INSERT INTO tandem.logs (operation, instance, entity, woo_id, status, before, after, steps, duration_us, error_kind, code, message,
					  workflow_id, run_id, at)
					SELECT md5((i % 2)::text)::uuid, 'shop' || (i * $1::int) % 2, 'kind' || (i / 3 + $1::int) % 3, i % 9, 'status' || (i / 5) % 4, '', '', '{}', 0, '',
					  '', '', '', '', $2::timestamptz + i * $3::int * interval '1 second'
					FROM generate_series(1, $4::int) i`, 1+random.IntN(5), first, 1+random.IntN(3000), 1+random.IntN(80))
				assert.NoError(t, err)
				if random.IntN(5) == 0 {
					_, err = d.pool.ExecContext(t.Context(), `
						DELETE FROM tandem.logs WHERE id IN (SELECT id FROM tandem.logs ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)`, random.IntN(60))
					assert.NoError(t, err)
				}
			}
		})
	}
	wg.Wait()
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.logs SET at = at + interval '90 minutes', status = 'status9' WHERE id % 7 = 0`)
	require.NoError(t, err)
}

func TestLogCountsAreThoseOfTheLines(t *testing.T) {
	d := newDB(t)
	first := time.Date(2026, 3, 1, 5, 30, 0, 0, time.UTC)
	randomLogs(t, d, first)
	plain := func() []string {
		return texts(t, d, `SELECT concat_ws(' ', date_trunc('hour', at, 'UTC'), instance, entity, status, count(*)) FROM tandem.logs
			GROUP BY date_trunc('hour', at, 'UTC'), instance, entity, status ORDER BY 1`)
	}
	counted := func() []string {
		return texts(t, d, `SELECT concat_ws(' ', hour, instance, entity, status, sum(lines)) FROM tandem.log_counts
			GROUP BY hour, instance, entity, status HAVING sum(lines) <> 0 ORDER BY 1`)
	}
	same := func() {
		t.Helper()
		lines, counts := plain(), counted()
		require.True(t, slices.Equal(lines, counts), "%d hours by lines, %d by counts", len(lines), len(counts))
	}
	require.Greater(t, len(plain()), 200)
	same()
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.logs l WHERE NOT EXISTS (
		SELECT FROM tandem.log_counts c WHERE (c.hour, c.instance, c.entity, c.status) = (date_trunc('hour', l.at, 'UTC'), l.instance, l.entity, l.status)
		GROUP BY c.hour HAVING l.id BETWEEN min(c.first_id) AND max(c.last_id))`), "each line lies between the ids of its hour")

	gone, err := d.Prune(t.Context(), PrunePolicy{Logs: time.Since(first.Add(20 * time.Hour))})
	require.NoError(t, err)
	require.Positive(t, gone.Logs)
	same()
	_, err = d.pool.ExecContext(t.Context(), `DELETE FROM tandem.logs`)
	require.NoError(t, err)
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.log_counts`), "hours without lines have no rows")
	randomLogs(t, d, first)
	_, err = d.pool.ExecContext(t.Context(), `TRUNCATE tandem.logs`)
	require.NoError(t, err)
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.log_counts`))
}

// A line is written and counted at once while others are being deleted or written: nobody waits for who counts.
func TestCountingLogsWaitsForNobody(t *testing.T) {
	d := newDB(t)
	d.pool.SetMaxOpenConns(25)
	first := time.Date(2026, 3, 1, 5, 30, 0, 0, time.UTC)
	const write = `
		INSERT INTO tandem.logs (instance, entity, woo_id, status, before, after, steps, duration_us, error_kind, code, message, workflow_id, run_id, at)
		SELECT 'demo', 'product', i, 'created', '', '', '{}', 0, '', '', '', '', '', $1::timestamptz FROM generate_series(1, 3) i`
	exec := func(on interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
	}, query string, args ...any) {
		t.Helper()
		_, err := on.ExecContext(t.Context(), query, args...)
		require.NoError(t, err)
	}
	begin := func() *sqlx.Tx {
		t.Helper()
		tx, err := d.pool.BeginTxx(t.Context(), nil)
		require.NoError(t, err)
		t.Cleanup(func() { _ = tx.Rollback() })
		exec(tx, `SET LOCAL lock_timeout = '10s'`)
		return tx
	}
	exec(d.pool, write, first)

	deleter := begin()
	exec(deleter, `DELETE FROM tandem.logs WHERE woo_id = '1'`)
	var writers []*sqlx.Tx
	for range 20 { // more than there are slots
		tx := begin()
		exec(tx, write, first)
		writers = append(writers, tx)
	}
	for _, tx := range writers {
		require.NoError(t, tx.Commit())
	}
	require.NoError(t, deleter.Commit())
	counted := `SELECT coalesce(sum(lines), 0)::int FROM tandem.log_counts`
	require.Equal(t, 2+20*3, number(t, d, counted))

	for range 20 {
		tx := begin()
		exec(tx, write, first)
		writers = append(writers, tx)
	}
	for _, tx := range writers[20:] {
		require.NoError(t, tx.Commit())
	}
	require.Equal(t, 2+40*3, number(t, d, counted))
	exec(d.pool, `DELETE FROM tandem.logs`)
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.log_counts`))
}

// Charts and lists that go by the counts say what looking at each line says, for time zones with half hours too.
func TestLogsAreFoundAndCountedByTheirCounts(t *testing.T) {
	d := newDB(t)
	first := time.Date(2026, 3, 1, 5, 30, 0, 0, time.UTC)
	randomLogs(t, d, first)
	random := rand.New(rand.NewPCG(7, 7))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	moment := func() time.Time {
		if random.IntN(3) == 0 {
			return time.Time{}
		}
		return first.Add(time.Duration(random.IntN(72*4)) * 15 * time.Minute).Add(time.Duration(random.IntN(2)) * 7 * time.Second)
	}
	found := 0
	for range 150 {
		f := LogFilter{Instance: pick("", "shop0", "shop1", "none"), Entity: pick("", "", "kind1"), Status: pick("", "", "status2", "status9", "none"),
			WooID: pick("", "", "", "3"), From: moment(), To: moment()}
		bucket := pick("hour", "day", "week", "month")
		var plain []LogCount
		require.NoError(t, d.pool.SelectContext(t.Context(), &plain, `SELECT date_trunc($8, at, 'UTC') AS at, status, count(*) AS count FROM tandem.logs
			WHERE `+logFilter+` GROUP BY 1, 2 ORDER BY 1, 2`, f.args(bucket)...))
		chart, err := d.LogChart(t.Context(), f, bucket)
		require.NoError(t, err)
		require.Equal(t, len(plain), len(chart), "%+v", f)
		for i := range plain {
			require.True(t, plain[i].At.Equal(chart[i].At) && plain[i].Status == chart[i].Status && plain[i].Count == chart[i].Count, "%+v", f)
		}

		var ids []int64
		require.NoError(t, d.pool.SelectContext(t.Context(), &ids, `SELECT id FROM tandem.logs WHERE `+logFilter+` ORDER BY id DESC LIMIT 60`, f.args()...))
		var listed []int64
		for page := (Page{Limit: 25}); len(listed) < 60; {
			logs, next, err := d.Logs(t.Context(), f, page)
			require.NoError(t, err)
			for _, l := range logs {
				listed = append(listed, l.ID)
			}
			if page.After = next; next == "" {
				break
			}
		}
		require.True(t, slices.Equal(ids, listed[:min(len(listed), 60)]), "%+v: %v, not %v", f, listed, ids)
		found += len(ids)
	}
	require.Greater(t, found, 1000)
}

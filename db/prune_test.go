package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPrune(t *testing.T) {
	d := newDB(t)
	old, fresh := newOperation(t, d, "tag"), newOperation(t, d, "tag")
	landPage(t, d, old, "tag", Created, "1", "2")
	landPage(t, d, old, "tag", Failed, "3")
	parkPage(t, d, old, "tag", []string{"demo/tag/9"}, "4")
	require.NoError(t, d.SetOperationState(t.Context(), old, OperationDone, "", ""))
	_, err := d.Idempotent(t.Context(), "key", "token", hashA)
	require.NoError(t, err)
	for _, query := range []string{
		`UPDATE tandem.logs SET at = now() - interval '10 days'`,
		`UPDATE tandem.queue_jobs SET updated_at = now() - interval '10 days'`,
		`UPDATE tandem.raw_records SET fetched_at = now() - interval '10 days'`,
		`UPDATE tandem.operations SET finished_at = now() - interval '10 days' WHERE finished_at IS NOT NULL`,
		`UPDATE tandem.idempotency_keys SET created_at = now() - interval '10 days'`,
	} {
		_, err := d.pool.ExecContext(t.Context(), query)
		require.NoError(t, err)
	}
	landPage(t, d, fresh, "tag", Created, "5")

	kept, err := d.Prune(t.Context(), PrunePolicy{})
	require.NoError(t, err)
	require.Equal(t, Pruned{Keys: 1}, kept, "an empty policy keeps everything but expired keys")

	const week = 7 * 24 * time.Hour
	gone, err := d.Prune(t.Context(), PrunePolicy{Logs: week, Jobs: week, Raw: week})
	require.NoError(t, err)
	require.Equal(t, Pruned{Logs: 4, Jobs: 3, Raw: 4}, gone, "the operation stays while it has a parked job")
	require.Equal(t, JobParked, jobOf(t, d, old, "4").State)
	require.Equal(t, JobDone, jobOf(t, d, fresh, "5").State)

	landPage(t, d, fresh, "tag", Created, "4") // closes the parked one
	_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.queue_jobs SET updated_at = now() - interval '10 days' WHERE operation = $1`, old)
	require.NoError(t, err)
	gone, err = d.Prune(t.Context(), PrunePolicy{Jobs: week})
	require.NoError(t, err)
	require.Equal(t, Pruned{Jobs: 1, Operations: 1}, gone)
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.job_waits`))
}

func TestPruneGoesOnUntilABatchIsNotFull(t *testing.T) {
	d := newDB(t)
	_, err := d.pool.ExecContext(t.Context(), `
		INSERT INTO tandem.logs (instance, entity, woo_id, status, before, after, steps, duration_us, error_kind, code, message, workflow_id, run_id, at)
		SELECT 'demo', 'tag', n::text, 'created', '', '', '{}', 0, '', '', '', '', '', now() - interval '2 days'
		FROM generate_series(1, $1) n`, pruneBatch+1)
	require.NoError(t, err)

	gone, err := d.Prune(t.Context(), PrunePolicy{Logs: 24 * time.Hour})

	require.NoError(t, err)
	require.Equal(t, pruneBatch+1, gone.Logs)
}

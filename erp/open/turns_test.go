package open

import (
	"context"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/schema/schematest"
)

func TestMain(m *testing.M) { schematest.Main(m) }

// patience is how long the tests wait for something that happens.
const patience = time.Minute

// worker is a process of its own on the database: it has its own sessions.
func worker(t *testing.T, address, scope string) *turns {
	t.Helper()
	pool, err := sqlx.Open("postgres", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = pool.Close() })
	return newTurns(pool, scope)
}

// waiting is the number of sessions that wait for a lock.
func waiting(t *testing.T, w *turns) (count int) {
	t.Helper()
	require.NoError(t, w.pool.Get(&count, `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
		WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()`))
	return count
}

func TestWorkersTakeTurns(t *testing.T) {
	t.Parallel()
	address := schematest.URL(t)
	one, other := worker(t, address, "erp"), worker(t, address, "erp")
	release, err := one.Take(t.Context(), []string{"stock/2", "stock/1", "stock/2"})
	require.NoError(t, err)

	free, err := other.Take(t.Context(), []string{"stock/3"})
	require.NoError(t, err, "another product")
	free()
	free, err = worker(t, address, "another erp").Take(t.Context(), []string{"stock/1"})
	require.NoError(t, err, "the same id in another ERP")
	free()

	taken := make(chan error)
	go func() {
		release, err := other.Take(t.Context(), []string{"stock/1"})
		if err == nil {
			release()
		}
		taken <- err
	}()
	require.Eventually(t, func() bool { return waiting(t, one) == 1 }, patience, time.Millisecond)
	release()
	require.NoError(t, <-taken)
}

func TestATurnIsLostWithItsWorker(t *testing.T) {
	t.Parallel()
	address := schematest.URL(t)
	dying, other := worker(t, address, "erp"), worker(t, address, "erp")
	release, err := dying.Take(t.Context(), []string{"stock/1"})
	require.NoError(t, err)
	_, err = other.pool.Exec(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	require.NoError(t, err)

	free, err := other.Take(t.Context(), []string{"stock/1"})
	require.NoError(t, err)
	release() // its session is gone
	free()
	free, err = dying.Take(t.Context(), []string{"stock/1"})
	require.NoError(t, err, "it goes on in another session")
	free()
}

func TestATurnThatDoesNotComeIsTriedAgain(t *testing.T) {
	t.Parallel()
	address := schematest.URL(t)
	one, other := worker(t, address, "erp"), worker(t, address+"&lock_timeout=10ms", "erp")
	release, err := one.Take(t.Context(), []string{"stock/2"})
	require.NoError(t, err)
	defer release()
	for range 2 * mostTurns {
		_, err = other.Take(t.Context(), []string{"stock/1", "stock/2"})
		require.Equal(t, fault.Unavailable, fault.KindOf(err))
	}
	free, err := one.Take(t.Context(), []string{"stock/1"})
	require.NoError(t, err, "a call that got no turn holds none of its names")
	free()

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = one.Take(ended, []string{"stock/9"})
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

package open

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/sync/semaphore"

	"tandem/fault"
)

// mostTurns bounds the connections that the turns of one scope hold in a process: a hung ERP must not keep them all.
const mostTurns = 4

// releaseTime is how long a connection is given to release its locks before it is closed instead.
const releaseTime = 5 * time.Second

// takeTurns locks the names of $1 for the session, in one order everywhere, so that two calls cannot wait for each other.
// Names that happen to share a hash wait without need, and nothing worse.
const takeTurns = `
SELECT count(pg_advisory_lock(h)) FROM (SELECT hashtextextended(name, 0) AS h FROM unnest($1::text[]) name ORDER BY h) hashes`

// turns are advisory locks of Tandem's own PostgreSQL, which all its workers share. PostgreSQL releases those of a worker that
// dies along with its session.
type turns struct {
	pool  *sqlx.DB
	scope string // the ERP, in front of each name
	slots *semaphore.Weighted
}

func newTurns(pool *sqlx.DB, scope string) *turns {
	return &turns{pool: pool, scope: scope, slots: semaphore.NewWeighted(mostTurns)}
}

// Take waits as long as the sessions' lock_timeout allows.
func (t *turns) Take(ctx context.Context, names []string) (release func(), err error) {
	if err := t.slots.Acquire(ctx, 1); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "other work on the same records took too long: it is tried again")
	}
	conn, err := t.pool.Conn(ctx)
	if err != nil {
		t.slots.Release(1)
		return nil, fault.Wrap(fault.Unavailable, err, "the database does not answer: it is tried again")
	}
	release = func() {
		unlock(ctx, conn)
		t.slots.Release(1)
	}
	scoped := make([]string, len(names))
	for i, name := range names {
		scoped[i] = t.scope + " " + name
	}
	if _, err := conn.ExecContext(ctx, takeTurns, pq.Array(scoped)); err != nil {
		release()
		return nil, fault.Wrap(fault.Unavailable, err, "other work on the same records is not over: it is tried again")
	}
	return release, nil
}

// unlock returns a connection to its pool without locks, or closes it: its locks must not outlive what they were for.
func unlock(ctx context.Context, conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock_all()`); err != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // the pool drops it
	}
	_ = conn.Close()
}

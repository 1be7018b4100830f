package db

import (
	"context"
	"time"
)

// standingLimit bounds how many operations are looked at together, oldest first; far more than ever run at once.
const standingLimit = 10_000

// StandingOperations lists the operations in a state that began longer ago than settled, oldest first and without their
// progress: those whose workflow Temporal should know.
func (d *DB) StandingOperations(ctx context.Context, state string, settled time.Duration) ([]Operation, error) {
	var rows []operationRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+operationColumns+` FROM tandem.operations
		WHERE state = $1 AND coalesce(started_at, created_at) <= now() - $2 * interval '1 microsecond'
		ORDER BY created_at LIMIT $3`, state, settled.Microseconds(), standingLimit)
	return collect(rows, operationRow.operation), classify(err, "listing operations under way")
}

package db

import (
	"context"
)

// Ready says whether the database answers and has Tandem's tables: Unavailable when not.
func (d *DB) Ready(ctx context.Context) error {
	_, err := d.pool.ExecContext(ctx, `SELECT FROM tandem.operations LIMIT 0`)
	return classify(err, "checking the database")
}

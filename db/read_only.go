package db

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
)

// ReadOnly gives read a view of the database as of one moment, in which nothing can be written and no statement takes longer than limit: that
// is Unavailable with PostgreSQL's code 57014.
//
// Such statements go over many rows. They are not compiled, which takes longer than most of them, and have room enough to group in memory.
func (d *DB) ReadOnly(ctx context.Context, doing string, limit time.Duration, read func(*sqlx.Tx) error) error {
	tx, err := d.pool.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return classify(err, doing)
	}
	defer tx.Rollback() //nolint:errcheck // there is nothing to keep
	_, err = tx.ExecContext(ctx, `
		SELECT set_config('statement_timeout', $1, true), set_config('jit', 'off', true), set_config('work_mem', '64MB', true)`,
		strconv.FormatInt(limit.Milliseconds(), 10))
	if err != nil {
		return classify(err, doing)
	}
	return classify(read(tx), doing)
}

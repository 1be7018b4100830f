// Package ledger is the built-in ERP: a small real one that keeps its records in the PostgreSQL schema "ledger".
//
// Every batch is landed by a handful of statements whatever its size, in one transaction. Batches that run in parallel
// take turns on the keys they share, so each record is made once; a batch whose content is held already writes nothing.
package ledger

import (
	"context"
	"database/sql"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
)

// Ledger is the backend. The schema must have been applied to its database.
type Ledger struct {
	db    *sqlx.DB
	steps preparedSteps
}

var _ erp.Backend = (*Ledger)(nil)

// Open makes the backend of a database, whose pool stays the caller's to close.
func Open(db *sqlx.DB) *Ledger { return &Ledger{db: db} }

// Close frees prepared statements. The pool is the caller's to close.
func (l *Ledger) Close() error { return l.steps.close() }

// inTx runs do in a transaction that is committed when do succeeds. The error is classified.
func (l *Ledger) inTx(ctx context.Context, do func(*sqlx.Tx) error) error {
	return l.transact(ctx, nil, do)
}

// inSnapshot lets several reading statements see the ledger as of one moment.
func (l *Ledger) inSnapshot(ctx context.Context, read func(*sqlx.Tx) error) error {
	return l.transact(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, read)
}

func (l *Ledger) transact(ctx context.Context, options *sql.TxOptions, do func(*sqlx.Tx) error) error {
	tx, err := l.db.BeginTxx(ctx, options)
	if err != nil {
		return classify(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing is left to roll back after a commit; a panic must not keep the locks
	if err := do(tx); err != nil {
		return classify(err)
	}
	return classify(tx.Commit())
}

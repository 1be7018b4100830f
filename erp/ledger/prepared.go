package ledger

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jmoiron/sqlx"
)

// executor runs statements: a transaction, with or without prepared statements.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	GetContext(ctx context.Context, dest any, query string, args ...any) error
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
}

// stepQueries are what the steps of an order's cycle run over and over.
var stepQueries = []string{
	lockOrder, selectState, setStage, insertDeliveries, cancelDeliveries, selectReservations, updateReservations,
	addQuants, lockedQuants, updateQuants, selectDraft, insertEntry, selectPaymentJournal, selectDueMoves, deliver,
}

// preparedSteps holds the queries of steps as PostgreSQL prepared them. Parsing and planning them each time takes
// longer than running them: a step works on one order only.
type preparedSteps struct {
	mu      sync.Mutex
	byQuery map[string]*sqlx.Stmt
}

// get prepares the queries at the first call. It must not be called within a transaction, since it takes a connection
// of its own.
func (p *preparedSteps) get(ctx context.Context, db *sqlx.DB) (map[string]*sqlx.Stmt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byQuery != nil {
		return p.byQuery, nil
	}
	byQuery := make(map[string]*sqlx.Stmt, len(stepQueries))
	for _, query := range stepQueries {
		stmt, err := db.PreparexContext(ctx, query)
		if err != nil {
			return nil, errors.Join(classify(err), closeAll(byQuery))
		}
		byQuery[query] = stmt
	}
	p.byQuery = byQuery
	return byQuery, nil
}

// close frees the statements. A later get prepares them again.
func (p *preparedSteps) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := closeAll(p.byQuery)
	p.byQuery = nil
	return err
}

func closeAll(statements map[string]*sqlx.Stmt) error {
	var errs []error
	for _, stmt := range statements {
		errs = append(errs, stmt.Close())
	}
	return classify(errors.Join(errs...))
}

// preparedTx is a transaction that runs queries as prepared statements where it has them.
type preparedTx struct {
	*sqlx.Tx
	byQuery map[string]*sqlx.Stmt
}

func (tx preparedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt, ok := tx.byQuery[query]; ok {
		return tx.StmtxContext(ctx, stmt).ExecContext(ctx, args...)
	}
	return tx.Tx.ExecContext(ctx, query, args...)
}

func (tx preparedTx) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	if stmt, ok := tx.byQuery[query]; ok {
		return tx.StmtxContext(ctx, stmt).GetContext(ctx, dest, args...)
	}
	return tx.Tx.GetContext(ctx, dest, query, args...)
}

func (tx preparedTx) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	if stmt, ok := tx.byQuery[query]; ok {
		return tx.StmtxContext(ctx, stmt).SelectContext(ctx, dest, args...)
	}
	return tx.Tx.SelectContext(ctx, dest, query, args...)
}

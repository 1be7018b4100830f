package db

import (
	"context"
	"sync"

	"github.com/jmoiron/sqlx"
)

// statement is prepared once for each connection. That is worth it where a query runs thousands of times on one row each:
// parsing and planning it would take PostgreSQL longer than running it.
type statement struct {
	query string

	mu       sync.Mutex
	prepared *sqlx.Stmt
}

// get prepares the statement at the first call, which must not be within a transaction: it takes a connection of its own.
func (s *statement) get(ctx context.Context, pool *sqlx.DB) (*sqlx.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prepared != nil {
		return s.prepared, nil
	}
	prepared, err := pool.PreparexContext(ctx, s.query)
	if err != nil {
		return nil, err
	}
	s.prepared = prepared
	return prepared, nil
}

// row runs the statement and reads its one row.
func (s *statement) row(ctx context.Context, pool *sqlx.DB, into any, args ...any) error {
	prepared, err := s.get(ctx, pool)
	if err != nil {
		return err
	}
	return prepared.GetContext(ctx, into, args...)
}

func (s *statement) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prepared == nil {
		return nil
	}
	return s.prepared.Close()
}

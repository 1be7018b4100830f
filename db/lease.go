package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
	"tandem/flow"
)

// Codes of the faults with which a page is refused because its attempt no longer counts.
const (
	CodeSuperseded = "superseded"      // another attempt has taken over
	CodeEnded      = "operation_ended" // cancelled, failed or done meanwhile
)

// Attempt asks to work on one entity of an operation.
type Attempt struct {
	Operation string
	Instance  string
	Entity    string
	Direction flow.Direction // empty is flow.Import
	Started   time.Time      // when Temporal handed this attempt out: an attempt never takes over from a later one
}

// Lease is a granted claim. It ends when the next one is granted, or with the operation.
type Lease struct {
	Attempt
	Epoch int64     // goes with every page; 0 in a page checks no claim
	At    time.Time // the database's clock when it was granted: the clock that workers on several machines share
	Pages int64     // how many pages the operation has landed of the entity
}

// ClaimProgress makes this attempt the only one whose pages count, and says that the entity is being worked on. The first
// start is kept, an earlier end is forgotten. It is refused with CodeSuperseded when a later attempt has claimed it, and with
// CodeEnded when the operation has ended.
func (d *DB) ClaimProgress(ctx context.Context, a Attempt) (Lease, error) {
	lease := Lease{Attempt: a}
	err := d.tx(ctx, "starting the progress", func(tx *sqlx.Tx) error {
		err := tx.QueryRowxContext(ctx, `
			INSERT INTO tandem.operation_progress AS p (operation, instance, entity, direction, state, started_at, epoch, attempt_at)
			VALUES ($1, $2, $3, $5, 'running', now(), 1, $4)
			ON CONFLICT (operation, instance, entity) DO UPDATE SET state = 'running', error = '', error_kind = '',
			  started_at = coalesce(p.started_at, now()), finished_at = NULL, epoch = p.epoch + 1, attempt_at = $4
			WHERE p.attempt_at <= $4
			RETURNING epoch, clock_timestamp(), pages`,
			a.Operation, a.Instance, a.Entity, a.Started.UTC(), orImport(a.Direction)).Scan(&lease.Epoch, &lease.At, &lease.Pages)
		if errors.Is(err, sql.ErrNoRows) {
			return superseded()
		}
		if err != nil {
			return err
		}
		return checkRunning(ctx, tx, a.Operation)
	})
	lease.At = lease.At.UTC()
	return lease, err
}

// checkLease refuses a page whose attempt was superseded or whose operation has ended. It locks the progress, so that neither
// can happen before the transaction is over.
func checkLease(ctx context.Context, tx *sqlx.Tx, operation, instance, entity string, epoch int64) error {
	if epoch == 0 {
		return nil
	}
	var now int64
	err := tx.GetContext(ctx, &now, `
		SELECT epoch FROM tandem.operation_progress WHERE operation = $1 AND instance = $2 AND entity = $3 FOR UPDATE`,
		operation, instance, entity)
	if errors.Is(err, sql.ErrNoRows) {
		return operationEnded()
	}
	if err != nil {
		return err
	}
	if now != epoch {
		return superseded()
	}
	return checkRunning(ctx, tx, operation)
}

// CheckLease reports whether a page may still be written to the ERP: nil, or why not.
func (d *DB) CheckLease(ctx context.Context, l Lease) error {
	return d.tx(ctx, "checking the attempt", func(tx *sqlx.Tx) error {
		return checkLease(ctx, tx, l.Operation, l.Instance, l.Entity, l.Epoch)
	})
}

func checkRunning(ctx context.Context, tx *sqlx.Tx, operation string) error {
	var state string
	if err := tx.GetContext(ctx, &state, `SELECT state FROM tandem.operations WHERE id = $1`, operation); err != nil {
		return err
	}
	if ended(state) {
		return operationEnded()
	}
	return nil
}

func superseded() error {
	err := fault.New(fault.Unavailable, "another attempt has taken over this part of the import: this one stops")
	err.Code = CodeSuperseded
	return err
}

func operationEnded() error {
	err := fault.New(fault.Conflict, "the operation has ended: nothing more is written for it")
	err.Code = CodeEnded
	return err
}

// refused reports whether a page was turned away because its attempt no longer counts.
func refused(err error) bool {
	code := fault.From(err).Code
	return code == CodeSuperseded || code == CodeEnded
}

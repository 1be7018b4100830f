package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
)

// SetOperationState moves an operation and notes when it first ran and when it ended. Ending it also ends what it left
// behind: unfinished progress ends likewise, jobs in progress fail as interrupted, and jobs it had claimed may be claimed
// again. Repeating it is harmless. What has ended stays as it ended: a further end changes nothing, and going on is refused
// with CodeEnded.
func (d *DB) SetOperationState(ctx context.Context, id, state, errKind, message string) error {
	return d.tx(ctx, "changing the operation's state", func(tx *sqlx.Tx) error {
		now, err := lockOperation(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case !ended(now):
			return moveOperation(ctx, tx, id, state, errKind, message)
		case !ended(state):
			return operationEnded()
		}
		return nil
	})
}

// CodeUnfinished is the code of the fault with which an operation is kept from being done.
const CodeUnfinished = "unfinished"

// unfinished picks operations, and parts of them, that have not ended.
const unfinished = `state IN ('waiting', 'running', 'paused')`

// unfinishedParts are the parts of operation $1 that have not ended.
const unfinishedParts = `operation = $1 AND ` + unfinished

// FinishOperation is SetOperationState with OperationDone for a workflow that has seen every part of the operation end. It is
// refused with CodeUnfinished when some have not by the database, which was set back meanwhile.
func (d *DB) FinishOperation(ctx context.Context, id string) error {
	return d.tx(ctx, "finishing the operation", func(tx *sqlx.Tx) error {
		now, err := lockOperation(ctx, tx, id)
		if err != nil || ended(now) {
			return err
		}
		var unfinished int
		err = tx.GetContext(ctx, &unfinished, `
			SELECT count(*) FROM tandem.operation_progress WHERE `+unfinishedParts, id)
		if err != nil {
			return err
		}
		if unfinished > 0 {
			err := fault.New(fault.Conflict, "%d parts of the operation are not finished: the database was set back meanwhile", unfinished)
			err.Code = CodeUnfinished
			return err
		}
		return moveOperation(ctx, tx, id, OperationDone, "", "")
	})
}

func lockOperation(ctx context.Context, tx *sqlx.Tx, id string) (state string, err error) {
	err = tx.GetContext(ctx, &state, `SELECT state FROM tandem.operations WHERE id = $1 FOR NO KEY UPDATE`, id)
	return state, err
}

// FailUnfinished is SetOperationState with OperationFailed for an observer of the operation, who may be late: one that has
// ended stays as it is. NotFound when there is none.
func (d *DB) FailUnfinished(ctx context.Context, id, errKind, message string) error {
	return d.tx(ctx, "failing the operation", func(tx *sqlx.Tx) error {
		now, err := lockOperation(ctx, tx, id)
		if err != nil || ended(now) {
			return err
		}
		return moveOperation(ctx, tx, id, OperationFailed, errKind, message)
	})
}

func moveOperation(ctx context.Context, tx *sqlx.Tx, id, state, errKind, message string) error {
	var instances pq.StringArray
	err := tx.GetContext(ctx, &instances, `
		UPDATE tandem.operations SET state = $2, error_kind = $3, error = $4,
		  started_at = CASE WHEN $2 = 'running' THEN coalesce(started_at, now()) ELSE started_at END,
		  paused_at = CASE WHEN $2 = 'paused' THEN coalesce(paused_at, now()) END,
		  finished_at = CASE WHEN $5 THEN coalesce(finished_at, now()) END
		WHERE id = $1 RETURNING instances`, id, state, errKind, message, ended(state))
	if err != nil || !ended(state) {
		return err
	}
	if err := endProgress(ctx, tx, id, state); err != nil {
		return err
	}
	return endJobs(ctx, tx, id, instances)
}

// endProgress ends the progress of what the operation did not come to, or did not finish. Why is the operation's to say.
func endProgress(ctx context.Context, tx *sqlx.Tx, operation, state string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.operation_progress SET state = $2, finished_at = now()
		WHERE `+unfinishedParts, operation, state)
	return err
}

// endJobs closes what an operation that ended leaves open. The jobs are found through the index of open ones.
func endJobs(ctx context.Context, tx *sqlx.Tx, operation string, instances pq.StringArray) error {
	var interrupted []countedJob
	err := tx.SelectContext(ctx, &interrupted, `
		UPDATE tandem.queue_jobs SET state = 'failed', outcome = 'failed', code = 'interrupted', updated_at = now(),
		  reason = 'the operation ended before this record was done: process it again',
		  counted_before = counted, counted = 'failed'
		WHERE instance = ANY ($2) AND state = 'in_progress' AND operation = $1
		RETURNING instance, entity, counted_before, counted`, operation, instances)
	if err != nil {
		return err
	}
	if err := addCounts(ctx, tx, operation, interrupted); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE tandem.queue_jobs SET claimed_at = NULL
		WHERE instance = ANY ($2) AND state = 'waiting' AND operation = $1`, operation, instances)
	return err
}

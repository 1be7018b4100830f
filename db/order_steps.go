package db

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// States of an order's step. A step that was never tried has no row: the run's Plan names it.
const (
	StepDone     = "done"
	StepRetrying = "retrying" // the last attempt failed; another follows by itself
	StepBlocked  = "blocked"  // waits for a person
)

// OrderStep is how far one step of an order's run is.
type OrderStep struct {
	Name     string
	State    string // one of the Step… states
	Before   string // the order's state in the ERP, before
	After    string // and read back afterwards
	At       time.Time
	Duration time.Duration
	Error    string
}

// OrderStepRecord is an attempt at a step.
type OrderStepRecord struct {
	Instance   string
	WooID      string
	Step       string
	State      string // one of the Step… states
	Before     string
	After      string
	Code       string // for StepRetrying and StepBlocked
	Reason     string // the same, for the operator; no personal data
	Duration   time.Duration
	Activity   string // Temporal's id of the activity within the run
	Attempt    int    // of the activity
	WorkflowID string // Temporal run
	RunID      string
	Final      bool // with StepDone: it was the last step
}

// RecordOrderStep stores an attempt, moves the run and writes a log line. Recording the same attempt again changes
// nothing. NotFound when the order has no run.
func (d *DB) RecordOrderStep(ctx context.Context, r OrderStepRecord) error {
	return d.tx(ctx, "recording the order's step", func(tx *sqlx.Tx) error {
		run, err := lockOrderRun(ctx, tx, r.Instance, r.WooID)
		if err != nil {
			return err
		}
		changed, err := upsertOrderStep(ctx, tx, run.ID, r)
		if err != nil || !changed {
			return err
		}
		state := r.runState(run.State)
		if err := moveOrderRun(ctx, tx, run.ID, state, r.Step, r.Code, r.Reason); err != nil {
			return err
		}
		if err := logOrder(ctx, tx, r); err != nil {
			return err
		}
		return beginNextPlan(ctx, tx, run.ID, state, r)
	})
}

// upsertOrderStep stores the attempt, and says whether it is a new one.
func upsertOrderStep(ctx context.Context, tx *sqlx.Tx, run int64, r OrderStepRecord) (changed bool, err error) {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.order_steps AS s
		  (run, name, state, before, after, code, error, activity, attempt, workflow_id, run_id, duration_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (run, name) DO UPDATE SET state = excluded.state, before = excluded.before, after = excluded.after,
		  code = excluded.code, error = excluded.error, activity = excluded.activity, attempt = excluded.attempt,
		  workflow_id = excluded.workflow_id, run_id = excluded.run_id, duration_us = excluded.duration_us, at = now()
		WHERE (s.state, s.activity, s.attempt, s.run_id)
		  IS DISTINCT FROM (excluded.state, excluded.activity, excluded.attempt, excluded.run_id)`,
		run, r.Step, r.State, r.Before, r.After, r.Code, r.Reason, r.Activity, r.Attempt, r.WorkflowID, r.RunID,
		r.Duration.Microseconds())
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// logOrder writes a log line under the order's record.
func logOrder(ctx context.Context, tx *sqlx.Tx, r OrderStepRecord) error {
	status, kind := r.logStatus()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.logs (instance, entity, woo_id, status, before, after, steps, duration_us, error_kind, code, message,
		  workflow_id, run_id)
		VALUES ($1, 'order', $2, $3, $4, $5, ARRAY[$6], $7, $8, $9, $10, $11, $12)`,
		r.Instance, r.WooID, status, r.Before, r.After, r.line(), r.Duration.Microseconds(), kind, r.Code, r.Reason,
		r.WorkflowID, r.RunID)
	return err
}

// runState is the state of the run that follows from the attempt. One that was paused during the attempt stays so, unless
// that was all there was to do.
func (r OrderStepRecord) runState(now string) string {
	switch {
	case r.State == StepDone && r.Final:
		return RunDone
	case now == RunPaused:
		return RunPaused
	case r.State == StepBlocked:
		return RunBlocked
	default:
		return RunRunning
	}
}

// logStatus is how an attempt shows in the logs, with the kind of its error.
func (r OrderStepRecord) logStatus() (status, kind string) {
	switch r.State {
	case StepBlocked:
		return Parked, string(fault.Parked)
	case StepRetrying:
		return Failed, string(fault.Unavailable)
	default:
		return Updated, ""
	}
}

// line is what the log says was done.
func (r OrderStepRecord) line() string {
	if r.Step == "" {
		return "run " + r.State
	}
	return r.Step + " " + r.State
}

// orderSteps reads the steps of a run, in the order they were first tried.
func (d *DB) orderSteps(ctx context.Context, run int64) ([]OrderStep, error) {
	steps := []OrderStep{}
	err := d.pool.SelectContext(ctx, &steps, `
		SELECT name, state, before, after, at, duration_us * 1000 AS duration, error
		FROM tandem.order_steps WHERE run = $1 ORDER BY position`, run)
	for i := range steps {
		steps[i].At = steps[i].At.UTC()
	}
	return steps, err
}

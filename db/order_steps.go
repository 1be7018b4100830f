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
	StepRetrying = "retrying" // the last attempt failed; it is retried automatically
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
	PlanID     string // whose workflow tried it; empty for one that began before plans were stamped
	Final      bool   // with StepDone: it was the last step
}

// RecordOrderStep stores an attempt, moves the run and writes a log line when something is new. Recording the same attempt
// again, or an older one that is late, changes nothing. Superseded reports that the run has ended, or goes through another
// plan by now: its workflow has nothing left to do. NotFound when the order has no run.
func (d *DB) RecordOrderStep(ctx context.Context, r OrderStepRecord) (superseded bool, err error) {
	err = d.tx(ctx, "recording the order's step", func(tx *sqlx.Tx) error {
		run, err := lockOrderRun(ctx, tx, r.Instance, r.WooID)
		if err != nil {
			return err
		}
		if !run.heeds(r.PlanID) {
			superseded = !run.endedBy(r.PlanID)
			return nil
		}
		return recordStep(ctx, tx, run, r)
	})
	return superseded, err
}

// endedBy reports whether the run is done with this very plan: an attempt that is recorded again, because the answer to the
// first was lost, belongs to it.
func (r orderRunRow) endedBy(planID string) bool {
	return r.State == RunDone && (planID == "" || planID == r.PlanID)
}

func recordStep(ctx context.Context, tx *sqlx.Tx, run orderRunRow, r OrderStepRecord) error {
	changed, err := upsertOrderStep(ctx, tx, run.ID, r)
	if err != nil || !changed {
		return err
	}
	state := r.runState(run.State)
	if err := moveOrderRun(ctx, tx, run.ID, state, r.Step, r.Code, r.Reason); err != nil {
		return err
	}
	if !r.repeats(run) {
		if err := logOrder(ctx, tx, r); err != nil {
			return err
		}
	}
	return beginNextPlan(ctx, tx, run.ID, state, r)
}

// repeats reports whether the attempt met what the last one did. An ERP that is away for a day would otherwise write
// millions of equal log lines.
func (r OrderStepRecord) repeats(last orderRunRow) bool {
	return r.State == StepRetrying && last.Step == r.Step && last.Code == r.Code && last.Reason == r.Reason
}

// upsertOrderStep stores the attempt, and says whether it is a new one. Within a Temporal run, activities are numbered in
// their order, and attempts of each: an attempt that ended late is older than the one on record.
func upsertOrderStep(ctx context.Context, tx *sqlx.Tx, run int64, r OrderStepRecord) (changed bool, err error) {
	return moved(tx.ExecContext(ctx, `
		INSERT INTO tandem.order_steps AS s
		  (run, name, state, before, after, code, error, activity, attempt, workflow_id, run_id, duration_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (run, name) DO UPDATE SET state = excluded.state, before = excluded.before, after = excluded.after,
		  code = excluded.code, error = excluded.error, activity = excluded.activity, attempt = excluded.attempt,
		  workflow_id = excluded.workflow_id, run_id = excluded.run_id, duration_us = excluded.duration_us, at = now()
		WHERE s.run_id <> excluded.run_id
		  OR (length(s.activity), s.activity, s.attempt) < (length(excluded.activity), excluded.activity, excluded.attempt)`,
		run, r.Step, r.State, r.Before, r.After, r.Code, r.Reason, r.Activity, r.Attempt, r.WorkflowID, r.RunID,
		r.Duration.Microseconds()))
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

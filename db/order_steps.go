package db

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

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
	Code     string // of the error
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
	Code       string   // for StepRetrying and StepBlocked
	Reason     string   // the same, for the operator; no personal data
	Waits      []string // for StepBlocked: keys "instance/entity/id" whose landing may solve it
	Duration   time.Duration
	Activity   string // Temporal's id of the activity within the run
	Attempt    int    // of the activity
	WorkflowID string // Temporal run
	RunID      string
	PlanID     string // whose workflow tried it; empty for one that began before plans were stamped
	Final      bool   // with StepDone: it was the last step
	// Earlier are the steps of the plan before it. They are on record unless the database was set back meanwhile.
	Earlier []string
}

// OrderStepRecorded says what became of an attempt.
type OrderStepRecorded struct {
	// Superseded: the run has ended, or goes through another plan by now. Its workflow has nothing left to do.
	Superseded bool
	// Forgotten: steps before it are not on record, because the database was set back. The run has to begin again.
	Forgotten bool
}

// RecordOrderStep stores an attempt, moves the run and writes a log line when something is new. Recording the same attempt
// again, or an older one that is late, changes nothing; neither does one whose run is superseded or forgotten. NotFound when
// the order has no run.
func (d *DB) RecordOrderStep(ctx context.Context, r OrderStepRecord) (OrderStepRecorded, error) {
	const doing = "recording the order's step"
	stmt, err := d.recordStep.get(ctx, d.pool)
	if err != nil {
		return OrderStepRecorded{}, classify(err, doing)
	}
	var was orderRunWas
	if r.runState() != RunDone {
		err = classify(stmt.GetContext(ctx, &was, r.values()...), doing)
		return was.recorded(r), err
	}
	err = d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		bound := tx.StmtxContext(ctx, stmt)
		defer bound.Close()
		if err := bound.GetContext(ctx, &was, r.values()...); err != nil || !was.Recorded {
			return err
		}
		return beginNextPlan(ctx, tx, was.ID, RunDone, r)
	})
	return was.recorded(r), err
}

// orderRunWas is where a run stood when an attempt came in.
type orderRunWas struct {
	ID       int64
	State    string
	PlanID   string
	Heeded   bool // by the plan and the state: see runHeeds
	Complete bool // the steps before the attempt are on record
	Recorded bool // the attempt was news
}

// superseded reports whether the workflow that made the attempt has nothing left to do. One whose run is done with this very
// plan has not been superseded: the attempt is recorded again because the answer to the first was lost.
func (w orderRunWas) superseded(r OrderStepRecord) bool {
	samePlan := r.PlanID == "" || r.PlanID == w.PlanID
	return w.ID != 0 && !w.Heeded && (w.State != RunDone || !samePlan)
}

func (w orderRunWas) recorded(r OrderStepRecord) OrderStepRecorded {
	return OrderStepRecorded{Superseded: w.superseded(r), Forgotten: w.ID != 0 && w.Heeded && !w.Complete}
}

// recordOrderStep is one statement because each order takes four of them, and each statement costs a round trip. The first
// part waits for others who move the run, and sees what they left; the next ones change rows that are read as they are then.
//
// Within a Temporal run, activities are numbered in their order, and attempts of each: an attempt that ended late is older
// than the one on record. A run that was paused during the attempt stays so, unless that was all there was to do. An attempt
// that met what the last one did is not new to the log: an ERP that is away for a day would otherwise write millions of equal
// lines.
//
// What only shows progress need not be on disk before the next step begins: a step that PostgreSQL forgets in a crash stays
// done in the ERP, and a run that would stand still for it is found and started again.
const recordOrderStep = `
	WITH run AS MATERIALIZED (
	  SELECT id, state, step, code, reason, plan_id::text AS planid, ` + runHeeds + ` AS heeded,
	    ARRAY(SELECT name FROM tandem.order_steps s WHERE s.run = o.id AND s.state = 'done') @> $19::text[] AS complete
	  FROM tandem.order_runs o WHERE instance = $1 AND woo_id = $2 FOR UPDATE
	), attempt AS (
	  INSERT INTO tandem.order_steps AS s
	    (run, name, state, before, after, code, error, activity, attempt, workflow_id, run_id, duration_us)
	  SELECT id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM run WHERE heeded AND complete
	  ON CONFLICT (run, name) DO UPDATE SET state = excluded.state, before = excluded.before, after = excluded.after,
	    code = excluded.code, error = excluded.error, activity = excluded.activity, attempt = excluded.attempt,
	    workflow_id = excluded.workflow_id, run_id = excluded.run_id, duration_us = excluded.duration_us, at = now()
	  WHERE s.run_id <> excluded.run_id
	    OR (length(s.activity), s.activity, s.attempt) < (length(excluded.activity), excluded.activity, excluded.attempt)
	  RETURNING run AS id
	), moved AS (
	  UPDATE tandem.order_runs o SET step = $4, code = $8, reason = $9, updated_at = now(), waits = $20,
	    waits_since = CASE WHEN $20::text[] <> '{}' THEN now() - $14::bigint * interval '1 microsecond' - ` + recordingDelay + ` END,
	    state = CASE WHEN o.state = 'paused' AND $15 <> 'done' THEN o.state ELSE $15 END
	  FROM attempt WHERE o.id = attempt.id
	), logged AS (
	  INSERT INTO tandem.logs (instance, entity, woo_id, status, before, after, steps, duration_us, error_kind, code, message,
	    workflow_id, run_id)
	  SELECT $1, 'order', $2, $16, $6, $7, ARRAY[$17], $14, $18, $8, $9, $12, $13
	  FROM run JOIN attempt USING (id)
	  WHERE $5 <> 'retrying' OR (run.step, run.code, run.reason) <> ($4, $8, $9)
	)
	SELECT id, state, planid, heeded, complete, EXISTS (SELECT FROM attempt)
	  AND CASE WHEN $5 = 'done' AND $15 <> 'done' THEN set_config('synchronous_commit', 'off', true) = 'off' ELSE true END AS recorded
	FROM run`

// values are the parameters of recordOrderStep.
func (r OrderStepRecord) values() []any {
	status, kind := r.logStatus()
	return []any{
		r.Instance, r.WooID, r.PlanID, r.Step, r.State, r.Before, r.After, r.Code, r.Reason, r.Activity, r.Attempt,
		r.WorkflowID, r.RunID, r.Duration.Microseconds(), r.runState(), status, r.line(), kind, pq.Array(orEmpty(r.Earlier)),
		pq.Array(orEmpty(r.Waits)),
	}
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

// runState is the state of the run that follows from the attempt, unless it was paused meanwhile.
func (r OrderStepRecord) runState() string {
	switch {
	case r.State == StepDone && r.Final:
		return RunDone
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
		SELECT name, state, before, after, at, duration_us * 1000 AS duration, code, error
		FROM tandem.order_steps WHERE run = $1 ORDER BY position`, run)
	for i := range steps {
		steps[i].At = steps[i].At.UTC()
	}
	return steps, err
}

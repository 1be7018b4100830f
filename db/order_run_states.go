package db

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/jmoiron/sqlx"
)

// OrderStage is a run moved as a whole, by its workflow.
type OrderStage struct {
	Instance string
	WooID    string
	PlanID   string // whose workflow says so; empty for one that began before plans were stamped
	State    string // one of the Run… states
	Code     string
	Reason   string
	Plan     json.RawMessage // a corrected plan that the run goes on with; empty keeps the one it has
}

// SetOrderRunState moves a run as a whole, with the reason for it, and writes a log line when the state is a new one. A run
// that has ended stays so: a command given during its last step may be recorded after it. What the workflow of another plan
// says changes nothing. NotFound when the order has no run.
func (d *DB) SetOrderRunState(ctx context.Context, s OrderStage) error {
	return d.tx(ctx, "changing the order's run", func(tx *sqlx.Tx) error {
		run, err := lockOrderRun(ctx, tx, s)
		if err != nil || !run.Heeded {
			return err
		}
		if err := replan(ctx, tx, run.ID, s.Plan); err != nil {
			return err
		}
		if err := moveOrderRun(ctx, tx, run.ID, s); err != nil || run.State == s.State {
			return err
		}
		record := OrderStepRecord{Instance: s.Instance, WooID: s.WooID, State: s.State, Code: s.Code, Reason: s.Reason}
		if err := logOrder(ctx, tx, record); err != nil {
			return err
		}
		return beginNextPlan(ctx, tx, run.ID, s.State, record)
	})
}

// replan gives a run the plan it goes on with, which is the newest: one that was remembered for later is forgotten.
func replan(ctx context.Context, tx *sqlx.Tx, id int64, plan json.RawMessage) error {
	if len(plan) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE tandem.order_runs SET plan = $2, next_plan = NULL WHERE id = $1`, id, string(plan))
	return err
}

// runHeeds tells whether the workflow of plan $3 may move a run: it is the one the run is stamped with, and the run has not
// ended. A workflow from before there were stamps is believed while a run is under way.
const runHeeds = `CASE $3 WHEN '' THEN state IN ('running', 'blocked', 'paused')
	ELSE plan_id::text = $3 AND state NOT IN ('done', 'cancelled') END`

// lockOrderRun reads a run and keeps others from moving it.
func lockOrderRun(ctx context.Context, tx *sqlx.Tx, s OrderStage) (was orderRunWas, err error) {
	err = tx.GetContext(ctx, &was, `
		SELECT id, state, plan_id::text AS planid, `+runHeeds+` AS heeded
		FROM tandem.order_runs WHERE instance = $1 AND woo_id = $2 FOR UPDATE`, s.Instance, s.WooID, s.PlanID)
	return was, err
}

// moveOrderRun sets where a run stands. It keeps the step it was at.
func moveOrderRun(ctx context.Context, tx *sqlx.Tx, id int64, s OrderStage) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.order_runs SET state = $2, code = $3, reason = $4, updated_at = now() WHERE id = $1`,
		id, s.State, s.Code, s.Reason)
	return err
}

// beginNextPlan makes a run that has ended due again when its order came in with another plan meanwhile.
func beginNextPlan(ctx context.Context, tx *sqlx.Tx, id int64, state string, r OrderStepRecord) error {
	if state != RunDone && state != RunCancelled {
		return nil
	}
	again, err := moved(tx.ExecContext(ctx, `
		UPDATE tandem.order_runs SET state = 'due', plan = next_plan, next_plan = NULL, plan_id = gen_random_uuid(),
		  code = '', reason = '', rests_until = now() + `+rest+`, updated_at = now()
		WHERE id = $1 AND next_plan IS NOT NULL`, id))
	if err != nil || !again {
		return err
	}
	return logOrder(ctx, tx, OrderStepRecord{
		Instance: r.Instance, WooID: r.WooID, State: RunDue, Code: codePlanChanged,
		Reason: "the sale workflow chosen meanwhile follows", WorkflowID: r.WorkflowID, RunID: r.RunID,
	})
}

// RestartOrderRun makes a run that no workflow moves due again, with the newest plan there is and a log line that says why.
// It reports false when the run is not as seen any more: somebody else has moved it.
func (d *DB) RestartOrderRun(ctx context.Context, seen OrderRun, plan json.RawMessage, code, reason string) (restarted bool, err error) {
	err = d.tx(ctx, "starting the order's run again", func(tx *sqlx.Tx) error {
		restarted, err = moved(tx.ExecContext(ctx, `
			UPDATE tandem.order_runs SET state = 'due', plan = coalesce($5, next_plan, plan), next_plan = NULL,
			  plan_id = gen_random_uuid(), code = '', reason = '', rests_until = '-infinity', updated_at = now()
			WHERE instance = $1 AND woo_id = $2 AND plan_id = $3 AND state = $4`,
			seen.Instance, seen.WooID, seen.PlanID, seen.State, nullJSON(plan)))
		if err != nil || !restarted {
			return err
		}
		return logOrder(ctx, tx, OrderStepRecord{Instance: seen.Instance, WooID: seen.WooID, State: RunDue, Code: code, Reason: reason})
	})
	return restarted, err
}

// CancelOrderRun ends a run that no workflow moves. It reports false when the run is not as seen any more.
func (d *DB) CancelOrderRun(ctx context.Context, seen OrderRun, code, reason string) (cancelled bool, err error) {
	err = d.tx(ctx, "cancelling the order's run", func(tx *sqlx.Tx) error {
		cancelled, err = moved(tx.ExecContext(ctx, `
			UPDATE tandem.order_runs SET state = 'cancelled', code = $5, reason = $6, updated_at = now()
			WHERE instance = $1 AND woo_id = $2 AND plan_id = $3 AND state = $4`,
			seen.Instance, seen.WooID, seen.PlanID, seen.State, code, reason))
		if err != nil || !cancelled {
			return err
		}
		return logOrder(ctx, tx, OrderStepRecord{
			Instance: seen.Instance, WooID: seen.WooID, State: RunCancelled, Code: code, Reason: reason,
		})
	})
	return cancelled, err
}

// moved reports whether a statement touched a row.
func moved(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// nullJSON stores an absent document as NULL.
func nullJSON(text json.RawMessage) any {
	if len(text) == 0 {
		return nil
	}
	return string(text)
}

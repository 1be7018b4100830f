package db

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// SetOrderRunState moves a run as a whole, with the reason for it, and writes a log line when the state is a new one. A run
// whose last step is done stays so: a command given during that step may be recorded after it. The same holds while the run
// rests before its next plan. NotFound when the order has no run.
func (d *DB) SetOrderRunState(ctx context.Context, instance, wooID, state, code, reason string) error {
	return d.tx(ctx, "changing the order's run", func(tx *sqlx.Tx) error {
		run, err := lockOrderRun(ctx, tx, instance, wooID)
		if err != nil || run.State == RunDone || run.Resting {
			return err
		}
		if err := moveOrderRun(ctx, tx, run.ID, state, "", code, reason); err != nil || run.State == state {
			return err
		}
		record := OrderStepRecord{Instance: instance, WooID: wooID, State: state, Code: code, Reason: reason}
		if err := logOrder(ctx, tx, record); err != nil {
			return err
		}
		return beginNextPlan(ctx, tx, run.ID, state, record)
	})
}

// lockedRun is a run nobody else moves meanwhile.
type lockedRun struct {
	orderRunRow
	Resting bool // it is due again, while the workflow of its former plan may not be quite over
}

// lockOrderRun reads a run and keeps others from moving it, so that attempts are recorded one after the other.
func lockOrderRun(ctx context.Context, tx *sqlx.Tx, instance, wooID string) (lockedRun, error) {
	var run lockedRun
	err := tx.GetContext(ctx, &run, `
		SELECT `+orderRunColumns+`, state = 'due' AND rests_until > now() AS resting FROM tandem.order_runs WHERE instance = $1 AND woo_id = $2 FOR UPDATE`, instance, wooID)
	return run, err
}

// moveOrderRun sets where a run stands; an empty step keeps the one it was at.
func moveOrderRun(ctx context.Context, tx *sqlx.Tx, id int64, state, step, code, reason string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.order_runs SET state = $2, step = coalesce(nullif($3, ''), step), code = $4, reason = $5, updated_at = now()
		WHERE id = $1`, id, state, step, code, reason)
	return err
}

// beginNextPlan makes a run that has ended due again when its order came in with another plan meanwhile.
func beginNextPlan(ctx context.Context, tx *sqlx.Tx, id int64, state string, r OrderStepRecord) error {
	if state != RunDone && state != RunCancelled {
		return nil
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE tandem.order_runs SET state = 'due', plan = next_plan, next_plan = NULL, code = '', reason = '',
		  rests_until = now() + `+rest+`, updated_at = now()
		WHERE id = $1 AND next_plan IS NOT NULL`, id)
	if err != nil {
		return err
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	return logOrder(ctx, tx, OrderStepRecord{
		Instance: r.Instance, WooID: r.WooID, State: RunDue, Code: codePlanChanged,
		Reason: "the sale workflow chosen meanwhile follows", WorkflowID: r.WorkflowID, RunID: r.RunID,
	})
}

package db

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"

	"tandem/flow"
)

// rest is how long a run that is due again waits before it is started: its former workflow records its end shortly before it
// is over.
const rest = `interval '10 seconds'`

// codePlanChanged marks the log lines of orders that go through another sale workflow than before.
const codePlanChanged = "plan_changed"

// What tells two plans apart. Dates do not: they follow from the order, and the records that carry them exist.
const (
	workOfPlan    = `(o.plan - '{invoice_date,paid_at,ordered_at,order_paid_at}'::text[])`
	workOfNewest  = `(coalesce(o.next_plan, o.plan) - '{invoice_date,paid_at,ordered_at,order_paid_at}'::text[])`
	planAskedFor  = `tandem.plan_without(excluded.plan, coalesce(o.next_plan, o.plan) -> 'skipped')` // what was skipped of an order stays so
	workAskedFor  = `(` + planAskedFor + ` - '{invoice_date,paid_at,ordered_at,order_paid_at}'::text[])`
	runHasEnded   = `(o.state IN ('done', 'cancelled'))`
	orderCameBack = `(o.state = 'cancelled' AND o.code = 'order_cancelled')` // by its workflow: the order was cancelled then
	runIsUnderWay = `(o.state IN ('running', 'blocked', 'paused'))`
)

// seedOrderRuns makes runs due for the orders of a page that ask for one. A run that has ended is due again when another
// plan is asked for; its steps do nothing that is done already. One under way ends first and has the plan remembered.
func seedOrderRuns(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	seeds, err := orderRunSeeds(p.Results)
	if err != nil || seeds == "" {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		WITH seeded AS (
		  INSERT INTO tandem.order_runs AS o (instance, woo_id, erp_id, state, plan)
		  SELECT $1, r.woo_id, r.erp_id, 'due', r.plan
		  FROM jsonb_to_recordset($2::jsonb) AS r(woo_id text, erp_id text, plan jsonb) ORDER BY r.woo_id
		  ON CONFLICT (instance, woo_id) DO UPDATE SET erp_id = excluded.erp_id, updated_at = now(),
		    state = CASE WHEN `+runHasEnded+` THEN 'due' ELSE o.state END,
		    code = CASE WHEN `+runHasEnded+` THEN '' ELSE o.code END,
		    reason = CASE WHEN `+runHasEnded+` THEN '' ELSE o.reason END,
		    rests_until = CASE WHEN `+runHasEnded+` THEN o.updated_at + `+rest+` ELSE o.rests_until END,
		    plan_id = CASE WHEN `+runHasEnded+` THEN excluded.plan_id ELSE o.plan_id END,
		    plan = CASE WHEN `+runIsUnderWay+` THEN o.plan ELSE `+planAskedFor+` END,
		    next_plan = CASE WHEN `+runIsUnderWay+` AND `+workOfPlan+` <> `+workAskedFor+` THEN `+planAskedFor+` END
		  WHERE `+workOfNewest+` <> `+workAskedFor+` OR `+orderCameBack+`
		    OR o.state = 'due' AND (o.erp_id, o.plan) IS DISTINCT FROM (excluded.erp_id, `+planAskedFor+`)
		  RETURNING o.woo_id, o.state, o.next_plan IS NOT NULL OR o.state = 'due' AND isfinite(o.rests_until) AS again
		)
		INSERT INTO tandem.logs (instance, entity, woo_id, status, before, after, steps, duration_us, error_kind, code, message,
		  workflow_id, run_id)
		SELECT $1, 'order', woo_id, 'updated', '', '', ARRAY['run ' || state], 0, '', $3,
		  CASE state WHEN 'due' THEN 'the order goes through another sale workflow now'
		    ELSE 'the order goes through another sale workflow when this one ends' END, $4, $5
		FROM seeded WHERE again ORDER BY woo_id`,
		p.Instance, seeds, codePlanChanged, p.WorkflowID, p.RunID)
	return err
}

// orderRunSeeds lists the runs a page asks for as JSON; empty when there are none.
func orderRunSeeds(results []flow.Result) (string, error) {
	type seed struct {
		WooID string          `json:"woo_id"`
		ERPID string          `json:"erp_id"`
		Plan  json.RawMessage `json:"plan"`
	}
	var seeds []seed
	for _, r := range results {
		if r.Outcome.Plan != nil && r.Outcome.Landed() {
			seeds = append(seeds, seed{WooID: r.Record.ID, ERPID: r.Outcome.ID, Plan: r.Outcome.Plan})
		}
	}
	if len(seeds) == 0 {
		return "", nil
	}
	encoded, err := json.Marshal(seeds)
	return string(encoded), err
}

package db

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// States of an order run.
const (
	RunDue       = "due" // its workflow is to be started
	RunRunning   = "running"
	RunBlocked   = "blocked" // waits for a person; Code and Reason say why
	RunPaused    = "paused"
	RunDone      = "done"
	RunCancelled = "cancelled"
)

// OrderRun is a shop order that a sale workflow moves on in the ERP.
type OrderRun struct {
	Instance  string
	WooID     string
	ERPID     string
	State     string          // one of the Run… states
	Step      string          // the step it is at, or ended with; empty before the first
	Steps     []OrderStep     // those tried so far, in order; lists leave it empty
	Plan      json.RawMessage // what was asked for when the order was imported
	Code      string
	Reason    string
	UpdatedAt time.Time
}

// OrderRunFilter picks order runs; empty fields match all.
type OrderRunFilter struct {
	Instance string
	State    string
}

const orderRunColumns = `id, instance, woo_id AS wooid, erp_id AS erpid, state, step, plan, code, reason, updated_at AS updatedat`

// orderRunRow is an order run with its place in lists.
type orderRunRow struct {
	OrderRun
	ID int64
}

func (r orderRunRow) run() OrderRun {
	run := r.OrderRun
	run.UpdatedAt = run.UpdatedAt.UTC()
	return run
}

// seedOrderRuns makes runs due for the orders of a page that ask for one. A run that was started is left alone.
func seedOrderRuns(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	type seed struct {
		WooID string          `json:"woo_id"`
		ERPID string          `json:"erp_id"`
		Plan  json.RawMessage `json:"plan"`
	}
	var seeds []seed
	for _, r := range p.Results {
		if r.Run != nil && r.landed() {
			seeds = append(seeds, seed{WooID: r.WooID, ERPID: r.ERPID, Plan: r.Run.Plan})
		}
	}
	if len(seeds) == 0 {
		return nil
	}
	encoded, err := json.Marshal(seeds)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.order_runs AS o (instance, woo_id, erp_id, state, plan)
		SELECT $1, r.woo_id, r.erp_id, 'due', r.plan
		FROM jsonb_to_recordset($2::jsonb) AS r(woo_id text, erp_id text, plan jsonb) ORDER BY r.woo_id
		ON CONFLICT (instance, woo_id) DO UPDATE SET erp_id = excluded.erp_id, plan = excluded.plan, updated_at = now()
		WHERE o.state = 'due' AND (o.erp_id, o.plan) IS DISTINCT FROM (excluded.erp_id, excluded.plan)`,
		p.Instance, string(encoded))
	return err
}

// DueOrderRuns gives an instance's order runs whose workflow is to be started, oldest first.
func (d *DB) DueOrderRuns(ctx context.Context, instance string, limit int) ([]OrderRun, error) {
	var rows []orderRunRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+orderRunColumns+` FROM tandem.order_runs
		WHERE instance = $1 AND state = 'due' ORDER BY id LIMIT $2`, instance, limit)
	return collect(rows, orderRunRow.run), classify(err, "listing orders that are due")
}

// MarkOrderRunsStarted notes that the workflows of these orders run. Runs that are no longer due are left alone. Rows are
// looked up one by one, so that the index of due runs, which may be long, is not read instead.
func (d *DB) MarkOrderRunsStarted(ctx context.Context, instance string, wooIDs []string) error {
	_, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.order_runs SET state = 'running', updated_at = now()
		WHERE state = 'due' AND id = ANY (ARRAY (
		  SELECT (SELECT o.id FROM tandem.order_runs o WHERE o.instance = $1 AND o.woo_id = w) FROM unnest($2::text[]) w))`,
		instance, pq.Array(wooIDs))
	return classify(err, "marking orders as started")
}

// OrderRun gives an order's run with its steps; NotFound when no sale workflow ever moved it.
func (d *DB) OrderRun(ctx context.Context, instance, wooID string) (OrderRun, error) {
	const doing = "reading the order's run"
	var row orderRunRow
	err := d.pool.GetContext(ctx, &row, `
		SELECT `+orderRunColumns+` FROM tandem.order_runs WHERE instance = $1 AND woo_id = $2`, instance, wooID)
	if err != nil {
		return OrderRun{}, classify(err, doing)
	}
	run := row.run()
	run.Steps, err = d.orderSteps(ctx, row.ID)
	return run, classify(err, doing)
}

// OrderRuns lists order runs without their steps, newest first, and gives the cursor of the rest.
func (d *DB) OrderRuns(ctx context.Context, f OrderRunFilter, p Page) ([]OrderRun, string, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	var rows []orderRunRow
	err = d.pool.SelectContext(ctx, &rows, `
		SELECT `+orderRunColumns+` FROM tandem.order_runs
		WHERE ($1 = '' OR instance = $1) AND ($2 = '' OR state = $2) AND id < $3 ORDER BY id DESC LIMIT $4`,
		f.Instance, f.State, before, p.size()+1)
	if err != nil {
		return nil, "", classify(err, "listing order runs")
	}
	rows, next := cut(rows, p.size(), func(r orderRunRow) string { return strconv.FormatInt(r.ID, 10) })
	return collect(rows, orderRunRow.run), next, nil
}

// SetOrderRunState moves a run as a whole, with the reason for it, and writes a log line when the state is a new one. A run
// whose last step is done stays so: a command given during that step may be recorded after it. NotFound when the order has
// no run.
func (d *DB) SetOrderRunState(ctx context.Context, instance, wooID, state, code, reason string) error {
	return d.tx(ctx, "changing the order's run", func(tx *sqlx.Tx) error {
		run, err := lockOrderRun(ctx, tx, instance, wooID)
		if err != nil || run.State == RunDone {
			return err
		}
		if err := moveOrderRun(ctx, tx, run.ID, state, "", code, reason); err != nil || run.State == state {
			return err
		}
		return logOrder(ctx, tx, OrderStepRecord{Instance: instance, WooID: wooID, State: state, Code: code, Reason: reason})
	})
}

// lockOrderRun reads a run and keeps others from moving it, so that attempts are recorded one after the other.
func lockOrderRun(ctx context.Context, tx *sqlx.Tx, instance, wooID string) (orderRunRow, error) {
	var run orderRunRow
	err := tx.GetContext(ctx, &run, `
		SELECT `+orderRunColumns+` FROM tandem.order_runs WHERE instance = $1 AND woo_id = $2 FOR UPDATE`, instance, wooID)
	return run, err
}

// moveOrderRun sets where a run stands; an empty step keeps the one it was at.
func moveOrderRun(ctx context.Context, tx *sqlx.Tx, id int64, state, step, code, reason string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.order_runs SET state = $2, step = coalesce(nullif($3, ''), step), code = $4, reason = $5, updated_at = now()
		WHERE id = $1`, id, state, step, code, reason)
	return err
}

// OrderRunCounts counts an instance's order runs by state.
func (d *DB) OrderRunCounts(ctx context.Context, instance string) (map[string]int, error) {
	return d.counts(ctx, "counting order runs",
		`SELECT state AS name, count(*) FROM tandem.order_runs WHERE instance = $1 GROUP BY state`, instance)
}

package db

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

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

// DueOrderRuns gives an instance's order runs whose workflow is to be started, oldest first. One that is due again rests
// first.
func (d *DB) DueOrderRuns(ctx context.Context, instance string, limit int) ([]OrderRun, error) {
	var rows []orderRunRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+orderRunColumns+` FROM tandem.order_runs
		WHERE instance = $1 AND state = 'due' AND rests_until <= now() ORDER BY id LIMIT $2`, instance, limit)
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

// OrderRunCounts counts an instance's order runs by state.
func (d *DB) OrderRunCounts(ctx context.Context, instance string) (map[string]int, error) {
	return d.counts(ctx, "counting order runs",
		`SELECT state AS name, count(*) FROM tandem.order_runs WHERE instance = $1 GROUP BY state`, instance)
}

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
	RunDue       = "due" // its workflow has to be started
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
	NextPlan  json.RawMessage // what was asked for since, while this one is under way; empty when nothing was
	PlanID    string          // changes whenever the run is due again; its workflow stamps what it records with it
	Code      string
	Reason    string
	UpdatedAt time.Time
}

// OrderRunFilter picks order runs; empty fields match all.
type OrderRunFilter struct {
	Instance string
	State    string
}

// OrderSelection picks an instance's order runs for a command; empty fields match all.
type OrderSelection struct {
	Instance string
	States   []string
	Code     string
	Step     string
}

// SelectOrderRuns counts the order runs a selection picks, and gives up to limit of them, those that have stood still longest
// first.
func (d *DB) SelectOrderRuns(ctx context.Context, s OrderSelection, limit int) (runs []OrderRun, matched int, err error) {
	const picked = ` FROM tandem.order_runs
		WHERE instance = $1 AND state = ANY ($2) AND ($3 = '' OR code = $3) AND ($4 = '' OR step = $4)`
	args := []any{s.Instance, pq.Array(s.States), s.Code, s.Step}
	if err := d.pool.GetContext(ctx, &matched, `SELECT count(*)`+picked, args...); err != nil {
		return nil, 0, classify(err, "counting order runs")
	}
	var rows []orderRunRow
	err = d.pool.SelectContext(ctx, &rows, `SELECT `+orderRunColumns+picked+` ORDER BY updated_at, id LIMIT $5`, append(args, limit)...)
	return collect(rows, orderRunRow.run), matched, classify(err, "listing order runs")
}

// LogOrderCommand writes a log line that says who gave an order's run which command.
func (d *DB) LogOrderCommand(ctx context.Context, run OrderRun, command, by string) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.logs (instance, entity, woo_id, status, before, after, steps, duration_us, error_kind, code, message,
		  workflow_id, run_id)
		VALUES ($1, 'order', $2, 'updated', '', '', ARRAY[$3], 0, '', 'command', $4, '', '')`,
		run.Instance, run.WooID, "command "+command, command+" by "+by)
	return classify(err, "logging the command")
}

const orderRunColumns = `id, instance, woo_id AS wooid, erp_id AS erpid, state, step, plan,
	coalesce(next_plan, 'null') AS nextplan, plan_id AS planid, code, reason, updated_at AS updatedat`

// orderRunRow is an order run with its place in lists.
type orderRunRow struct {
	OrderRun
	ID int64
}

func (r orderRunRow) run() OrderRun {
	run := r.OrderRun
	if string(run.NextPlan) == "null" {
		run.NextPlan = nil
	}
	run.UpdatedAt = run.UpdatedAt.UTC()
	return run
}

// DueOrderRuns gives an instance's order runs whose workflow has to be started, oldest first. One that is due again rests
// first.
func (d *DB) DueOrderRuns(ctx context.Context, instance string, limit int) ([]OrderRun, error) {
	var rows []orderRunRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+orderRunColumns+` FROM tandem.order_runs
		WHERE instance = $1 AND state = 'due' AND rests_until <= now() ORDER BY id LIMIT $2`, instance, limit)
	return collect(rows, orderRunRow.run), classify(err, "listing orders that are due")
}

// MarkOrderRunsStarted notes that the workflows of these plans run. Runs that are no longer due with that plan are left alone.
// Rows are looked up one by one, so that the index of due runs, which may be long, is not read instead.
func (d *DB) MarkOrderRunsStarted(ctx context.Context, instance string, runs []OrderRun) error {
	return d.touchDue(ctx, "marking orders as started", `state = 'running', updated_at = now()`, instance, runs)
}

// DeferOrderRuns lets due runs rest that could not be started yet, because the workflow of a former plan still runs.
func (d *DB) DeferOrderRuns(ctx context.Context, instance string, runs []OrderRun) error {
	return d.touchDue(ctx, "deferring orders", `rests_until = now() + `+rest, instance, runs)
}

func (d *DB) touchDue(ctx context.Context, doing, change, instance string, runs []OrderRun) error {
	wooIDs, plans := make([]string, len(runs)), make([]string, len(runs))
	for i, run := range runs {
		wooIDs[i], plans[i] = run.WooID, run.PlanID
	}
	_, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.order_runs SET `+change+`
		WHERE state = 'due' AND id = ANY (ARRAY (
		  SELECT (SELECT o.id FROM tandem.order_runs o WHERE o.instance = $1 AND o.woo_id = r.woo_id AND o.plan_id = r.plan_id)
		  FROM unnest($2::text[], $3::uuid[]) AS r(woo_id, plan_id)))`,
		instance, pq.Array(wooIDs), pq.Array(plans))
	return classify(err, doing)
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

// openBatch is how many open runs are looked at together.
const openBatch = 1000

// EachOpenOrderRun hands over, in batches, an instance's runs that a workflow should be moving and that have stood still for
// a while: running and blocked ones. A paused one waits for a person, a due one for its start.
func (d *DB) EachOpenOrderRun(ctx context.Context, instance string, still time.Duration, batch func([]OrderRun) error) error {
	var after int64
	for {
		var rows []orderRunRow
		err := d.pool.SelectContext(ctx, &rows, `
			SELECT `+orderRunColumns+` FROM tandem.order_runs
			WHERE instance = $1 AND state IN ('running', 'blocked') AND id > $2
			  AND updated_at < now() - $3 * interval '1 microsecond'
			ORDER BY id LIMIT $4`, instance, after, still.Microseconds(), openBatch)
		if err != nil {
			return classify(err, "listing open orders")
		}
		if len(rows) == 0 {
			return nil
		}
		if err := batch(collect(rows, orderRunRow.run)); err != nil {
			return err
		}
		after = rows[len(rows)-1].ID
	}
}

package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// orderEntity is whose records go through sale workflows.
const orderEntity = "order"

// recordingDelay is how long after a step ended its record may reach PostgreSQL: a count that lands in between counts as
// later than what the step found.
const recordingDelay = `interval '30 seconds'`

// ReadyOrderRuns lists, oldest first, the blocked runs of which something they wait for landed since their step looked, and those that
// wait for a newer version of their own order of which there is none any more: it was deleted in the store, for example. Whether that is
// enough only the step can tell.
func (d *DB) ReadyOrderRuns(ctx context.Context, limit int) ([]OrderRun, error) {
	var rows []orderRunRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+orderRunColumns+` FROM tandem.order_runs o
		WHERE o.state = 'blocked' AND o.waits_since IS NOT NULL AND (EXISTS (
		  SELECT FROM unnest(o.waits) k
		  JOIN tandem.links l ON l.instance = o.instance AND l.entity = split_part(k, '/', 2) AND l.woo_id = split_part(k, '/', 3)
		  WHERE l.last_synced_at >= o.waits_since)
		  OR o.instance || '/order/' || o.woo_id = ANY (o.waits) AND NOT EXISTS (SELECT`+newerVersion+`))
		ORDER BY o.id LIMIT $1`, limit)
	return collect(rows, orderRunRow.run), classify(err, "listing blocked orders whose products landed")
}

// MarkOrderRunWoken notes that a run was told to look again, which it is told once for what landed so far. A run that has
// moved on since it was read is left alone.
func (d *DB) MarkOrderRunWoken(ctx context.Context, seen OrderRun) error {
	_, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.order_runs SET waits = '{}', waits_since = NULL
		WHERE instance = $1 AND woo_id = $2 AND plan_id = $3 AND state = 'blocked' AND updated_at = $4`,
		seen.Instance, seen.WooID, seen.PlanID, seen.UpdatedAt)
	return classify(err, "marking the order as woken")
}

// wakeRuns has blocked orders look again for which an order brought what they wait for: the count of what its refund put back. Its
// link is the order's, by which ReadyOrderRuns does not find it.
func wakeRuns(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	var counted []flow.Key
	for _, r := range p.Results {
		counted = append(counted, r.Outcome.Also...)
	}
	if p.Entity != orderEntity || len(counted) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.order_runs SET waits_since = '-infinity'
		WHERE instance = $1 AND state = 'blocked' AND waits_since IS NOT NULL AND waits && $2`, p.Instance, pq.Array(keyTexts(counted)))
	return err
}

package db

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// Parameters of the removal queries: the instance, and how many rows at most. Records as the store sent them go first:
// they are the only personal data.
var removals = []string{
	`DELETE FROM tandem.raw_records WHERE (instance, entity, woo_id) IN (
	   SELECT instance, entity, woo_id FROM tandem.raw_records WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.queue_jobs WHERE id IN (SELECT id FROM tandem.queue_jobs WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.links WHERE id IN (SELECT id FROM tandem.links WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.sales WHERE id IN (SELECT id FROM tandem.sales WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.sold_products WHERE (instance, woo_id) IN (
	   SELECT instance, woo_id FROM tandem.sold_products WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.inbox WHERE id IN (SELECT id FROM tandem.inbox WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.order_states WHERE (instance, woo_id) IN (
	   SELECT instance, woo_id FROM tandem.order_states WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.stock_pushes WHERE (instance, woo_id) IN (
	   SELECT instance, woo_id FROM tandem.stock_pushes WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.order_runs WHERE id IN (SELECT id FROM tandem.order_runs WHERE instance = $1 LIMIT $2)`,
	`DELETE FROM tandem.match_records WHERE id IN (SELECT id FROM tandem.match_records WHERE instance = $1 LIMIT $2)`,
}

// DeleteInstance removes an instance with all that is kept of it but operations and logs, which say what was done and are
// pruned by their age. It works in batches; one that was interrupted is completed by doing it again. Nothing of the
// instance may run meanwhile. NotFound when there is none.
func (d *DB) DeleteInstance(ctx context.Context, id string) error {
	const doing = "removing the instance"
	for _, query := range removals {
		for {
			result, err := d.pool.ExecContext(ctx, query, id, pruneBatch)
			if err != nil {
				return classify(err, doing)
			}
			rows, err := result.RowsAffected()
			if err != nil {
				return classify(err, doing)
			}
			if rows < pruneBatch {
				break
			}
		}
	}
	return d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		for _, table := range []string{"decisions", "change_decisions", "positions", "link_checks", "uncounted_sales", "report_layouts", "watermarks", "meta_mappings", "schedules", "webhooks"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM tandem.`+table+` WHERE instance = $1`, id); err != nil {
				return err
			}
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM tandem.instances WHERE id = $1`, id)
		return named(oneRow(result, err, doing), fault.NotFound, "there is no instance %q", id)
	})
}

// UnfinishedOperations lists the ids of an instance's operations that have not ended, oldest first, at most ten.
func (d *DB) UnfinishedOperations(ctx context.Context, instance string) ([]string, error) {
	ids := []string{}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT id FROM tandem.operations
		WHERE `+unfinished+` AND $1 = ANY (instances) ORDER BY created_at LIMIT 10`, instance)
	return ids, classify(err, "listing operations under way")
}

// UnfinishedOrderRuns lists the orders of an instance that have a workflow under way, at most limit.
func (d *DB) UnfinishedOrderRuns(ctx context.Context, instance string, limit int) ([]string, error) {
	ids := []string{}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT woo_id FROM tandem.order_runs
		WHERE instance = $1 AND state IN ('running', 'blocked', 'paused') ORDER BY id LIMIT $2`, instance, limit)
	return ids, classify(err, "listing order runs under way")
}

package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// RefundsOf returns the ids of the landed refunds of orders by the ids of the orders.
func (d *DB) RefundsOf(ctx context.Context, instance string, orders []string) (map[string][]string, error) {
	var rows []struct {
		Order  string `db:"order_id"`
		Refund string `db:"woo_id"`
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT split_part(woo_id, '/', 1) AS order_id, woo_id FROM tandem.links
		WHERE instance = $1 AND entity = 'refund' AND split_part(woo_id, '/', 1) = ANY ($2) ORDER BY id`, instance, pq.Array(orders))
	refunds := map[string][]string{}
	for _, row := range rows {
		refunds[row.Order] = append(refunds[row.Order], row.Refund)
	}
	return refunds, classify(err, "reading the refunds of orders")
}

// InstancesWithRefunds lists, by id, the active instances of which refunds landed.
func (d *DB) InstancesWithRefunds(ctx context.Context) ([]string, error) {
	ids := []string{}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT i.id FROM tandem.instances i
		WHERE i.state = 'active' AND EXISTS (SELECT FROM tandem.links l WHERE l.instance = i.id AND l.entity = 'refund')
		ORDER BY i.id`)
	return ids, classify(err, "listing instances with refunds")
}

// stepsAhead gives the steps that a run under way (o) has not done yet; none for one that has ended.
const stepsAhead = `
	SELECT s FROM jsonb_array_elements_text(o.plan -> 'steps') s
	WHERE o.state IN ('due', 'running', 'blocked', 'paused') AND NOT EXISTS (
	  SELECT FROM tandem.order_steps d WHERE d.run = o.id AND d.name = s AND d.state = 'done')`

// StepsAhead returns, by the ids of those orders that a sale workflow is moving, the steps that it has not done yet.
func (d *DB) StepsAhead(ctx context.Context, instance string, orders []string) (map[string][]string, error) {
	var rows []struct {
		WooID string         `db:"woo_id"`
		Steps pq.StringArray `db:"steps"`
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT o.woo_id, ARRAY(`+stepsAhead+`) AS steps FROM tandem.order_runs o
		WHERE o.instance = $1 AND o.woo_id = ANY ($2)`, instance, pq.Array(orders))
	steps := map[string][]string{}
	for _, row := range rows {
		steps[row.WooID] = row.Steps
	}
	return steps, classify(err, "reading what orders have ahead of them")
}

// WakeHeldRefunds moves the refunds to waiting that waited for the sale workflow of their order to invoice it and to register its
// payment, once that has nothing but the shipment ahead. It says how many there were.
func (d *DB) WakeHeldRefunds(ctx context.Context) (int, error) {
	const doing = "waking refunds"
	result, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.queue_jobs j SET state = 'waiting', woken_at = now(), claimed_at = NULL, updated_at = now()
		WHERE j.state = 'parked' AND j.code = 'order_in_progress' AND NOT EXISTS (
		  SELECT FROM tandem.order_runs o
		  WHERE o.instance = j.instance AND o.woo_id = split_part(j.woo_id, '/', 1)
		    AND EXISTS (SELECT FROM (`+stepsAhead+`) ahead WHERE s <> 'ship'))`)
	if err != nil {
		return 0, classify(err, doing)
	}
	rows, err := result.RowsAffected()
	return int(rows), classify(err, doing)
}

// OrderStatus returns the status with which an order was read last; "" when that is not known any more.
func (d *DB) OrderStatus(ctx context.Context, instance, wooID string) (string, error) {
	var status []string
	err := d.pool.SelectContext(ctx, &status, `
		SELECT status FROM tandem.raw_records WHERE instance = $1 AND entity = $2 AND woo_id = $3`, instance, orderEntity, wooID)
	if err != nil || len(status) == 0 {
		return "", classify(err, "reading the status of an order")
	}
	return status[0], nil
}

// follow has the records read that others of the page name, and, after everything was read of an entity whose deletions nobody tells,
// those that landed and were not among it. They are jobs of the same operation, which takes them up when it has read its lists.
func follow(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	var instances, entities, ids []string
	for _, r := range p.Results {
		for _, key := range r.Outcome.Follow {
			instances, entities, ids = append(instances, key.Instance), append(entities, key.Entity), append(ids, key.ID)
		}
	}
	if len(ids) > 0 {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO tandem.queue_jobs (operation, instance, entity, direction, woo_id, state, attempts, woken_at, claimed_at)
			SELECT DISTINCT $1::uuid, k.instance, k.entity, 'import', k.id, 'waiting', 0, now(), now()
			FROM unnest($2::text[], $3::text[], $4::text[]) k (instance, entity, id) ORDER BY k.id
			ON CONFLICT (instance, entity, woo_id, operation) DO NOTHING`,
			p.Operation, pq.Array(instances), pq.Array(entities), pq.Array(ids))
		if err != nil {
			return err
		}
	}
	if !p.AllRead || p.Direction == flow.Export {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.queue_jobs (operation, instance, entity, direction, woo_id, state, attempts, woken_at, claimed_at)
		SELECT $1::uuid, l.instance, l.entity, 'import', l.woo_id, 'waiting', 0, now(), now() FROM tandem.links l
		WHERE l.instance = $2 AND l.entity = $3 AND NOT EXISTS (
		  SELECT FROM tandem.queue_jobs j
		  WHERE j.instance = l.instance AND j.entity = l.entity AND j.woo_id = l.woo_id AND j.operation = $1)
		AND NOT EXISTS (
		  SELECT FROM tandem.decisions d WHERE d.instance = l.instance AND d.entity = l.entity AND d.woo_id = l.woo_id)
		ORDER BY l.woo_id
		ON CONFLICT (instance, entity, woo_id, operation) DO NOTHING`, p.Operation, p.Instance, p.Entity)
	return err
}

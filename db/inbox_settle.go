package db

import "context"

// maxDeliveryAttempts is how many operations may fail as a whole before a delivery of theirs is left to a person. The pauses between
// them grow to half an hour.
const maxDeliveryAttempts = 10

// SettleDeliveries moves deliveries to where their records' queue jobs are: done when the record landed, parked or failed with the
// job's reason. It finds those of ended operations, and those whose record was parked or failed and has landed since. When an
// operation failed as a whole, its deliveries wait again. It says how many of them were moved.
func (d *DB) SettleDeliveries(ctx context.Context, instance string) (int, error) {
	result, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.inbox i SET state = s.state, code = s.code, reason = s.reason, settled_at = now(),
		  operation = CASE WHEN s.state = 'waiting' THEN NULL ELSE i.operation END
		FROM (`+settled+`) s
		WHERE i.id = s.id AND i.operation = s.operation AND s.state IS NOT NULL
		  AND (i.state, i.code, i.reason) IS DISTINCT FROM (s.state, s.code, s.reason)`, instance, maxDeliveryAttempts)
	if err != nil {
		return 0, classify(err, "settling deliveries")
	}
	rows, err := result.RowsAffected()
	return int(rows), classify(err, "settling deliveries")
}

// settled gives what became of the open deliveries of an instance that an operation has taken; a NULL state is not known yet.
const settled = `
	SELECT i.id, i.operation,
	  CASE WHEN o.state = 'failed' AND i.attempts < $2 AND (j.id IS NULL OR j.code = 'interrupted') THEN 'waiting'
	    WHEN j.state IN ('done', 'parked', 'failed') THEN j.state
	    WHEN j.id IS NOT NULL THEN NULL -- it is being landed, or another operation takes it up
	    WHEN o.state = 'done' OR i.record_id = '' AND p.state = 'done' THEN 'done'
	    WHEN o.state IN ('failed', 'cancelled') OR o.id IS NULL THEN 'failed' END AS state,
	  CASE WHEN o.state = 'failed' AND (j.id IS NULL OR j.code = 'interrupted') THEN o.error_kind
	    WHEN j.state IN ('parked', 'failed') THEN j.code
	    WHEN j.state = 'done' THEN CASE WHEN j.outcome = 'gone' THEN j.code ELSE '' END
	    WHEN o.state = 'cancelled' THEN 'cancelled' ELSE '' END AS code,
	  CASE WHEN o.state = 'failed' AND (j.id IS NULL OR j.code = 'interrupted') THEN o.error
	    WHEN j.state IN ('parked', 'failed') THEN j.reason
	    WHEN j.state = 'done' THEN CASE WHEN j.outcome = 'gone' THEN j.reason ELSE '' END
	    WHEN o.state = 'cancelled' THEN 'the operation that was to read the record was cancelled: replay the delivery'
	    WHEN o.id IS NULL THEN 'what the operation did is not known any more: replay the delivery' ELSE '' END AS reason
	FROM tandem.inbox i
	LEFT JOIN tandem.operations o ON o.id = i.operation
	LEFT JOIN tandem.operation_progress p ON p.operation = i.operation AND p.instance = i.instance AND p.entity = i.entity
	LEFT JOIN tandem.queue_jobs j ON j.instance = i.instance AND j.entity = i.entity AND j.woo_id = i.record_id AND j.operation = i.operation
	WHERE i.instance = $1 AND i.state IN ('in_progress', 'parked', 'failed') AND i.operation IS NOT NULL`

// InstancesWithOpenDeliveries lists, by id, the instances that have deliveries which SettleDeliveries may move.
func (d *DB) InstancesWithOpenDeliveries(ctx context.Context) ([]string, error) {
	ids := []string{}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT n.id FROM tandem.instances n WHERE EXISTS (
		  SELECT 1 FROM tandem.inbox i WHERE i.instance = n.id AND i.state IN ('in_progress', 'parked', 'failed')) ORDER BY n.id`)
	return ids, classify(err, "listing instances with open deliveries")
}

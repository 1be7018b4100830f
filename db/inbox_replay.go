package db

import (
	"context"

	"github.com/lib/pq"

	"tandem/fault"
)

// replayable are deliveries that have something to read and are not about to be read anyway.
const replayable = `i.entity <> '' AND i.state NOT IN ('waiting', 'in_progress')`

// CountDeliveries counts the deliveries that ReplayDeliveries would have read again.
func (d *DB) CountDeliveries(ctx context.Context, f DeliveryFilter) (int, error) {
	var n int
	err := d.pool.GetContext(ctx, &n, `SELECT count(*) FROM tandem.inbox i WHERE `+pickDeliveries+` AND `+replayable, f.args()...)
	return n, classify(err, "counting deliveries")
}

// ReplayDeliveries lets what the deliveries name be read again, and says how many there were and of which instances.
func (d *DB) ReplayDeliveries(ctx context.Context, f DeliveryFilter) (replayed int, instances []string, err error) {
	var row struct {
		Count     int
		Instances pq.StringArray
	}
	err = d.pool.GetContext(ctx, &row, `
		WITH replayed AS (
		  UPDATE tandem.inbox i SET `+waitAgain+` WHERE `+pickDeliveries+` AND `+replayable+` RETURNING instance)
		SELECT count(*) AS count, coalesce(array_agg(DISTINCT instance), '{}') AS instances FROM replayed`, f.args()...)
	return row.Count, row.Instances, classify(err, "replaying deliveries")
}

// waitAgain makes a delivery as if it had just come.
const waitAgain = `state = 'waiting', operation = NULL, attempts = 0, code = '', reason = '', settled_at = NULL`

// ReplayDelivery lets what one delivery names be read again. NotFound when there is no such delivery, Conflict when it names
// nothing that could be read. One that is about to be read anyway stays as it is.
func (d *DB) ReplayDelivery(ctx context.Context, id int64) (Delivery, error) {
	_, err := d.pool.ExecContext(ctx, `UPDATE tandem.inbox i SET `+waitAgain+` WHERE i.id = $1 AND `+replayable, id)
	if err != nil {
		return Delivery{}, classify(err, "replaying the delivery")
	}
	out, err := d.Delivery(ctx, id)
	if err == nil && out.Entity == "" {
		return Delivery{}, fault.New(fault.Conflict, "delivery %d names no record that could be read: %s", id, out.Reason)
	}
	return out, err
}

package db

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"tandem/fault"
)

// States of a delivery. They are those of the record's queue job: a delivery is done when the record landed.
const (
	DeliveryWaiting    = "waiting"
	DeliveryInProgress = "in_progress" // Operation reads the record
	DeliveryDone       = "done"
	DeliveryParked     = "parked" // the record waits for a person or for other records
	DeliveryFailed     = "failed"
)

// Delivery is one notice of a webhook. The same notice, from whichever webhook and however often it comes, is one.
type Delivery struct {
	ID         int64
	Instance   string
	Topic      string // e.g. "order.updated"
	WooID      string // of the record in the notice; empty when it names none
	Entity     string // the kind of record that is read again; empty when there is nothing to read
	RecordID   string // the record that is read again: of a variation, its product; empty for all changes of the entity
	State      string // one of the Delivery… states
	Code       string
	Reason     string // why it waits, is parked, or failed; what was done when that was not to read the record
	Operation  string // that reads or read the record; empty before
	Times      int    // how often the same came
	Attempts   int    // operations that were to read the record, since it was received or last replayed
	HookID     string // the store's webhook that delivered it last
	DeliveryID string // the store's, for its log
	ReceivedAt time.Time
	LastAt     time.Time // when the same came last
	SettledAt  time.Time // when it was last known what became of it; zero before
}

// DeliveryFilter picks deliveries; empty fields match all.
type DeliveryFilter struct {
	Instance string
	Topic    string
	State    string
	From     time.Time // received since, inclusive
	To       time.Time // exclusive
}

// NewDelivery is a notice as it was received.
type NewDelivery struct {
	Instance, Topic, WooID, Entity, RecordID, HookID, DeliveryID string

	Digest []byte // sha256 of the body
	Code   string // why there is nothing to read; with an empty Entity only
	Reason string
	// Repeats says that the same body may stand for another event, as that of a deletion does, which holds the record's id and nothing
	// else: it is read again although the one before is done.
	Repeats bool
}

// receiveDelivery keeps a delivery, and says whether somebody must be told.
const receiveDelivery = `
	WITH good AS (
	  UPDATE tandem.webhooks SET last_delivery_at = now() WHERE ctid = (
	    SELECT ctid FROM tandem.webhooks
	    WHERE instance = $1 AND topic = $2 AND (last_delivery_at IS NULL OR last_delivery_at < now() - interval '5 seconds')
	    FOR UPDATE SKIP LOCKED)) -- one of those that come at once notes it, and none waits for that
	INSERT INTO tandem.inbox AS i (instance, topic, woo_id, digest, entity, record_id, hook_id, delivery_id, code, reason, state, settled_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
	  CASE WHEN $5 = '' THEN 'done' ELSE 'waiting' END, CASE WHEN $5 = '' THEN now() END)
	ON CONFLICT (instance, topic, woo_id, digest) DO UPDATE SET times = i.times + 1, last_at = now(),
	  hook_id = excluded.hook_id, delivery_id = excluded.delivery_id, entity = excluded.entity, record_id = excluded.record_id,
	  state = CASE WHEN ` + again + ` THEN 'waiting' ELSE i.state END, operation = CASE WHEN ` + again + ` THEN NULL ELSE i.operation END,
	  attempts = CASE WHEN ` + again + ` THEN 0 ELSE i.attempts END
	RETURNING state = 'waiting' AND NOT EXISTS (
	  SELECT 1 FROM tandem.inbox w WHERE w.instance = $1 AND w.state = 'waiting' AND w.last_at < now() - interval '1 second')`

// ReceiveDelivery keeps a notice, and reports whether somebody must be told that it waits: not when others have waited for a second
// and more, because whoever reads those reads it too. One that came before is counted, and
// waits again only when its record did not land the last time, or when it may stand for another event. One whose record is being read
// waits again in the latter case, because it may have been read before that event.
func (d *DB) ReceiveDelivery(ctx context.Context, n NewDelivery) (tell bool, err error) {
	err = d.receive.row(ctx, d.inbox, &tell, n.Instance, n.Topic, n.WooID, n.Digest, n.Entity, n.RecordID, n.HookID, n.DeliveryID, n.Code, n.Reason,
		n.Repeats)
	return tell, classify(err, "keeping a delivery")
}

// OpenInbox opens the connections that deliveries are kept over, so that the first of them do not wait for that.
func (d *DB) OpenInbox(ctx context.Context) error {
	for range inboxConns {
		conn, err := d.inbox.Conn(ctx)
		if err != nil {
			return classify(err, "connecting to the database")
		}
		defer conn.Close() // once all are open
	}
	return nil
}

// again is the condition under which a delivery that came before has its record read again.
const again = `excluded.entity <> '' AND (i.state IN ('parked', 'failed') OR ($11 AND i.state <> 'waiting'))`

// notActive tells why the deliveries of an instance wait.
const notActive = `CASE WHEN i.state = 'waiting' AND n.state <> 'active'
	THEN 'the instance is ' || n.state || ': its deliveries are taken up when it is activated' ELSE i.reason END`

const deliveryColumns = `i.id, i.instance, i.topic, i.woo_id AS wooid, i.entity, i.record_id AS recordid, i.state, i.code,
	` + notActive + ` AS reason, coalesce(i.operation::text, '') AS operation, i.times, i.attempts, i.hook_id AS hookid,
	i.delivery_id AS deliveryid, i.received_at AS receivedat, i.last_at AS lastat, i.settled_at AS settledat`

// deliveryRow is a delivery with the column that may be NULL.
type deliveryRow struct {
	Delivery
	SettledAt sql.NullTime
}

func (r deliveryRow) delivery() Delivery {
	out := r.Delivery
	out.ReceivedAt, out.LastAt, out.SettledAt = out.ReceivedAt.UTC(), out.LastAt.UTC(), utc(r.SettledAt)
	return out
}

// pickDeliveries is the condition of a DeliveryFilter, with its arguments from $1 on.
const pickDeliveries = `($1 = '' OR i.instance = $1) AND ($2 = '' OR i.topic = $2) AND ($3 = '' OR i.state = $3)
	AND i.received_at >= $4 AND i.received_at < $5`

func (f DeliveryFilter) args() []any {
	from, to := "-infinity", "infinity"
	if !f.From.IsZero() {
		from = f.From.UTC().Format(time.RFC3339Nano)
	}
	if !f.To.IsZero() {
		to = f.To.UTC().Format(time.RFC3339Nano)
	}
	return []any{f.Instance, f.Topic, f.State, from, to}
}

// Deliveries lists deliveries, newest first, and gives the cursor of the rest.
func (d *DB) Deliveries(ctx context.Context, f DeliveryFilter, p Page) ([]Delivery, string, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	var rows []deliveryRow
	err = d.pool.SelectContext(ctx, &rows, `
		SELECT `+deliveryColumns+` FROM tandem.inbox i JOIN tandem.instances n ON n.id = i.instance
		WHERE `+pickDeliveries+` AND i.id < $6 ORDER BY i.id DESC LIMIT $7`, append(f.args(), before, p.size()+1)...)
	if err != nil {
		return nil, "", classify(err, "listing deliveries")
	}
	rows, next := cut(rows, p.size(), func(r deliveryRow) string { return strconv.FormatInt(r.ID, 10) })
	return collect(rows, deliveryRow.delivery), next, nil
}

// Delivery gives one delivery; NotFound when there is none.
func (d *DB) Delivery(ctx context.Context, id int64) (Delivery, error) {
	var row deliveryRow
	err := d.pool.GetContext(ctx, &row, `
		SELECT `+deliveryColumns+` FROM tandem.inbox i JOIN tandem.instances n ON n.id = i.instance WHERE i.id = $1`, id)
	return row.delivery(), named(classify(err, "reading the delivery"), fault.NotFound, "there is no delivery %d", id)
}

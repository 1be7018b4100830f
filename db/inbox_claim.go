package db

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
	"tandem/flow"
)

// InstancesWithDeliveries lists, by id, the active instances that have deliveries which wait.
func (d *DB) InstancesWithDeliveries(ctx context.Context) ([]string, error) {
	ids := []string{}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT n.id FROM tandem.instances n WHERE n.state = 'active' AND EXISTS (
		  SELECT 1 FROM tandem.inbox i WHERE i.instance = n.id AND i.state = 'waiting') ORDER BY n.id`)
	return ids, classify(err, "listing instances with deliveries")
}

// ClaimDeliveries hands the oldest waiting deliveries of an active instance, at most limit, to a new operation that reads their
// records: each record once, however many deliveries name it. The operation's id is given; its entities and filter come from what is
// claimed. Nothing waits, or the instance is not active: the operation is not made, and NotFound is answered. With an id that exists,
// the operation is given as it was made.
func (d *DB) ClaimDeliveries(ctx context.Context, o Operation, limit int) (Operation, error) {
	const doing = "claiming deliveries"
	o.State = OperationWaiting
	err := d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		var known bool
		if err := tx.GetContext(ctx, &known, `SELECT EXISTS (SELECT 1 FROM tandem.operations WHERE id = $1)`, o.ID); err != nil || known {
			return err
		}
		claimed, err := takeDeliveries(ctx, tx, o, limit)
		if err != nil {
			return err
		}
		if len(claimed) == 0 {
			return fault.New(fault.NotFound, "no delivery of %s waits", listed(o.Instances))
		}
		o.Entities, o.Filter, err = readingOf(claimed)
		if err != nil {
			return err
		}
		_, err = insertOperation(ctx, tx, o)
		return err
	})
	if err != nil {
		return Operation{}, err
	}
	return d.Operation(ctx, o.ID)
}

// claimedDelivery is what a delivery has read.
type claimedDelivery struct {
	Entity   string
	RecordID string `db:"record_id"`
}

func takeDeliveries(ctx context.Context, tx *sqlx.Tx, o Operation, limit int) (claimed []claimedDelivery, err error) {
	err = tx.SelectContext(ctx, &claimed, `
		UPDATE tandem.inbox SET state = 'in_progress', operation = $1, attempts = attempts + 1
		WHERE id IN (
		  SELECT i.id FROM tandem.inbox i JOIN tandem.instances n ON n.id = i.instance
		  WHERE i.instance = ANY ($2) AND n.state = 'active' AND i.state = 'waiting' ORDER BY i.id LIMIT $3 FOR UPDATE OF i SKIP LOCKED)
		RETURNING entity, record_id`, o.ID, pq.Array(o.Instances), limit)
	return claimed, err
}

// readingOf gives the entities that are read for deliveries, and the filter: the records that are named, and the changes of the
// entities of which a delivery named none.
func readingOf(claimed []claimedDelivery) (entities []string, filter json.RawMessage, err error) {
	notified := map[string][]string{}
	for _, c := range claimed {
		ids := notified[c.Entity]
		if c.RecordID != "" {
			ids = append(ids, c.RecordID)
		}
		notified[c.Entity] = ids
	}
	for _, c := range claimed {
		if c.RecordID == "" {
			notified[c.Entity] = nil // its changes contain the others
		}
	}
	for entity, ids := range notified {
		slices.Sort(ids)
		notified[entity] = slices.Compact(ids)
		entities = append(entities, entity)
	}
	slices.Sort(entities)
	filter, err = json.Marshal(flow.Filter{Kind: flow.Notified, Notified: notified})
	return entities, filter, err
}

package db

import "context"

// Unlisted gives the store's ids of records of an entity that landed before and that an import operation, which has read everything by now,
// has not come across. Those that are known to be gone are not among them.
func (d *DB) Unlisted(ctx context.Context, operation, instance, entity string, limit int) ([]string, error) {
	ids := []string{}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT l.woo_id FROM tandem.links l
		WHERE l.instance = $2 AND l.entity = $3 AND l.woo_id <> '' AND l.store_state = '' AND NOT EXISTS (
		  SELECT FROM tandem.queue_jobs j
		  WHERE j.instance = l.instance AND j.entity = l.entity AND j.woo_id = l.woo_id AND j.operation = $1)
		ORDER BY l.woo_id LIMIT $4`, operation, instance, entity, limit)
	return ids, classify(err, "looking for records that the store does not list")
}

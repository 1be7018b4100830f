package db

import (
	"context"

	"tandem/flow"
)

// keptBackLinks picks the links l of records that KeptBack gives.
const keptBackLinks = `l.instance = $1 AND l.entity = $2 AND l.kept_for <> '' AND (l.kept_for = $3 OR l.kept_under <> $4) AND l.store_state = ''`

// KeptBack gives the records of an entity of which something is kept back that a direction is to move now, by the ids that its source knows
// them by, and at most limit: what waits for this direction, and all that was kept back under other owners than those that there are now.
// What the store does not have at the moment is left out. Where there are more, those come first that were tried the longest ago: none
// stands still behind others that are refused each time.
func (d *DB) KeptBack(ctx context.Context, instance, entity string, direction flow.Direction, owners string, limit int) ([]string, error) {
	const doing = "reading what is kept back"
	direction = orImport(direction)
	ids, id := []string{}, identityOf(direction).id
	args := []any{instance, entity, direction, owners, limit}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT l.`+id+` FROM tandem.links l WHERE `+keptBackLinks+` ORDER BY l.woo_id LIMIT $5`, args...)
	if err != nil || len(ids) < limit {
		return ids, classify(err, doing)
	}
	ids = ids[:0]
	err = d.pool.SelectContext(ctx, &ids, `
		SELECT l.`+id+` FROM tandem.links l LEFT JOIN LATERAL (
		  SELECT max(j.updated_at) AS at FROM tandem.queue_jobs j
		  WHERE j.instance = l.instance AND j.entity = l.entity AND j.`+id+` = l.`+id+` AND j.direction = $3) tried ON true
		WHERE `+keptBackLinks+` ORDER BY tried.at NULLS FIRST, l.woo_id LIMIT $5`, args...)
	return ids, classify(err, doing)
}

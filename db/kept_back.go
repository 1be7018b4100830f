package db

import (
	"context"

	"tandem/flow"
)

// KeptBack gives the records of an entity of which something is kept back that a direction is to move now, by the ids that its source knows
// them by, and at most limit: what waits for this direction, and all that was kept back under other owners than those that there are now.
// What the store does not have at the moment is left out.
func (d *DB) KeptBack(ctx context.Context, instance, entity string, direction flow.Direction, owners string, limit int) ([]string, error) {
	ids := []string{}
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT `+identityOf(direction).id+` FROM tandem.links
		WHERE instance = $1 AND entity = $2 AND kept_for <> '' AND (kept_for = $3 OR kept_under <> $4) AND store_state = ''
		ORDER BY woo_id LIMIT $5`, instance, entity, orImport(direction), owners, limit)
	return ids, classify(err, "reading what is kept back")
}

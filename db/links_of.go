package db

import (
	"context"

	"github.com/lib/pq"

	"tandem/flow"
)

// LinksOf gives the links of records, named by the store's ids or by the ERP's. Those that have none are left out.
func (d *DB) LinksOf(ctx context.Context, instance, entity string, wooIDs, erpIDs []string) ([]Link, error) {
	var rows []linkRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+linkColumns+` FROM tandem.links WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)
		UNION SELECT `+linkColumns+` FROM tandem.links WHERE instance = $1 AND entity = $2 AND erp_id = ANY ($4)
		ORDER BY id`, instance, entity, pq.Array(orEmpty(wooIDs)), pq.Array(orEmpty(erpIDs)))
	return collect(rows, linkRow.link), classify(err, "reading links")
}

// LinkedIDs gives the ids by which a direction's source knows the records of links, oldest first, at most one more than limit. Those that
// the store has no more are left out.
func (d *DB) LinkedIDs(ctx context.Context, f LinkFilter, direction flow.Direction, limit int) ([]string, error) {
	var ids []string
	err := d.pool.SelectContext(ctx, &ids, `
		SELECT `+identityOf(direction).id+` FROM tandem.links
		WHERE instance = $1 AND entity = $2 AND ($3 = '' OR state = $3) AND store_state = '' ORDER BY id LIMIT $4`,
		f.Instance, f.Entity, f.State, limit+1)
	return ids, classify(err, "reading the ids of links")
}

package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
)

const findSoldVariants = `
SELECT k.instance, k.entity, k.ext_id, v.id, v.product_id, v.track_stock AND NOT p.virtual AS tracked
FROM ` + boundKeys + `
JOIN ledger.variants v ON v.id = e.record_id
JOIN ledger.products p ON p.id = v.product_id`

// soldVariant is a variant as orders and stock counts need to know it.
type soldVariant struct {
	ID        int64
	ProductID int64 `db:"product_id"`
	Tracked   bool  // stock is kept of it
}

// resolveSold finds the variants under external keys. Keys under which there is none are missing from the map.
func resolveSold(ctx context.Context, q sqlx.QueryerContext, keys []erp.Key) (map[erp.Key]soldVariant, error) {
	found := make(map[erp.Key]soldVariant, len(keys))
	if len(keys) == 0 {
		return found, nil
	}
	instances, entities, ids := columnsOfKeys(keys)
	var rows []struct {
		Instance string
		Entity   string
		ExtID    string `db:"ext_id"`
		soldVariant
	}
	err := sqlx.SelectContext(ctx, q, &rows, findSoldVariants, pq.Array(instances), pq.Array(entities), pq.Array(ids), "variant")
	for _, row := range rows {
		found[erp.Key{Instance: row.Instance, Entity: row.Entity, ID: row.ExtID}] = row.soldVariant
	}
	return found, classify(err)
}

package db

import (
	"context"

	"github.com/lib/pq"
)

// Decide notes what a person chose for a record. A later choice takes the place of an earlier one.
func (d *DB) Decide(ctx context.Context, instance, entity, wooID, choice, by string) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.decisions (instance, entity, woo_id, choice, decided_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (instance, entity, woo_id) DO UPDATE SET choice = excluded.choice, decided_by = excluded.decided_by, decided_at = now()`,
		instance, entity, wooID, choice, by)
	return classify(err, "noting the decision")
}

// Decisions returns what people chose for records of an entity, by their ids. Those about which nothing was decided are missing from
// the map.
func (d *DB) Decisions(ctx context.Context, instance, entity string, ids []string) (map[string]string, error) {
	var rows []struct {
		WooID  string `db:"woo_id"`
		Choice string
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id, choice FROM tandem.decisions WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)`,
		instance, entity, pq.Array(ids))
	choices := make(map[string]string, len(rows))
	for _, row := range rows {
		choices[row.WooID] = row.Choice
	}
	return choices, classify(err, "reading decisions")
}

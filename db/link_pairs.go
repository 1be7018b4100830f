package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// LinkPairs pairs records of the store with records of the ERP, one to one, each list at the same index; with look it only looks. It
// reports those of which either record is paired with another one, with that pair, and leaves them out. Pairs that exist stay as they
// are; new ones are Unsynchronised until they are compared.
//
// Imports may pair two records of the store with one of the ERP, such as the accounts of a customer who registered twice. That is why no
// index of the table forbids it, and requests to pair by hand take turns.
func (d *DB) LinkPairs(ctx context.Context, instance, entity string, wooIDs, erpIDs []string, look bool,
	taken func(i int, wooID, erpID string),
) error {
	return d.tx(ctx, "linking records", func(tx *sqlx.Tx) error {
		if !look {
			_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('tandem.links/' || $1 || '/' || $2, 0))`, instance, entity)
			if err != nil {
				return err
			}
		}
		var held []pair
		err := tx.SelectContext(ctx, &held, `
			SELECT woo_id AS wooid, erp_id AS erpid FROM tandem.links WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)
			UNION SELECT woo_id, erp_id FROM tandem.links WHERE instance = $1 AND entity = $2 AND erp_id = ANY ($4)
			ORDER BY 1, 2`, instance, entity, pq.Array(orEmpty(wooIDs)), pq.Array(orEmpty(erpIDs)))
		if err != nil {
			return err
		}
		var free []pair
		for i := range wooIDs {
			wanted := pair{wooIDs[i], erpIDs[i]}
			if other, ok := inTheWay(held, wanted); ok {
				taken(i, other.WooID, other.ERPID)
				continue
			}
			held, free = append(held, wanted), append(free, wanted)
		}
		if look || len(free) == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO tandem.links (instance, entity, woo_id, woo_type, erp_id, state, digest)
			SELECT $1, $2, w, '', e, 'unsynchronised', '' FROM unnest($3::text[], $4::text[]) AS p(w, e)
			ON CONFLICT (instance, entity, woo_id) DO NOTHING`, instance, entity,
			pq.Array(collect(free, func(p pair) string { return p.WooID })), pq.Array(collect(free, func(p pair) string { return p.ERPID })))
		return err
	})
}

// inTheWay finds the pair that has one of two records with another one. Those that are paired already as they are to be are free.
func inTheWay(held []pair, wanted pair) (pair, bool) {
	var other pair
	found := false
	for _, h := range held {
		if h == wanted {
			return pair{}, false
		}
		if h.WooID == wanted.WooID || h.ERPID == wanted.ERPID {
			other, found = h, true
		}
	}
	return other, found
}

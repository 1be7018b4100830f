package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// markOverwritten marks the page's records of which somebody else has kept another version since the page was started: nobody
// knows which of the two was landed last, so they are read and landed again.
func markOverwritten(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	ids, err := overwritten(ctx, tx, p)
	if err != nil || len(ids) == 0 {
		return err
	}
	for _, id := range ids {
		p.again[id] = true
	}
	return nil
}

// overwritten lists the page's records whose kept copy is not the one that StartPage kept.
func overwritten(ctx context.Context, tx *sqlx.Tx, p PageResult) ([]string, error) {
	if p.Direction == flow.Export || len(p.Started.digests) == 0 {
		return nil, nil
	}
	ids, digests := make([]string, 0, len(p.Results)), make([]string, 0, len(p.Results))
	for _, r := range p.Results {
		if digest, kept := p.Started.digests[r.Record.ID]; kept {
			ids, digests = append(ids, r.Record.ID), append(digests, digest)
		}
	}
	var changed []string
	err := tx.SelectContext(ctx, &changed, `
		SELECT i.woo_id FROM unnest($3::text[], $4::text[]) AS i(woo_id, digest)
		CROSS JOIN LATERAL (
		  SELECT r.digest FROM tandem.raw_records r
		  WHERE r.instance = $1 AND r.entity = $2 AND r.woo_id = i.woo_id LIMIT 1) kept
		WHERE kept.digest <> decode(i.digest, 'hex')`, p.Instance, p.Entity, pq.Array(ids), pq.Array(digests))
	return changed, err
}

// distrust is for a page that was landed too late to count. Where somebody else has kept another version meanwhile, the ERP may
// hold the late one: the kept copy loses its digest, so that pages under way land the record again, and its job waits to be
// read again.
func (d *DB) distrust(ctx context.Context, p PageResult) error {
	return d.tx(ctx, "looking after what was landed too late", func(tx *sqlx.Tx) error {
		ids, err := overwritten(ctx, tx, p)
		if err != nil || len(ids) == 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE tandem.raw_records SET digest = '' WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)`,
			p.Instance, p.Entity, pq.Array(ids)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE tandem.queue_jobs SET state = 'waiting', woken_at = now(), claimed_at = NULL, updated_at = now()
			WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3) AND operation = $4 AND state <> 'in_progress'`,
			p.Instance, p.Entity, pq.Array(ids), p.Operation)
		return err
	})
}

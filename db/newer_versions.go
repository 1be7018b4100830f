package db

import (
	"context"
	"database/sql"
	"errors"
)

// NewerVersion says why the ERP does not have what the store says of an order by now.
type NewerVersion struct {
	Code   string // of the queue job; empty while it is being imported
	Reason string // the same, for the operator; no personal data
}

// newerVersion finds the imports of order o that are not done although the store has changed it since it landed. Of an order that was asked
// for by its id and is not in the store, or was read again as it landed, there is no newer version. An edit that a person is asked about is
// one whatever was kept of it.
const newerVersion = `
	FROM tandem.queue_jobs j
	LEFT JOIN tandem.links l ON l.instance = j.instance AND l.entity = j.entity AND l.woo_id = j.woo_id
	LEFT JOIN tandem.raw_records r ON r.instance = j.instance AND r.entity = j.entity AND r.woo_id = j.woo_id
	WHERE j.instance = o.instance AND j.entity = 'order' AND j.woo_id = o.woo_id AND j.direction = 'import' AND j.state <> 'done'
	  AND (j.code = 'order_edited' OR l.store_changed_at IS NOT NULL OR encode(r.digest, 'hex') <> l.raw_digest)`

// NewerVersion looks for a version of an order that waits, failed or is on its way into the ERP.
func (d *DB) NewerVersion(ctx context.Context, instance, wooID string) (newer NewerVersion, found bool, err error) {
	err = d.pool.GetContext(ctx, &newer, `
		SELECT j.code, j.reason FROM (SELECT $1::text AS instance, $2::text AS woo_id) o CROSS JOIN LATERAL (
		  SELECT j.id, j.code, j.reason`+newerVersion+`) j
		ORDER BY j.id DESC LIMIT 1`, instance, wooID)
	if errors.Is(err, sql.ErrNoRows) {
		return NewerVersion{}, false, nil
	}
	return newer, err == nil, classify(err, "looking for a newer version of the order")
}

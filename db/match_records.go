package db

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// The sides of a record that takes part in a matching.
const (
	StoreSide = "store"
	ERPSide   = "erp"
)

// MatchRecord is a record of one side that takes part in a matching.
type MatchRecord struct {
	Side   string              `json:"side"`
	ID     string              `json:"record_id"`
	Label  string              `json:"label"`
	Parent string              `json:"parent"`
	Linked string              `json:"other_id"`
	Keys   map[string][]string `json:"-"` // digests, by rule
}

// keptRecord is a row of a record that takes part.
type keptRecord struct {
	ID       int64
	Side     string
	RecordID string `db:"record_id"`
	Added    bool
}

// AddMatchRecords keeps records that take part in the matching of the attempt's operation. Those that are kept already are replaced and
// counted once. It is refused when the attempt no longer counts.
func (d *DB) AddMatchRecords(ctx context.Context, l Lease, records []MatchRecord) error {
	records = latest(records, func(r MatchRecord) string { return r.Side + "/" + r.ID })
	return d.tx(ctx, "keeping records to match", func(tx *sqlx.Tx) error {
		if err := checkLease(ctx, tx, l.Operation, l.Instance, l.Entity, l.Epoch); err != nil {
			return err
		}
		kept, err := keepMatchRecords(ctx, tx, l, records)
		if err != nil {
			return err
		}
		if err := keepMatchKeys(ctx, tx, l, records, kept); err != nil {
			return err
		}
		added := 0
		for _, row := range kept {
			if row.Added {
				added++
			}
		}
		return countMatched(ctx, tx, l, Progress{Read: added})
	})
}

func keepMatchRecords(ctx context.Context, tx *sqlx.Tx, l Lease, records []MatchRecord) ([]keptRecord, error) {
	encoded, err := json.Marshal(records)
	if err != nil {
		return nil, err
	}
	var kept []keptRecord
	err = tx.SelectContext(ctx, &kept, `
		INSERT INTO tandem.match_records AS m (operation, instance, entity, side, record_id, label, parent, other_id)
		SELECT $1, $2, $3, r.side, r.record_id, r.label, r.parent, r.other_id
		FROM jsonb_to_recordset($4::jsonb) AS r(side text, record_id text, label text, parent text, other_id text)
		ORDER BY r.side DESC, r.record_id
		ON CONFLICT (operation, instance, entity, side, record_id) DO UPDATE SET label = excluded.label, parent = excluded.parent,
		  other_id = excluded.other_id, outcome = '', rule = '', others = '{}'
		RETURNING id, side, record_id, xmax = 0 AS added`, l.Operation, l.Instance, l.Entity, string(encoded))
	return kept, err
}

// keepMatchKeys replaces what the records are told apart by.
func keepMatchKeys(ctx context.Context, tx *sqlx.Tx, l Lease, records []MatchRecord, kept []keptRecord) error {
	type keyRow struct {
		Record int64  `json:"record"`
		Side   string `json:"side"`
		Rule   string `json:"rule"`
		Key    string `json:"key"`
	}
	place := make(map[string]int64, len(kept))
	for _, row := range kept {
		place[row.Side+"/"+row.RecordID] = row.ID
	}
	rows := []keyRow{}
	for _, r := range records {
		for rule, keys := range r.Keys {
			for _, key := range keys {
				rows = append(rows, keyRow{place[r.Side+"/"+r.ID], r.Side, rule, key})
			}
		}
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	ids := collect(kept, func(row keptRecord) int64 { return row.ID })
	if _, err := tx.ExecContext(ctx, `DELETE FROM tandem.match_keys WHERE record = ANY ($1)`, pq.Array(ids)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.match_keys (operation, instance, entity, rule, key, side, record)
		SELECT $1, $2, $3, k.rule, k.key, k.side, k.record
		FROM jsonb_to_recordset($4::jsonb) AS k(record bigint, side text, rule text, key text) ON CONFLICT DO NOTHING`,
		l.Operation, l.Instance, l.Entity, string(encoded))
	return err
}

// countMatched adds to the counters of a matching or a linking.
func countMatched(ctx context.Context, tx *sqlx.Tx, l Lease, p Progress) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.operation_progress SET read = read + $4, created = created + $5, parked = parked + $6
		WHERE operation = $1 AND instance = $2 AND entity = $3`, l.Operation, l.Instance, l.Entity, p.Read, p.Created, p.Parked)
	return err
}

// MatchPage is a page of a matching or a linking that is done.
type MatchPage struct {
	Next     flow.Cursor // everything before it is done
	Total    int         // records that there are to read, as far as is known
	Requests int64       // made to the store
}

// FinishMatchPage notes that a page is done. It is refused when the attempt no longer counts.
func (d *DB) FinishMatchPage(ctx context.Context, l Lease, p MatchPage) error {
	return d.tx(ctx, "finishing the page", func(tx *sqlx.Tx) error {
		if err := checkLease(ctx, tx, l.Operation, l.Instance, l.Entity, l.Epoch); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE tandem.operation_progress SET requests = requests + $4, pages = pages + 1, landed_at = now(), waiting = NULL,
			  cursor = $5::jsonb, total = greatest(total, $6)
			WHERE operation = $1 AND instance = $2 AND entity = $3`, l.Operation, l.Instance, l.Entity, p.Requests, jsonOrNull(p.Next), p.Total)
		return err
	})
}

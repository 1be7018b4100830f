package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// rawInput describes one record to be stored. From and Size, in bytes, say where it lies in the page's bytes.
type rawInput struct {
	WooID    string     `json:"woo_id"`
	Digest   string     `json:"digest"` // sha256, hexadecimal
	From     int        `json:"from"`   // the first byte is 1
	Size     int        `json:"size"`
	Modified *time.Time `json:"modified"`
	Type     string     `json:"type"`
	Status   string     `json:"status"`

	raw []byte
}

// storeRaw writes the records that differ from the stored ones. The bytes travel as one value: an array of them would
// have to be escaped here and parsed there.
func storeRaw(ctx context.Context, tx *sqlx.Tx, p PageStart) error {
	inputs, err := changedRaw(ctx, tx, p, collect(p.Records, newRawInput))
	if err != nil || len(inputs) == 0 {
		return err
	}
	body := slices.Concat(collect(inputs, func(r rawInput) []byte { return r.raw })...)
	from := 1
	for i := range inputs {
		inputs[i].From, inputs[i].Size = from, len(inputs[i].raw)
		from += len(inputs[i].raw)
	}
	encoded, err := json.Marshal(inputs)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.raw_records (instance, entity, woo_id, digest, raw, modified, type, status)
		SELECT $1, $2, r.woo_id, decode(r.digest, 'hex'), substring($4::bytea FROM r."from" FOR r.size), r.modified, r.type, r.status
		FROM jsonb_to_recordset($3::jsonb) AS r(
		  woo_id text, digest text, "from" int, size int, modified timestamptz, type text, status text)
		ORDER BY r.woo_id
		ON CONFLICT (instance, entity, woo_id) DO UPDATE SET digest = excluded.digest, raw = excluded.raw,
		  modified = excluded.modified, type = excluded.type, status = excluded.status, fetched_at = now()`,
		p.Instance, p.Entity, string(encoded), body)
	return err
}

func newRawInput(r RawRecord) rawInput {
	sum := sha256.Sum256(r.Raw)
	return rawInput{
		WooID: r.WooID, Digest: hex.EncodeToString(sum[:]), Modified: orNil(r.Modified), Type: r.Type, Status: r.Status, raw: r.Raw,
	}
}

// changedRaw drops the records that are stored already just as they are. The join is made one record at a time, so
// that the primary key is used whatever the planner believes of the table.
func changedRaw(ctx context.Context, tx *sqlx.Tx, p PageStart, inputs []rawInput) ([]rawInput, error) {
	ids := collect(inputs, func(r rawInput) string { return r.WooID })
	digests := collect(inputs, func(r rawInput) string { return r.Digest })
	var different []int
	err := tx.SelectContext(ctx, &different, `
		SELECT i.place - 1 FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS i(woo_id, digest, place)
		LEFT JOIN LATERAL (
		  SELECT r.digest FROM tandem.raw_records r
		  WHERE r.instance = $1 AND r.entity = $2 AND r.woo_id = i.woo_id LIMIT 1) stored ON true
		WHERE stored.digest IS DISTINCT FROM decode(i.digest, 'hex') ORDER BY i.place`,
		p.Instance, p.Entity, pq.Array(ids), pq.Array(digests))
	return collect(different, func(i int) rawInput { return inputs[i] }), err
}

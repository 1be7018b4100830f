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

	"tandem/flow"
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
	Names    []string   `json:"names"`

	raw []byte
}

// storeRaw writes the records that differ from the stored ones and are not older. The bytes travel as one value: an array of
// them would have to be escaped here and parsed there.
func storeRaw(ctx context.Context, tx *sqlx.Tx, p PageStart) (PageStarted, error) {
	all := collect(p.Records, newRawInput)
	started := PageStarted{digests: make(map[string]string, len(all)), readAt: p.ReadAt}
	for _, r := range all {
		started.digests[r.WooID] = r.Digest
	}
	if p.Direction == flow.Export {
		return started, nil // the ERP keeps its records
	}
	changed, nameless, err := changedRaw(ctx, tx, p, all)
	if err != nil {
		return started, err
	}
	if err := nameRaw(ctx, tx, p, nameless); err != nil {
		return started, err
	}
	if err := touchRaw(ctx, tx, p, all, changed); err != nil || len(changed) == 0 {
		return started, err
	}
	written, err := writeRaw(ctx, tx, p, changed)
	for _, r := range changed {
		if !slices.Contains(written, r.WooID) {
			started.Older = append(started.Older, r.WooID)
			delete(started.digests, r.WooID)
		}
	}
	return started, err
}

// olderThanKept holds for a record that was read before the kept one (r), unless its date says that it is newer all the same;
// and for one that a list shows with an earlier date, as caches do. A store whose clock was set back shows such dates too: that
// is why the record is then asked for by id, where only the time of reading counts. A time of reading in the future, left by a
// clock that ran ahead, counts for nothing.
const olderThanKept = `(
	r.read_at > excluded.read_at AND r.read_at <= clock_timestamp() AND (excluded.modified > r.modified) IS NOT TRUE
	OR NOT $5 AND (excluded.modified < r.modified) IS TRUE)`

// writeRaw writes what is not older than the kept copy and gives the ids of what it wrote.
func writeRaw(ctx context.Context, tx *sqlx.Tx, p PageStart, inputs []rawInput) ([]string, error) {
	body := slices.Concat(collect(inputs, func(r rawInput) []byte { return r.raw })...)
	from := 1
	for i := range inputs {
		inputs[i].From, inputs[i].Size = from, len(inputs[i].raw)
		from += len(inputs[i].raw)
	}
	encoded, err := json.Marshal(inputs)
	if err != nil {
		return nil, err
	}
	var written []string
	err = tx.SelectContext(ctx, &written, `
		INSERT INTO tandem.raw_records AS r (instance, entity, woo_id, digest, raw, modified, type, status, names, read_at)
		SELECT $1, $2, i.woo_id, decode(i.digest, 'hex'), substring($4::bytea FROM i."from" FOR i.size), i.modified, i.type,
		  i.status, i.names, coalesce($6, now())
		FROM jsonb_to_recordset($3::jsonb) AS i(
		  woo_id text, digest text, "from" int, size int, modified timestamptz, type text, status text, names text[])
		ORDER BY i.woo_id
		ON CONFLICT (instance, entity, woo_id) DO UPDATE SET digest = excluded.digest, raw = excluded.raw,
		  modified = excluded.modified, type = excluded.type, status = excluded.status, names = excluded.names, fetched_at = now(),
		  read_at = greatest(r.read_at, excluded.read_at)
		WHERE NOT `+olderThanKept+` RETURNING woo_id`,
		p.Instance, p.Entity, string(encoded), body, p.ByID, null(p.ReadAt))
	return written, err
}

// touchRaw notes when unchanged records were read, while another operation reads the same ones: it may have read a state
// that the record has left again since.
func touchRaw(ctx context.Context, tx *sqlx.Tx, p PageStart, all, changed []rawInput) error {
	if len(all) == len(changed) {
		return nil
	}
	var rivals bool
	err := tx.GetContext(ctx, &rivals, `
		SELECT EXISTS (SELECT FROM tandem.operation_progress
		  WHERE instance = $1 AND entity = $2 AND state = 'running' AND operation <> $3)`, p.Instance, p.Entity, p.Operation)
	if err != nil || !rivals {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		WITH read AS (
		  SELECT woo_id FROM tandem.raw_records WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)
		  ORDER BY woo_id FOR UPDATE)
		UPDATE tandem.raw_records r SET read_at = coalesce($4, now()) FROM read
		WHERE r.instance = $1 AND r.entity = $2 AND r.woo_id = read.woo_id AND r.read_at < coalesce($4, now())`,
		p.Instance, p.Entity, pq.Array(unchangedIDs(all, changed)), null(p.ReadAt))
	return err
}

func unchangedIDs(all, changed []rawInput) []string {
	var ids []string
	for _, r := range all {
		if !slices.ContainsFunc(changed, func(c rawInput) bool { return c.WooID == r.WooID }) {
			ids = append(ids, r.WooID)
		}
	}
	return ids
}

func newRawInput(r flow.Record) rawInput {
	sum := sha256.Sum256(r.Raw)
	return rawInput{
		WooID: r.ID, Digest: hex.EncodeToString(sum[:]), Modified: orNil(r.Modified), Type: r.Type, Status: r.Status,
		Names: namesOf(r.Names), raw: r.Raw,
	}
}

// changedRaw gives the records that are not stored just as they are, and apart from them those that are, but without names. The join is
// made one record at a time, so that the primary key is used whatever the planner believes of the table.
func changedRaw(ctx context.Context, tx *sqlx.Tx, p PageStart, inputs []rawInput) (changed, nameless []rawInput, err error) {
	ids := collect(inputs, func(r rawInput) string { return r.WooID })
	digests := collect(inputs, func(r rawInput) string { return r.Digest })
	var found []struct {
		Place int
		Same  bool
	}
	err = tx.SelectContext(ctx, &found, `
		SELECT i.place - 1 AS place, stored.digest IS NOT DISTINCT FROM decode(i.digest, 'hex') AS same
		FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS i(woo_id, digest, place)
		LEFT JOIN LATERAL (
		  SELECT r.digest, r.names FROM tandem.raw_records r
		  WHERE r.instance = $1 AND r.entity = $2 AND r.woo_id = i.woo_id LIMIT 1) stored ON true
		WHERE stored.digest IS DISTINCT FROM decode(i.digest, 'hex') OR stored.names IS NULL ORDER BY i.place`,
		p.Instance, p.Entity, pq.Array(ids), pq.Array(digests))
	for _, f := range found {
		if f.Same {
			nameless = append(nameless, inputs[f.Place])
		} else {
			changed = append(changed, inputs[f.Place])
		}
	}
	return changed, nameless, err
}

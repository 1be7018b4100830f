package db

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// linkInput is what a landed record's link holds.
type linkInput struct {
	WooID    string     `json:"woo_id"`
	WooType  string     `json:"woo_type"`
	Label    string     `json:"label"`
	Relation *string    `json:"relation"` // nil where nobody looked: an export
	Parent   *string    `json:"parent_id"`
	ERPID    string     `json:"erp_id"`
	Digest   string     `json:"digest"`
	Raw      string     `json:"raw_digest"`
	Store    string     `json:"store_digest"`
	ERP      string     `json:"erp_digest"`
	Modified *time.Time `json:"modified"`
	// Parts are the digests of parts that are equal; nil for none that is not known.
	Parts      map[string]string `json:"part_digests"`
	StoreAhead bool              `json:"store_ahead"`
	KeptFor    string            `json:"kept_for"` // the direction that is to move what is kept back
	KeptUnder  string            `json:"kept_under"`
}

// stillChanged holds for a link whose record a person changed in the ERP, where landing it is not the end of that: the ERP was not written
// ($5), or it was seen changed after the page was read ($4) and is not what was taken over.
const stillChanged = `l.erp_changed_at IS NOT NULL AND (l.woo_id = ANY ($5) OR excluded.erp_digest = '` + neverEqual + `'
	OR (l.erp_changed_at > $4) IS TRUE AND l.erp_seen <> excluded.erp_digest)`

// neverEqual stands for the digest of an ERP's record of which only a part was written into the store: it differs from all there are.
const neverEqual = "-"

// upsertLinks links what landed. For an unchanged record only columns without an index change, so the row stays in
// its place.
func upsertLinks(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	inputs := p.linkInputs()
	if len(inputs) == 0 {
		return nil
	}
	related := []string{}
	for _, input := range inputs {
		if input.Relation != nil {
			related = append(related, input.WooID)
		}
	}
	encoded, err := json.Marshal(inputs)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.links AS l (instance, entity, woo_id, woo_type, label, erp_id, state, digest, raw_digest, store_digest, erp_digest,
		  part_digests, erp_changed_at, store_changed_at, store_modified, last_synced_at, relation, parent_id,
		  kept_for, kept_under)
		SELECT $1, $2, r.woo_id, r.woo_type, r.label, r.erp_id, CASE r.erp_digest WHEN '`+neverEqual+`' THEN 'unsynchronised' ELSE 'synchronised' END,
		  r.digest, r.raw_digest, r.store_digest, r.erp_digest, r.part_digests, CASE r.erp_digest WHEN '`+neverEqual+`' THEN now() END,
		  CASE WHEN r.store_ahead THEN now() END, r.modified, now(), coalesce(r.relation, ''), coalesce(r.parent_id, ''),
		  r.kept_for, r.kept_under
		FROM jsonb_to_recordset($3::jsonb) AS r(woo_id text, woo_type text, label text, erp_id text, digest text, raw_digest text, store_digest text,
		  erp_digest text, part_digests jsonb, store_ahead boolean, modified timestamptz, relation text, parent_id text,
		  kept_for text, kept_under text)
		ORDER BY r.woo_id
		ON CONFLICT (instance, entity, woo_id) DO UPDATE SET woo_type = coalesce(nullif(excluded.woo_type, ''), l.woo_type),
		  label = coalesce(nullif(excluded.label, ''), l.label),
		  erp_id = excluded.erp_id, digest = coalesce(nullif(excluded.digest, ''), l.digest),
		  raw_digest = coalesce(nullif(excluded.raw_digest, ''), l.raw_digest),
		  store_digest = coalesce(nullif(excluded.store_digest, ''), l.store_digest),
		  erp_digest = CASE WHEN excluded.erp_digest IN ('', '`+neverEqual+`') AND l.erp_digest <> '' THEN l.erp_digest ELSE excluded.erp_digest END,
		  part_digests = CASE WHEN excluded.part_digests IS NULL THEN l.part_digests ELSE coalesce(l.part_digests, '{}') || excluded.part_digests END,
		  state = CASE WHEN `+stillChanged+` THEN 'unsynchronised' ELSE excluded.state END,
		  erp_changed_at = CASE WHEN `+stillChanged+` THEN l.erp_changed_at ELSE excluded.erp_changed_at END,
		  store_changed_at = excluded.store_changed_at, kept_for = excluded.kept_for, kept_under = excluded.kept_under,
		  last_synced_at = excluded.last_synced_at, store_state = '', store_modified = coalesce(excluded.store_modified, l.store_modified),
		  relation = CASE WHEN excluded.woo_id = ANY ($6) THEN excluded.relation ELSE l.relation END,
		  parent_id = CASE WHEN excluded.woo_id = ANY ($6) THEN excluded.parent_id ELSE l.parent_id END`,
		p.Instance, p.Entity, string(encoded), null(p.Started.readAt), pq.Array(p.notWritten()), pq.Array(related))
	return err
}

// linkInputs lists what landed, with what either side holds of it now.
func (p PageResult) linkInputs() []linkInput {
	var inputs []linkInput
	for _, r := range p.Results {
		if !r.Outcome.Landed() || r.Outcome.LeftOut {
			continue
		}
		ids := pairOf(p.Direction, r)
		input := linkInput{
			WooID: ids.WooID, ERPID: ids.ERPID, Label: r.Record.Label, Digest: r.Outcome.After, Store: r.Outcome.Sides.Store, ERP: r.Outcome.Sides.ERP,
		}
		if r.Outcome.Partial || r.Outcome.StoreAhead {
			input.ERP = neverEqual
		}
		if r.Outcome.StoreAhead || r.Outcome.Partial && p.Direction != flow.Export {
			input.Store = "" // the two are not equal: what they were last stays
		}
		if len(r.Outcome.Equal) > 0 {
			input.Parts = r.Outcome.Equal
		}
		input.StoreAhead = r.Outcome.StoreAhead
		switch {
		case r.Outcome.StoreAhead:
			input.KeptFor, input.KeptUnder = string(flow.Import), r.Outcome.Owners
		case r.Outcome.Partial && r.Outcome.Owners != "":
			input.KeptFor, input.KeptUnder = string(flow.Export), r.Outcome.Owners
		}
		if p.Direction != flow.Export {
			input.Raw, input.WooType, input.Modified = p.Started.digests[r.Record.ID], r.Record.Type, orNil(r.Record.Modified)
			input.Relation, input.Parent = &r.Record.Relation, &r.Record.Parent
		}
		inputs = append(inputs, input)
	}
	return inputs
}

// markUndecided notes of links that a person has to decide about their records, and under which owners.
func markUndecided(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	var ids, owners []string
	for _, r := range p.Results {
		if o := r.Outcome; o.Refused() && o.Owners != "" && o.Subject != "" {
			ids, owners = append(ids, pairOf(p.Direction, r).WooID), append(owners, o.Owners)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.links l SET kept_for = 'decision', kept_under = r.owners FROM unnest($3::text[], $4::text[]) AS r(woo_id, owners)
		WHERE l.instance = $1 AND l.entity = $2 AND l.woo_id = r.woo_id`, p.Instance, p.Entity, pq.Array(ids), pq.Array(owners))
	return err
}

// notWritten gives the ids of what an import wrote nothing of into the ERP, and of which it is not known that both sides are equal.
func (p PageResult) notWritten() []string {
	ids := []string{}
	for _, r := range p.Results {
		equal := r.Outcome.Sides.ERP != "" && !r.Outcome.Partial
		if p.Direction != flow.Export && r.Outcome.Status == flow.Unchanged && !equal {
			ids = append(ids, r.Record.ID)
		}
	}
	return ids
}

// markStoreChanged notes of links whose record the store changed, and an import refused, that the two sides are not equal any more. Landing
// it takes that back.
func markStoreChanged(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	var ids, digests []string
	for _, r := range p.Results {
		if digest := p.Started.digests[r.Record.ID]; digest != "" && r.Outcome.Refused() && p.Direction != flow.Export {
			ids, digests = append(ids, r.Record.ID), append(digests, digest)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.links l SET state = 'unsynchronised', store_changed_at = now()
		FROM unnest($3::text[], $4::text[]) AS r(woo_id, digest)
		WHERE l.instance = $1 AND l.entity = $2 AND l.woo_id = r.woo_id AND l.store_changed_at IS NULL
		  AND l.raw_digest NOT IN ('', r.digest)`, p.Instance, p.Entity, pq.Array(ids), pq.Array(digests))
	return err
}

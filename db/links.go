package db

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
	"tandem/flow"
)

// States of a link.
const (
	Synchronised   = "synchronised"
	Unsynchronised = "unsynchronised" // one side changed since the last comparison, or it was paired by hand
)

// Link pairs a store record with an ERP record.
type Link struct {
	Instance      string
	Entity        string
	WooID         string
	WooType       string // the store's own type, e.g. "variable"
	Label         string // what people call it, as Links and Link say; empty where that is not known
	ERPID         string
	State         string    // Synchronised or Unsynchronised
	Digest        string    // digest of the content that the ERP was given last
	StoreDigest   string    // digest of the store's record then, as an import maps it; empty for kinds that are not compared
	ERPDigest     string    // digest of the ERP's record then, as the ERP lists it; empty until it was read
	ERPChanged    time.Time // since when it is known that the ERP's record is another one; zero when it is not
	StoreChanged  time.Time // the same of the store's
	CreatedAt     time.Time
	StoreModified time.Time // by the store's clock; zero where it does not say
	LastSyncedAt  time.Time // zero when never compared
	Relation      string    // how the store's record belongs to another of its kind, e.g. "subscription_renewal"; empty for none
	ParentID      string    // the store's id of that one; empty where it is not known
	StoreState    string    // StoreTrashed or StoreDeleted; empty while the store has the record, as far as is known
}

// ChangedIn says which side changed since the two were equal: "erp", "store" or "both"; "" when neither did, as far as is known.
func (l Link) ChangedIn() string {
	switch {
	case l.ERPChanged.IsZero() && l.StoreChanged.IsZero():
		return ""
	case l.StoreChanged.IsZero():
		return "erp"
	case l.ERPChanged.IsZero():
		return "store"
	default:
		return "both"
	}
}

// What of a link's record is known to be gone from the store. Landing it again takes it back.
const (
	StoreTrashed = "trashed"
	StoreDeleted = "deleted"
)

// LinkFilter picks links; empty fields match all.
type LinkFilter struct {
	Instance string
	Entity   string
	State    string
	WooID    string
	ERPID    string // needs Instance and Entity to be found fast
	ParentID string // the same
}

// labelled puts beside links (l) what the kept copy of a record is called, for those without a label: an account's e-mail address, and
// whatever landed before links had labels. Each copy is found by its key.
const labelled = ` LEFT JOIN LATERAL (
	SELECT r.names[1] AS name FROM tandem.raw_records r
	WHERE l.label = '' AND r.instance = l.instance AND r.entity = l.entity AND r.woo_id = l.woo_id LIMIT 1) kept ON true`

const linkLabel = `, coalesce(nullif(l.label, ''), kept.name, '') AS label`

const linkColumns = `id, instance, entity, woo_id AS wooid, woo_type AS wootype, erp_id AS erpid, state, digest,
	store_digest AS storedigest, erp_digest AS erpdigest, erp_changed_at AS erpchanged, store_changed_at AS storechanged, created_at AS createdat, store_modified AS storemodified, last_synced_at AS lastsyncedat, relation, parent_id AS parentid, store_state AS storestate`

// linkRow is a link with its place in lists and the columns that may be NULL.
type linkRow struct {
	Link
	ID            int64
	StoreModified sql.NullTime
	LastSyncedAt  sql.NullTime
	ERPChanged    sql.NullTime
	StoreChanged  sql.NullTime
}

func (r linkRow) link() Link {
	link := r.Link
	link.CreatedAt, link.StoreModified, link.LastSyncedAt = link.CreatedAt.UTC(), utc(r.StoreModified), utc(r.LastSyncedAt)
	link.ERPChanged, link.StoreChanged = utc(r.ERPChanged), utc(r.StoreChanged)
	return link
}

// Links lists links, newest first, and gives the cursor of the rest.
func (d *DB) Links(ctx context.Context, f LinkFilter, p Page) ([]Link, string, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	var rows []linkRow
	err = d.pool.SelectContext(ctx, &rows, `
		SELECT `+linkColumns+linkLabel+` FROM (
		  SELECT * FROM tandem.links
		  WHERE ($1 = '' OR instance = $1) AND ($2 = '' OR entity = $2) AND ($3 = '' OR state = $3) AND ($4 = '' OR woo_id = $4)
		    AND ($5 = '' OR erp_id = $5) AND ($8 = '' OR parent_id = $8) AND id < $6
		  ORDER BY id DESC LIMIT $7) l`+labelled+`
		ORDER BY id DESC`, f.Instance, f.Entity, f.State, f.WooID, f.ERPID, before, p.size()+1, f.ParentID)
	if err != nil {
		return nil, "", classify(err, "listing links")
	}
	rows, next := cut(rows, p.size(), func(r linkRow) string { return strconv.FormatInt(r.ID, 10) })
	return collect(rows, linkRow.link), next, nil
}

// Link gives the link of a store record; NotFound when it has none.
func (d *DB) Link(ctx context.Context, instance, entity, wooID string) (Link, error) {
	var row linkRow
	err := d.pool.GetContext(ctx, &row, `
		SELECT `+linkColumns+linkLabel+` FROM tandem.links l`+labelled+` WHERE instance = $1 AND entity = $2 AND woo_id = $3`,
		instance, entity, wooID)
	return row.link(), named(classify(err, "reading the link"), fault.NotFound, "%s/%s/%s has no link: it has not landed yet",
		instance, entity, wooID)
}

// LinkDigests returns the content digests that the ERP held of store records when they were last synced, by their ids. Those that
// have no link are missing from the map.
func (d *DB) LinkDigests(ctx context.Context, instance, entity string, ids []string) (map[string]string, error) {
	var rows []struct {
		WooID  string `db:"woo_id"`
		Digest string
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id, digest FROM tandem.links WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)`,
		instance, entity, pq.Array(ids))
	digests := make(map[string]string, len(rows))
	for _, row := range rows {
		digests[row.WooID] = row.Digest
	}
	return digests, classify(err, "reading the digests of links")
}

// ERPDigests returns what the ERP held of store records when both sides were equal last, by their ids. Those that have no link, or whose
// record in the ERP was not read since, are missing from the map.
func (d *DB) ERPDigests(ctx context.Context, instance, entity string, ids []string) (map[string]string, error) {
	var rows []struct {
		WooID  string `db:"woo_id"`
		Digest string `db:"erp_digest"`
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id, erp_digest FROM tandem.links WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3) AND erp_digest <> ''`,
		instance, entity, pq.Array(ids))
	digests := make(map[string]string, len(rows))
	for _, row := range rows {
		digests[row.WooID] = row.Digest
	}
	return digests, classify(err, "reading what the ERP held of links")
}

// Commons returns what both sides held of store records when they were equal last, by their ids. Those that have no link are missing.
func (d *DB) Commons(ctx context.Context, instance, entity string, ids []string) (map[string]flow.Common, error) {
	var rows []struct {
		WooID string `db:"woo_id"`
		Store string `db:"store_digest"`
		ERP   string `db:"erp_digest"`
		Parts fromJSON[map[string]string]
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id, store_digest, erp_digest, part_digests AS parts FROM tandem.links
		WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)`, instance, entity, pq.Array(ids))
	commons := make(map[string]flow.Common, len(rows))
	for _, row := range rows {
		commons[row.WooID] = flow.Common{Sides: flow.Sides{Store: row.Store, ERP: row.ERP}, Parts: row.Parts.value}
	}
	return commons, classify(err, "reading what both sides of links held")
}

// DeleteLink forgets which ERP record a store record is paired with; NotFound when it has no link.
func (d *DB) DeleteLink(ctx context.Context, instance, entity, wooID string) error {
	result, err := d.pool.ExecContext(ctx, `DELETE FROM tandem.links WHERE instance = $1 AND entity = $2 AND woo_id = $3`,
		instance, entity, wooID)
	return named(oneRow(result, err, "deleting the link"), fault.NotFound, "%s/%s/%s has no link", instance, entity, wooID)
}

// SetLink pairs a store record with an ERP record by hand. The link is Unsynchronised until the two are compared. What
// waits for the record is woken by Wake, not here.
func (d *DB) SetLink(ctx context.Context, l Link) (Link, error) {
	var row linkRow
	err := d.pool.GetContext(ctx, &row, `
		INSERT INTO tandem.links AS l (instance, entity, woo_id, woo_type, erp_id, state, digest)
		VALUES ($1, $2, $3, $4, $5, 'unsynchronised', '')
		ON CONFLICT (instance, entity, woo_id) DO UPDATE SET erp_id = excluded.erp_id, state = 'unsynchronised', digest = '', store_digest = '',
		  raw_digest = '', erp_digest = '', erp_seen = '', part_digests = NULL, erp_changed_at = NULL, store_changed_at = NULL,
		  kept_for = '', kept_under = '',
		  woo_type = coalesce(nullif(excluded.woo_type, ''), l.woo_type)
		RETURNING `+linkColumns, l.Instance, l.Entity, l.WooID, l.WooType, l.ERPID)
	return row.link(), classify(err, "storing the link")
}

// goneStates says by the code of a missing record what its link's StoreState becomes.
var goneStates = map[string]string{"not_in_store": StoreDeleted, "in_store_trash": StoreTrashed}

// markGone notes of links that the store has their records no more. The link stays: it says what became of the record in the ERP,
// and takes the record up again when the store has it back.
func markGone(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	byState := map[string][]string{}
	for _, r := range p.Results {
		if state := goneStates[r.Outcome.Code]; state != "" && p.Direction != flow.Export {
			byState[state] = append(byState[state], r.Record.ID)
		}
	}
	for state, ids := range byState {
		_, err := tx.ExecContext(ctx, `
			UPDATE tandem.links SET store_state = $3 WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($4) AND store_state <> $3`,
			p.Instance, p.Entity, state, pq.Array(ids))
		if err != nil {
			return err
		}
	}
	return nil
}

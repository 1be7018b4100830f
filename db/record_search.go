package db

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// recordSearchTime is far more than a search by index takes.
const recordSearchTime = 10 * time.Second

// RecordName is a name to look for, in one instance or, without one, in all.
type RecordName struct{ Instance, Name string }

// RecordKey is a record of a store, by its id there.
type RecordKey struct{ Instance, Entity, WooID string }

// FoundRecord is what is known of a record of a store. What it has none of is empty.
type FoundRecord struct {
	RecordKey
	ERPID        string
	Label        string // see Link.Label; of what landed
	LinkState    string
	ChangedIn    string // see Link.ChangedIn
	StoreState   string // see Link.StoreState
	LastSyncedAt time.Time
	JobID        int64 // the one that is open, or else the newest; 0 for none
	JobState     string
	JobCode      string
	JobReason    string
	RunState     string // of the order's sale workflow
	RunCode      string
	RunReason    string
}

// findRecords goes by index throughout: each join is made one record at a time, whatever the planner believes of the tables. Of many
// records with one name, those with the greatest ids are looked at, which are the newest.
const findRecords = `
	WITH named AS (
	  SELECT r.instance, r.entity, r.woo_id FROM unnest($1::text[], $2::text[]) n(instance, name)
	  JOIN tandem.raw_records r ON r.names @> ARRAY[n.name] AND (n.instance = '' OR r.instance = n.instance)
	), asked AS (
	  SELECT k.instance, k.entity, k.woo_id FROM unnest($3::text[], $4::text[], $5::text[]) k(instance, entity, woo_id)
	), keyed AS (
	  SELECT a.* FROM asked a JOIN LATERAL (
	    SELECT FROM tandem.raw_records r WHERE r.instance = a.instance AND r.entity = a.entity AND r.woo_id = a.woo_id LIMIT 1) r ON true
	  UNION SELECT a.* FROM asked a JOIN LATERAL (
	    SELECT FROM tandem.links l WHERE l.instance = a.instance AND l.entity = a.entity AND l.woo_id = a.woo_id LIMIT 1) l ON true
	  UNION SELECT a.* FROM asked a JOIN LATERAL (
	    SELECT FROM tandem.queue_jobs j WHERE j.instance = a.instance AND j.entity = a.entity AND j.woo_id = a.woo_id LIMIT 1) j ON true
	), found AS MATERIALIZED (
	  SELECT instance, entity, woo_id FROM (SELECT * FROM named UNION SELECT * FROM keyed) either
	  ORDER BY length(woo_id) DESC, woo_id DESC, instance, entity LIMIT $6)
	SELECT f.instance, f.entity, f.woo_id AS wooid, coalesce(l.erp_id, '') AS erpid, coalesce(l.label, '') AS label,
	  coalesce(l.state, '') AS linkstate,
	  coalesce(l.store_state, '') AS storestate, l.erp_changed_at, l.store_changed_at, l.last_synced_at,
	  coalesce(j.id, 0) AS jobid, coalesce(j.state, '') AS jobstate, coalesce(j.code, '') AS jobcode, coalesce(j.reason, '') AS jobreason,
	  coalesce(o.state, '') AS runstate, coalesce(o.code, '') AS runcode, coalesce(o.reason, '') AS runreason
	FROM found f
	LEFT JOIN LATERAL (
	  SELECT * FROM tandem.links k WHERE k.instance = f.instance AND k.entity = f.entity AND k.woo_id = f.woo_id LIMIT 1) l ON true
	LEFT JOIN LATERAL (
	  SELECT id, state, code, reason FROM tandem.queue_jobs q
	  WHERE q.instance = f.instance AND q.entity = f.entity AND q.woo_id = f.woo_id ORDER BY q.state = 'done', q.id DESC LIMIT 1) j ON true
	LEFT JOIN LATERAL (
	  SELECT state, code, reason FROM tandem.order_runs r WHERE f.entity = 'order' AND r.instance = f.instance AND r.woo_id = f.woo_id LIMIT 1) o ON true
	ORDER BY length(f.woo_id) DESC, f.woo_id DESC, f.instance, f.entity`

type foundRow struct {
	FoundRecord
	Instance     string
	Entity       string
	WooID        string
	ERPChanged   sql.NullTime `db:"erp_changed_at"`
	StoreChanged sql.NullTime `db:"store_changed_at"`
	LastSyncedAt sql.NullTime `db:"last_synced_at"`
}

func (r foundRow) record() FoundRecord {
	f := r.FoundRecord
	f.RecordKey = RecordKey{r.Instance, r.Entity, r.WooID}
	f.ChangedIn = Link{ERPChanged: utc(r.ERPChanged), StoreChanged: utc(r.StoreChanged)}.ChangedIn()
	f.LastSyncedAt = utc(r.LastSyncedAt)
	return f
}

// FindRecords finds records of stores that have one of these names, whatever their letters' case, or one of these keys; at most limit,
// those with the greatest ids first.
func (d *DB) FindRecords(ctx context.Context, names []RecordName, keys []RecordKey, limit int) ([]FoundRecord, error) {
	const doing = "looking for records"
	var rows []foundRow
	err := d.ReadOnly(ctx, doing, recordSearchTime, func(tx *sqlx.Tx) error {
		// How many records have a name is not known before: the planner would rather read a large table than trust its index.
		if _, err := tx.ExecContext(ctx, `SET LOCAL enable_seqscan = off`); err != nil {
			return err
		}
		return tx.SelectContext(ctx, &rows, findRecords, findArguments(names, keys, limit)...)
	})
	return collect(rows, foundRow.record), err
}

func findArguments(names []RecordName, keys []RecordKey, limit int) []any {
	return []any{
		pq.Array(collect(names, func(n RecordName) string { return n.Instance })),
		pq.Array(collect(names, func(n RecordName) string { return nameOf(n.Name) })),
		pq.Array(collect(keys, func(k RecordKey) string { return k.Instance })),
		pq.Array(collect(keys, func(k RecordKey) string { return k.Entity })),
		pq.Array(collect(keys, func(k RecordKey) string { return k.WooID })),
		limit,
	}
}

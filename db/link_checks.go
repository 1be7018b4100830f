package db

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
)

// LinkCheck is how far the ERP's changes of an entity are known to the states of its links.
type LinkCheck struct {
	Instance  string
	Entity    string
	Cursor    string    // the place in the ERP's feed of changes
	TriedAt   time.Time // zero when never
	CheckedAt time.Time // when all changes were known last; zero when never
	Problem   string    // why the last try failed; empty when it did not
	Now       time.Time // the database's clock when this was read
}

// linkCheckRow is a LinkCheck with the columns that may be NULL.
type linkCheckRow struct {
	LinkCheck
	TriedAt   sql.NullTime
	CheckedAt sql.NullTime
}

func (r linkCheckRow) check() LinkCheck {
	check := r.LinkCheck
	check.TriedAt, check.CheckedAt, check.Now = utc(r.TriedAt), utc(r.CheckedAt), check.Now.UTC()
	return check
}

const linkCheckColumns = `instance, entity, cursor, tried_at AS triedat, checked_at AS checkedat, problem, now() AS now`

// LinkCheck says how far the changes of an entity are known. linked is false when the entity has no links, whose state there is to know.
func (d *DB) LinkCheck(ctx context.Context, instance, entity string) (check LinkCheck, linked bool, err error) {
	const doing = "reading up to where the ERP's changes are known"
	if err := d.pool.GetContext(ctx, &linked, `SELECT EXISTS (SELECT FROM tandem.links WHERE instance = $1 AND entity = $2)`,
		instance, entity); err != nil || !linked {
		return LinkCheck{}, false, classify(err, doing)
	}
	var row linkCheckRow
	err = d.pool.GetContext(ctx, &row, `
		SELECT $1::text AS instance, $2::text AS entity, coalesce(c.cursor, '') AS cursor, c.tried_at AS triedat, c.checked_at AS checkedat,
		  coalesce(c.problem, '') AS problem, now() AS now
		FROM (SELECT) one LEFT JOIN tandem.link_checks c ON c.instance = $1 AND c.entity = $2`, instance, entity)
	return row.check(), true, classify(err, doing)
}

// LinkChecks lists how far the changes of an instance's entities are known, by the names of the entities.
func (d *DB) LinkChecks(ctx context.Context, instance string) ([]LinkCheck, error) {
	var rows []linkCheckRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+linkCheckColumns+` FROM tandem.link_checks WHERE instance = $1 ORDER BY entity`, instance)
	return collect(rows, linkCheckRow.check), classify(err, "listing up to where the ERP's changes are known")
}

// LinkLook is what a look at the ERP's changes found.
type LinkLook struct {
	Instance string
	Entity   string
	ERPIDs   []string  // of the records that were read
	Digests  []string  // of each, as the ERP lists it
	ReadAt   time.Time // before they were read, by the database's clock
	Cursor   string    // to go on from
	Done     bool      // nothing more has changed
}

// NoteLinkLook takes what the ERP holds into the states of links. A record that is another one than when both sides were equal last makes
// its link Unsynchronised, and one that is the same again takes that back. Where it was not known what the ERP held, it is from now on.
func (d *DB) NoteLinkLook(ctx context.Context, look LinkLook) error {
	return d.tx(ctx, "noting what changed in the ERP", func(tx *sqlx.Tx) error {
		if err := flipLinks(ctx, tx, look); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO tandem.link_checks AS c (instance, entity, cursor, tried_at, checked_at)
			SELECT id, $2, $3, now(), CASE WHEN $4 THEN $5::timestamptz END FROM tandem.instances WHERE id = $1
			ON CONFLICT (instance, entity) DO UPDATE SET cursor = excluded.cursor, tried_at = excluded.tried_at, problem = '',
			  checked_at = coalesce(excluded.checked_at, c.checked_at)`, look.Instance, look.Entity, look.Cursor, look.Done, look.ReadAt)
		return err
	})
}

func flipLinks(ctx context.Context, tx *sqlx.Tx, look LinkLook) error {
	if len(look.ERPIDs) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		WITH due AS (
		  SELECT l.id, s.digest FROM unnest($3::text[], $4::text[]) AS s(erp_id, digest)
		  JOIN tandem.links l ON l.instance = $1 AND l.entity = $2 AND l.erp_id = s.erp_id
		  WHERE CASE WHEN l.erp_changed_at IS NULL THEN l.erp_digest ELSE l.erp_seen END <> s.digest
		  ORDER BY l.woo_id FOR UPDATE OF l)
		UPDATE tandem.links l SET erp_seen = due.digest, erp_digest = coalesce(nullif(l.erp_digest, ''), due.digest),
		  erp_changed_at = CASE WHEN l.erp_digest NOT IN ('', due.digest) THEN coalesce(l.erp_changed_at, $5) END,
		  state = CASE WHEN l.erp_digest NOT IN ('', due.digest) OR l.store_changed_at IS NOT NULL THEN 'unsynchronised'
		    WHEN l.erp_changed_at IS NOT NULL THEN 'synchronised' ELSE l.state END
		FROM due WHERE l.id = due.id`,
		look.Instance, look.Entity, pq.Array(look.ERPIDs), pq.Array(look.Digests), look.ReadAt)
	return err
}

// NoteLinkProblem notes why the ERP's changes of an entity could not be read: the states of its links are as old as the last look.
func (d *DB) NoteLinkProblem(ctx context.Context, instance, entity string, problem error) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.link_checks (instance, entity, tried_at, problem)
		SELECT id, $2, now(), $3 FROM tandem.instances WHERE id = $1
		ON CONFLICT (instance, entity) DO UPDATE SET tried_at = excluded.tried_at, problem = excluded.problem`,
		instance, entity, fault.From(problem).Error())
	return classify(err, "noting why the ERP's changes are not known")
}

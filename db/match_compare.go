package db

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// MatchRule is one way to compare the records of a matching.
type MatchRule struct {
	Name string
	Path bool // its keys are names, of which each stands below that of the record's parent
}

// CompareMatchRecords finds which records of the two sides are the same, by one rule after another: what a rule has found, or could not
// decide, no later one looks at. A record that has one on the other side which is nobody else's is a match. It is refused when the
// attempt no longer counts; doing it twice is harmless.
func (d *DB) CompareMatchRecords(ctx context.Context, l Lease, rules []MatchRule) error {
	return d.tx(ctx, "comparing records", func(tx *sqlx.Tx) error {
		if err := checkLease(ctx, tx, l.Operation, l.Instance, l.Entity, l.Epoch); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE tandem.match_records SET outcome = 'linked'
			WHERE operation = $1 AND instance = $2 AND entity = $3 AND outcome = '' AND other_id <> ''`, l.Operation, l.Instance, l.Entity)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			if rule.Path {
				if _, err := tx.ExecContext(ctx, writePaths, l.Operation, l.Instance, l.Entity, rule.Name); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, compareByRule, l.Operation, l.Instance, l.Entity, rule.Name); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE tandem.match_records SET outcome = 'unmatched'
			WHERE operation = $1 AND instance = $2 AND entity = $3 AND outcome = ''`, l.Operation, l.Instance, l.Entity)
		return err
	})
}

// deepestPath is how far down a tree records are matched by their place in it.
const deepestPath = `30`

// writePaths makes of the names of records in a tree the names of all above them too. Trees may hold circles. Done twice, it changes both
// sides alike.
const writePaths = `
WITH RECURSIVE named AS (
    SELECT m.id, m.side, m.record_id, m.parent, k.key
    FROM tandem.match_records m JOIN tandem.match_keys k ON k.record = m.id AND k.rule = $4
    WHERE m.operation = $1 AND m.instance = $2 AND m.entity = $3
), paths AS (
    SELECT id, side, record_id, key AS path, 1 AS depth FROM named WHERE parent = ''
    UNION ALL
    SELECT n.id, n.side, n.record_id, p.path || '/' || n.key, p.depth + 1
    FROM paths p JOIN named n ON n.side = p.side AND n.parent = p.record_id
    WHERE p.depth < ` + deepestPath + `
)
UPDATE tandem.match_keys k SET key = encode(sha256(convert_to(p.path, 'UTF8')), 'hex') FROM paths p WHERE k.record = p.id AND k.rule = $4`

// compareByRule pairs what shares a key. Whoever may be several, and all that may be it, is in conflict.
const compareByRule = `
WITH pairs AS MATERIALIZED (
    SELECT DISTINCT s.id AS store, s.record_id AS woo_id, e.id AS erp, e.record_id AS erp_id
    FROM tandem.match_keys ks
    JOIN tandem.match_keys ke ON ke.operation = ks.operation AND ke.instance = ks.instance AND ke.entity = ks.entity
      AND ke.rule = ks.rule AND ke.key = ks.key AND ke.side = 'erp'
    JOIN tandem.match_records s ON s.id = ks.record AND s.outcome = ''
    JOIN tandem.match_records e ON e.id = ke.record AND e.outcome = ''
    WHERE ks.operation = $1 AND ks.instance = $2 AND ks.entity = $3 AND ks.rule = $4 AND ks.side = 'store'
), counted AS (
    SELECT *, count(*) OVER (PARTITION BY store) AS in_erp, count(*) OVER (PARTITION BY erp) AS in_store FROM pairs
), found AS (
    SELECT store AS id, max(erp_id) AS other, max(greatest(in_erp, in_store)) AS widest, (array_agg(erp_id ORDER BY erp_id))[:10] AS others
    FROM counted GROUP BY store
    UNION ALL
    SELECT erp, max(woo_id), max(greatest(in_erp, in_store)), (array_agg(woo_id ORDER BY woo_id))[:10]
    FROM counted GROUP BY erp
)
UPDATE tandem.match_records m SET rule = $4,
  outcome = CASE WHEN f.widest = 1 THEN 'match' ELSE 'conflict' END,
  other_id = CASE WHEN f.widest = 1 THEN f.other ELSE '' END,
  others = CASE WHEN f.widest = 1 THEN '{}' ELSE f.others END
FROM found f WHERE m.id = f.id`

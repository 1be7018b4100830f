package db

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
)

// What came out of a record of a matching.
const (
	OutcomeMatch     = "match"     // there is one on the other side that is the same
	OutcomeConflict  = "conflict"  // there are several on one of the sides
	OutcomeUnmatched = "unmatched" // there is none on the other side
	OutcomeLinked    = "linked"    // it is linked, since before or by this matching
	OutcomeRefused   = "refused"   // it could not be linked to the one that was found
)

// Match is what came out of a record of a matching. One that has a record on the other side is told once, by the store's.
type Match struct {
	Instance string
	Entity   string
	Side     string
	RecordID string `db:"record_id"`
	Label    string
	OtherID  string `db:"other_id"`
	Outcome  string
	Rule     string
	Others   pq.StringArray // of a conflict, at most ten
	Code     string
	Reason   string
}

// MatchFilter picks what came out of a matching; empty fields but Operation match all.
type MatchFilter struct {
	Operation string
	Instance  string
	Entity    string
	Outcome   string
	Side      string
}

// toldOnce leaves out the ERP's side of what the store's side tells.
const toldOnce = ` AND NOT (side = 'erp' AND outcome IN ('match', 'linked', 'refused'))`

// Matches lists what came out of a matching, in the order in which the records were read.
func (d *DB) Matches(ctx context.Context, f MatchFilter, p Page) ([]Match, string, error) {
	text, err := p.cursor()
	if err != nil {
		return nil, "", err
	}
	after := int64(0)
	if text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, "", badCursor(err)
		}
	}
	var rows []struct {
		ID int64
		Match
	}
	err = d.pool.SelectContext(ctx, &rows, `
		SELECT id, instance, entity, side, record_id, label, other_id, outcome, rule, others, code, reason FROM tandem.match_records
		WHERE operation = $1 AND ($2 = '' OR instance = $2) AND ($3 = '' OR entity = $3) AND ($4 = '' OR outcome = $4)
		  AND ($5 = '' OR side = $5) AND outcome <> '' AND id > $6`+toldOnce+`
		ORDER BY id LIMIT $7`, f.Operation, f.Instance, f.Entity, f.Outcome, f.Side, after, p.size()+1)
	if err != nil {
		return nil, "", classify(err, "listing matches")
	}
	next := ""
	if len(rows) > p.size() {
		rows = rows[:p.size()]
		next = encodeCursor(strconv.FormatInt(rows[len(rows)-1].ID, 10))
	}
	list := make([]Match, len(rows))
	for i, row := range rows {
		list[i] = row.Match
	}
	return list, next, nil
}

// MatchCount counts what came out of a matching.
type MatchCount struct {
	Instance string
	Entity   string
	Side     string
	Outcome  string
	Count    int
}

// MatchCounts counts what came out of a matching, by instance, entity, side and outcome.
func (d *DB) MatchCounts(ctx context.Context, operation string) ([]MatchCount, error) {
	counts := []MatchCount{}
	err := d.pool.SelectContext(ctx, &counts, `
		SELECT instance, entity, side, outcome, count(*) AS count FROM tandem.match_records
		WHERE operation = $1 AND outcome <> ''`+toldOnce+`
		GROUP BY instance, entity, side, outcome ORDER BY instance, entity, outcome, side DESC`, operation)
	return counts, classify(err, "counting matches")
}

// FoundPair is a pair that a matching found.
type FoundPair struct {
	ID    int64  // its place
	WooID string `db:"record_id"`
	ERPID string `db:"other_id"`
}

// FoundPairs gives pairs that a matching found of an entity and that are not linked yet, from the one after a place on; ids names the
// store's records that are meant, nil all.
func (d *DB) FoundPairs(ctx context.Context, operation, instance, entity string, ids []string, after int64, limit int) ([]FoundPair, error) {
	var pairs []FoundPair
	err := d.pool.SelectContext(ctx, &pairs, `
		SELECT id, record_id, other_id FROM tandem.match_records
		WHERE operation = $1 AND instance = $2 AND entity = $3 AND outcome = 'match' AND side = 'store' AND id > $4
		  AND ($5::text[] IS NULL OR record_id = ANY ($5))
		ORDER BY id LIMIT $6`, operation, instance, entity, after, pq.Array(ids), limit)
	return pairs, classify(err, "reading the pairs that were found")
}

// SettledPair says what became of a pair that was to be linked.
type SettledPair struct {
	WooID  string `json:"woo_id"`
	ERPID  string `json:"erp_id"`
	Code   string `json:"code"` // of its refusal; empty with Reason when it is linked
	Reason string `json:"reason"`
}

// SettlePairs notes what became of pairs that the matching found, counts each once in the operation of the lease, and wakes the records
// that waited for one of them.
func (d *DB) SettlePairs(ctx context.Context, l Lease, matching string, pairs []SettledPair) error {
	encoded, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	var keys []string
	for _, p := range pairs {
		if p.Reason == "" {
			keys = append(keys, WaitKeys(l.Instance, l.Entity, p.WooID, p.ERPID)...)
		}
	}
	return d.tx(ctx, "noting what became of pairs", func(tx *sqlx.Tx) error {
		if err := checkLease(ctx, tx, l.Operation, l.Instance, l.Entity, l.Epoch); err != nil {
			return err
		}
		var settled []string
		err := tx.SelectContext(ctx, &settled, `
			WITH p AS (SELECT * FROM jsonb_to_recordset($4::jsonb) AS p(woo_id text, erp_id text, code text, reason text)), moved AS (
			  UPDATE tandem.match_records m SET outcome = CASE WHEN p.reason = '' THEN 'linked' ELSE 'refused' END, code = p.code, reason = p.reason
			  FROM p WHERE m.operation = $1 AND m.instance = $2 AND m.entity = $3 AND m.outcome = 'match'
			    AND (m.side = 'store' AND m.record_id = p.woo_id OR m.side = 'erp' AND m.record_id = p.erp_id)
			  RETURNING m.side, m.outcome)
			SELECT outcome FROM moved WHERE side = 'store'`, matching, l.Instance, l.Entity, string(encoded))
		if err != nil {
			return err
		}
		counts := Progress{Read: len(settled)}
		for _, outcome := range settled {
			if outcome == OutcomeLinked {
				counts.Created++
			} else {
				counts.Parked++
			}
		}
		if err := countMatched(ctx, tx, l, counts); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, lockLanding, l.Instance); err != nil {
			return err
		}
		_, err = wakeKeys(ctx, tx, l.Instance, keys)
		return err
	})
}

// WaitKeys gives the keys that records may wait for until a pair is linked: that of the store's record, and that by which others of the
// ERP name one which the store does not have.
func WaitKeys(instance, entity, wooID, erpID string) []string {
	return []string{
		erp.Key{Instance: instance, Entity: entity, ID: wooID}.String(),
		erp.PendingKey(instance, entity, erpID).String(),
	}
}

// Matching gives the operation of a matching; NotFound when there is none.
func (d *DB) Matching(ctx context.Context, id string) (Operation, error) {
	op, err := d.Operation(ctx, id)
	if err == nil && op.Direction != string(flow.Match) {
		err = fault.New(fault.NotFound, "operation %s is no matching", id)
	}
	return op, err
}

package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/fault"
)

var _ erp.RecordReader = (*Ledger)(nil)

// recordPlace is how far a reader of records has come: through all of them by id, and then through what changed since it began, in
// the order of the transactions that did. A change is told once no older transaction is under way any more: see selectMoved.
type recordPlace struct {
	changes bool
	number  string // of a transaction: changes before it are known
	id      int64  // the last one given
}

func (p recordPlace) String() string {
	step := "all"
	if p.changes {
		step = "changes"
	}
	return step + "-" + p.number + "-" + strconv.FormatInt(p.id, 10)
}

func parseRecordPlace(text string) (recordPlace, error) {
	parts := strings.Split(text, "-")
	if len(parts) == 3 && (parts[0] == "all" || parts[0] == "changes") {
		_, err1 := strconv.ParseUint(parts[1], 10, 64)
		id, err2 := strconv.ParseInt(parts[2], 10, 64)
		if err1 == nil && err2 == nil {
			return recordPlace{changes: parts[0] == "changes", number: parts[1], id: id}, nil
		}
	}
	return recordPlace{}, fault.Field("after", "is not a cursor of records: begin with an empty one")
}

const selectChangedRecords = `
WITH page AS (
    SELECT s, CASE WHEN $1::xid8 < pg_snapshot_xmax(s) THEN $1::xid8 ELSE '0' END AS start FROM pg_current_snapshot() s
), changed AS (
    SELECT t.id, CASE WHEN t.changed < pg_snapshot_xmax(s) THEN t.changed ELSE '0' END AS changed, start
    FROM ledger.%s t CROSS JOIN page
    WHERE t.changed >= start AND NOT (t.changed >= pg_snapshot_xmin(s) AND t.changed < pg_snapshot_xmax(s)) AND %s
)
SELECT changed::text AS number, id FROM changed
WHERE changed >= start AND (start <> $1::xid8 OR (changed, id) > (start, $2))
ORDER BY changed, id LIMIT $3`

// recordKind says which rows of a table are records of a kind.
type recordKind struct {
	table string
	where string // which rows of the table, t
}

// recordPage are the ids of a page, and where it ends.
type recordPage struct {
	ids  []int64
	next recordPlace
	done bool
}

// page picks the ids of a page.
func (k recordKind) page(ctx context.Context, tx *sqlx.Tx, q erp.RecordQuery) (recordPage, error) {
	if q.IDs != nil {
		return k.named(ctx, tx, q.IDs)
	}
	at := recordPlace{}
	var err error
	if q.After == "" {
		err = tx.GetContext(ctx, &at.number, `SELECT pg_snapshot_xmin(pg_current_snapshot())::text`)
	} else {
		at, err = parseRecordPlace(q.After)
	}
	if err != nil {
		return recordPage{}, err
	}
	if at.changes {
		return k.changed(ctx, tx, at, q.Limit)
	}
	page := recordPage{next: at}
	err = tx.SelectContext(ctx, &page.ids, fmt.Sprintf(`SELECT t.id FROM ledger.%s t WHERE t.id > $1 AND %s ORDER BY t.id LIMIT $2`, k.table, k.where),
		at.id, q.Limit)
	if page.done = len(page.ids) < q.Limit; page.done {
		page.next = recordPlace{changes: true, number: at.number}
	} else {
		page.next.id = page.ids[len(page.ids)-1]
	}
	return page, err
}

// named picks the records with some ids. What is no number names none.
func (k recordKind) named(ctx context.Context, tx *sqlx.Tx, texts []string) (recordPage, error) {
	var ids []int64
	for _, text := range texts {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	page := recordPage{done: true}
	err := tx.SelectContext(ctx, &page.ids, fmt.Sprintf(`SELECT t.id FROM ledger.%s t WHERE t.id = ANY ($1) AND %s ORDER BY t.id`, k.table, k.where),
		pq.Array(ids))
	return page, err
}

func (k recordKind) changed(ctx context.Context, tx *sqlx.Tx, at recordPlace, limit int) (recordPage, error) {
	var rows []struct {
		Number string
		ID     int64
	}
	err := tx.SelectContext(ctx, &rows, fmt.Sprintf(selectChangedRecords, k.table, k.where), at.number, at.id, limit)
	page := recordPage{next: at, done: len(rows) < limit}
	for _, row := range rows {
		page.ids = append(page.ids, row.ID)
		page.next = recordPlace{changes: true, number: row.Number, id: row.ID}
	}
	return page, err
}

// lastChange is when a record was changed last; the zero time where that is not known.
type lastChange struct {
	at       time.Time
	revision string
}

// lastChanges says when records were changed last. Of those that were not since the ledger notes it, the time is not known.
func (k recordKind) lastChanges(ctx context.Context, tx *sqlx.Tx, ids []int64) (map[int64]lastChange, error) {
	var rows []struct {
		ID        int64
		ChangedAt sql.NullTime `db:"changed_at"`
		Changed   string
	}
	err := tx.SelectContext(ctx, &rows, fmt.Sprintf(`SELECT id, changed_at, changed::text FROM ledger.%s WHERE id = ANY ($1)`, k.table), pq.Array(ids))
	changed := make(map[int64]lastChange, len(rows))
	for _, row := range rows {
		last := lastChange{revision: row.Changed}
		if row.ChangedAt.Valid {
			last.at = row.ChangedAt.Time.UTC()
		}
		changed[row.ID] = last
	}
	return changed, err
}

// listRecords reads a page of records of one kind; read gives them by id.
func listRecords[T any](ctx context.Context, l *Ledger, k recordKind, q erp.RecordQuery,
	read func(recordReader, context.Context, []int64) (map[int64]T, error),
) (erp.RecordPage[T], error) {
	var out erp.RecordPage[T]
	err := l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		page, err := k.page(ctx, tx, q)
		if err != nil {
			return err
		}
		records, err := read(recordReader{tx: tx, instance: q.Instance}, ctx, page.ids)
		if err != nil {
			return err
		}
		changed, err := k.lastChanges(ctx, tx, page.ids)
		for _, id := range page.ids {
			out.Records = append(out.Records, erp.Held[T]{ID: strconv.FormatInt(id, 10), Record: records[id], ChangedAt: changed[id].at, Revision: changed[id].revision})
		}
		if out.Done = page.done; q.IDs == nil {
			out.Next = page.next.String()
		}
		return err
	})
	return out, err
}

// recordReader reads what records are made of, for one instance.
type recordReader struct {
	tx       *sqlx.Tx
	instance string
	own      bool // records are given with own keys, whatever keys they have
}

// rowsOf reads rows as the type that writes them does: a row type names its columns in its json tags.
func rowsOf[R any](ctx context.Context, r recordReader, query string, args ...any) ([]R, error) {
	var text []byte
	err := r.tx.GetContext(ctx, &text, `SELECT coalesce(json_agg(r), '[]') FROM (`+query+`) r`, args...)
	if err != nil {
		return nil, classify(err)
	}
	return decodeRows[R](text)
}

// keysOf gives the keys that records have in the instance, pending ones for those that have none.
func (r recordReader) keysOf(ctx context.Context, model string, entities []string, ids []int64) (func(id int64) erp.Key, error) {
	if r.own {
		return func(id int64) erp.Key { return erp.OwnKey(entities[0], strconv.FormatInt(id, 10)) }, nil
	}
	var rows []struct {
		RecordID int64 `db:"record_id"`
		Entity   string
		ExtID    string `db:"ext_id"`
	}
	err := r.tx.SelectContext(ctx, &rows, `
		SELECT DISTINCT ON (record_id) record_id, entity, ext_id FROM ledger.external_ids
		WHERE record_id = ANY ($1) AND model = $2 AND instance = $3 AND entity = ANY ($4)
		ORDER BY record_id, length(ext_id), ext_id`, pq.Array(ids), model, r.instance, pq.Array(entities))
	keys := make(map[int64]erp.Key, len(rows))
	for _, row := range rows {
		keys[row.RecordID] = erp.Key{Instance: r.instance, Entity: row.Entity, ID: row.ExtID}
	}
	return func(id int64) erp.Key {
		if key, ok := keys[id]; ok || len(entities) == 0 {
			return key
		}
		return erp.PendingKey(r.instance, entities[0], strconv.FormatInt(id, 10))
	}, classify(err)
}

// idsIn collects the ids of rows, each once.
func idsIn[R any](rows []R, id func(R) int64) []int64 {
	var ids []int64
	for _, row := range rows {
		ids = append(ids, id(row))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

var _ erp.Desk = (*Ledger)(nil)

// desk is how people make and change records of one kind. A record lands as one of a store does: a new one under a key that is made of
// the request, one that exists under its own key.
type desk[T any] struct {
	ledger *Ledger
	place
	entity string
	where  string // which rows of the table, t
	finds  string // which of them the pattern $1 finds
	key    func(*T) *erp.Key
	// name gives what is new of a record a key.
	name func(record *T, fresh func(entity string) erp.Key)
	// names lists the records that a record names.
	names func(*T) []reference
	check func(*T) *landing.Refusal
	// prepare makes what the record needs, once it is checked; before is the record as it is, zero for a new one.
	prepare func(ctx context.Context, tx *sqlx.Tx, before erp.Held[T], record *T) error
	land    func(context.Context, *sqlx.Tx, []*T) ([]erp.Outcome, error)
	read    func(recordReader, context.Context, []int64) (map[int64]T, error)
}

// Search finds records by a part of what they are known by.
func (d desk[T]) Search(ctx context.Context, q erp.RecordSearch) (page erp.SearchPage[T], err error) {
	var after any // NULL is the first page
	if q.After != "" {
		if after, err = strconv.ParseInt(q.After, 10, 64); err != nil {
			return page, fault.Field("after", "is not the next of a page: leave it out to begin")
		}
	}
	pattern := patternOf(q.Text)
	query := fmt.Sprintf(`SELECT t.id FROM ledger.%s t WHERE (t.id < $2 OR $2 IS NULL) AND ($1 = '%%%%' OR %s) AND %s ORDER BY t.id DESC LIMIT $3`,
		d.table, d.finds, d.where)
	err = d.ledger.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		var ids []int64
		if err := tx.SelectContext(ctx, &ids, query, pattern, after, q.Limit+1); err != nil {
			return classify(err)
		}
		if len(ids) > q.Limit {
			ids = ids[:q.Limit]
			page.Next = strconv.FormatInt(ids[q.Limit-1], 10)
		}
		page.Records, err = d.versions(ctx, tx, ids)
		return err
	})
	return page, err
}

// Get reads a record.
func (d desk[T]) Get(ctx context.Context, id string) (found erp.Version[T], err error) {
	err = d.ledger.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		found, err = d.version(ctx, tx, id)
		return err
	})
	return found, err
}

func (d desk[T]) version(ctx context.Context, tx *sqlx.Tx, id string) (erp.Version[T], error) {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return erp.Version[T]{}, d.notFound(id)
	}
	found, err := d.versions(ctx, tx, []int64{number})
	switch {
	case err != nil:
		return erp.Version[T]{}, err
	case len(found) == 0:
		return erp.Version[T]{}, d.notFound(id)
	}
	return found[0], nil
}

func (d desk[T]) notFound(id string) error {
	return fault.New(fault.NotFound, "the ledger has no %s %q", strings.ReplaceAll(d.entity, "_", " "), id)
}

// versions reads records in the order of the ids. Those that are no records of the kind are left out.
func (d desk[T]) versions(ctx context.Context, tx *sqlx.Tx, ids []int64) ([]erp.Version[T], error) {
	var rows []struct {
		ID      int64
		Changed string
	}
	err := tx.SelectContext(ctx, &rows, fmt.Sprintf(`
		SELECT t.id, t.changed::text FROM unnest($1::bigint[]) WITH ORDINALITY w (id, place)
		JOIN ledger.%s t USING (id) WHERE %s ORDER BY w.place`, d.table, d.where), pq.Array(ids))
	if err != nil {
		return nil, classify(err)
	}
	records, err := d.read(recordReader{tx: tx, instance: erp.OwnInstance, own: true}, ctx, ids)
	versions := make([]erp.Version[T], len(rows))
	for i, row := range rows {
		versions[i] = erp.Version[T]{Held: erp.Held[T]{ID: strconv.FormatInt(row.ID, 10), Record: records[row.ID]}, Number: row.Changed}
	}
	return versions, err
}

// Create makes a record under a key that is made of the request.
func (d desk[T]) Create(ctx context.Context, request string, record T) (made erp.Version[T], err error) {
	key := erp.Key{Instance: erp.OwnInstance, Entity: d.entity, ID: request}
	err = d.ledger.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockKeys(ctx, tx, d.model, []erp.Key{key}); err != nil {
			return err
		}
		known, err := resolve(ctx, tx, d.model, []erp.Key{key})
		if err != nil {
			return err
		}
		if before, ok := known[key]; ok { // the request came before, and its answer was lost
			made, err = d.version(ctx, tx, strconv.FormatInt(before.ID, 10))
			return err
		}
		*d.key(&record) = key
		made, err = d.put(ctx, tx, request, erp.Held[T]{}, &record)
		return err
	})
	return made, err
}

// Update lands a record under its own key, while nothing else lands it under any other.
func (d desk[T]) Update(ctx context.Context, before erp.Version[T], record T) (now erp.Version[T], err error) {
	err = d.ledger.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := d.lock(ctx, tx, before); err != nil {
			return err
		}
		*d.key(&record) = erp.OwnKey(d.entity, before.ID)
		now, err = d.put(ctx, tx, uuid.NewString(), before.Held, &record)
		return err
	})
	return now, err
}

// lock holds a record until the end of the transaction, in the order in which batches of stores would, and compares its version.
func (d desk[T]) lock(ctx context.Context, tx *sqlx.Tx, before erp.Version[T]) error {
	id, err := strconv.ParseInt(before.ID, 10, 64)
	if err != nil {
		return d.notFound(before.ID)
	}
	var rows []struct{ Instance, Entity, ExtID string }
	err = tx.SelectContext(ctx, &rows, `SELECT instance, entity, ext_id AS extid FROM ledger.external_ids WHERE record_id = $1 AND model = $2`, id, d.model)
	if err != nil {
		return classify(err)
	}
	keys := []erp.Key{erp.OwnKey(d.entity, before.ID)}
	for _, row := range rows {
		keys = append(keys, erp.Key{Instance: row.Instance, Entity: row.Entity, ID: row.ExtID})
	}
	if err := lockKeys(ctx, tx, d.model, keys); err != nil {
		return err
	}
	var changed string
	err = tx.GetContext(ctx, &changed, fmt.Sprintf(`SELECT t.changed::text FROM ledger.%s t WHERE t.id = $1 AND %s FOR UPDATE`, d.table, d.where), id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return d.notFound(before.ID)
	case err != nil:
		return classify(err)
	case changed != before.Number:
		return erp.ChangedSince()
	}
	return nil
}

// put lands one record and reads it back.
func (d desk[T]) put(ctx context.Context, tx *sqlx.Tx, seed string, before erp.Held[T], record *T) (erp.Version[T], error) {
	n := 0
	d.name(record, func(entity string) erp.Key {
		n++
		return erp.Key{Instance: erp.OwnInstance, Entity: entity, ID: seed + "/" + strconv.Itoa(n)}
	})
	if r := d.check(record); r != nil {
		return erp.Version[T]{}, refused(r.Code, r.Reason)
	}
	if err := bindOwn(ctx, tx, append(d.names(record), reference{key: *d.key(record), place: d.place})); err != nil {
		return erp.Version[T]{}, err
	}
	if d.prepare != nil {
		if err := d.prepare(ctx, tx, before, record); err != nil {
			return erp.Version[T]{}, err
		}
	}
	outcomes, err := d.land(ctx, tx, []*T{record})
	if err != nil {
		return erp.Version[T]{}, err
	}
	if o := outcomes[0]; !o.Landed() {
		return erp.Version[T]{}, refused(o.Code, o.Reason)
	}
	return d.version(ctx, tx, cmp.Or(before.ID, outcomes[0].ID))
}

func refused(code, reason string) error {
	err := fault.New(fault.Invalid, "%s", reason)
	err.Code = code
	return err
}

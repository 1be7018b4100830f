package record

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Lateness is how long after its time stamp a change may still become visible: Odoo stamps changes with the beginning of
// their transaction, to which it gives two minutes. The rest is for clocks that do not agree.
const Lateness = 15 * time.Minute

// Feed is one kind of record as it is listed. All of them are gone through by id, first as they are, and then again and again those
// that changed since the pass before began, less the time for which a change may stay invisible: some are told twice.
type Feed struct {
	Model   string
	Where   []any    // which records
	Changed []string // the fields that say when something of a record changed, e.g. "write_date" and "child_ids.write_date"
	// Also gives the records of which something else changed since, which no field of theirs leads to; nil where there is no such.
	Also func(ctx context.Context, since time.Time) ([]int64, error)
	// Trace sees what leaves no trace in the records, such as deleted prices: it gives what is to be compared the next time, and
	// whether something is gone, upon which all are told. nil where all changes show.
	Trace func(ctx context.Context, before string) (now string, gone bool, err error)
}

// pass is how far a pass through the records has come.
type pass struct {
	since int64  // only what changed since, a Unix time; 0 is all
	begun int64  // when the pass began; 0 before
	id    int64  // the last record that was given
	trace string // of what leaves none: see Feed
}

func (p pass) String() string { return fmt.Sprintf("%d-%d-%d-%s", p.since, p.begun, p.id, p.trace) }

// firstPass is what an empty cursor stands for.
const firstPass = "0-0-0-"

func parsePass(text string) (pass, error) {
	if text == "" {
		text = firstPass
	}
	var p pass
	parts := strings.SplitN(text, "-", 4)
	if len(parts) == 4 {
		p.trace = parts[3]
	}
	_, err := fmt.Sscanf(text, "%d-%d-%d-", &p.since, &p.begun, &p.id)
	if err != nil || p.String() != text {
		return pass{}, fault.Field("after", "is not a cursor of records: begin with an empty one")
	}
	return p, nil
}

// FromNow is the cursor behind which only what changes from now on is told, and what changed so shortly before that it may not be visible.
func FromNow() string { return pass{since: time.Now().Add(-Lateness).Unix()}.String() }

// begin starts a pass, unless it is under way.
func (f Feed) begin(ctx context.Context, p pass, now time.Time) (pass, error) {
	if p.begun != 0 {
		return p, nil
	}
	p.begun = now.Unix()
	if f.Trace == nil {
		return p, nil
	}
	trace, gone, err := f.Trace(ctx, p.trace)
	if gone {
		p.since = 0
	}
	p.trace = trace
	return p, err
}

// domain finds what is left of a pass.
func (f Feed) domain(ctx context.Context, p pass) ([]any, error) {
	domain := append([]any{rpc.Where("id", ">", p.id)}, f.Where...)
	if p.since == 0 {
		return domain, nil
	}
	since := time.Unix(p.since, 0).UTC()
	var changes []any
	for _, field := range f.Changed {
		changes = append(changes, rpc.Where(field, ">=", since.Format(rpc.TimeLayout)))
	}
	if f.Also != nil {
		ids, err := f.Also(ctx, since)
		if err != nil {
			return nil, err
		}
		changes = append(changes, rpc.In("id", ids))
	}
	for range len(changes) - 1 {
		domain = append(domain, "|")
	}
	return append(domain, changes...), nil
}

// recordIDs are the ids of a page, and where it ends.
type recordIDs struct {
	ids  []int64
	next string
	done bool
}

func (s *Store) page(ctx context.Context, f Feed, q erp.RecordQuery) (recordIDs, error) {
	if q.IDs != nil {
		return s.namedPage(ctx, f, q.IDs)
	}
	p, err := parsePass(q.After)
	if err != nil {
		return recordIDs{}, err
	}
	if p, err = f.begin(ctx, p, time.Now()); err != nil {
		return recordIDs{}, err
	}
	domain, err := f.domain(ctx, p)
	if err != nil {
		return recordIDs{}, err
	}
	var rows []rpc.Row
	err = s.rpc.Call(ctx, rpc.Call{Model: f.Model, Method: "search_read", Context: s.rpc.ArchivedContext(), Args: map[string]any{
		"domain": domain, "fields": []string{"id"}, "limit": q.Limit, "order": "id"}}, &rows)
	if err != nil {
		return recordIDs{}, err
	}
	page := recordIDs{ids: rpc.Map(rows, rpc.Row.RowID), done: len(rows) < q.Limit}
	if page.done {
		p = pass{since: p.begun - int64(Lateness/time.Second), trace: p.trace}
	} else {
		p.id = page.ids[len(page.ids)-1]
	}
	page.next = p.String()
	return page, nil
}

// namedPage finds the records with some ids. What is no number names none.
func (s *Store) namedPage(ctx context.Context, f Feed, texts []string) (recordIDs, error) {
	var ids []int64
	for _, text := range texts {
		if id := rpc.ParseID(text); id != 0 {
			ids = append(ids, id)
		}
	}
	rows, err := rpc.SearchBy[rpc.Row](ctx, s.rpc, f.Model, "id", rpc.Distinct(ids), f.Where, "id")
	return recordIDs{ids: rpc.Map(rows, rpc.Row.RowID), done: true}, err
}

// Held is what a page of records is made of.
type Held[T any] struct {
	Records map[int64]T
	Merge   func(held, stored T) T // see erp.RecordPage
}

// ReadPage reads a page of records of one kind; read gives them by id. Those that it does not give are left out.
func ReadPage[T any](ctx context.Context, s *Store, f Feed, q erp.RecordQuery, read func(context.Context, []int64) (Held[T], error)) (erp.RecordPage[T], error) {
	page, err := s.page(ctx, f, q)
	if err != nil {
		return erp.RecordPage[T]{}, err
	}
	out := erp.RecordPage[T]{Next: page.next, Done: page.done}
	if len(page.ids) == 0 {
		return out, nil
	}
	held, err := read(ctx, page.ids)
	if err != nil {
		return erp.RecordPage[T]{}, err
	}
	out.Merge = held.Merge
	for _, id := range page.ids {
		if record, ok := held.Records[id]; ok {
			out.Records = append(out.Records, erp.Held[T]{ID: rpc.FormatID(id), Record: record})
		}
	}
	return out, nil
}

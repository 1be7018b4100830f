package mapping

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// options chooses the list options of a scan by filter. It is not asked for ids.
type options func(ec Context, f flow.Filter) woo.ListOptions

// WholeList is for what the store cannot filter: unchanged records cost next to nothing in the ERP.
func WholeList(Context, flow.Filter) woo.ListOptions { return woo.ListOptions{} }

// overlap is how far behind the watermark a scan for changes begins: longer than any request of the store takes to
// write what it has already dated.
const overlap = 2 * time.Minute

// ByDate filters by the dates of creation and change that products, coupons and orders have. The store's filters
// exclude their bounds and know whole seconds; ours include the first and exclude the last.
func ByDate(_ Context, f flow.Filter) woo.ListOptions {
	switch f.Kind {
	case flow.Changes:
		if f.From.IsZero() {
			return woo.ListOptions{}
		}
		return woo.ListOptions{ModifiedAfter: f.From.Add(-overlap)}
	case flow.Range:
		return woo.ListOptions{After: JustBefore(f.From), Before: f.To}
	default:
		return woo.ListOptions{}
	}
}

// JustBefore turns an inclusive bound into the store's exclusive one.
func JustBefore(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-time.Second)
}

// Scan reads a resource with numbered records that can be asked for by id.
func Scan[T any](service func(*woo.Client) *woo.Service[T], choose options) flow.Source[Context, T] {
	return func(ctx context.Context, ec Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[T], error] {
		if f.Kind == flow.IDs {
			return scanIDs(ctx, service(ec.Store), f.IDs, from)
		}
		return scanList(ctx, service(ec.Store), choose(ec, f), from)
	}
}

// ScanAll reads a resource whose list knows no ids: the ones asked for are picked out of all.
func ScanAll[T any](service func(*woo.Client) *woo.Service[T], id func(T) string) flow.Source[Context, T] {
	return func(ctx context.Context, ec Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[T], error] {
		list := scanList(ctx, service(ec.Store), woo.ListOptions{}, from)
		if f.Kind == flow.IDs {
			return pick(list, f.IDs, id)
		}
		return list
	}
}

func scanList[T any](ctx context.Context, service *woo.Service[T], o woo.ListOptions, from flow.Cursor) iter.Seq2[flow.Batch[T], error] {
	return func(yield func(flow.Batch[T], error) bool) {
		at, err := placeOf(from)
		if err != nil {
			yield(flow.Batch[T]{}, err)
			return
		}
		for w, err := range service.Scan(ctx, o, at) {
			b := flow.Batch[T]{
				Records: w.Records, Rejected: rejectedOf(w.Rejected), Next: CursorAt(w.Next),
				Total: w.Total, Done: w.Done, Reading: flow.Reading(w.Reading),
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// placeOf reads a cursor of the store's.
func placeOf(cursor flow.Cursor) (at woo.Cursor, err error) {
	if len(cursor) == 0 {
		return at, nil
	}
	if err := json.Unmarshal(cursor, &at); err != nil {
		return at, fault.Wrap(fault.Internal, err, "the cursor is not one of the store")
	}
	return at, nil
}

// CursorAt is the inverse of placeOf.
func CursorAt(at woo.Cursor) flow.Cursor {
	return fmt.Appendf(nil, `{"offset":%d,"last_id":%d}`, at.Offset, at.LastID)
}

func rejectedOf(list []woo.Rejected) []flow.Rejected {
	var rejected []flow.Rejected
	for _, r := range list {
		rejected = append(rejected, flow.Rejected{ID: r.Key(), Raw: r.Raw, Err: r.Err})
	}
	return rejected
}

// NotInStore is what becomes of an id that the store does not list.
func NotInStore(id string) flow.Missing {
	return flow.Missing{ID: id, Code: "not_in_store", Reason: "the store has no such record; it may have been deleted"}
}

// scanIDs goes on after the greatest id that is done. It has no total of the store's: only what was asked for counts.
func scanIDs[T any](ctx context.Context, service *woo.Service[T], texts []string, from flow.Cursor) iter.Seq2[flow.Batch[T], error] {
	return func(yield func(flow.Batch[T], error) bool) {
		at, err := placeOf(from)
		if err != nil {
			yield(flow.Batch[T]{}, err)
			return
		}
		ids := IdsAfter(texts, at.LastID)
		done := 0
		for w, err := range service.ScanIDs(ctx, ids) {
			b := batchOf(w)
			done = min(done+woo.MaxPerPage, len(ids))
			b.Next, b.Total, b.Done = CursorAt(woo.Cursor{LastID: ids[done-1]}), len(ids), done == len(ids)
			if !yield(b, err) || err != nil {
				return
			}
		}
		if len(ids) == 0 {
			yield(flow.Batch[T]{Next: from, Done: true}, nil)
		}
	}
}

// batchOf gives what the store has of some ids.
func batchOf[T any](w woo.IDWindow[T]) flow.Batch[T] {
	b := flow.Batch[T]{Records: w.Records, Rejected: rejectedOf(w.Rejected), Reading: flow.Reading(w.Reading)}
	for _, id := range w.Missing {
		b.Missing = append(b.Missing, NotInStore(id.String()))
	}
	return b
}

// IdsAfter gives the ids greater than the last one done, ascending, each once. Filters have been checked: these are numbers.
func IdsAfter(texts []string, last woo.ID) []woo.ID {
	var ids []woo.ID
	for _, text := range texts {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && woo.ID(id) > last {
			ids = append(ids, woo.ID(id))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Directory reads a list that the store gives whole: one batch.
func Directory[T any](service func(*woo.Client) *woo.Directory[T], id func(T) string) flow.Source[Context, T] {
	return func(ctx context.Context, ec Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[T], error] {
		list := func(yield func(flow.Batch[T], error) bool) {
			page, err := service(ec.Store).Read(ctx)
			yield(flow.Batch[T]{
				Records: page.Records, Rejected: rejectedOf(page.Rejected), Total: page.Total, Next: from, Done: true,
				Reading: flow.Reading(page.Reading),
			}, err)
		}
		if f.Kind == flow.IDs {
			return pick(list, f.IDs, id)
		}
		return list
	}
}

// pick keeps the records asked for; those that never came are reported missing with the last batch.
func pick[T any](list iter.Seq2[flow.Batch[T], error], ids []string, id func(T) string) iter.Seq2[flow.Batch[T], error] {
	return func(yield func(flow.Batch[T], error) bool) {
		wanted := map[string]bool{}
		for _, id := range ids {
			wanted[id] = true
		}
		for b, err := range list {
			kept := b.Records[:0:0]
			for _, r := range b.Records {
				if wanted[id(r)] {
					kept = append(kept, r)
					delete(wanted, id(r))
				}
			}
			refused := b.Rejected[:0:0]
			for _, r := range b.Rejected {
				if wanted[r.ID] {
					refused = append(refused, r)
					delete(wanted, r.ID)
				}
			}
			b.Records, b.Rejected, b.Total = kept, refused, len(ids)
			if b.Done {
				b.Missing = remaining(ids, wanted)
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// remaining gives those still wanted, in the order asked for, each once.
func remaining(ids []string, wanted map[string]bool) []flow.Missing {
	var left []flow.Missing
	for _, id := range ids {
		if wanted[id] {
			left = append(left, NotInStore(id))
			delete(wanted, id)
		}
	}
	return left
}

// Enrich completes every record of a batch with further reads, as many at once as the store is read with.
func Enrich[S, R any](source flow.Source[Context, S], identify func(S) (woo.ID, json.RawMessage),
	load func(context.Context, Context, S) (R, error),
) flow.Source[Context, R] {
	return flow.Enrich(source, flow.Enricher[Context, S, R]{
		AtOnce: func(ec Context) int { return max(ec.Instance.Connection.Readers, 1) },
		Identify: func(record S) (string, json.RawMessage) {
			id, raw := identify(record)
			return id.String(), raw
		},
		Load: load,
	})
}

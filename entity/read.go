package entity

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"time"

	"tandem/woo"
)

// batch is what one read gave, before it becomes a Page.
type batch[R any] struct {
	records  []R
	rejected []woo.Rejected
	missing  []string
	trashed  []string // those of missing that are in the store's trash
	carts    []string // those of missing that are carts
	next     Cursor
	total    int
	done     bool
	skipped  string // why the list was not read; empty when it was
	woo.Reading
}

// reader reads an entity by filter, from a cursor on.
type reader[R any] func(ctx context.Context, ec Context, f Filter, from Cursor) iter.Seq2[batch[R], error]

// options chooses the list options of a scan by filter. It is not asked for ids.
type options func(ec Context, f Filter) woo.ListOptions

// wholeList is for what the store cannot filter: unchanged records cost next to nothing in the ERP.
func wholeList(Context, Filter) woo.ListOptions { return woo.ListOptions{} }

// overlap is how far behind the watermark a scan for changes begins: longer than any request of the store takes to
// write what it has already dated.
const overlap = 2 * time.Minute

// byDate filters by the dates of creation and change that products, coupons and orders have. The store's filters
// exclude their bounds and know whole seconds; ours include the first and exclude the last.
func byDate(_ Context, f Filter) woo.ListOptions {
	switch f.Kind {
	case Changes:
		if f.From.IsZero() {
			return woo.ListOptions{}
		}
		return woo.ListOptions{ModifiedAfter: f.From.Add(-overlap)}
	case Range:
		return woo.ListOptions{After: justBefore(f.From), Before: f.To}
	default:
		return woo.ListOptions{}
	}
}

// justBefore turns an inclusive bound into the store's exclusive one.
func justBefore(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-time.Second)
}

// scan reads a resource with numbered records that can be asked for by id.
func scan[T any](service func(*woo.Client) *woo.Service[T], choose options) reader[T] {
	return func(ctx context.Context, ec Context, f Filter, from Cursor) iter.Seq2[batch[T], error] {
		if f.Kind == IDs {
			return scanIDs(ctx, service(ec.Store), f.IDs, from)
		}
		return scanList(ctx, service(ec.Store), choose(ec, f), from)
	}
}

// scanAll reads a resource whose list knows no ids: the ones asked for are picked out of all.
func scanAll[T any](service func(*woo.Client) *woo.Service[T], id func(T) string) reader[T] {
	return func(ctx context.Context, ec Context, f Filter, from Cursor) iter.Seq2[batch[T], error] {
		list := scanList(ctx, service(ec.Store), woo.ListOptions{}, from)
		if f.Kind == IDs {
			return pick(list, f.IDs, id)
		}
		return list
	}
}

func scanList[T any](ctx context.Context, service *woo.Service[T], o woo.ListOptions, from Cursor) iter.Seq2[batch[T], error] {
	return func(yield func(batch[T], error) bool) {
		for w, err := range service.Scan(ctx, o, from) {
			b := batch[T]{
				records: w.Records, rejected: w.Rejected, next: w.Next,
				total: w.Total, done: w.Done, Reading: w.Reading,
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// scanIDs goes on after the greatest id that is done. It has no total of the store's: only what was asked for counts.
func scanIDs[T any](ctx context.Context, service *woo.Service[T], texts []string, from Cursor) iter.Seq2[batch[T], error] {
	ids := idsAfter(texts, from.LastID)
	return func(yield func(batch[T], error) bool) {
		done := 0
		for chunk := range slices.Chunk(ids, woo.MaxPerPage) {
			done += len(chunk)
			b, err := readIDs(ctx, service, chunk)
			b.total, b.done = len(ids), done == len(ids)
			if !yield(b, err) || err != nil {
				return
			}
		}
		if len(ids) == 0 {
			yield(batch[T]{next: from, done: true}, nil)
		}
	}
}

// readIDs reads one chunk of at most woo.MaxPerPage ids.
func readIDs[T any](ctx context.Context, service *woo.Service[T], ids []woo.ID) (batch[T], error) {
	b := batch[T]{next: Cursor{LastID: ids[len(ids)-1]}}
	for w, err := range service.ScanIDs(ctx, ids) {
		if err != nil {
			return batch[T]{}, err
		}
		b.records, b.rejected = append(b.records, w.Records...), append(b.rejected, w.Rejected...)
		b.Reading = b.And(w.Reading)
		for _, id := range w.Missing {
			b.missing = append(b.missing, id.String())
		}
	}
	return b, nil
}

// idsAfter gives the ids greater than the last one done, ascending, each once. Accepts has seen that they are numbers.
func idsAfter(texts []string, last woo.ID) []woo.ID {
	var ids []woo.ID
	for _, text := range texts {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && woo.ID(id) > last {
			ids = append(ids, woo.ID(id))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// directory reads a list that the store gives whole: one batch.
func directory[T any](service func(*woo.Client) *woo.Directory[T], id func(T) string) reader[T] {
	return func(ctx context.Context, ec Context, f Filter, from Cursor) iter.Seq2[batch[T], error] {
		list := func(yield func(batch[T], error) bool) {
			page, err := service(ec.Store).Read(ctx)
			yield(batch[T]{
				records: page.Records, rejected: page.Rejected, total: page.Total, next: from, done: true,
				Reading: page.Reading,
			}, err)
		}
		if f.Kind == IDs {
			return pick(list, f.IDs, id)
		}
		return list
	}
}

// pick keeps the records asked for; those that never came are reported missing with the last batch.
func pick[T any](list iter.Seq2[batch[T], error], ids []string, id func(T) string) iter.Seq2[batch[T], error] {
	return func(yield func(batch[T], error) bool) {
		wanted := map[string]bool{}
		for _, id := range ids {
			wanted[id] = true
		}
		for b, err := range list {
			kept := b.records[:0:0]
			for _, r := range b.records {
				if wanted[id(r)] {
					kept = append(kept, r)
					delete(wanted, id(r))
				}
			}
			refused := b.rejected[:0:0]
			for _, r := range b.rejected {
				if wanted[r.Key()] {
					refused = append(refused, r)
					delete(wanted, r.Key())
				}
			}
			b.records, b.rejected, b.total = kept, refused, len(ids)
			if b.done {
				b.missing = remaining(ids, wanted)
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// remaining gives the ids still wanted, in the order asked for, each once.
func remaining(ids []string, wanted map[string]bool) []string {
	var left []string
	for _, id := range ids {
		if wanted[id] {
			left = append(left, id)
			delete(wanted, id)
		}
	}
	return left
}

// changeBatches changes every batch of a reader. An error ends the reading.
func changeBatches[S, R any](read reader[S], change func(context.Context, Context, Filter, batch[S]) (batch[R], error)) reader[R] {
	return func(ctx context.Context, ec Context, f Filter, from Cursor) iter.Seq2[batch[R], error] {
		return func(yield func(batch[R], error) bool) {
			for b, err := range read(ctx, ec, f, from) {
				var changed batch[R]
				if err == nil {
					changed, err = change(ctx, ec, f, b)
				}
				if !yield(changed, err) || err != nil {
					return
				}
			}
		}
	}
}

// mapBatches changes every batch of a reader by a pure function.
func mapBatches[R any](read reader[R], change func(Filter, batch[R]) batch[R]) reader[R] {
	return changeBatches(read, func(_ context.Context, _ Context, f Filter, b batch[R]) (batch[R], error) { return change(f, b), nil })
}

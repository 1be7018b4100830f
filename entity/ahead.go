package entity

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"golang.org/x/sync/errgroup"

	"tandem/fault"
	"tandem/woo"
)

// ahead runs a reader beside its consumer: while a batch is being landed, the next are read. At most two wait. When the
// consumer stops, reading is cancelled and has ended before the loop does.
func ahead[B any](ctx context.Context, read func(context.Context) iter.Seq2[B, error]) iter.Seq2[B, error] {
	type item struct {
		batch B
		err   error
	}
	return func(yield func(B, error) bool) {
		reading, stop := context.WithCancel(ctx)
		items := make(chan item, 1)
		go func() {
			defer close(items)
			hand := func(b B, err error) bool {
				select {
				case items <- item{b, err}:
					return true
				case <-reading.Done():
					return false
				}
			}
			if err := readSafely(reading, read, hand); err != nil {
				var none B
				hand(none, err)
			}
		}()
		defer func() {
			stop()
			for range items { //nolint:revive // waits for the reader to end
			}
		}()
		for it := range items {
			if !yield(it.batch, it.err) || it.err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			var none B
			yield(none, fault.Wrap(fault.Unavailable, err, "reading was stopped"))
		}
	}
}

// readSafely hands on what a reader gives. A panic in it, which would end the worker from a goroutine of its own, is an error.
func readSafely[B any](ctx context.Context, read func(context.Context) iter.Seq2[B, error], hand func(B, error) bool) (err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	for b, err := range read(ctx) {
		if !hand(b, err) {
			return nil
		}
	}
	return nil
}

// enrich completes every record of a batch with further reads, as many at once as the store is read with. A read that
// fails fails the batch, for a product without its variations would land wrong; one whose answer makes no sense, or that stops
// at a defect of ours, rejects the record it belongs to, which identify names, and no other.
func enrich[S, R any](read reader[S], identify func(S) (woo.ID, json.RawMessage), load func(context.Context, Context, S) (R, error)) reader[R] {
	return changeBatches(read, func(ctx context.Context, ec Context, _ Filter, b batch[S]) (batch[R], error) {
		return loadAll(ctx, ec, b, max(ec.Instance.Connection.Readers, 1), identify, load)
	})
}

func loadSafely[S, R any](ctx context.Context, ec Context, record S, load func(context.Context, Context, S) (R, error)) (loaded R, err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	return load(ctx, ec, record)
}

// loadAll completes the records of a batch, at most so many at once.
func loadAll[S, R any](
	ctx context.Context, ec Context, b batch[S], atOnce int,
	identify func(S) (woo.ID, json.RawMessage), load func(context.Context, Context, S) (R, error),
) (batch[R], error) {
	loaded := make([]R, len(b.records))
	senseless := make([]error, len(b.records))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, record := range b.records {
		group.Go(func() (err error) {
			loaded[i], err = loadSafely(ctx, ec, record, load)
			if fault.Is(err, fault.Invalid) || errors.Is(err, fault.ErrDefect) {
				senseless[i], err = err, nil
			}
			return err
		})
	}
	full := batch[R]{
		rejected: b.rejected, missing: b.missing, trashed: b.trashed, carts: b.carts, next: b.next, total: b.total, done: b.done,
		skipped: b.skipped, Reading: b.Reading,
	}
	if err := group.Wait(); err != nil {
		return full, err
	}
	for i, err := range senseless {
		if err == nil {
			full.records = append(full.records, loaded[i])
			continue
		}
		id, raw := identify(b.records[i])
		full.rejected = append(full.rejected, woo.Rejected{ID: id, Raw: raw, Err: err})
	}
	return full, nil
}

// withRaw adds to a record's raw JSON object what was read along with it, under a name of ours that begins with "_", so
// that the stored copy is complete. The store's own bytes stay as they are.
func withRaw(raw json.RawMessage, name string, parts []json.RawMessage) json.RawMessage {
	if len(parts) == 0 || len(raw) < 2 || raw[len(raw)-1] != '}' {
		return raw
	}
	out := append(make(json.RawMessage, 0, 2*len(raw)), raw[:len(raw)-1]...)
	if len(raw) > 2 {
		out = append(out, ',')
	}
	out = append(out, '"')
	out = append(out, name...)
	out = append(out, `":[`...)
	for i, part := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, part...)
	}
	return append(out, "]}"...)
}

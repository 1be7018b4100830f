package flow

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"golang.org/x/sync/errgroup"

	"tandem/fault"
)

// ChangeBatches changes every batch of a source. An error ends the reading.
func ChangeBatches[C, S, R any](source Source[C, S], change func(context.Context, C, Filter, Batch[S]) (Batch[R], error)) Source[C, R] {
	return func(ctx context.Context, c C, f Filter, from Cursor) iter.Seq2[Batch[R], error] {
		return func(yield func(Batch[R], error) bool) {
			for b, err := range source(ctx, c, f, from) {
				var changed Batch[R]
				if err == nil {
					changed, err = change(ctx, c, f, b)
				}
				if !yield(changed, err) || err != nil {
					return
				}
			}
		}
	}
}

// MapBatches changes every batch of a source by a pure function.
func MapBatches[C, S any](source Source[C, S], change func(Filter, Batch[S]) Batch[S]) Source[C, S] {
	return ChangeBatches(source, func(_ context.Context, _ C, f Filter, b Batch[S]) (Batch[S], error) { return change(f, b), nil })
}

// Enricher completes a record of a source with further reads.
type Enricher[C, S, R any] struct {
	// AtOnce is how many records of a batch are completed at the same time.
	AtOnce func(C) int
	// Identify names a record that is rejected.
	Identify func(S) (id string, raw json.RawMessage)
	Load     func(context.Context, C, S) (R, error)
}

// Enrich completes every record of a batch. A read that fails fails the batch, for a product without its variations would land
// wrong; one whose answer makes no sense, or that stops at a defect of ours, rejects the record it belongs to, and no other.
func Enrich[C, S, R any](source Source[C, S], e Enricher[C, S, R]) Source[C, R] {
	return ChangeBatches(source, func(ctx context.Context, c C, _ Filter, b Batch[S]) (Batch[R], error) { return e.LoadAll(ctx, c, b) })
}

// LoadAll completes the records of a batch; see Enrich.
func (e Enricher[C, S, R]) LoadAll(ctx context.Context, c C, b Batch[S]) (Batch[R], error) {
	loaded := make([]R, len(b.Records))
	senseless := make([]error, len(b.Records))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(e.AtOnce(c))
	for i, record := range b.Records {
		group.Go(func() (err error) {
			loaded[i], err = e.loadSafely(ctx, c, record)
			if fault.Is(err, fault.Invalid) || errors.Is(err, fault.ErrDefect) {
				senseless[i], err = err, nil
			}
			return err
		})
	}
	full := withRecords[S, R](b, nil)
	if err := group.Wait(); err != nil {
		return full, err
	}
	for i, err := range senseless {
		if err == nil {
			full.Records = append(full.Records, loaded[i])
			continue
		}
		id, raw := e.Identify(b.Records[i])
		full.Rejected = append(full.Rejected, Rejected{ID: id, Raw: raw, Err: err})
	}
	return full, nil
}

func (e Enricher[C, S, R]) loadSafely(ctx context.Context, c C, record S) (loaded R, err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	return e.Load(ctx, c, record)
}

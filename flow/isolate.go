package flow

import (
	"context"

	"tandem/fault"
)

// write writes the records of a batch. When a defect, ours or the other side's, stops the page again and again, it is halved down
// to the record that causes it: that one fails and the others land.
func (r *run[C, S, T]) write(ctx context.Context, b Batch[S], page Page) ([]Outcome, error) {
	outcomes, err := r.tryWriting(ctx, b, page)
	if !fault.Is(err, fault.Internal) || !r.isolate || len(b.Records) < 2 {
		return outcomes, err
	}
	outcomes, failed, partly := r.writeHalves(ctx, b)
	if partly != nil {
		return nil, partly
	}
	if failed == len(b.Records) {
		return nil, err // it is not about a record
	}
	return outcomes, nil
}

// writeHalves writes both halves of a batch, and counts the records that failed for a defect.
func (r *run[C, S, T]) writeHalves(ctx context.Context, b Batch[S]) (outcomes []Outcome, failed int, err error) {
	half := len(b.Records) / 2
	first, second := withRecords(b, b.Records[:half]), withRecords(b, b.Records[half:])
	first.Rejected = nil
	for _, part := range []Batch[S]{first, second} {
		written, broken, err := r.writePart(ctx, part)
		if err != nil {
			return nil, 0, err
		}
		outcomes, failed = append(outcomes, written...), failed+broken
	}
	return outcomes, failed, nil
}

func (r *run[C, S, T]) writePart(ctx context.Context, b Batch[S]) (outcomes []Outcome, failed int, err error) {
	outcomes, err = r.tryWriting(ctx, b, r.flow.page(b))
	switch {
	case !fault.Is(err, fault.Internal):
		return outcomes, 0, err
	case len(b.Records) > 1:
		return r.writeHalves(ctx, b)
	}
	defect := fault.New(fault.Internal, "landing this record stops at a defect, ours or that of the side written to: %s; report it with the worker's log",
		fault.From(err).Message)
	for _, record := range b.Records {
		outcomes = append(outcomes, Refusal(r.flow.KeyOf(r.c, r.flow.Describe(record).ID), defect))
	}
	for _, rejected := range b.Rejected {
		outcomes = append(outcomes, Refusal(r.flow.KeyOf(r.c, rejected.ID), unreadable(rejected.Err)))
	}
	return outcomes, len(b.Records), nil
}

func (r *run[C, S, T]) tryWriting(ctx context.Context, b Batch[S], page Page) (outcomes []Outcome, err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	return r.flow.land(ctx, r.c, b, page)
}

package entity

import (
	"context"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
)

// spec is the import of an entity as a table of its parts. R is the store's record with all that belongs to it, E what is landed.
type spec[R, E any] struct {
	flow.Spec
	read     flow.Source[Context, R]
	describe func(R) flow.Record
	// convert maps a record. Its error, classified by fault, refuses this record and no other.
	convert func(Context, R) (E, error)
	upsert  upserter[E]
	// prepare makes sure, before the first page, of what every record needs in the ERP; nil when nothing.
	prepare func(context.Context, Context) error
	// before lands what the records need themselves and may refuse some; nil when nothing.
	before func(context.Context, Context, []*flow.Attempt[R, E]) error
	// land lands what was not refused where that takes more than one call of upsert; nil when it does not.
	land func(context.Context, Context, []*flow.Attempt[R, E]) error
	// finish does what follows on landing; nil when nothing.
	finish func(context.Context, Context, flow.Page, []*flow.Attempt[R, E]) error
}

// upserter is the method of a backend that lands a batch.
type upserter[E any] func(erp.Backend, context.Context, []E) ([]erp.Outcome, error)

// importing makes the flow from the store into the ERP.
func importing[R, E any](s spec[R, E]) *flow.Flow[Context, R, E] {
	return &flow.Flow[Context, R, E]{
		Spec: s.Spec, Source: s.read, Describe: s.describe, Map: s.convert, Prepare: s.prepare, Write: s.write,
		KeyOf: func(ec Context, id string) flow.Key { return namedKey(ec, s.Entity, id) },
	}
}

// write lands the records of a page, in one call where that is enough.
func (s spec[R, E]) write(ctx context.Context, ec Context, page flow.Page, attempts []*flow.Attempt[R, E]) error {
	if s.before != nil {
		if err := s.before(ctx, ec, attempts); err != nil {
			return err
		}
	}
	land := s.landAll
	if s.land != nil {
		land = s.land
	}
	if err := land(ctx, ec, attempts); err != nil {
		return err
	}
	if s.finish == nil {
		return nil
	}
	return s.finish(ctx, ec, page, attempts)
}

// landAll lands what was not refused and settles every attempt.
func (s spec[R, E]) landAll(ctx context.Context, ec Context, attempts []*flow.Attempt[R, E]) error {
	return landEach(ctx, ec, s.Entity, s.upsert, flow.NotRefused(attempts))
}

// landEach lands records of an entity in one call and settles every attempt.
func landEach[R, E any](ctx context.Context, ec Context, name string, call upserter[E], attempts []*flow.Attempt[R, E]) error {
	values := make([]E, len(attempts))
	for i, a := range attempts {
		values[i] = a.Value
	}
	outcomes, err := upsert(ctx, ec, call, values)
	if err != nil {
		return err
	}
	for i, a := range attempts {
		a.Settle(outcomes[i])
		if outcomes[i].Landed() {
			a.Note(name + " " + string(outcomes[i].Status))
		}
	}
	return nil
}

// upsert calls the backend unless there is nothing to land, once more confirmed that this may be landed at all, and holds it
// to one outcome per value.
func upsert[E any](ctx context.Context, ec Context, call upserter[E], values []E) ([]erp.Outcome, error) {
	if len(values) == 0 {
		return nil, nil
	}
	if ec.Confirm != nil {
		if err := ec.Confirm(ctx); err != nil {
			return nil, err
		}
	}
	outcomes, err := call(ec.Backend, ctx, values)
	if err != nil {
		return nil, err
	}
	if len(outcomes) != len(values) {
		return nil, fault.New(fault.Internal, "the ERP gave %d outcomes for %d records", len(outcomes), len(values))
	}
	return outcomes, nil
}

// parked is the error of a record that waits for a person, or for the records that have to be landed first.
func parked(code, format string, args ...any) *fault.Error {
	err := fault.New(fault.Parked, format, args...)
	err.Code = code
	return err
}

// failed is the error of a record that is wrong in the store.
func failed(code, format string, args ...any) *fault.Error {
	err := fault.New(fault.Invalid, format, args...)
	err.Code = code
	return err
}

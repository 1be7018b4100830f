package mapping

import (
	"context"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
)

// Import is the import of an entity as a table of its parts. R is the store's record with all that belongs to it, E what is landed.
type Import[R, E any] struct {
	flow.Spec
	Read     flow.Source[Context, R]
	Describe func(R) flow.Record
	// Convert maps a record. Its error, classified by fault, refuses this record and no other.
	Convert func(Context, R) (E, error)
	Upsert  upserter[E]
	// Prepare makes sure, before the first page, of what every record needs in the ERP; nil when nothing.
	Prepare func(context.Context, Context) error
	// Before lands what the records need themselves and may refuse some; nil when nothing.
	Before func(context.Context, Context, []*flow.Attempt[R, E]) error
	// Land lands what was not refused where that takes more than one call of upsert; nil when it does not.
	Land func(context.Context, Context, []*flow.Attempt[R, E]) error
	// Sides compares both sides of what lands; nil for records that are not compared.
	Sides Comparing[R, E]
	// Finish does what follows on landing; nil when nothing.
	Finish func(context.Context, Context, flow.Page, []*flow.Attempt[R, E]) error
}

// upserter is the method of a backend that lands a batch.
type upserter[E any] func(erp.Backend, context.Context, []E) ([]erp.Outcome, error)

// Importing makes the flow from the store into the ERP.
func Importing[R, E any](s Import[R, E]) *ImportFlow[R, E] {
	return &ImportFlow[R, E]{sides: s.Sides, Flow: &flow.Flow[Context, R, E]{
		Spec: s.Spec, Source: s.Read, Describe: s.Describe, Map: s.Convert, Prepare: s.Prepare, Write: s.write,
		KeyOf: func(ec Context, id string) flow.Key { return NamedKey(ec, s.Entity, id) },
	}}
}

// ImportFlow is the flow from the store into the ERP.
type ImportFlow[R, E any] struct {
	*flow.Flow[Context, R, E]
	sides Comparing[R, E]
}

// write lands the records of a page, in one call where that is enough.
func (s Import[R, E]) write(ctx context.Context, ec Context, page flow.Page, attempts []*flow.Attempt[R, E]) error {
	if s.Before != nil {
		if err := s.Before(ctx, ec, attempts); err != nil {
			return err
		}
	}
	if s.Sides == nil {
		if err := s.land(ctx, ec, attempts); err != nil {
			return err
		}
		return s.finish(ctx, ec, page, attempts)
	}
	sides := s.Sides.page(ec, s.Entity)
	if err := s.landCompared(ctx, ec, sides, attempts); err != nil {
		return err
	}
	if err := s.finish(ctx, ec, page, attempts); err != nil {
		return err
	}
	return sides.end(ctx, attempts)
}

// landTries is how often records are compared and landed that people change in the ERP meanwhile, before the page is done again later.
const landTries = 3

// landCompared lands what is due of records whose both sides are compared. What a person changed in the ERP in between is compared again.
func (s Import[R, E]) landCompared(ctx context.Context, ec Context, sides compared[R, E], attempts []*flow.Attempt[R, E]) error {
	for range landTries {
		due, err := sides.begin(ctx, attempts)
		if err != nil {
			return err
		}
		if err := s.land(ctx, ec, due); err != nil {
			return err
		}
		if attempts = sides.outdated(due); len(attempts) == 0 {
			return nil
		}
	}
	return fault.New(fault.Unavailable, "somebody changes the same records in the ERP again and again while they are landed")
}

// land lands what is due of the records of a page.
func (s Import[R, E]) land(ctx context.Context, ec Context, due []*flow.Attempt[R, E]) error {
	if s.Land != nil {
		return s.Land(ctx, ec, due)
	}
	return s.landAll(ctx, ec, due)
}

// finish does what follows on landing.
func (s Import[R, E]) finish(ctx context.Context, ec Context, page flow.Page, attempts []*flow.Attempt[R, E]) error {
	if s.Finish == nil {
		return nil
	}
	return s.Finish(ctx, ec, page, attempts)
}

// landAll lands what was not refused and settles every attempt.
func (s Import[R, E]) landAll(ctx context.Context, ec Context, attempts []*flow.Attempt[R, E]) error {
	return LandEach(ctx, ec, s.Entity, s.Upsert, flow.NotRefused(attempts))
}

// LandEach lands records of an entity in one call and settles every attempt.
func LandEach[R, E any](ctx context.Context, ec Context, name string, call upserter[E], attempts []*flow.Attempt[R, E]) error {
	values := make([]E, len(attempts))
	for i, a := range attempts {
		values[i] = a.Value
	}
	outcomes, err := Upsert(ctx, ec, call, values)
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

// Upsert calls the backend unless there is nothing to land, once more confirmed that this may be landed at all, and holds it
// to one outcome per value.
func Upsert[E any](ctx context.Context, ec Context, call upserter[E], values []E) ([]erp.Outcome, error) {
	if len(values) == 0 {
		return nil, nil
	}
	if err := ec.ConfirmWrite(ctx); err != nil {
		return nil, err
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

// Parked is the error of a record that waits for a person, or for the records that have to be landed first.
func Parked(code, format string, args ...any) *fault.Error {
	err := fault.New(fault.Parked, format, args...)
	err.Code = code
	return err
}

// Failed is the error of a record that is wrong in the store.
func Failed(code, format string, args ...any) *fault.Error {
	err := fault.New(fault.Invalid, format, args...)
	err.Code = code
	return err
}

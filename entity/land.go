package entity

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// attempt is one record on its way into the ERP.
type attempt[R, E any] struct {
	record  R
	value   E
	refused bool // result is final; the record is not landed
	result  *Result
}

// refuse makes an error the record's result.
func (a *attempt[R, E]) refuse(err error) {
	a.refused = true
	a.result.Outcome = refusal(a.result.Key, err)
}

// step notes what was done along the way.
func (a *attempt[R, E]) step(text string) { a.result.Steps = append(a.result.Steps, text) }

// Land maps the records of a page and lands those that map, in one call.
func (s spec[R, E]) Land(ctx context.Context, ec Context, page Page) ([]Result, error) {
	if page.first && s.prepare != nil {
		if err := s.prepare(ctx, ec); err != nil {
			return nil, err
		}
	}
	results := make([]Result, len(page.Records))
	attempts, err := s.attempts(ec, page, results)
	if err != nil {
		return nil, err
	}
	if s.before != nil {
		if err := s.before(ctx, ec, attempts); err != nil {
			return nil, err
		}
	}
	land := s.landAll
	if s.land != nil {
		land = s.land
	}
	if err := land(ctx, ec, attempts); err != nil {
		return nil, err
	}
	if s.finish != nil {
		if err := s.finish(ctx, ec, page, attempts); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// attempts maps every record; what cannot be read or mapped has its result at once.
func (s spec[R, E]) attempts(ec Context, page Page, results []Result) ([]*attempt[R, E], error) {
	attempts := make([]*attempt[R, E], 0, len(page.Records))
	for i, record := range page.Records {
		key := namedKey(ec, s.name, record.ID)
		results[i].Outcome = erp.Outcome{Key: key}
		switch value := record.value.(type) {
		case woo.Rejected:
			results[i].Outcome = refusal(key, unreadable(value.Err))
		case R:
			attempts = append(attempts, s.attempt(ec, value, &results[i]))
		default:
			return nil, fault.New(fault.Internal, "a page of %s was not read by this entity", s.name)
		}
	}
	return attempts, nil
}

func (s spec[R, E]) attempt(ec Context, record R, result *Result) *attempt[R, E] {
	a := &attempt[R, E]{record: record, result: result}
	value, err := s.convert(ec, record)
	if err != nil {
		a.refuse(err)
	}
	a.value = value
	return a
}

// unreadable gives an error of decoding the code operators filter by.
func unreadable(err error) error {
	return &fault.Error{Kind: fault.Invalid, Code: "unreadable", Message: fault.From(err).Message, Err: err}
}

// landAll lands what was not refused and hands every record its outcome.
func (s spec[R, E]) landAll(ctx context.Context, ec Context, attempts []*attempt[R, E]) error {
	return landEach(ctx, ec, s.name, s.upsert, notRefused(attempts))
}

// notRefused gives the attempts that could be mapped.
func notRefused[R, E any](attempts []*attempt[R, E]) []*attempt[R, E] {
	return slices.DeleteFunc(slices.Clone(attempts), func(a *attempt[R, E]) bool { return a.refused })
}

// landEach lands records of an entity in one call and hands every one its outcome.
func landEach[R, E any](ctx context.Context, ec Context, name string,
	call func(erp.Backend, context.Context, []E) ([]erp.Outcome, error), attempts []*attempt[R, E],
) error {
	values := make([]E, len(attempts))
	for i, a := range attempts {
		values[i] = a.value
	}
	outcomes, err := upsert(ctx, ec, call, values)
	if err != nil {
		return err
	}
	for i, a := range attempts {
		a.result.Outcome = outcomes[i]
		a.refused = !outcomes[i].Landed()
		if !a.refused {
			a.step(name + " " + string(outcomes[i].Status))
		}
	}
	return nil
}

// upsert calls the backend unless there is nothing to land, once more confirmed that this may be landed at all, and holds it
// to one outcome per value.
func upsert[E any](ctx context.Context, ec Context,
	call func(erp.Backend, context.Context, []E) ([]erp.Outcome, error), values []E,
) ([]erp.Outcome, error) {
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

// refusal is the outcome of a record that cannot be landed: parked when a person or another record can solve it.
func refusal(key erp.Key, err error) erp.Outcome {
	f := fault.From(err)
	outcome := erp.Outcome{Key: key, Status: erp.Failed, Code: f.Code, Reason: f.Error()}
	if f.Kind == fault.Parked {
		outcome.Status = erp.Parked
	}
	if outcome.Code == "" {
		outcome.Code = string(f.Kind)
	}
	for _, wait := range f.Waits {
		if key, err := erp.ParseKey(wait); err == nil {
			outcome.Waits = append(outcome.Waits, key)
		}
	}
	return outcome
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

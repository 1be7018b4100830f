package record

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// lander lands one batch in as many parts as Odoo needs: landing may be repeated after any call.
type lander[T any] struct {
	Writer[T]
	suspects *suspects
	outcomes []erp.Outcome
	landed   int
	breaks   int   // records in a row that Odoo broke off at alone, or parts that took too long
	noRight  error // of a record that the user may not touch
	later    error // of a record that is tried again
}

// landAll lands records together, or each half on its own when Odoo refuses what one says or does not finish. A record
// that Odoo fails at alone is tried again with the next tries of its batch, which follow later, and fails in the end.
func (w Writer[T]) landAll(ctx context.Context, s *Store, records []*T) ([]erp.Outcome, error) {
	l := &lander[T]{Writer: w, suspects: &s.suspects, outcomes: make([]erp.Outcome, 0, len(records))}
	rest := records
	for _, size := range l.suspects.parts(l.keys(records)) {
		if err := l.landPart(ctx, rest[:size]); err != nil {
			return nil, err
		}
		rest = rest[size:]
	}
	if l.noRight != nil && l.landed == 0 && len(records) > 1 {
		return nil, l.noRight // it is not about one of them
	}
	if l.later != nil {
		return nil, l.later
	}
	return l.outcomes, nil
}

func (l *lander[T]) keys(records []*T) []erp.Key {
	return rpc.Map(records, func(r *T) erp.Key { return *l.Key(r) })
}

// landPart lands some records, or each half of them.
func (l *lander[T]) landPart(ctx context.Context, part []*T) error {
	landed, err := l.try(ctx, part)
	switch {
	case err == nil:
		l.suspects.landed(l.keys(part))
		l.outcomes, l.landed, l.breaks = append(l.outcomes, landed...), l.landed+len(part), 0
		return nil
	case RefusesRecord(err) && len(part) == 1:
		l.fail(part[0], refusal(err))
		return nil
	case RefusesRecord(err):
		return l.halves(ctx, part)
	case ctx.Err() != nil, !BreaksOff(err):
		return err
	default:
		return l.broken(ctx, part, err)
	}
}

// try lands some records. A panic is a failure like one of Odoo's own.
func (l *lander[T]) try(ctx context.Context, part []*T) (landed []erp.Outcome, err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	return l.Land(ctx, part)
}

func (l *lander[T]) halves(ctx context.Context, part []*T) error {
	half := len(part) / 2
	if err := l.landPart(ctx, part[:half]); err != nil {
		return err
	}
	return l.landPart(ctx, part[half:])
}

// broken goes on after Odoo broke off at some records.
func (l *lander[T]) broken(ctx context.Context, part []*T, err error) error {
	forbidden := fault.From(err).Code == rpc.CodeNoRight
	strikes := l.suspects.broke(l.keys(part), err)
	if len(part) == 1 || rpc.TookTooLong(err) {
		l.breaks++
	}
	switch {
	case l.breaks > MostBreaks && (!forbidden || l.landed == 0):
		return err
	case len(part) > 1:
		return l.halves(ctx, part)
	case forbidden:
		l.noRight = err
		l.fail(part[0], refusal(err))
	case strikes >= MostStrikes:
		l.fail(part[0], landing.Failed("odoo_failed", "%s, %d times on this record alone: correct the record or Odoo, and process it again; "+
			"Odoo's server log says more", err, strikes))
	default:
		l.later = err
	}
	return nil
}

func (l *lander[T]) fail(record *T, reason *landing.Refusal) {
	l.outcomes = append(l.outcomes, reason.Outcome(*l.Key(record)))
}

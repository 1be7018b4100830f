package mapping

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/flow"
	"tandem/instance"
)

// winner says whose value of a unit counts in which the two sides differ.
type winner int

const (
	neither winner = iota + 1 // nobody changed it since the two were as equal as they get
	theStore
	theERP
	asked // a person has to say
)

// resolution says whose values of a record count that both sides have.
type resolution struct {
	units   []comparedUnit
	winners map[Unit]winner // of those units in which the sides differ
	forget  bool            // the ERP lacks a value of the store's, though an export may have noted what the store holds as landed
	subject string          // of what is asked; empty when nothing is
}

// Owners names who owns which parts of an entity; empty when nobody owns any.
func (ec Context) Owners(entity string) string {
	chosen := ec.Instance.Config.Ownership.Chosen(entity)
	if len(chosen) == 0 {
		return ""
	}
	var texts []string
	for _, part := range slices.Sorted(maps.Keys(chosen)) {
		texts = append(texts, part, string(chosen[part]))
	}
	return Digest(texts...)
}

// owned reports whether parts of an entity have owners that are to be heeded.
func (ec Context) owned(entity string) bool {
	return !ec.Force && len(ec.Instance.Config.Ownership.Chosen(entity)) > 0
}

// recordState is what it depends on whose values count, besides the values.
type recordState struct {
	entity         string
	direction      flow.Direction
	common         flow.Common
	stored, held   string    // digests of the whole records as they are now
	storeAt, erpAt time.Time // when each was changed last, UTC; zero where that is not known
	decided        flow.Decision
}

// resolve says whose values of a record count.
func (ec Context) resolve(units []comparedUnit, s recordState) resolution {
	r := resolution{units: units, winners: map[Unit]winner{}}
	var open []comparedUnit
	for _, u := range units {
		if len(u.differences) == 0 {
			continue
		}
		r.winners[u.Unit] = ec.winner(u, s)
		if r.winners[u.Unit] == asked {
			open = append(open, u)
		}
	}
	if len(open) > 0 {
		r.subject = subjectOf(open)
		if s.decided.Subject == r.subject {
			r.decide(open, s.decided.Choice)
		}
	}
	for _, u := range units {
		if byStore, byERP := s.changed(u); r.winners[u.Unit] == theStore && (byStore || byERP) {
			r.forget = true
		}
	}
	return r
}

// decide settles what was asked as a person chose.
func (r *resolution) decide(open []comparedUnit, choice string) {
	r.subject = ""
	for _, u := range open {
		if r.winners[u.Unit] = theStore; choice == TakeERP {
			r.winners[u.Unit] = theERP
		}
	}
}

// subjectOf names what a person is asked about, so that a decision holds for these values alone, whichever direction asks.
func subjectOf(open []comparedUnit) string {
	var texts []string
	for _, u := range open {
		texts = append(texts, u.String(), u.erp, u.store)
	}
	return Digest(texts...)
}

// winner says whose value of a unit counts. Where nobody owns it, an import takes what the store changed, and an export writes what the
// ERP has.
func (ec Context) winner(u comparedUnit, s recordState) winner {
	byStore, byERP := s.changed(u)
	owner := ec.Instance.Config.Ownership.Of(s.entity)[u.Part]
	if ec.Force {
		owner = ""
	}
	switch owner {
	case instance.OwnedByStore:
		return theStore
	case instance.OwnedByERP:
		return theERP
	case instance.OwnedByNewest, instance.OwnedByAsking:
		switch {
		case byStore && byERP:
			return s.later(owner)
		case byStore:
			return theStore
		case byERP:
			return theERP
		}
		return neither
	}
	if s.direction != flow.Export && (byStore || ec.Overwrite) {
		return theStore
	}
	return theERP
}

// changed reports which sides changed a unit since both were equal last; both, when that is not known.
func (s recordState) changed(u comparedUnit) (byStore, byERP bool) {
	if common, known := s.common.Parts[u.String()]; known {
		erp, store, two := strings.Cut(common, ":")
		if !two {
			store = erp
		}
		return u.store != store, u.erp != erp
	}
	return s.common.Store == "" || s.common.Store != s.stored, s.common.ERP == "" || s.common.ERP != s.held
}

// later says which side changed its record last, where both did.
func (s recordState) later(owner instance.Owner) winner {
	switch {
	case owner != instance.OwnedByNewest, s.storeAt.IsZero(), s.erpAt.IsZero(), s.storeAt.Equal(s.erpAt):
		return asked
	case s.storeAt.After(s.erpAt):
		return theStore
	default:
		return theERP
	}
}

// won reports whether a unit's value of one side counts, against another one of the other side.
func (r resolution) won(by winner) func(Unit) bool {
	return func(u Unit) bool { return r.winners[u] == by }
}

// any reports whether any unit was won by a side.
func (r resolution) any(by winner) bool {
	for _, side := range r.winners {
		if side == by {
			return true
		}
	}
	return false
}

// differences are those of the units that a side won.
func (r resolution) differences(by winner) []flow.Difference {
	var list []flow.Difference
	for _, u := range r.units {
		if side, differs := r.winners[u.Unit]; differs && side == by {
			list = append(list, u.differences...)
		}
	}
	return list
}

// maxHeld bounds how many differences a held record keeps.
const maxHeld = 50

// hold gives the outcome of a record about which a person has to decide.
func (r resolution) hold(key flow.Key, erpID string) flow.Outcome {
	o := flow.Refusal(key, Parked(BothChanged, "both sides changed it since they were equal: say whose values count with \"tandem jobs decide\""))
	o.ID, o.Subject, o.Differences = erpID, r.subject, r.differences(asked)
	if rest := len(o.Differences) - maxHeld; rest > 0 {
		o.Differences = append(o.Differences[:maxHeld:maxHeld], flow.Difference{Field: fmt.Sprintf("%d more fields", rest)})
	}
	return o
}

// equal names the units that both sides hold alike, but for those of which that is known.
func equal(units []comparedUnit, known map[string]string) map[string]string {
	alike := map[string]string{}
	for _, u := range units {
		if common := u.common(); len(u.differences) == 0 && known[u.String()] != common {
			alike[u.String()] = common
		}
	}
	return alike
}

// known is what is known of records from before, by the store's ids.
type known struct {
	commons map[string]flow.Common
	decided map[string]flow.Decision
}

// recall reads what is known of records.
func (ec Context) recall(ctx context.Context, entity string, ids []string) (k known, err error) {
	if len(ids) == 0 {
		return k, nil
	}
	if ec.Noted != nil {
		if k.commons, err = ec.Noted.Commons(ctx, ec.Instance.ID, entity, ids); err != nil {
			return k, err
		}
	}
	if ec.Progress != nil {
		k.decided, err = ec.Progress.ChangeDecisions(ctx, ec.Instance.ID, entity, ids)
	}
	return k, err
}

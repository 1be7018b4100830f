package mapping

import (
	"context"
	"encoding/json"
	"iter"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// pairing is pairs that are being linked.
type pairing[E, R any] struct {
	matcher[E, R]
	ec      Context
	pairs   []Pair
	refused []error
	have    map[string]E           // the store's records, by id
	held    map[string]erp.Held[E] // the ERP's
}

// PairFlow links the pairs that a matching found.
func (m matcher[E, R]) PairFlow() Entity {
	return &flow.Flow[Context, Pair, Pair]{
		Spec: flow.Spec{Entity: m.Entity, Label: m.Label}, Source: m.found,
		Describe: func(p Pair) flow.Record { return flow.Record{ID: p.WooID} },
		Map:      func(_ Context, p Pair) (Pair, error) { return p, nil },
		Write:    m.linkFound,
		KeyOf:    func(ec Context, id string) flow.Key { return NamedKey(ec, m.Entity, id) },
	}
}

// found gives the pairs that are not linked yet.
func (m matcher[E, R]) found(ctx context.Context, ec Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[Pair], error] {
	return func(yield func(flow.Batch[Pair], error) bool) {
		last := int64(0)
		if from != nil {
			if err := json.Unmarshal(from, &last); err != nil {
				yield(flow.Batch[Pair]{}, fault.Wrap(fault.Internal, err, "the cursor is not one of a linking"))
				return
			}
		}
		for done := false; !done; {
			pairs, at, err := ec.Matches.Pairs(ctx, m.Entity, f.IDs, last, woo.MaxPerPage)
			last, done = at, len(pairs) < woo.MaxPerPage
			next, _ := json.Marshal(last) // a number can be written down
			if !yield(flow.Batch[Pair]{Records: pairs, Next: next, Done: done}, err) || err != nil {
				return
			}
		}
	}
}

func (m matcher[E, R]) linkFound(ctx context.Context, ec Context, _ flow.Page, attempts []*flow.Attempt[Pair, Pair]) error {
	pairs := make([]Pair, len(attempts))
	for i, a := range attempts {
		pairs[i] = a.Value
	}
	refused, err := m.Link(ctx, ec, pairs)
	if err != nil {
		return err
	}
	for i, a := range attempts {
		if refused[i] != nil {
			a.Refuse(refused[i])
			continue
		}
		a.Settle(flow.Outcome{Key: NamedKey(ec, m.Entity, pairs[i].WooID), Status: flow.Created, ID: pairs[i].ERPID})
	}
	return ec.Matches.SettlePairs(ctx, m.Entity, pairs, refused)
}

// Check gives the error of each pair that cannot be linked as things are.
func (m matcher[E, R]) Check(ctx context.Context, ec Context, pairs []Pair) ([]error, error) {
	p, err := m.pairing(ctx, ec, pairs)
	if err != nil {
		return nil, err
	}
	return p.refused, nil
}

// Link ties pairs to each other.
func (m matcher[E, R]) Link(ctx context.Context, ec Context, pairs []Pair) ([]error, error) {
	p, err := m.pairing(ctx, ec, pairs)
	if err != nil {
		return nil, err
	}
	if err := ec.ConfirmWrite(ctx); err != nil {
		return nil, err
	}
	for i := range pairs {
		if p.refused[i] != nil {
			continue
		}
		err := p.adopt(ctx, pairs[i])
		if err != nil && fault.Retryable(fault.From(err)) {
			return nil, err
		}
		p.refused[i] = err
	}
	return p.refused, p.keep(ctx, false)
}

// pairing looks at pairs from all sides, and refuses those that cannot be linked.
func (m matcher[E, R]) pairing(ctx context.Context, ec Context, pairs []Pair) (*pairing[E, R], error) {
	p := &pairing[E, R]{matcher: m, ec: ec, pairs: pairs, refused: make([]error, len(pairs))}
	var err error
	if p.have, p.held, err = m.readPairs(ctx, ec, pairs); err != nil {
		return nil, err
	}
	keys := make([]erp.Key, len(pairs))
	for i, pair := range pairs {
		keys[i] = NamedKey(ec, m.Entity, pair.WooID)
	}
	holders, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, pair := range pairs {
		p.refused[i] = p.check(pair, holders[i])
	}
	p.refuseTwins()
	return p, p.keep(ctx, true)
}

// refuseTwins refuses pairs of a record that is named before with another.
func (p *pairing[E, R]) refuseTwins() {
	byWoo, byERP := map[string]string{}, map[string]string{}
	for i, pair := range p.pairs {
		other, named := byWoo[pair.WooID]
		twin, paired := byERP[pair.ERPID]
		switch {
		case p.refused[i] != nil:
		case named && other != pair.ERPID:
			p.refused[i] = notFree("the store's %s %s is to be linked to two records of the ERP, %s and %s: choose one", p.Entity, pair.WooID, other, pair.ERPID)
		case paired && twin != pair.WooID:
			p.refused[i] = notFree("record %s of the ERP is to be linked to two records of the store, %s and %s: choose one", pair.ERPID, twin, pair.WooID)
		default:
			byWoo[pair.WooID], byERP[pair.ERPID] = pair.ERPID, pair.WooID
		}
	}
}

// notFree is the error of a pair of which one record is linked to another.
func notFree(format string, args ...any) *fault.Error {
	err := fault.New(fault.Conflict, format, args...)
	err.Code = "linked_elsewhere"
	return err
}

// check refuses a pair of which a record does not exist, or is linked to another by the ERP's keys. holder is what the ERP has under the
// key of the store's record.
func (p *pairing[E, R]) check(pair Pair, holder string) error {
	if _, ok := p.have[pair.WooID]; !ok {
		err := fault.Field("woo_id", "the store has no %s %s: it may have been deleted, or lie in the trash", p.Entity, pair.WooID)
		err.Code = "not_in_store"
		return err
	}
	held, ok := p.held[pair.ERPID]
	if !ok {
		err := fault.Field("erp_id", "the ERP has no %s with the id %q", p.Entity, pair.ERPID)
		err.Code = "not_in_erp"
		return err
	}
	if holder != "" && holder != pair.ERPID {
		return p.taken(pair, pair.WooID, holder)
	}
	if key := *p.Records.Key(&held.Record); !isPending(key) && key.ID != pair.WooID && holder == "" {
		return p.taken(pair, key.ID, pair.ERPID)
	}
	return nil
}

// taken names the pair that is in the way of another, and what to do.
func (p *pairing[E, R]) taken(pair Pair, wooID, erpID string) error {
	which := "the store's " + p.Entity + " " + pair.WooID + " is linked to record " + erpID + " of the ERP"
	if wooID != pair.WooID {
		which = "record " + erpID + " of the ERP is linked to the store's " + p.Entity + " " + wooID
	}
	return notFree("%s: if that is wrong, unlink it first (tandem links remove %s %s %s)", which, p.ec.Instance.ID, p.Entity, wooID)
}

// adopt gives records of the ERP the keys of the store's, those of what belongs to them first: a record that has its key has all.
func (p *pairing[E, R]) adopt(ctx context.Context, pair Pair) error {
	if p.Parts != nil {
		for key, id := range p.Parts(p.have[pair.WooID], p.held[pair.ERPID].Record) {
			if err := p.ec.Backend.Adopt(ctx, key, id); err != nil {
				return err
			}
		}
	}
	return p.ec.Backend.Adopt(ctx, NamedKey(p.ec, p.Entity, pair.WooID), pair.ERPID)
}

// keep notes the pairs that are not refused, or only looks whether they may be: another request may have linked one of their records.
func (p *pairing[E, R]) keep(ctx context.Context, look bool) error {
	var at []int
	var wooIDs, erpIDs []string
	for i, pair := range p.pairs {
		if p.refused[i] == nil {
			at, wooIDs, erpIDs = append(at, i), append(wooIDs, pair.WooID), append(erpIDs, pair.ERPID)
		}
	}
	if len(at) == 0 {
		return nil
	}
	return p.ec.Links.LinkPairs(ctx, p.ec.Instance.ID, p.Entity, wooIDs, erpIDs, look, func(i int, wooID, erpID string) {
		p.refused[at[i]] = p.taken(p.pairs[at[i]], wooID, erpID)
	})
}

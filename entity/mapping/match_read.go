package mapping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// MatchFlow reads both sides, the store first, and keeps of each record what tells it apart.
func (m matcher[E, R]) MatchFlow() Entity {
	return &flow.Flow[Context, Candidate, Candidate]{
		Spec: flow.Spec{Entity: m.Entity, Label: m.Label}, Source: m.candidates,
		Describe: func(c Candidate) flow.Record { return flow.Record{ID: string(c.Side) + "/" + c.ID} },
		Map:      func(_ Context, c Candidate) (Candidate, error) { return c, nil },
		Write: func(ctx context.Context, ec Context, _ flow.Page, attempts []*flow.Attempt[Candidate, Candidate]) error {
			found := make([]Candidate, len(attempts))
			for i, a := range attempts {
				found[i] = a.Value
				a.Settle(flow.Outcome{Key: a.Outcome.Key, Status: flow.Unchanged})
			}
			return ec.Matches.AddCandidates(ctx, m.Entity, found)
		},
		KeyOf: func(ec Context, id string) flow.Key { return NamedKey(ec, m.Entity, id) },
	}
}

// matchCursor is how far the reading of both sides has come.
type matchCursor struct {
	Side Side        `json:"side"`
	At   flow.Cursor `json:"at,omitempty"`
}

// candidates reads what both sides have, by the rules that the filter names.
func (m matcher[E, R]) candidates(ctx context.Context, ec Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[Candidate], error] {
	return func(yield func(flow.Batch[Candidate], error) bool) {
		at := matchCursor{Side: StoreSide}
		if from != nil {
			if err := json.Unmarshal(from, &at); err != nil {
				yield(flow.Batch[Candidate]{}, fault.Wrap(fault.Internal, err, "the cursor is not one of a matching"))
				return
			}
		}
		rules := m.named(f.Rules)
		if at.Side == StoreSide {
			for b, err := range m.storeCandidates(ctx, ec, rules, at.At) {
				if !yield(b, err) || err != nil {
					return
				}
			}
			at = matchCursor{Side: ERPSide}
		}
		for b, err := range m.erpCandidates(ctx, ec, rules, at.At) {
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// named gives the rules of these names, or those that are used when none is named.
func (m matcher[E, R]) named(names []string) []MatchRule[E, R] {
	if len(names) == 0 {
		_, names = m.Rules()
	}
	return slices.DeleteFunc(slices.Clone(m.Match.Rules), func(rule MatchRule[E, R]) bool { return !slices.Contains(names, rule.Name) })
}

// cursorOf writes a place down. A cursor is JSON, so that it can be.
func cursorOf(side Side, at flow.Cursor) flow.Cursor {
	text, _ := json.Marshal(matchCursor{Side: side, At: at})
	return text
}

func (m matcher[E, R]) storeCandidates(ctx context.Context, ec Context, rules []MatchRule[E, R], from flow.Cursor) iter.Seq2[flow.Batch[Candidate], error] {
	return func(yield func(flow.Batch[Candidate], error) bool) {
		for read, err := range m.Read(ctx, ec, flow.Filter{Kind: flow.All}, from) {
			if err != nil {
				yield(flow.Batch[Candidate]{}, err)
				return
			}
			b := flow.Batch[Candidate]{Total: read.Total, Reading: read.Reading, Next: cursorOf(StoreSide, read.Next)}
			if read.Done {
				b.Next = cursorOf(ERPSide, nil)
			}
			for _, record := range read.Records {
				b.Records = append(b.Records, m.storeCandidate(ec, rules, record))
			}
			for _, r := range read.Rejected {
				b.Records = append(b.Records, Candidate{Side: StoreSide, ID: r.ID}) // it is there, and nothing is known of it
			}
			if err := m.addLinked(ctx, ec, b.Records); !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// storeCandidate says what tells a record of the store apart. One that the import could not map is matched by what the store itself
// says of it.
func (m matcher[E, R]) storeCandidate(ec Context, rules []MatchRule[E, R], record R) Candidate {
	c := Candidate{Side: StoreSide, ID: m.Describe(record).ID, Keys: map[string][]string{}}
	content, err := m.Content(ec, record)
	for _, rule := range rules {
		switch {
		case rule.Store != nil:
			c.addKeys(rule.Name, rule.Store(record))
		case err == nil:
			c.addKeys(rule.Name, rule.Keys(content))
		}
	}
	if err == nil {
		c.Label = m.labelOf(content)
	}
	if m.Parent != nil && err == nil {
		c.Parent = m.Parent(content).ID
	}
	return c
}

// addLinked notes which of the store's records are linked already.
func (m matcher[E, R]) addLinked(ctx context.Context, ec Context, all []Candidate) error {
	keys := make([]erp.Key, len(all))
	for i, c := range all {
		keys[i] = NamedKey(ec, m.Entity, c.ID)
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return err
	}
	for i, id := range ids {
		all[i].Linked = id
	}
	return nil
}

func (m matcher[E, R]) erpCandidates(ctx context.Context, ec Context, rules []MatchRule[E, R], from flow.Cursor) iter.Seq2[flow.Batch[Candidate], error] {
	return func(yield func(flow.Batch[Candidate], error) bool) {
		reader, err := erp.Records.Of(ec.Backend)
		if err != nil {
			yield(flow.Batch[Candidate]{}, err)
			return
		}
		after := ""
		_ = json.Unmarshal(from, &after) // of no cursor, nothing: that is the beginning
		for done := false; !done; {
			page, err := m.Records.List(reader, ctx, erp.RecordQuery{Instance: ec.Instance.ID, After: after, Limit: exportPage})
			if err != nil {
				yield(flow.Batch[Candidate]{}, err)
				return
			}
			after, done = page.Next, page.Done
			next, _ := json.Marshal(after)
			b := flow.Batch[Candidate]{Next: cursorOf(ERPSide, next), Done: done}
			for _, held := range page.Records {
				b.Records = append(b.Records, m.erpCandidate(ec, rules, held))
			}
			if err := m.addParents(ctx, ec, page.Records, b.Records); !yield(b, err) || err != nil {
				return
			}
		}
	}
}

func (m matcher[E, R]) erpCandidate(ec Context, rules []MatchRule[E, R], held erp.Held[E]) Candidate {
	c := Candidate{Side: ERPSide, ID: held.ID, Label: m.labelOf(held.Record), Keys: map[string][]string{}}
	if key := *m.Records.Key(&held.Record); !isPending(key) {
		c.Linked = key.ID
	}
	for _, rule := range rules {
		if rule.ERP != nil {
			c.addKeys(rule.Name, rule.ERP(ec, held))
		} else {
			c.addKeys(rule.Name, rule.Keys(held.Record))
		}
	}
	return c
}

// addParents gives the ERP's records the ids that those above them have there, whatever their keys are.
func (m matcher[E, R]) addParents(ctx context.Context, ec Context, records []erp.Held[E], all []Candidate) error {
	if m.Parent == nil {
		return nil
	}
	var keys []erp.Key
	for i, held := range records {
		key := m.Parent(held.Record)
		if id, pending := erp.PendingID(key); pending {
			all[i].Parent = id
		} else if !key.IsZero() {
			keys = append(keys, key)
		}
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return err
	}
	for i, held := range records {
		if at := slices.Index(keys, m.Parent(held.Record)); at >= 0 {
			all[i].Parent = ids[at]
		}
	}
	return nil
}

func isPending(key erp.Key) bool {
	_, pending := erp.PendingID(key)
	return pending
}

// labelLength is how much of a label is kept.
const labelLength = 80

func (m matcher[E, R]) labelOf(record E) string {
	if m.Match.Name == nil {
		return ""
	}
	text := []rune(strings.TrimSpace(m.Match.Name(record)))
	return string(text[:min(len(text), labelLength)])
}

// addKeys keeps digests of keys: e-mail addresses are among them. Case and blanks around them tell nothing apart.
func (c *Candidate) addKeys(rule string, keys []string) {
	for _, key := range keys {
		if key = strings.ToLower(strings.TrimSpace(key)); key != "" {
			sum := sha256.Sum256([]byte(key))
			c.Keys[rule] = append(c.Keys[rule], hex.EncodeToString(sum[:])[:2*DigestLength])
		}
	}
}

// readPairs reads both sides of pairs, by their ids. What is not there is missing from the maps.
func (m matcher[E, R]) readPairs(ctx context.Context, ec Context, pairs []Pair) (have map[string]E, held map[string]erp.Held[E], err error) {
	reader, err := erp.Records.Of(ec.Backend)
	if err != nil {
		return nil, nil, err
	}
	var wooIDs, erpIDs []string
	for _, p := range pairs {
		if flow.IsNumber(p.WooID) {
			wooIDs = append(wooIDs, p.WooID)
		}
		erpIDs = append(erpIDs, p.ERPID)
	}
	have, held = map[string]E{}, map[string]erp.Held[E]{}
	if len(wooIDs) > 0 {
		for b, err := range m.Read(ctx, ec, flow.Filter{Kind: flow.IDs, IDs: wooIDs}, nil) {
			if err != nil {
				return nil, nil, err
			}
			for _, record := range b.Records {
				content, err := m.Content(ec, record)
				if err != nil { // it is there all the same
					*m.Records.Key(&content) = NamedKey(ec, m.Entity, m.Describe(record).ID)
				}
				have[m.Describe(record).ID] = content
			}
		}
	}
	for part := range slices.Chunk(erpIDs, woo.MaxPerPage) {
		page, err := m.Records.List(reader, ctx, erp.RecordQuery{Instance: ec.Instance.ID, IDs: part, Limit: len(part)})
		if err != nil {
			return nil, nil, err
		}
		for _, record := range page.Records {
			held[record.ID] = record
		}
	}
	return have, held, nil
}

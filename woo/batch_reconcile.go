package woo

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
)

// reconcileLostBatch answers a batch whose answer was lost: it reads what the store has, takes that as the outcome where it is what was asked for,
// and does the rest once more.
func (s *Service[T]) reconcileLostBatch(ctx context.Context, part Batch, out BatchResult[T], lost error) {
	rest := &remainder[T]{}
	for i, fields := range part.Create {
		if record, err := s.find(ctx, fields, lost); err != nil {
			out.Create[i].Err = err
		} else if record != nil {
			out.Create[i] = Outcome[T]{Record: *record, Reread: true}
		} else {
			rest.create(fields, &out.Create[i])
		}
	}
	s.reconcileKnown(ctx, part, out, rest)
	if rest.batch.len() > 0 {
		rest.finish(s.post(ctx, rest.batch, rest.outcomes()))
	}
}

// reconcileKnown looks at the updates and deletes, which have ids.
func (s *Service[T]) reconcileKnown(ctx context.Context, part Batch, out BatchResult[T], rest *remainder[T]) {
	ids := slices.Clone(part.Delete)
	for _, fields := range part.Update {
		ids = append(ids, idOfFields(fields))
	}
	records, raws, err := s.reread(ctx, ids)
	if err != nil {
		BatchResult[T]{Update: out.Update, Delete: out.Delete}.fail(err)
		return
	}
	for i, fields := range part.Update {
		id := idOfFields(fields)
		if covers(raws[id], fields) {
			out.Update[i] = Outcome[T]{Record: records[id], Reread: true}
		} else {
			rest.update(fields, &out.Update[i])
		}
	}
	for i, id := range part.Delete {
		if _, still := raws[id]; still {
			rest.remove(id, &out.Delete[i])
		} else {
			out.Delete[i].Reread = true
		}
	}
}

// find looks for a record by the key its create carried; nil means it is not there. Without a key nobody can tell.
func (s *Service[T]) find(ctx context.Context, fields Fields, lost error) (*T, error) {
	key, ok := fields[s.traits.key].(string)
	if !ok || key == "" {
		return nil, lost
	}
	page, err := s.List(ctx, ListOptions{PerPage: 2, Params: map[string][]string{s.traits.key: {key}}})
	if err != nil || len(page.Records) == 0 {
		return nil, err
	}
	return &page.Records[0], nil
}

func (s *Service[T]) reread(ctx context.Context, ids []ID) (map[ID]T, map[ID]json.RawMessage, error) {
	records, raws := map[ID]T{}, map[ID]json.RawMessage{}
	for window, err := range s.ScanIDs(ctx, ids) {
		if err != nil {
			return nil, nil, err
		}
		for _, record := range window.Records {
			id := s.id(&record)
			records[id], raws[id] = record, s.raw(&record)
		}
	}
	return records, raws, nil
}

// covers reports whether a record already is what an update asked for.
func covers(raw json.RawMessage, fields Fields) bool {
	encoded, err := json.Marshal(fields)
	if err != nil || len(raw) == 0 {
		return false
	}
	want, errWant := parseTree(encoded)
	have, errHave := parseTree(raw)
	return errWant == nil && errHave == nil && treeCovers(have, want)
}

// treeCovers compares as WooCommerce answers: more fields than were sent, numbers as texts. Lists must be equal in length.
func treeCovers(have, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		object, ok := have.(map[string]any)
		return ok && !slices.ContainsFunc(slices.Collect(maps.Keys(want)), func(name string) bool {
			return !treeCovers(object[name], want[name])
		})
	case []any:
		list, ok := have.([]any)
		return ok && slices.EqualFunc(list, want, treeCovers)
	default:
		return sameScalar(have, want)
	}
}

func sameScalar(a, b any) bool {
	textA, textB := coerceToText(a), coerceToText(b)
	if textA == nil || textB == nil || textA == textB {
		return textA == textB
	}
	x, errX := parseDecimal(textA.(string))
	y, errY := parseDecimal(textB.(string))
	return errX == nil && errY == nil && x.Equal(y)
}

package record

import (
	"context"
	"maps"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Adopted is a record of Odoo that is bound to a key, with the digest of what a store holds under it.
type Adopted struct {
	ID     int64
	Name   string // of its external id
	Digest string
}

// NewAdopted gives a record to be bound under the key that it has in the store.
func NewAdopted[T any](a *erp.Adoption[T], key func(*T) *erp.Key, name func(erp.Key) string) (Adopted, error) {
	id := rpc.ParseID(a.ID)
	if id == 0 {
		return Adopted{}, fault.Field("id", "%q is not an id of Odoo's: ids are numbers", a.ID)
	}
	if r := landing.CheckKey(*key(&a.Record)); r != nil {
		return Adopted{}, fault.Field("key", "%s", r.Reason)
	}
	digest, err := landing.Digest(a.Record, key)
	return Adopted{ID: id, Name: name(*key(&a.Record)), Digest: digest}, err
}

// Parts gives the external ids of what belongs to records, by their keys.
func Parts(parts map[erp.Key]string) (map[string]int64, error) {
	names := make(map[string]int64, len(parts))
	for key, text := range parts {
		id := rpc.ParseID(text[strings.LastIndexByte(text, '/')+1:])
		if id == 0 {
			return nil, fault.Field("id", "%q is not an id of Odoo's: ids are numbers", text)
		}
		names[ExternalName(key)] = id
	}
	return names, nil
}

// Adopt binds records of a model to keys, and what belongs to them, which is of models of its own. It notes what the store holds of
// each; where that is noted already, nothing is written, so that a record does not count as changed for it. A record that is gone is
// fault.NotFound.
func (s *Store) Adopt(ctx context.Context, model string, records []Adopted, parts map[string]map[string]int64) error {
	if len(records) == 0 {
		return nil
	}
	names := make(map[string]int64, len(records))
	for _, r := range records {
		names[r.Name] = r.ID
	}
	defer s.Lock(slices.Sorted(maps.Keys(names)))()
	if _, err := s.Prepared(ctx); err != nil {
		return err
	}
	stamps, err := rpc.SearchByID[Stamped](ctx, s.rpc, model, rpc.Map(records, func(r Adopted) int64 { return r.ID }), StampField)
	if err != nil {
		return err
	}
	var gone []string
	var changed []*Record
	for _, r := range records {
		stamp, there := stamps[r.ID]
		if !there {
			gone = append(gone, rpc.FormatID(r.ID))
		} else if string(stamp.Stamp) != r.Digest {
			changed = append(changed, &Record{Name: r.Name, Cells: []rpc.Cell{rpc.TextCell(StampField, r.Digest)}})
		}
	}
	if len(gone) > 0 {
		return fault.New(fault.NotFound, "Odoo no longer has the records %s", strings.Join(gone, ", "))
	}
	if err := s.Bind(ctx, model, names); err != nil {
		return err
	}
	for model, bound := range parts {
		if err := s.Bind(ctx, model, bound); err != nil {
			return err
		}
	}
	return s.stamp(ctx, model, changed)
}

// Forget empties the stamps of the records that external ids name, where they are of the model that is given with each.
func (s *Store) Forget(ctx context.Context, models map[string]string) error {
	names := slices.Sorted(maps.Keys(models))
	defer s.Lock(names)()
	if _, err := s.Prepared(ctx); err != nil {
		return err
	}
	known, err := s.Resolve(ctx, names)
	if err != nil {
		return err
	}
	byModel := map[string][]int64{}
	for name, at := range known {
		if at.Model == models[name] {
			byModel[at.Model] = append(byModel[at.Model], at.ResID)
		}
	}
	for model, ids := range byModel {
		if err := s.rpc.Write(ctx, model, rpc.Distinct(ids), map[string]any{StampField: ""}); err != nil {
			return err
		}
	}
	return nil
}

// stamp writes stamps, which Odoo has no reason to refuse.
func (s *Store) stamp(ctx context.Context, model string, records []*Record) error {
	results, err := s.Load(ctx, model, records)
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Refused != nil {
			return fault.New(fault.Conflict, "Odoo does not let the digest of a record be noted: %s", r.Refused.Reason)
		}
	}
	return nil
}

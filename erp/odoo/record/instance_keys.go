package record

import (
	"cmp"
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// InstanceKeys are the keys that records of a model have in one instance.
type InstanceKeys struct {
	instance string
	byID     map[int64][]erp.Key
}

// NewInstanceKeys gives the keys that are known by record.
func NewInstanceKeys(instance string, byID map[int64][]erp.Key) InstanceKeys {
	return InstanceKeys{instance, byID}
}

// KeysIn reads the keys that records have in an instance.
func (s *Store) KeysIn(ctx context.Context, instance, model string, ids []int64) (InstanceKeys, error) {
	rows, err := rpc.SearchBy[Bound](ctx, s.rpc, "ir.model.data", "res_id", rpc.Distinct(ids),
		[]any{rpc.Where("module", "=", Module), rpc.Where("model", "=", model)}, "name", "res_id")
	k := NewInstanceKeys(instance, make(map[int64][]erp.Key, len(rows)))
	for _, r := range rows {
		if key, ok := KeyOf(r.Name); ok && key.Instance == instance {
			k.byID[r.ResID] = append(k.byID[r.ResID], key)
		}
	}
	for _, keys := range k.byID {
		slices.SortFunc(keys, func(a, b erp.Key) int { return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID)) })
	}
	return k, err
}

// Of gives the key of an entity that a record has; ok is false when it has none.
func (k InstanceKeys) Of(entity string, id int64) (key erp.Key, ok bool) {
	for _, key := range k.byID[id] {
		if key.Entity == entity {
			return key, true
		}
	}
	return erp.Key{}, false
}

// OrPending gives the key of an entity that a record has, or the pending one.
func (k InstanceKeys) OrPending(entity string, id int64) erp.Key {
	if key, ok := k.Of(entity, id); ok {
		return key
	}
	return erp.PendingKey(k.instance, entity, rpc.FormatID(id))
}

// Linked finds the records that a query is about and that have a key of an entity in its instance. Where it names records, only those are
// looked up: an instance may have very many.
func (s *Store) Linked(ctx context.Context, q erp.RecordQuery, model, entity string) ([]int64, error) {
	if q.IDs == nil {
		return s.IDsIn(ctx, q.Instance, model, entity)
	}
	keys, err := s.KeysIn(ctx, q.Instance, model, rpc.Distinct(rpc.Map(q.IDs, rpc.ParseID)))
	var ids []int64
	for id := range keys.byID {
		if _, ok := keys.Of(entity, id); ok {
			ids = append(ids, id)
		}
	}
	return rpc.Distinct(ids), err
}

// IDsIn finds the records of a model that have a key of an entity, in one instance or, when that is empty, in any.
func (s *Store) IDsIn(ctx context.Context, instance, model, entity string) ([]int64, error) {
	pattern := escaped(entity) + `\_%`
	if instance != "" {
		pattern = escaped(entity) + `\_` + escaped(EncodeNamePart(instance)) + `\_%`
	}
	rows, err := rpc.Search[Bound](ctx, s.rpc, "ir.model.data",
		[]any{rpc.Where("module", "=", Module), rpc.Where("model", "=", model), rpc.Where("name", "=like", pattern)}, "res_id", "name")
	var ids []int64
	for _, r := range rows {
		if key, ok := KeyOf(r.Name); ok && key.Entity == entity {
			ids = append(ids, r.ResID)
		}
	}
	return rpc.Distinct(ids), err
}

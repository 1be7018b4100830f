package record

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Module is the module part of the external ids under which records are landed. No module of this name is installed, so
// Odoo never removes them in an upgrade.
const Module = "tandem"

// Bound is what an external id names.
type Bound struct {
	rpc.Row        // the row of ir.model.data itself
	Name    string `json:"name"`
	Model   string `json:"model"`
	ResID   int64  `json:"res_id"`
}

// ExternalName gives the name of a key's external id: <entity>_<instance>_<id>. The instance and the id are written so
// that they hold no underscore, which makes the name readable in one way only.
func ExternalName(key erp.Key) string {
	return key.Entity + "_" + EncodeNamePart(key.Instance) + "_" + EncodeNamePart(key.ID)
}

// InstancePattern is a LIKE pattern of all external ids of an instance. It is a little too wide: see KeyOf.
func InstancePattern(instance string) string {
	return `%\_` + escaped(EncodeNamePart(instance)) + `\_%`
}

// escaped has a text stand for itself in a pattern.
func escaped(text string) string { return strings.NewReplacer("%", `\%`, "_", `\_`).Replace(text) }

// KeyOf reads what ExternalName and TemplateName wrote.
func KeyOf(name string) (erp.Key, bool) {
	name = strings.TrimSuffix(name, TemplateSuffix)
	rest, id, ok := cutLast(name)
	if !ok {
		return erp.Key{}, false
	}
	entity, instance, ok := cutLast(rest)
	if !ok {
		return erp.Key{}, false
	}
	return erp.Key{Entity: entity, Instance: decodeNamePart(instance), ID: decodeNamePart(id)}, true
}

func cutLast(s string) (before, after string, ok bool) {
	at := strings.LastIndexByte(s, '_')
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+1:], true
}

// EncodeNamePart writes everything but letters, digits and dashes as ~ and two hexadecimal digits per byte.
func EncodeNamePart(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "~%02x", c)
		}
	}
	return b.String()
}

// decodeNamePart is the inverse of EncodeNamePart.
func decodeNamePart(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		var c byte
		if s[i] == '~' && i+2 < len(s) {
			if _, err := fmt.Sscanf(s[i+1:i+3], "%02x", &c); err == nil {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// TemplateSuffix is what Odoo itself adds to the external id of a product when it makes one for its template.
const TemplateSuffix = "_product_template"

// TemplateName gives the name of the external id of a product's template.
func TemplateName(key erp.Key) string { return ExternalName(key) + TemplateSuffix }

// Resolve finds what external ids name. Names under which there is nothing are missing from the map.
func (s *Store) Resolve(ctx context.Context, names []string) (map[string]Bound, error) {
	found := make(map[string]Bound, len(names))
	rows, err := rpc.SearchBy[Bound](ctx, s.rpc, "ir.model.data", "name", rpc.Distinct(names), []any{rpc.Where("module", "=", Module)},
		"name", "model", "res_id")
	for _, r := range rows {
		found[r.Name] = r
	}
	return found, err
}

// Bind makes external ids name records, away from what they named before.
func (s *Store) Bind(ctx context.Context, model string, records map[string]int64) error {
	return s.BindAll(ctx, map[string]map[string]int64{model: records})
}

// BindAll does so with records of several models. All external ids that are new come with one call.
func (s *Store) BindAll(ctx context.Context, byModel map[string]map[string]int64) error {
	var names []string
	for _, records := range byModel {
		names = slices.AppendSeq(names, maps.Keys(records))
	}
	known, err := s.Resolve(ctx, names)
	if err != nil {
		return err
	}
	var fresh []map[string]any
	for model, records := range byModel {
		for name, id := range records {
			if old, ok := known[name]; !ok {
				fresh = append(fresh, map[string]any{"module": Module, "name": name, "model": model, "res_id": id, "noupdate": true})
			} else if old.ResID != id || old.Model != model {
				if err := s.rpc.Write(ctx, "ir.model.data", []int64{old.ID}, map[string]any{"model": model, "res_id": id}); err != nil {
					return err
				}
			}
		}
	}
	_, err = s.rpc.Create(ctx, "ir.model.data", fresh)
	return rpc.RetryLostRace(err)
}

// Unbind deletes external ids; what they named stays.
func (s *Store) Unbind(ctx context.Context, names []string) error {
	known, err := s.Resolve(ctx, names)
	if err != nil || len(known) == 0 {
		return err
	}
	var rows []int64
	for _, k := range known {
		rows = append(rows, k.ID)
	}
	return s.rpc.Unlink(ctx, "ir.model.data", rows)
}

// XMLID finds a record that comes with Odoo by its external id.
func (s *Store) XMLID(ctx context.Context, module, name string) (int64, error) {
	rows, err := rpc.Search[Bound](ctx, s.rpc, "ir.model.data",
		[]any{rpc.Where("module", "=", module), rpc.Where("name", "=", name)}, "res_id")
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		return 0, fault.New(fault.Unsupported, "Odoo has no %s.%s: its database is not a usual one", module, name)
	}
	return rows[0].ResID, nil
}

// IDsOf finds the records of one model that keys name. What no store has is named by its id.
func (s *Store) IDsOf(ctx context.Context, model string, keys []erp.Key, name func(erp.Key) string) (map[erp.Key]int64, error) {
	ids := make(map[erp.Key]int64, len(keys))
	if len(keys) == 0 {
		return ids, nil
	}
	known, err := s.Resolve(ctx, rpc.Map(keys, name))
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if at, ok := known[name(key)]; ok && at.Model == model {
			ids[key] = at.ResID
		} else if id := PendingID(key); id != 0 {
			ids[key] = id
		}
	}
	return ids, nil
}

// PendingID gives the id in the pending key of what no store has; 0 for another key. That of a variant is "<template>/<variant>".
func PendingID(key erp.Key) int64 {
	text, pending := erp.PendingID(key)
	if !pending {
		return 0
	}
	id, err := strconv.ParseInt(text[strings.LastIndex(text, "/")+1:], 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// NamesOf finds Tandem's external ids of records; of several under one record, the first.
func (s *Store) NamesOf(ctx context.Context, model string, ids []int64) (map[int64]string, error) {
	rows, err := rpc.SearchBy[Bound](ctx, s.rpc, "ir.model.data", "res_id", ids,
		[]any{rpc.Where("module", "=", Module), rpc.Where("model", "=", model)}, "name", "res_id")
	names := make(map[int64]string, len(rows))
	for _, r := range rows {
		if names[r.ResID] == "" {
			names[r.ResID] = r.Name
		}
	}
	return names, err
}

// Ensure finds records by their external ids and makes those that are missing.
func (s *Store) Ensure(ctx context.Context, model string, names []string, cells func(name string) []rpc.Cell) (map[string]int64, error) {
	ids := make(map[string]int64, len(names))
	known, err := s.Resolve(ctx, names)
	if err != nil {
		return nil, err
	}
	var missing []*Record
	for _, name := range names {
		if at, ok := known[name]; ok {
			ids[name] = at.ResID
		} else {
			missing = append(missing, &Record{Name: name, Cells: cells(name)})
		}
	}
	results, err := s.Load(ctx, model, missing)
	for i, r := range results {
		ids[missing[i].Name] = r.ID
	}
	return ids, err
}

// KeysFor finds the keys of an instance that records have; of several, the first.
func (s *Store) KeysFor(ctx context.Context, instance, model string, ids []int64) (map[int64]erp.Key, error) {
	rows, err := rpc.SearchBy[Bound](ctx, s.rpc, "ir.model.data", "res_id", rpc.Distinct(ids), []any{rpc.Where("module", "=", Module), rpc.Where("model", "=", model)},
		"name", "res_id")
	keys := make(map[int64]erp.Key, len(rows))
	for _, r := range rows {
		key, ok := KeyOf(r.Name)
		if _, has := keys[r.ResID]; ok && !has && key.Instance == instance {
			keys[r.ResID] = key
		}
	}
	return keys, err
}

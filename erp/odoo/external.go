package odoo

import (
	"context"
	"fmt"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// module is the module part of the external ids under which records are landed. No module of this name is installed, so
// Odoo never removes them in an upgrade.
const module = "tandem"

// bound is what an external id names.
type bound struct {
	rpc.Row        // the row of ir.model.data itself
	Name    string `json:"name"`
	Model   string `json:"model"`
	ResID   int64  `json:"res_id"`
}

// externalName gives the name of a key's external id: <entity>_<instance>_<id>. The instance and the id are written so
// that they hold no underscore, which makes the name readable in one way only.
func externalName(key erp.Key) string {
	return key.Entity + "_" + plain(key.Instance) + "_" + plain(key.ID)
}

// instancePattern is a LIKE pattern of all external ids of an instance. It is a little too wide: see keyOf.
func instancePattern(instance string) string {
	return `%\_` + strings.ReplaceAll(plain(instance), "%", `\%`) + `\_%`
}

// keyOf reads what externalName wrote.
func keyOf(name string) (erp.Key, bool) {
	name = strings.TrimSuffix(name, templateSuffix)
	rest, id, ok := cutLast(name)
	if !ok {
		return erp.Key{}, false
	}
	entity, instance, ok := cutLast(rest)
	if !ok {
		return erp.Key{}, false
	}
	return erp.Key{Entity: entity, Instance: fancy(instance), ID: fancy(id)}, true
}

func cutLast(s string) (before, after string, ok bool) {
	at := strings.LastIndexByte(s, '_')
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+1:], true
}

// plain writes everything but letters, digits and dashes as ~ and two hexadecimal digits per byte.
func plain(s string) string {
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

// fancy is the inverse of plain.
func fancy(s string) string {
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

// templateSuffix is what Odoo itself adds to the external id of a product when it makes one for its template.
const templateSuffix = "_product_template"

func templateName(key erp.Key) string { return externalName(key) + templateSuffix }

// resolve finds what external ids name. Names under which there is nothing are missing from the map.
func (b *Backend) resolve(ctx context.Context, names []string) (map[string]bound, error) {
	found := make(map[string]bound, len(names))
	rows, err := rpc.SearchBy[bound](ctx, b.rpc, "ir.model.data", "name", rpc.Distinct(names), []any{rpc.Where("module", "=", module)},
		"name", "model", "res_id")
	for _, r := range rows {
		found[r.Name] = r
	}
	return found, err
}

// bind makes external ids name records, away from what they named before.
func (b *Backend) bind(ctx context.Context, model string, records map[string]int64) error {
	names := make([]string, 0, len(records))
	for name := range records {
		names = append(names, name)
	}
	known, err := b.resolve(ctx, names)
	if err != nil {
		return err
	}
	var fresh []map[string]any
	for name, id := range records {
		if old, ok := known[name]; !ok {
			fresh = append(fresh, map[string]any{"module": module, "name": name, "model": model, "res_id": id, "noupdate": true})
		} else if old.ResID != id || old.Model != model {
			if err := b.rpc.Write(ctx, "ir.model.data", []int64{old.ID}, map[string]any{"model": model, "res_id": id}); err != nil {
				return err
			}
		}
	}
	_, err = b.rpc.Create(ctx, "ir.model.data", fresh)
	return rpc.RetryLostRace(err)
}

// unbind deletes external ids; what they named stays.
func (b *Backend) unbind(ctx context.Context, names []string) error {
	known, err := b.resolve(ctx, names)
	if err != nil || len(known) == 0 {
		return err
	}
	var rows []int64
	for _, k := range known {
		rows = append(rows, k.ID)
	}
	return b.rpc.Unlink(ctx, "ir.model.data", rows)
}

// xmlID finds a record that comes with Odoo by its external id.
func (b *Backend) xmlID(ctx context.Context, module, name string) (int64, error) {
	rows, err := rpc.Search[bound](ctx, b.rpc, "ir.model.data",
		[]any{rpc.Where("module", "=", module), rpc.Where("name", "=", name)}, "res_id")
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		return 0, fault.New(fault.Unsupported, "Odoo has no %s.%s: its database is not a usual one", module, name)
	}
	return rows[0].ResID, nil
}

package odootest

import (
	"maps"
	"slices"
	"time"
)

// database holds what an Odoo knows. It is used by one call at a time.
type database struct {
	version int
	models  map[string]*model
	undo    []func() // what takes back the running call, in order
}

// env is a call's view of the database.
type env struct {
	*database
	context map[string]any
	now     string // when the call began, which is when its transaction did
}

// clone copies the database. Values are not changed in place, so only what holds them is copied.
func (db *database) clone() *database {
	twin := &database{version: db.version, models: make(map[string]*model, len(db.models))}
	for name, m := range db.models {
		copied := *m
		copied.fields, copied.rows = maps.Clone(m.fields), make(map[int64]map[string]any, len(m.rows))
		for id, row := range m.rows {
			copied.rows[id] = maps.Clone(row)
		}
		twin.models[name] = &copied
	}
	return twin
}

func (db *database) begin(context map[string]any) env {
	return env{database: db, context: context, now: time.Now().UTC().Format(time.DateTime)}
}

// rollback takes back what the running call did.
func (db *database) rollback() { db.rollbackTo(0) }

// rollbackTo takes back what was done since there were so many steps to take back.
func (db *database) rollbackTo(savepoint int) {
	for _, step := range slices.Backward(db.undo[savepoint:]) {
		step()
	}
	db.undo = db.undo[:savepoint]
}

func (e env) with(name string, value any) env {
	e.context = maps.Clone(e.context)
	if e.context == nil {
		e.context = map[string]any{}
	}
	e.context[name] = value
	return e
}

func (e env) model(name string) *model {
	m, ok := e.models[name]
	if !ok {
		raise("odoo.exceptions.UserError", "Object %s doesn't exist", name)
	}
	return m
}

// field finds a field of a model, or of the one it inherits from.
func (e env) field(m *model, name string) (f field, inherited bool) {
	if f, ok := m.fields[name]; ok {
		return f, false
	}
	if m.inherits != "" {
		if f, ok := e.models[m.fields[m.inherits].target].fields[name]; ok {
			return f, true
		}
	}
	raise("builtins.ValueError", "Invalid field %q on model %q", name, m.name)
	return field{}, false
}

// insert makes a row without asking any business rule.
func (e env) insert(name string, values map[string]any) record {
	m := e.model(name)
	m.last++
	id := m.last
	m.rows[id] = map[string]any{"create_date": e.now, "write_date": e.now}
	e.undo = append(e.undo, func() { delete(m.rows, id) })
	r := record{env: e, model: m, id: id}
	for _, field := range slices.Sorted(maps.Keys(values)) {
		r.set(field, values[field])
	}
	return r
}

// remove deletes a row along with its external ids.
func (r record) remove() {
	r.drop()
	if r.model.name == "ir.model.data" {
		return
	}
	for _, name := range r.find("ir.model.data", []any{"model", "=", r.model.name}, []any{"res_id", "=", r.id}) {
		name.drop()
	}
}

func (r record) drop() {
	m, id, row := r.model, r.id, r.model.rows[r.id]
	delete(m.rows, id)
	r.undo = append(r.undo, func() { m.rows[id] = row })
}

// browse gives the records with some ids, which must be there.
func (e env) browse(name string, ids []int64) []record {
	m := e.model(name)
	records := make([]record, len(ids))
	for i, id := range ids {
		if m.rows[id] == nil {
			raise("odoo.exceptions.MissingError", "Record does not exist or has been deleted. (Record: %s(%d,))", name, id)
		}
		records[i] = record{env: e, model: m, id: id}
	}
	return records
}

// find gives the records that meet all terms, archived ones too, by id.
func (e env) find(name string, terms ...any) []record {
	return e.with("active_test", false).search(name, terms)
}

// search gives the records of a domain by id: without archived ones unless the context or the domain says otherwise.
func (e env) search(name string, domain []any) []record {
	m := e.model(name)
	if _, archives := m.fields["active"]; archives && e.context["active_test"] != false && !mentions(domain, "active") {
		domain = append([]any{[]any{"active", "=", true}}, domain...)
	}
	check := e.parse(m, domain)
	var found []record
	for _, id := range slices.Sorted(maps.Keys(m.rows)) {
		if r := (record{env: e, model: m, id: id}); check(r) {
			found = append(found, r)
		}
	}
	return found
}

func mentions(domain []any, field string) bool {
	return slices.ContainsFunc(domain, func(term any) bool {
		parts, ok := term.([]any)
		return ok && len(parts) == 3 && parts[0] == field
	})
}

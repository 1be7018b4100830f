package odootest

import (
	"slices"
)

// method is something that can be called on a model from outside.
type method struct {
	params []string // by place, after the ids
	ids    bool     // it is called on records
	run    func(e env, model string, ids []int64, args map[string]any) any
}

// generic are the methods that every model has.
var generic = map[string]method{
	"create":      {params: []string{"vals_list"}, run: callCreate},
	"write":       {params: []string{"vals"}, ids: true, run: callWrite},
	"unlink":      {ids: true, run: callUnlink},
	"read":        {params: []string{"fields"}, ids: true, run: callRead},
	"search":      {params: []string{"domain", "offset", "limit", "order"}, run: callSearch},
	"search_read": {params: []string{"domain", "fields", "offset", "limit", "order"}, run: callSearchRead},
	"search_count": {params: []string{"domain"}, run: func(e env, model string, _ []int64, args map[string]any) any {
		return len(e.search(model, domainOf(args)))
	}},
	"load":                {params: []string{"fields", "data"}, run: callLoad},
	"check_access_rights": {params: []string{"operation", "raise_exception"}, run: allow},
	"has_access":          {params: []string{"operation"}, ids: true, run: allow},
}

// methodOf finds a method; it raises when there is none.
func (e env) methodOf(model, name string) method {
	e.model(model)
	if rule, ok := business[model+"."+name]; ok {
		return method{ids: true, run: func(e env, model string, ids []int64, _ map[string]any) any { return rule(e.browse(model, ids)) }}
	}
	if model == "res.users" && name == "context_get" {
		return method{run: whoami}
	}
	m, ok := generic[name]
	if !ok || name == "has_access" && e.version < 18 {
		raise("builtins.AttributeError", "The method '%s.%s' does not exist", model, name)
	}
	return m
}

// whoami is context_get: what a session of the user begins with.
func whoami(e env, _ string, _ []int64, _ map[string]any) any {
	return map[string]any{"uid": e.find("res.users", []any{"login", "=", Login})[0].id, "lang": "en_US", "tz": false}
}

func allow(e env, model string, _ []int64, _ map[string]any) any { return e.model(model) != nil }

func callCreate(e env, model string, _ []int64, args map[string]any) any {
	ids := []int64{}
	for _, values := range args["vals_list"].([]any) {
		ids = append(ids, e.create(model, values.(map[string]any)).id)
	}
	return ids
}

func callWrite(e env, model string, ids []int64, args map[string]any) any {
	for _, r := range e.browse(model, ids) {
		r.write(args["vals"].(map[string]any))
	}
	return true
}

func callUnlink(e env, model string, ids []int64, _ map[string]any) any {
	e.unlink(model, ids)
	return true
}

func callRead(e env, model string, ids []int64, args map[string]any) any {
	return read(e.browse(model, ids), args["fields"])
}

func callSearch(e env, model string, _ []int64, args map[string]any) any {
	return idsOf(cut(e.search(model, domainOf(args)), args))
}

func callSearchRead(e env, model string, _ []int64, args map[string]any) any {
	return read(cut(e.search(model, domainOf(args)), args), args["fields"])
}

func domainOf(args map[string]any) []any {
	domain, _ := args["domain"].([]any)
	return domain
}

// cut gives a page of what was found. Records come by id: another order is not known here.
func cut(found []record, args map[string]any) []record {
	if order := args["order"]; order != nil && order != "id" {
		raise("builtins.ValueError", "odootest orders by id only, not by %v", order)
	}
	offset, limit := 0, len(found)
	if args["offset"] != nil {
		offset = int(number(args["offset"]))
	}
	if n, ok := args["limit"]; ok && n != nil && n != false {
		limit = int(number(n))
	}
	found = found[min(offset, len(found)):]
	return found[:min(limit, len(found))]
}

func read(records []record, fields any) []map[string]any {
	wanted, _ := fields.([]any)
	rows := make([]map[string]any, len(records))
	for i, r := range records {
		rows[i] = map[string]any{"id": r.id}
		for _, name := range wanted {
			rows[i][name.(string)] = r.tell(name.(string))
		}
	}
	return rows
}

// create makes a record the way Odoo does: with its defaults and what follows from it.
func (e env) create(model string, values map[string]any) record {
	if rule, ok := preparing[model]; ok {
		rule(e, values)
	}
	if rule, ok := creating[model]; ok {
		if r, made := rule(e, values); made {
			return r
		}
	}
	r := e.insert(model, nil)
	for name, value := range defaults[model] {
		if e.knows(r.model, name) {
			r.set(name, value)
		}
	}
	r.fill(values)
	if rule, ok := created[model]; ok {
		rule(r)
	}
	return r
}

// fill sets values: first whose fields the record takes over, lines last, because they may look at their parent.
func (r record) fill(values map[string]any) {
	var lines []string
	if lender, ok := values[r.model.inherits]; ok {
		r.set(r.model.inherits, lender)
	}
	for _, name := range sortedKeys(values) {
		if f, _ := r.field(r.model, name); f.kind == linesKind {
			lines = append(lines, name)
			continue
		}
		r.set(name, values[name])
	}
	for _, name := range lines {
		r.set(name, values[name])
	}
	r.unique()
	if rule, ok := constraints[r.model.name]; ok {
		rule(r)
	}
}

// write changes a record the way Odoo does.
func (r record) write(values map[string]any) {
	if rule, ok := writing[r.model.name]; ok {
		values = rule(r, values)
	}
	r.fill(values)
	r.put("write_date", r.now)
}

// unlink removes records that may go.
func (e env) unlink(model string, ids []int64) {
	for _, r := range e.browse(model, ids) {
		if rule, ok := removing[model]; ok {
			rule(r)
		}
		r.remove()
	}
}

// uniques are the fields of a model that two records may not have in common.
var uniques = map[string][]string{
	"ir.model":      {"model"},
	"ir.model.data": {"module", "name"},
	"product.tag":   {"name"},
}

func (r record) unique() {
	fields := uniques[r.model.name]
	if len(fields) == 0 {
		return
	}
	terms := make([]any, len(fields))
	for i, name := range fields {
		terms[i] = []any{name, "=", r.get(name)}
	}
	if others := r.find(r.model.name, terms...); slices.ContainsFunc(others, func(o record) bool { return o.id != r.id }) {
		raise("psycopg2.errors.UniqueViolation", "duplicate key value violates unique constraint of %s", r.model.name)
	}
}

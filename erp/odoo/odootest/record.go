package odootest

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// record is one row of a model, as business rules see it.
type record struct {
	env
	model *model
	id    int64
}

// none reports whether a many2one is empty.
func (r record) none() bool { return r.id == 0 }

// get gives a field's value in the form it is kept in: string, bool, int64, decimal.Decimal, []int64.
func (r record) get(name string) any {
	f, inherited := r.field(r.model, name)
	if inherited {
		return r.one(r.model.inherits).get(name)
	}
	if name == "id" {
		return r.id
	}
	if rule, ok := computed[r.model.name+"."+name]; ok {
		return f.keep(rule(r))
	}
	if f.kind == linesKind {
		return idsOf(r.find(f.target, []any{f.inverse, "=", r.id}))
	}
	if value, ok := r.model.rows[r.id][name]; ok {
		return value
	}
	return f.keep(false)
}

// set keeps a value, which may be in any form that create and write take. Lists of lines take their commands.
func (r record) set(name string, value any) {
	f, inherited := r.field(r.model, name)
	switch {
	case inherited:
		r.one(r.model.inherits).set(name, value)
	case f.kind == linesKind:
		r.command(f, value)
	default:
		r.put(name, f.keep(r.links(f, value)))
	}
}

func (r record) put(name string, value any) {
	row := r.model.rows[r.id]
	old, had := row[name]
	row[name] = value
	r.undo = append(r.undo, func() {
		if row[name] = old; !had {
			delete(row, name)
		}
	})
}

// command runs the commands of a one2many: make, change, remove.
func (r record) command(f field, value any) {
	commands, _ := value.([]any)
	for _, c := range commands {
		parts := c.([]any)
		switch number(parts[0]) {
		case 0:
			values := parts[2].(map[string]any)
			values[f.inverse] = r.id
			r.create(f.target, values)
		case 1:
			r.browse(f.target, []int64{number(parts[1])})[0].write(parts[2].(map[string]any))
		case 2:
			r.unlink(f.target, []int64{number(parts[1])})
		default:
			raise("builtins.ValueError", "Command %v of %s is not supported", parts[0], f.name)
		}
	}
}

// links turns the commands of a many2many into the ids it holds afterwards.
func (r record) links(f field, value any) any {
	commands, ok := value.([]any)
	if f.kind != manyKind || !ok {
		return value
	}
	ids := r.get(f.name).([]int64)
	for _, c := range commands {
		parts, ok := c.([]any)
		if !ok {
			return value // plain ids
		}
		switch number(parts[0]) {
		case 4:
			ids = append(slices.Clone(ids), number(parts[1]))
		case 6:
			ids = numbers(parts[2])
		default:
			raise("builtins.ValueError", "Command %v of %s is not supported", parts[0], f.name)
		}
	}
	return ids
}

func (r record) text(name string) string            { return r.get(name).(string) }
func (r record) is(name string) bool                { return r.get(name).(bool) }
func (r record) amount(name string) decimal.Decimal { return r.get(name).(decimal.Decimal) }

// one follows a many2one.
func (r record) one(name string) record {
	f, inherited := r.field(r.model, name)
	if inherited {
		return r.one(r.model.inherits).one(name)
	}
	return record{env: r.env, model: r.env.model(f.target), id: r.get(name).(int64)}
}

// many follows a list.
func (r record) many(name string) []record {
	f, inherited := r.field(r.model, name)
	if inherited {
		return r.one(r.model.inherits).many(name)
	}
	return r.browse(f.target, r.get(name).([]int64))
}

func idsOf(records []record) []int64 {
	ids := make([]int64, len(records))
	for i, r := range records {
		ids[i] = r.id
	}
	return ids
}

// title is what a many2one shows of the record.
func (r record) title() string {
	if _, named := r.model.fields["name"]; named {
		return r.text("name")
	}
	if r.model.inherits != "" {
		return r.one(r.model.inherits).title()
	}
	return fmt.Sprintf("%s,%d", r.model.name, r.id)
}

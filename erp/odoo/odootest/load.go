package odootest

import (
	"fmt"
	"maps"
	"strings"
)

// callLoad is Odoo's import: one record per row with something in a column of its own, rows without continue its lines.
// When a record is refused nothing is written and the messages say which.
func callLoad(e env, model string, _ []int64, args map[string]any) any {
	columns, rows := texts(args["fields"]), args["data"].([]any)
	s := sheet{env: e, columns: columns}
	for _, row := range rows {
		s.rows = append(s.rows, texts(row))
	}
	ids := []int64{}
	messages := []any{}
	savepoint := len(e.undo)
	for _, group := range s.groups(e.model(model)) {
		raised := catch(func() { ids = append(ids, s.load(model, "", group[0], group[1])) })
		if raised != nil {
			messages = append(messages, map[string]any{"type": "error", "message": raised.message, "record": len(ids) + len(messages),
				"rows": map[string]any{"from": group[0], "to": group[1] - 1}})
		}
	}
	if len(messages) == 0 {
		return map[string]any{"ids": ids, "messages": messages}
	}
	e.rollbackTo(savepoint)
	return map[string]any{"ids": false, "messages": messages}
}

func texts(list any) []string {
	var result []string
	for _, v := range list.([]any) {
		text, ok := v.(string)
		if !ok {
			raise("builtins.ValueError", "load takes texts, not %v", v)
		}
		result = append(result, text)
	}
	return result
}

// sheet is what load is given.
type sheet struct {
	env
	columns []string
	rows    [][]string
	parent  map[string]any // of lines: what ties a new one to its record
}

// groups gives the first row of each record and the one after its last.
func (s sheet) groups(m *model) [][2]int {
	var groups [][2]int
	for i := range s.rows {
		if s.begins(m, i) || len(groups) == 0 {
			groups = append(groups, [2]int{i, i})
		}
		groups[len(groups)-1][1] = i + 1
	}
	return groups
}

func (s sheet) begins(m *model, row int) bool {
	for i, column := range s.columns {
		name, _, _ := strings.Cut(column, "/")
		if name == "id" || name == ".id" {
			if s.rows[row][i] != "" {
				return true
			}
			continue
		}
		if f, _ := s.field(m, name); f.kind != linesKind && s.rows[row][i] != "" {
			return true
		}
	}
	return false
}

// load lands the record in rows from first to end, whose columns begin with a prefix, and gives its id.
func (s sheet) load(model, prefix string, first, end int) int64 {
	m := s.model(model)
	values, name, there := map[string]any{}, "", record{}
	lines := map[string]bool{}
	for i, column := range s.columns {
		column, ours := strings.CutPrefix(column, prefix)
		if !ours {
			continue
		}
		field, by, _ := strings.Cut(column, "/")
		switch field {
		case "id":
			name = s.rows[first][i]
			continue
		case ".id":
			there = s.known(model, s.rows[first][i])
			continue
		}
		f, _ := s.field(m, field)
		if f.kind == linesKind {
			lines[field] = true
			continue
		}
		values[field] = s.cell(f, by, s.rows[first][i])
	}
	r := s.upsert(model, name, there, values)
	for field := range lines {
		s.loadLines(r, prefix+field+"/", field, first, end)
	}
	return r.id
}

// loadLines lands the lines of a record. A row without a value of theirs is no line.
func (s sheet) loadLines(parent record, prefix, name string, first, end int) {
	f, _ := parent.field(parent.model, name)
	for row := first; row < end; row++ {
		if !s.filled(prefix, row) {
			continue
		}
		line := s
		line.parent = map[string]any{f.inverse: parent.id}
		line.load(f.target, prefix, row, row+1)
	}
}

func (s sheet) filled(prefix string, row int) bool {
	for i, column := range s.columns {
		if strings.HasPrefix(column, prefix) && s.rows[row][i] != "" {
			return true
		}
	}
	return false
}

// cell reads a cell: a value, external ids or database ids.
func (s sheet) cell(f field, by, text string) any {
	if by == "" || text == "" {
		return f.parseText(text)
	}
	var ids []int64
	for part := range strings.SplitSeq(text, ",") {
		var r record
		switch by {
		case ".id":
			r = s.browse(f.target, []int64{number(part)})[0]
		case "id":
			r = s.named(part)
		default:
			raise("builtins.ValueError", "Unknown sub-field %q", by)
		}
		ids = append(ids, r.id)
	}
	if f.kind == oneKind {
		return ids[0]
	}
	return ids
}

// named finds what an external id names; none when there is nothing.
func (e env) named(id string) record {
	module, name, _ := strings.Cut(id, ".")
	for _, data := range e.find("ir.model.data", []any{"module", "=", module}, []any{"name", "=", name}) {
		m := e.model(data.text("model"))
		if id := number(data.get("res_id")); m.rows[id] != nil {
			return record{env: e, model: m, id: id}
		}
		data.remove()
	}
	return record{}
}

// known finds a record by what stands in the column .id.
func (e env) known(model, id string) record {
	if e.model(model).rows[number(id)] == nil {
		raise("builtins.ValueError", "Unknown database identifier '%s'", id)
	}
	return record{env: e, model: e.model(model), id: number(id)}
}

// upsert changes a record that is there or that an external id names, or makes it and gives it the id.
func (s sheet) upsert(model, name string, there record, values map[string]any) record {
	if there.none() {
		there = s.named(name)
	}
	if !there.none() {
		if there.model.name != model {
			raise("builtins.ValueError", "%s is a %s", name, there.model.name)
		}
		there.write(values)
		return there
	}
	maps.Copy(values, s.parent)
	r := s.create(model, values)
	if name != "" {
		s.name(r, name)
	}
	return r
}

// name gives a record an external id, and one derived from it to the record it inherits from.
func (e env) name(r record, id string) {
	module, name, _ := strings.Cut(id, ".")
	if r.model.inherits != "" {
		lent := r.one(r.model.inherits)
		e.bind(module, fmt.Sprintf("%s_%s", name, strings.ReplaceAll(lent.model.name, ".", "_")), lent)
	}
	e.bind(module, name, r)
}

func (e env) bind(module, name string, r record) {
	if len(e.find("ir.model.data", []any{"module", "=", module}, []any{"name", "=", name})) == 0 {
		e.create("ir.model.data", map[string]any{"module": module, "name": name, "model": r.model.name, "res_id": r.id})
	}
}

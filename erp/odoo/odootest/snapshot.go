package odootest

import (
	"fmt"
	"slices"
	"strings"
)

// passing are fields that say when a call came, not what it did.
var passing = map[string]bool{"create_date": true, "write_date": true, "stock.move.date": true}

// Records gives what the database holds besides wizards, a line of text for each record: two databases in which the same
// was done give the same lines. Records are named by their external ids, and those without one by what a person would
// call them. Ids, which failed calls use up, are not shown.
func (s *Server) Records() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.db.begin(nil)
	l := labels{}
	for _, data := range e.find("ir.model.data") {
		at := place{data.text("model"), number(data.get("res_id"))}
		l[at] = append(l[at], data.text("module")+"."+data.text("name"))
	}
	var lines []string
	for name, m := range s.db.models {
		if m.transient {
			continue
		}
		for id := range m.rows {
			lines = append(lines, l.describe(record{env: e, model: m, id: id}, name))
		}
	}
	slices.Sort(lines)
	return lines
}

// Count tells how many records of a model meet all terms of a domain, archived ones too.
func (s *Server) Count(model string, terms ...any) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.db.begin(nil).find(model, terms...))
}

// place is where a record is.
type place struct {
	model string
	id    int64
}

// labels are the external ids of records.
type labels map[place][]string

// describe writes a record as one line.
func (l labels) describe(r record, model string) string {
	var b strings.Builder
	b.WriteString(model + " " + l.of(r) + ":")
	for _, name := range sortedKeys(r.model.rows[r.id]) {
		if passing[name] || passing[model+"."+name] {
			continue
		}
		if text := l.show(r, name); text != "" {
			b.WriteString(" " + name + "=" + text)
		}
	}
	return b.String()
}

// show writes a field's value; nothing for an empty one.
func (l labels) show(r record, name string) string {
	f := r.model.fields[name]
	switch {
	case name == "res_id":
		m := r.models[r.text("model")]
		id := number(r.get("res_id"))
		if m == nil || m.rows[id] == nil {
			return "gone"
		}
		return l.of(record{env: r.env, model: m, id: id})
	case f.kind == oneKind && !r.one(name).none():
		return l.of(r.one(name))
	case f.kind == manyKind:
		var list []string
		for _, to := range r.many(name) {
			list = append(list, l.of(to))
		}
		return strings.Join(list, ",")
	}
	if value := r.tell(name); value != false {
		return fmt.Sprint(value)
	}
	return ""
}

// of names a record.
func (l labels) of(r record) string {
	if names := l[place{r.model.name, r.id}]; len(names) > 0 {
		slices.Sort(names)
		return strings.Join(names, "+")
	}
	if _, named := r.model.fields["name"]; named || r.model.inherits != "" {
		return r.title()
	}
	return "(" + r.model.name + ")"
}

package odootest

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed models.txt
var modelText string

//go:embed mrp.txt
var mrpText string

// kind is what a field holds.
type kind string

// The kinds of fields, as models.txt names them. A date is kept as text in Odoo's own form.
const (
	charKind  kind = "char"
	textKind  kind = "text"
	boolKind  kind = "bool"
	intKind   kind = "int"
	floatKind kind = "float"
	dateKind  kind = "date"
	timeKind  kind = "datetime"
	oneKind   kind = ">"
	manyKind  kind = "*"
	linesKind kind = "<"
)

type field struct {
	name    string
	kind    kind
	target  string // of a relation: the model it leads to
	inverse string // of linesKind: the many2one on the other side
}

// model is a table.
type model struct {
	name      string
	fields    map[string]field
	inherits  string // the many2one whose record lends its fields; "" for none
	transient bool
	rows      map[int64]map[string]any
	last      int64 // id of the newest row; ids of rolled back rows are lost, as in PostgreSQL
}

func newModel(name string) *model {
	m := &model{name: name, fields: map[string]field{}, rows: map[int64]map[string]any{}}
	for _, f := range []field{{name: "id", kind: intKind}, {name: "create_date", kind: timeKind}, {name: "write_date", kind: timeKind}} {
		m.fields[f.name] = f
	}
	return m
}

// readModels reads models.txt for one version.
func readModels(text string, version int) map[string]*model {
	models := map[string]*model{}
	var at *model
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case line[0] != ' ':
			if at = models[words[0]]; at == nil { // a module adds fields to those of others
				at = readModel(words)
				models[at.name] = at
			}
			if !holds(strings.TrimPrefix(words[len(words)-1], "@"), version) {
				delete(models, at.name)
			}
		default:
			at.readFields(words, version)
		}
	}
	return models
}

func readModel(words []string) *model {
	m := newModel(words[0])
	for i, word := range words {
		switch word {
		case "inherits":
			m.inherits = words[i+1]
		case "transient":
			m.transient = true
		}
	}
	return m
}

func (m *model) readFields(words []string, version int) {
	for _, word := range words {
		declared, versions, _ := strings.Cut(word, "@")
		if f := readField(declared); holds(versions, version) {
			m.fields[f.name] = f
		}
	}
}

func readField(declared string) field {
	at := strings.IndexAny(declared, ":>*<")
	if at < 0 {
		panic(fmt.Sprintf("models.txt: %q is no field", declared))
	}
	f := field{name: declared[:at], kind: kind(declared[at : at+1])}
	rest := declared[at+1:]
	switch f.kind {
	case oneKind, manyKind:
		f.target = rest
	case linesKind:
		f.target, f.inverse, _ = strings.Cut(rest, "/")
	default:
		f.kind = kind(rest)
	}
	return f
}

// holds reports whether a version is in a range like "15-17", "-16" or "18-". What is no range holds always.
func holds(versions string, version int) bool {
	first, last, ok := strings.Cut(versions, "-")
	if !ok {
		return true
	}
	from, err := strconv.Atoi(first)
	if err == nil && version < from {
		return false
	}
	to, err := strconv.Atoi(last)
	return err != nil || version <= to
}

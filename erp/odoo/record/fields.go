package record

import (
	"html"
	"maps"
	"slices"
	"strings"

	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
)

// freeField begins the names of custom fields, which an instance may map to when they exist in Odoo.
const freeField = "x_"

// CheckFields refuses fields of a meta mapping that are neither named nor a custom field of the model.
func (s *Setup) CheckFields(model string, fields, named map[string]string) *landing.Refusal {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, ok := named[name]; ok || strings.HasPrefix(name, freeField) && s.custom[model][name] {
			continue
		}
		return landing.Failed("unknown_field", "Odoo's %s has no field %q: map to one of %s, or add a custom field of this name there",
			model, name, strings.Join(slices.Sorted(maps.Keys(named)), ", "))
	}
	return nil
}

// SetFields puts mapped fields over what the record itself says, and adds the custom ones.
func SetFields(cells []rpc.Cell, fields, named map[string]string) []rpc.Cell {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		field := name
		if own, ok := named[name]; ok {
			field = own
		}
		at := slices.IndexFunc(cells, func(c rpc.Cell) bool { return c.Field == field })
		if at < 0 {
			cells = append(cells, rpc.Cell{})
			at = len(cells) - 1
		}
		cells[at] = rpc.TextCell(field, fields[name])
	}
	return cells
}

// Paragraph makes text that a person wrote one paragraph of HTML.
func Paragraph(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return "<p>" + html.EscapeString(text) + "</p>"
}

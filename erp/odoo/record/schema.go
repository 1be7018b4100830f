package record

import (
	"context"
	"slices"

	"tandem/erp/odoo/rpc"
)

// TermModel is a model of Tandem's own for the terms that Odoo keeps no records of, such as shipping classes and
// payment gateways.
const TermModel = "x_tandem_term"

// CustomField is a field that Tandem adds to a model of Odoo's: as a custom field, the way a person would in the
// settings, so that no module is needed.
type CustomField struct {
	Model string
	Name  string
	Kind  string // Odoo's: char, text, float, boolean
}

// model is a model of Odoo's.
type model struct {
	rpc.Row
	Model string `json:"model"`
}

// modelField is a field of a model.
type modelField struct {
	rpc.Row
	Model rpc.Text `json:"model"`
	Name  rpc.Text `json:"name"`
}

// ensureSchema adds what is missing of the custom fields and of the model for terms. It is done once per Odoo; the user
// needs the right to change settings for it.
func (s *Store) ensureSchema(ctx context.Context) error {
	fields := slices.Clone(s.fields)
	for _, name := range []string{"x_name", "x_kind", "x_code", StampField} {
		fields = append(fields, CustomField{TermModel, name, "char"})
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Model)
	}
	models, err := rpc.SearchBy[model](ctx, s.rpc, "ir.model", "model", rpc.Distinct(names), nil, "model")
	if err != nil {
		return err
	}
	idOf := make(map[string]int64, len(models))
	for _, m := range models {
		idOf[m.Model] = m.ID
	}
	if idOf[TermModel] == 0 {
		if idOf[TermModel], err = s.createTermModel(ctx); err != nil {
			return err
		}
	}
	return s.ensureFields(ctx, fields, idOf)
}

func (s *Store) ensureFields(ctx context.Context, fields []CustomField, idOf map[string]int64) error {
	there, err := rpc.Search[modelField](ctx, s.rpc, "ir.model.fields",
		[]any{"|", rpc.Where("name", "=like", StampField+"%"), rpc.Where("model", "=", TermModel)}, "model", "name")
	if err != nil {
		return err
	}
	var missing []map[string]any
	for _, f := range fields {
		has := slices.ContainsFunc(there, func(e modelField) bool { return string(e.Model) == f.Model && string(e.Name) == f.Name })
		if id := idOf[f.Model]; id != 0 && !has {
			missing = append(missing, map[string]any{"model_id": id, "name": f.Name, "ttype": f.Kind,
				"field_description": "Tandem " + f.Name, "copied": false, "state": "manual"})
		}
	}
	_, err = s.rpc.Create(ctx, "ir.model.fields", missing)
	return rpc.RetryLostRace(err)
}

// createTermModel makes the model for terms, which every internal user may use.
func (s *Store) createTermModel(ctx context.Context) (int64, error) {
	users, err := s.XMLID(ctx, "base", "group_user")
	if err != nil {
		return 0, err
	}
	created, err := s.rpc.Create(ctx, "ir.model", []map[string]any{{"name": "Tandem term", "model": TermModel, "state": "manual",
		"access_ids": []any{[]any{0, 0, map[string]any{"name": TermModel, "group_id": users,
			"perm_read": true, "perm_write": true, "perm_create": true, "perm_unlink": false}}}}})
	if err != nil {
		return 0, rpc.RetryLostRace(err)
	}
	return created[0], nil
}

package odoo

import (
	"context"
	"slices"

	"tandem/erp/odoo/rpc"
)

// termModel is a model of Tandem's own for the terms that Odoo keeps no records of, such as shipping classes and
// payment gateways.
const termModel = "x_tandem_term"

// customField is a field that Tandem adds to a model of Odoo's: as a custom field, the way a person would in the
// settings, so that no module is needed.
type customField struct {
	model string
	name  string
	kind  string // Odoo's: char, text, float, boolean
}

// customFields are all of them. A model whose module is not installed is left out.
func customFields(r rpc.Release) []customField {
	var fields []customField
	for _, model := range []string{
		"product.category", "product.attribute", "product.attribute.value", "account.tax", "product.pricelist",
		"product.template", "res.partner", "sale.order", rpc.TagModels.For(r), rpc.CouponModels.For(r),
	} {
		fields = append(fields, customField{model, stampField, "char"})
	}
	for _, name := range []string{"x_name", "x_kind", "x_code", stampField} {
		fields = append(fields, customField{termModel, name, "char"})
	}
	return append(fields,
		customField{"sale.order", "x_tandem_amounts", "char"},       // digest of what is fixed once it is invoiced or shipped
		customField{"sale.order", "x_tandem_total", "char"},         // what the store charged
		customField{"sale.order", "x_tandem_cancelled", "boolean"},  // it is the store that cancelled the order
		customField{"sale.order", "x_tandem_taxes", "text"},         // the store's tax rates and their labels, as JSON
		customField{"sale.order", markField, "char"},                // what is still to be done to land it
		customField{"sale.order", "x_tandem_date", "char"},          // when it was placed: Odoo dates it again when it is confirmed
		customField{"sale.order", "x_tandem_opening", "text"},       // goods to be put on hand for it and not known to be yet
		customField{"sale.order.line", "x_tandem_aside", "float"},   // what the store has set aside for the line
		customField{"sale.order.line", splitField, "char"},          // the taxes of the line, by their ids, as JSON
		customField{"sale.order.line", soldAsField, "char"},         // the key under which the store sold its goods
		customField{"sale.order.line", placeholderField, "boolean"}, // they are the placeholder of what the store did not have
		customField{"account.tax", compoundField, "boolean"},        // the store calculates it on other taxes, too
		customField{"product.product", "x_tandem_counted", "char"},  // when the store counted it, per warehouse, as JSON
		customField{"product.product", uncountedField, "boolean"},
		customField{templateFrames.model, templateFrames.note, "char"}, // digest of the image that was handed over last
		customField{variantFrames.model, variantFrames.note, "char"},
	)
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
func (b *Backend) ensureSchema(ctx context.Context) error {
	fields := customFields(b.rpc.Release)
	var names []string
	for _, f := range fields {
		names = append(names, f.model)
	}
	models, err := rpc.SearchBy[model](ctx, b.rpc, "ir.model", "model", rpc.Distinct(names), nil, "model")
	if err != nil {
		return err
	}
	idOf := make(map[string]int64, len(models))
	for _, m := range models {
		idOf[m.Model] = m.ID
	}
	if idOf[termModel] == 0 {
		if idOf[termModel], err = b.createTermModel(ctx); err != nil {
			return err
		}
	}
	return b.ensureFields(ctx, fields, idOf)
}

func (b *Backend) ensureFields(ctx context.Context, fields []customField, idOf map[string]int64) error {
	there, err := rpc.Search[modelField](ctx, b.rpc, "ir.model.fields",
		[]any{"|", rpc.Where("name", "=like", stampField+"%"), rpc.Where("model", "=", termModel)}, "model", "name")
	if err != nil {
		return err
	}
	var missing []map[string]any
	for _, f := range fields {
		has := slices.ContainsFunc(there, func(e modelField) bool { return string(e.Model) == f.model && string(e.Name) == f.name })
		if id := idOf[f.model]; id != 0 && !has {
			missing = append(missing, map[string]any{"model_id": id, "name": f.name, "ttype": f.kind,
				"field_description": "Tandem " + f.name, "copied": false, "state": "manual"})
		}
	}
	_, err = b.rpc.Create(ctx, "ir.model.fields", missing)
	return rpc.RetryLostRace(err)
}

// createTermModel makes the model for terms, which every internal user may use.
func (b *Backend) createTermModel(ctx context.Context) (int64, error) {
	users, err := b.xmlID(ctx, "base", "group_user")
	if err != nil {
		return 0, err
	}
	created, err := b.rpc.Create(ctx, "ir.model", []map[string]any{{"name": "Tandem term", "model": termModel, "state": "manual",
		"access_ids": []any{[]any{0, 0, map[string]any{"name": termModel, "group_id": users,
			"perm_read": true, "perm_write": true, "perm_create": true, "perm_unlink": false}}}}})
	if err != nil {
		return 0, rpc.RetryLostRace(err)
	}
	return created[0], nil
}

package odoo

import (
	"context"
	"strings"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/catalog"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Lookup resolves keys to ids. A product's id is its template's; a key that names a variant only, such as a variation's,
// gives "<template>/<variant>".
func (b *Backend) Lookup(ctx context.Context, keys []erp.Key) ([]string, error) {
	found := make([]string, len(keys))
	var names []string
	for _, key := range keys {
		names = append(names, record.ExternalName(key), record.TemplateName(key))
	}
	known, err := b.records.Resolve(ctx, names)
	if err != nil {
		return nil, err
	}
	templates, err := catalog.TemplatesOf(ctx, b.rpc, known)
	if err != nil {
		return nil, err
	}
	for i, key := range keys {
		at, ok := known[record.ExternalName(key)]
		template, product := known[record.TemplateName(key)]
		switch {
		case product:
			found[i] = rpc.FormatID(template.ResID)
		case ok && at.Model == "product.product":
			found[i] = rpc.FormatID(templates[at.ResID]) + "/" + rpc.FormatID(at.ResID)
		case ok:
			found[i] = rpc.FormatID(at.ResID)
		}
	}
	return found, nil
}

// homes says where the records of an entity are kept.
func homes(r rpc.Release) map[string]string {
	all := map[string]string{
		"tax": "account.tax", "price_list": "product.pricelist", "product": "product.template",
		"coupon": rpc.CouponModels.For(r), "customer": "res.partner", "guest": "res.partner", "address": "res.partner",
		"order": "sale.order",
	}
	for _, kind := range erp.TermKinds {
		all[string(kind)] = catalog.TermModelOf(r, kind)
	}
	all[string(erp.AttributeValue)] = "product.attribute.value"
	return all
}

// Adopt binds a key to a record of Odoo, away from what it named before. A product is named by "<template>", which also
// binds the key to its variant when it has just one, or a variant by "<template>/<variant>". An entity that Odoo does not
// keep and an id that is not a number are fault.Invalid; an order that is another one of a store is fault.Conflict.
func (b *Backend) Adopt(ctx context.Context, key erp.Key, id string) error {
	if r := landing.CheckKey(key); r != nil {
		return fault.Field("key", "%s", r.Reason)
	}
	home, ok := homes(b.rpc.Release)[key.Entity]
	if !ok {
		return fault.Field("key", "Odoo keeps no %q", key.Entity)
	}
	defer b.records.Lock([]string{key.String()})()
	if _, err := b.records.Prepared(ctx); err != nil {
		return err
	}
	first, second, isVariant := strings.Cut(id, "/")
	for _, part := range []string{first, second} {
		if rpc.ParseID(part) == 0 && (part != "" || part == first) {
			return fault.Field("id", "%q is not an id of Odoo's: ids are numbers", id)
		}
	}
	if home == "product.template" {
		return b.adoptProduct(ctx, key, rpc.ParseID(first), rpc.ParseID(second), isVariant)
	}
	return b.adopt(ctx, home, record.ExternalName(key), []any{rpc.Where("id", "=", rpc.ParseID(first))}, key.Entity)
}

func (b *Backend) adopt(ctx context.Context, model, name string, domain []any, entity string) error {
	if model == record.TermModel {
		domain = append(domain, rpc.Where("x_kind", "=", entity))
	}
	rows, err := rpc.Search[rpc.Row](ctx, b.rpc, model, domain, "id")
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fault.New(fault.NotFound, "Odoo has no %s with this id", entity)
	}
	if entity == landing.OrderEntity {
		if err := b.checkFree(ctx, model, name, rows[0].ID); err != nil {
			return err
		}
	}
	return b.records.Bind(ctx, model, map[string]int64{name: rows[0].ID})
}

// checkFree refuses a record that is landed under another name.
func (b *Backend) checkFree(ctx context.Context, model, name string, id int64) error {
	others, err := rpc.Search[record.Bound](ctx, b.rpc, "ir.model.data",
		[]any{rpc.Where("module", "=", record.Module), rpc.Where("model", "=", model), rpc.Where("res_id", "=", id), rpc.Where("name", "!=", name)}, "name")
	if err != nil || len(others) == 0 {
		return err
	}
	holder, _ := record.KeyOf(others[0].Name)
	return landing.OrderTaken(holder)
}

func (b *Backend) adoptProduct(ctx context.Context, key erp.Key, template, only int64, isVariant bool) error {
	domain := []any{rpc.Where("product_tmpl_id", "=", template)}
	if isVariant {
		return b.adopt(ctx, "product.product", record.ExternalName(key), append(domain, rpc.Where("id", "=", only)), key.Entity)
	}
	if err := b.adopt(ctx, "product.template", record.TemplateName(key), []any{rpc.Where("id", "=", template)}, key.Entity); err != nil {
		return err
	}
	variants, err := rpc.Search[rpc.Row](ctx, b.rpc, "product.product", domain, "id")
	if err != nil || len(variants) != 1 {
		return err // of several variants none is meant
	}
	return b.records.Bind(ctx, "product.product", map[string]int64{record.ExternalName(key): variants[0].ID})
}

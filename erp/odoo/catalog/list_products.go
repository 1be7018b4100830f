package catalog

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// productChanges are the fields that say when something of a product changed. Odoo writes no date on a template when a variant, an
// attribute line or a price changes.
var productChanges = []string{
	"write_date", "product_variant_ids.write_date", "attribute_line_ids.write_date", "attribute_line_ids.value_ids.write_date",
}

// ListProducts reads templates with their variants and prices: those that the store has, and of the others those that are for sale.
// Products that stand for lines of orders, such as Shipping, and those that carriers deliver by are none of a store.
func (w *Writer) ListProducts(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Product], error) {
	s, err := w.records.Prepared(ctx)
	if err != nil {
		return erp.RecordPage[erp.Product]{}, err
	}
	r := productReader{Writer: w, instance: q.Instance, currency: s.Currency, images: q.Images}
	if err := r.readLists(ctx); err != nil {
		return erp.RecordPage[erp.Product]{}, err
	}
	feed, err := r.feed(ctx, q)
	if err != nil {
		return erp.RecordPage[erp.Product]{}, err
	}
	return record.ReadPage(ctx, w.records, feed, q, r.read)
}

// productReader reads products for an instance.
type productReader struct {
	*Writer
	instance string
	currency string            // the company's
	lists    map[int64]erp.Key // the instance's price lists
	images   bool              // they are asked for
}

// feed says which templates are listed. Those with a price that changed count as changed; prices that were deleted leave no trace, so
// that they are counted.
func (r productReader) feed(ctx context.Context, q erp.RecordQuery) (record.Feed, error) {
	f := record.Feed{Model: "product.template", Changed: productChanges, Also: r.repriced, Trace: r.tracePrices}
	linked, err := r.records.Linked(ctx, q, f.Model, "product")
	if err != nil {
		return f, err
	}
	if q.IDs != nil && len(linked) == len(q.IDs) {
		return f, nil // what the store has is listed, whatever it is
	}
	hidden, err := r.hiddenTemplates(ctx)
	f.Where = []any{"|", rpc.In("id", linked), "&", "&", "&", rpc.Where("sale_ok", "=", true), rpc.Where("active", "=", true),
		rpc.Where("id", "not in", hidden), rpc.Where("type", "!=", "combo")}
	return f, err
}

// hiddenTemplates finds the templates that stand for lines of orders and for carriers.
func (r productReader) hiddenTemplates(ctx context.Context) ([]int64, error) {
	type owner struct {
		rpc.Row
		Template rpc.Link `json:"product_tmpl_id"`
	}
	services, err := rpc.Search[record.Bound](ctx, r.rpc, "ir.model.data", []any{rpc.Where("module", "=", record.Module),
		rpc.Where("model", "=", "product.product"), rpc.Where("name", "=like", `service\_%`)}, "res_id")
	if err != nil {
		return nil, err
	}
	type carrier struct {
		rpc.Row
		Product rpc.Link `json:"product_id"`
	}
	carriers, err := rpc.Search[carrier](ctx, r.rpc, "delivery.carrier", nil, "product_id")
	if err != nil {
		return nil, err
	}
	variants := append(rpc.Map(services, func(b record.Bound) int64 { return b.ResID }), rpc.Map(carriers, func(c carrier) int64 { return c.Product.ID })...)
	rows, err := rpc.SearchBy[owner](ctx, r.rpc, "product.product", "id", rpc.Distinct(variants), nil, "product_tmpl_id")
	return rpc.Distinct(rpc.Map(rows, func(o owner) int64 { return o.Template.ID })), err
}

// heldTemplate is a template as Odoo has it.
type heldTemplate struct {
	rpc.Row
	Name     rpc.Text   `json:"name"`
	Active   bool       `json:"active"`
	ForSale  bool       `json:"sale_ok"`
	Category rpc.Link   `json:"categ_id"`
	Tags     []int64    `json:"product_tag_ids"`
	Text     rpc.Text   `json:"description_sale"`
	Price    rpc.Amount `json:"list_price"`
	Type     rpc.Text   `json:"type"`
	Detailed rpc.Text   `json:"detailed_type"`
	Storable bool       `json:"is_storable"`
	Image    rpc.Text   `json:"x_tandem_image"` // what was put there last: see noteOf
}

// columns gives what says whether a product is goods that are counted, in the order of rpc.Storables.
func (t heldTemplate) columns(kind rpc.Storable) []string {
	texts := make([]string, len(kind.Columns))
	for i, column := range kind.Columns {
		switch column {
		case "detailed_type":
			texts[i] = string(t.Detailed)
		case "is_storable":
			texts[i] = rpc.BoolCell(column, t.Storable).Text
		default:
			texts[i] = string(t.Type)
		}
	}
	return texts
}

// heldVariant is a variant as Odoo has it.
type heldVariant struct {
	Variant
	SKU       rpc.Text   `json:"default_code"`
	Barcode   rpc.Text   `json:"barcode"`
	Weight    rpc.Amount `json:"weight"`
	Price     rpc.Amount `json:"lst_price"`
	Uncounted bool       `json:"x_tandem_uncounted"`
	Image     rpc.Text   `json:"x_tandem_variant_image"` // what was put there last: see noteOf
}

// heldProducts is what products are made of, row by row.
type heldProducts struct {
	productReader
	kind       rpc.Storable
	templates  map[int64]heldTemplate
	variants   []heldVariant
	lines      []attributeLine
	values     map[int64]templateValue // of templates
	names      map[int64]string        // of values
	attributes map[int64]heldAttribute
	prices     heldPrices
	all        int64               // the category that stands for none
	fronts     map[int64]erp.Image // of templates
	own        map[int64]erp.Image // of variants

	products, variantKeys, categories, attributeKeys, lineKeys, tags record.InstanceKeys
}

// heldAttribute is an attribute as Odoo has it.
type heldAttribute struct {
	rpc.Row
	Name rpc.Text `json:"name"`
	Mode rpc.Text `json:"create_variant"`
}

func (r productReader) read(ctx context.Context, ids []int64) (record.Held[erp.Product], error) {
	h := heldProducts{productReader: r, kind: rpc.Storables.For(r.rpc.Release)}
	for _, read := range []func(context.Context, []int64) error{h.readTemplates, h.readVariants, h.readAttributes, h.readKeys, h.readPrices, h.readImages} {
		if err := read(ctx, ids); err != nil {
			return record.Held[erp.Product]{}, err
		}
	}
	held := record.Held[erp.Product]{Records: make(map[int64]erp.Product, len(ids)), Merge: productMerger{h}.merge}
	for id := range h.templates {
		held.Records[id] = h.product(id)
	}
	return held, nil
}

func (h *heldProducts) readTemplates(ctx context.Context, ids []int64) (err error) {
	fields := append([]string{"name", "active", "sale_ok", "categ_id", "description_sale", "list_price"}, h.kind.Columns...)
	if rpc.TagModels.For(h.rpc.Release) != "" {
		fields = append(fields, "product_tag_ids")
	}
	if h.images {
		fields = append(fields, templateFrames.note)
	}
	h.templates, err = rpc.SearchByID[heldTemplate](ctx, h.rpc, "product.template", ids, fields...)
	if err == nil {
		h.all, err = h.allCategory(ctx)
	}
	return err
}

func (h *heldProducts) readVariants(ctx context.Context, ids []int64) (err error) {
	fields := []string{"product_tmpl_id", "default_code", "barcode", "active", "weight", "lst_price", "product_template_attribute_value_ids", UncountedField}
	if h.images {
		fields = append(fields, variantFrames.note)
	}
	h.variants, err = rpc.SearchBy[heldVariant](ctx, h.rpc, "product.product", "product_tmpl_id", ids, nil, fields...)
	return err
}

// readImages reads which images templates and variants are shown with, where that is asked for.
func (h *heldProducts) readImages(ctx context.Context, ids []int64) (err error) {
	if !h.images {
		return nil
	}
	if h.fronts, err = h.imagesOf(ctx, templateFrames, ids); err != nil {
		return err
	}
	h.own, err = h.imagesOf(ctx, variantFrames, rpc.Map(h.variants, func(v heldVariant) int64 { return v.ID }))
	return err
}

// readAttributes reads what templates vary by, and what that is called.
func (h *heldProducts) readAttributes(ctx context.Context, ids []int64) (err error) {
	h.lines, err = rpc.SearchBy[attributeLine](ctx, h.rpc, "product.template.attribute.line", "product_tmpl_id", ids,
		[]any{rpc.Where("active", "=", true)}, "product_tmpl_id", "attribute_id", "value_ids")
	if err != nil || len(h.lines) == 0 {
		return err
	}
	values, err := rpc.SearchBy[templateValue](ctx, h.rpc, "product.template.attribute.value", "product_tmpl_id", ids, nil,
		"product_tmpl_id", "attribute_id", "product_attribute_value_id")
	if err != nil {
		return err
	}
	h.values = make(map[int64]templateValue, len(values))
	var named, attributes []int64
	for _, v := range values {
		h.values[v.ID] = v
		named = append(named, v.Value.ID)
	}
	for _, l := range h.lines {
		attributes, named = append(attributes, l.Attribute.ID), append(named, l.Values...)
	}
	if h.attributes, err = rpc.SearchByID[heldAttribute](ctx, h.rpc, "product.attribute", attributes, "name", "create_variant"); err != nil {
		return err
	}
	rows, err := rpc.SearchByID[labelled](ctx, h.rpc, "product.attribute.value", named, "name")
	h.names = make(map[int64]string, len(rows))
	for id, row := range rows {
		h.names[id] = row.Name
	}
	return err
}

// readKeys reads the keys of what products are and name.
func (h *heldProducts) readKeys(ctx context.Context, ids []int64) error {
	var categories, tags, attributes []int64
	for _, t := range h.templates {
		categories, tags = append(categories, t.Category.ID), append(tags, t.Tags...)
	}
	for id := range h.attributes {
		attributes = append(attributes, id)
	}
	for _, read := range []struct {
		into  *record.InstanceKeys
		model string
		ids   []int64
	}{
		{&h.products, "product.template", ids},
		{&h.variantKeys, "product.product", rpc.Map(h.variants, func(v heldVariant) int64 { return v.ID })},
		{&h.categories, "product.category", categories},
		{&h.attributeKeys, "product.attribute", attributes},
		{&h.lineKeys, "product.template.attribute.line", rpc.Map(h.lines, func(l attributeLine) int64 { return l.ID })},
		{&h.tags, rpc.TagModels.For(h.rpc.Release), tags},
	} {
		var err error
		if *read.into, err = h.records.KeysIn(ctx, h.instance, read.model, read.ids); err != nil {
			return err
		}
	}
	return nil
}

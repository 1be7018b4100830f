package ledger

import (
	"context"
	"strconv"
	"time"

	"github.com/lib/pq"

	"tandem/erp"
)

// ListProducts reads products with all that is sold of them.
func (l *Ledger) ListProducts(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Product], error) {
	return listRecords(ctx, l, recordKind{table: products.table, where: "true"}, q, recordReader.products)
}

// heldProducts is what products are made of, row by row.
type heldProducts struct {
	productRows
	instance                     string // whose keys they are given with
	termKey, listKey, variantKey func(int64) erp.Key
	kinds                        map[int64]erp.TermKind // of terms
}

func (r recordReader) products(ctx context.Context, ids []int64) (map[int64]erp.Product, error) {
	held, err := r.heldProducts(ctx, ids)
	if err != nil {
		return nil, err
	}
	keyOf, err := r.keysOf(ctx, products.model, []string{"product"}, ids)
	if err != nil {
		return nil, err
	}
	records := make(map[int64]erp.Product, len(ids))
	for _, row := range held.products {
		p := row.product(keyOf(row.ID))
		if row.ShippingClassID != nil {
			p.ShippingClass = held.termKey(*row.ShippingClassID)
		}
		records[row.ID] = p
	}
	held.addParts(records)
	held.addVariants(records)
	return records, nil
}

func (r recordReader) heldProducts(ctx context.Context, ids []int64) (h heldProducts, err error) {
	h.instance = r.instance
	const ofVariants = ` WHERE variant_id IN (SELECT id FROM ledger.variants WHERE product_id = ANY ($1)) ORDER BY variant_id, position`
	for _, read := range []func() error{
		func() error {
			return r.into(ctx, &h.products, `SELECT * FROM ledger.products WHERE id = ANY ($1)`, ids)
		},
		func() error {
			return r.into(ctx, &h.variants, `SELECT * FROM ledger.variants WHERE product_id = ANY ($1) ORDER BY product_id, position, id`, ids)
		},
		func() error {
			return r.into(ctx, &h.terms, `SELECT * FROM ledger.product_terms WHERE product_id = ANY ($1) ORDER BY product_id, term_id`, ids)
		},
		func() error {
			return r.into(ctx, &h.attributes, `SELECT * FROM ledger.product_attributes WHERE product_id = ANY ($1) ORDER BY product_id, position`, ids)
		},
		func() error {
			return r.into(ctx, &h.components, `SELECT * FROM ledger.product_components WHERE product_id = ANY ($1) ORDER BY product_id, position`, ids)
		},
		func() error {
			return r.into(ctx, &h.downloads, `SELECT * FROM ledger.downloads WHERE product_id = ANY ($1) ORDER BY product_id, position`, ids)
		},
		func() error {
			return r.into(ctx, &h.images, `SELECT * FROM ledger.images WHERE product_id = ANY ($1) ORDER BY product_id, position`, ids)
		},
		func() error { return r.into(ctx, &h.options, `SELECT * FROM ledger.variant_options`+ofVariants, ids) },
		func() error { return r.into(ctx, &h.prices, `SELECT * FROM ledger.prices`+ofVariants, ids) },
		func() error { return r.productKeys(ctx, &h) },
	} {
		if err := read(); err != nil {
			return h, err
		}
	}
	return h, nil
}

// into reads rows that a query gives for some ids.
func (r recordReader) into(ctx context.Context, rows any, query string, ids []int64) error {
	var text []byte
	err := r.tx.GetContext(ctx, &text, `SELECT coalesce(json_agg(r), '[]') FROM (`+query+`) r`, pq.Array(ids))
	if err != nil {
		return classify(err)
	}
	return decodeInto(text, rows)
}

// productKeys finds the keys of what products name. A price list that is not the instance's has none.
func (r recordReader) productKeys(ctx context.Context, h *heldProducts) error {
	termIDs := idsIn(h.terms, func(t productTermRow) int64 { return t.TermID })
	for _, a := range h.attributes {
		if a.TermID != nil {
			termIDs = append(termIDs, *a.TermID)
		}
	}
	for _, p := range h.products {
		if p.ShippingClassID != nil {
			termIDs = append(termIDs, *p.ShippingClassID)
		}
	}
	var err error
	if h.termKey, h.kinds, err = r.termKeys(ctx, termIDs); err != nil {
		return err
	}
	listIDs := idsIn(h.prices, func(p priceRow) int64 { return p.PriceListID })
	if h.listKey, err = r.listKeys(ctx, listIDs); err != nil {
		return err
	}
	h.variantKey, err = r.keysOf(ctx, "variant", []string{"product"}, idsIn(h.variants, func(v variantRow) int64 { return v.ID }))
	return err
}

// termKeys gives the keys and kinds of terms of any kind.
func (r recordReader) termKeys(ctx context.Context, ids []int64) (func(int64) erp.Key, map[int64]erp.TermKind, error) {
	rows, err := rowsOf[termRow](ctx, r, `SELECT * FROM ledger.terms WHERE id = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return nil, nil, err
	}
	kinds := make(map[int64]erp.TermKind, len(rows))
	keys := make(map[int64]erp.Key, len(rows))
	byKind := map[erp.TermKind][]int64{}
	for _, row := range rows {
		kinds[row.ID] = row.Kind
		byKind[row.Kind] = append(byKind[row.Kind], row.ID)
	}
	for kind, ids := range byKind {
		keyOf, err := r.keysOf(ctx, terms.model, []string{string(kind)}, ids)
		if err != nil {
			return nil, nil, err
		}
		for _, id := range ids {
			keys[id] = keyOf(id)
		}
	}
	return func(id int64) erp.Key { return keys[id] }, kinds, nil
}

// product is the inverse of what productRows.addProduct makes of a product alone.
func (p productRow) product(key erp.Key) erp.Product {
	return erp.Product{
		Key: key, Kind: p.Kind, Name: p.Name, Slug: p.Slug, Description: p.Description, ShortDescription: p.ShortDescription,
		Status: p.Status, SKU: p.SKU, Barcode: p.Barcode, Virtual: p.Virtual, Downloadable: p.Downloadable, Taxable: p.Taxable,
		TaxClass: p.TaxClass, Measures: erp.Measures(p.measures), ExternalURL: p.ExternalURL, ButtonText: p.ButtonText,
		Fields: fieldsOf(p.Fields, map[string]string{
			"comment": p.Comment, "hs_code": p.HSCode, "origin": p.Origin, "reference": p.Reference,
		}),
	}
}

// fieldsOf is the inverse of setFields, but for columns that a record fills itself.
func fieldsOf(free, columns map[string]string) map[string]string {
	var fields map[string]string
	for _, from := range []map[string]string{columns, free} {
		for name, value := range from {
			if value == "" && from[name] == columns[name] {
				continue
			}
			if fields == nil {
				fields = map[string]string{}
			}
			fields[name] = value
		}
	}
	return fields
}

// addParts gives products their terms, attributes, components, files and gallery.
func (h heldProducts) addParts(records map[int64]erp.Product) {
	change := func(id int64, change func(*erp.Product)) {
		p := records[id]
		change(&p)
		records[id] = p
	}
	for _, t := range h.terms {
		change(t.ProductID, func(p *erp.Product) {
			list := map[erp.TermKind]*[]erp.Key{erp.Category: &p.Categories, erp.Tag: &p.Tags, erp.Brand: &p.Brands}[h.kinds[t.TermID]]
			if list != nil {
				*list = append(*list, h.termKey(t.TermID))
			}
		})
	}
	for _, a := range h.attributes {
		change(a.ProductID, func(p *erp.Product) {
			attribute := erp.ProductAttribute{Name: a.Name, Values: a.Options, Visible: a.Visible, Variation: a.Variation}
			if a.TermID != nil {
				attribute.Key = h.termKey(*a.TermID)
			}
			p.Attributes = append(p.Attributes, attribute)
		})
	}
	for _, c := range h.components {
		change(c.ProductID, func(p *erp.Product) { p.Components = append(p.Components, c.Component) })
	}
	for _, d := range h.downloads {
		change(d.ProductID, func(p *erp.Product) { p.Downloads = append(p.Downloads, erp.Download{Name: d.Name, URL: d.URL}) })
	}
	for _, i := range h.images {
		if i.VariantID == nil {
			change(i.ProductID, func(p *erp.Product) { p.Images = append(p.Images, i.image()) })
		}
	}
}

func (i imageRow) image() erp.Image {
	return erp.Image{URL: i.URL, Alt: i.Alt, Digest: i.Digest, Type: i.Type, Size: i.Size}
}

// addVariants gives products what is sold of them.
func (h heldProducts) addVariants(records map[int64]erp.Product) {
	for _, v := range h.variants {
		p := records[v.ProductID]
		p.Variants = append(p.Variants, h.variant(v, p))
		records[v.ProductID] = p
	}
}

func (h heldProducts) variant(v variantRow, p erp.Product) erp.Variant {
	key := h.variantKey(v.ID)
	switch _, pending := erp.PendingID(key); {
	case p.Kind != erp.Variable:
		key = p.Key
	case pending:
		key = erp.PendingKey(key.Instance, key.Entity, strconv.FormatInt(v.ProductID, 10)+"/"+strconv.FormatInt(v.ID, 10))
	}
	variant := erp.Variant{
		Key: key, SKU: v.SKU, Barcode: v.Barcode, Active: v.Active, TrackStock: v.TrackStock, Measures: erp.Measures(v.measures),
		Fields: fieldsOf(v.Fields, map[string]string{"reference": v.Reference}),
	}
	for _, o := range h.options {
		if o.VariantID == v.ID {
			variant.Options = append(variant.Options, erp.Option{Attribute: o.Attribute, Value: o.Value})
		}
	}
	variant.Prices = h.pricesOf(v.ID)
	for _, i := range h.images {
		if i.VariantID != nil && *i.VariantID == v.ID {
			image := i.image()
			variant.Image = &image
		}
	}
	return variant
}

// timeOf is the inverse of moment.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

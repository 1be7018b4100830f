package catalog

import (
	"fmt"
	"slices"

	"tandem/erp"
)

// product gives a template as a store that does not have it is to have it: as a draft, because Odoo does not say what is to be shown.
func (h heldProducts) product(id int64) erp.Product {
	t := h.templates[id]
	p := erp.Product{
		Key: h.products.OrPending("product", id), Kind: erp.Simple, Name: string(t.Name), ShortDescription: paragraphsOf(string(t.Text)),
		Status: "draft", Virtual: slices.Equal(t.columns(h.kind), h.kind.Service), Taxable: true, TaxClass: "standard",
	}
	if t.Category.ID != 0 && t.Category.ID != h.all {
		p.Categories = []erp.Key{h.categories.OrPending(string(erp.Category), t.Category.ID)}
	}
	for _, tag := range t.Tags {
		if brand, ok := h.tags.Of(string(erp.Brand), tag); ok {
			if _, both := h.tags.Of(string(erp.Tag), tag); !both {
				p.Brands = append(p.Brands, brand)
				continue
			}
		}
		p.Tags = append(p.Tags, h.tags.OrPending(string(erp.Tag), tag))
	}
	if front, ok := h.fronts[id]; ok {
		p.Images = []erp.Image{front}
	}
	h.addAttributes(id, &p)
	h.addVariants(id, &p)
	return p
}

// addAttributes gives a product its attributes. It may vary by those with several values to choose from.
func (h heldProducts) addAttributes(id int64, p *erp.Product) {
	for _, line := range h.lines {
		if line.Template.ID == id {
			p.Attributes = append(p.Attributes, h.attribute(line))
		}
	}
}

func (h heldProducts) attribute(line attributeLine) erp.ProductAttribute {
	attribute := h.attributes[line.Attribute.ID]
	a := erp.ProductAttribute{Name: string(attribute.Name), Visible: true, Variation: attribute.Mode != "no_variant" && len(line.Values) > 1}
	shared, ok := h.attributeKeys.Of(string(erp.Attribute), line.Attribute.ID)
	_, local := h.attributeKeys.Of(localAttribute, line.Attribute.ID)
	switch {
	case ok:
		a.Key = shared
	case !local:
		a.Key = h.attributeKeys.OrPending(string(erp.Attribute), line.Attribute.ID)
	}
	for _, value := range line.Values {
		a.Values = append(a.Values, h.names[value])
	}
	return a
}

// addVariants gives a product what is sold of it. A variant that is archived counts only when the store has it.
func (h heldProducts) addVariants(id int64, p *erp.Product) {
	t := h.templates[id]
	counted := slices.Equal(t.columns(h.kind), h.kind.Counted)
	for _, v := range h.variants {
		if v.Template.ID != id {
			continue
		}
		key, linked := h.variantKeys.Of("product", v.ID)
		if !linked {
			key = erp.PendingKey(h.instance, "product", fmt.Sprintf("%d/%d", id, v.ID))
		}
		if !v.Active && t.Active && !linked {
			continue
		}
		variant := erp.Variant{
			Key: key, SKU: string(v.SKU), Barcode: string(v.Barcode), Active: v.Active, TrackStock: counted && !v.Uncounted,
			Measures: erp.Measures{Weight: v.Weight.Decimal, WeightUnit: weightUnit}, Options: h.options(v, p), Prices: h.prices.of(t, v),
		}
		if own, ok := h.own[v.ID]; ok {
			variant.Image = &own
		}
		p.Variants = append(p.Variants, variant)
	}
	if h.isVariable(p) {
		p.Kind = erp.Variable
	} else {
		keepOne(p)
	}
}

// isVariable tells products with variants to choose from from those that are their own only variant. One that was variable before keeps
// its attributes.
func (h heldProducts) isVariable(p *erp.Product) bool {
	if !slices.ContainsFunc(p.Attributes, func(a erp.ProductAttribute) bool { return a.Variation }) {
		return false
	}
	var live []erp.Variant
	for _, v := range p.Variants {
		if _, pending := erp.PendingID(v.Key); v.Active || !pending && v.Key != p.Key {
			live = append(live, v)
		}
	}
	if len(live) != 1 {
		return true
	}
	_, pending := erp.PendingID(live[0].Key)
	return !pending && live[0].Key != p.Key
}

// keepOne gives a product that is sold as it is its one variant: of several, the one that has its key, or else one that is not archived.
func keepOne(p *erp.Product) {
	for i := range p.Attributes {
		p.Attributes[i].Variation = false
	}
	if len(p.Variants) == 0 {
		return
	}
	at := slices.IndexFunc(p.Variants, func(v erp.Variant) bool { return v.Key == p.Key })
	if at < 0 {
		at = max(0, slices.IndexFunc(p.Variants, func(v erp.Variant) bool { return v.Active }))
	}
	only := p.Variants[at]
	only.Key, only.Options = p.Key, nil
	p.SKU, p.Barcode, p.Measures = only.SKU, only.Barcode, only.Measures
	p.Variants = []erp.Variant{only}
}

// options are the answers of a variant to what its product varies by.
func (h heldProducts) options(v heldVariant, p *erp.Product) []erp.Option {
	var options []erp.Option
	for _, id := range v.Values {
		value, ok := h.values[id]
		if !ok {
			continue
		}
		name := string(h.attributes[value.Attribute.ID].Name)
		if slices.ContainsFunc(p.Attributes, func(a erp.ProductAttribute) bool { return a.Name == name && a.Variation }) {
			options = append(options, erp.Option{Attribute: name, Value: h.names[value.Value.ID]})
		}
	}
	return options
}

package catalog

import (
	"html"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// productMerger says what of products was edited in Odoo: what it holds otherwise than it would had the store's product just been landed.
// What it has no place for stays the store's, such as descriptions, slugs, shipping classes and all categories but the first.
type productMerger struct{ heldProducts }

func (m productMerger) merge(held, stored erp.Product) erp.Product {
	id := m.templateOf(held.Key)
	t := m.templates[id]
	w := productWriter{Writer: m.Writer, currency: m.currency, refs: productRefs{barcodes: map[string]string{}}}
	merged := stored
	merged.Key = held.Key
	if held.Name != stored.Name {
		merged.Name = held.Name
	}
	if (!t.Active || !t.ForSale) && shown(stored.Status) {
		merged.Status = "draft"
	}
	if held.Kind != kindLanded(stored) {
		merged.Kind = held.Kind
	}
	if !slices.Equal(t.columns(m.kind), texts(w.kindCells(&stored))) {
		merged.Virtual = held.Virtual
	}
	if len(held.Categories) > 0 && !slices.Contains(stored.Categories, held.Categories[0]) {
		merged.Categories = append([]erp.Key{held.Categories[0]}, stored.Categories[min(1, len(stored.Categories)):]...)
	}
	if len(held.Images) > 0 && !stillLanded(string(t.Image), held.Images[0]) {
		merged.Images = held.Images
	}
	m.mergeTags(t, held, &merged)
	m.mergeVariants(w, t, held, stored, &merged)
	m.mergeAttributes(id, held, &merged)
	return merged
}

// templateOf gives the id of a template by its key.
func (m productMerger) templateOf(key erp.Key) int64 {
	for id := range m.templates {
		if m.products.OrPending("product", id) == key {
			return id
		}
	}
	return 0
}

// shown reports whether people see a product of this status in the store.
func shown(status string) bool {
	return status == "publish" || status == "private" || status == "future"
}

// kindLanded gives the kind of product that Odoo shows once a product of the store has landed: see isVariable.
func kindLanded(stored erp.Product) erp.ProductKind {
	for _, a := range stored.Attributes {
		if stored.Kind == erp.Variable && a.Variation && len(valuesOf(&stored, a)) > 1 {
			return erp.Variable
		}
	}
	return erp.Simple
}

func texts(cells []rpc.Cell) []string {
	return rpc.Map(cells, func(c rpc.Cell) string { return c.Text })
}

// mergeTags takes the tags and brands over when they are others. A product tag may stand for a tag and a brand of one name.
func (m productMerger) mergeTags(t heldTemplate, held erp.Product, merged *erp.Product) {
	if rpc.TagModels.For(m.rpc.Release) == "" {
		return
	}
	tags, brands, same := []erp.Key(nil), []erp.Key(nil), true
	for _, id := range t.Tags {
		tag, isTag := m.tags.Of(string(erp.Tag), id)
		brand, isBrand := m.tags.Of(string(erp.Brand), id)
		isTag, isBrand = isTag && slices.Contains(merged.Tags, tag), isBrand && slices.Contains(merged.Brands, brand)
		if isTag {
			tags = append(tags, tag)
		}
		if isBrand {
			brands = append(brands, brand)
		}
		if !isTag && !isBrand {
			same = false
			tags = append(tags, those(held.Tags, m.tagKeys(id))...)
			brands = append(brands, those(held.Brands, m.tagKeys(id))...)
		}
	}
	if !same || len(tags) != len(merged.Tags) || len(brands) != len(merged.Brands) {
		merged.Tags, merged.Brands = tags, brands
	}
}

// tagKeys are all keys that a product tag may be given with.
func (m productMerger) tagKeys(id int64) []erp.Key {
	return []erp.Key{m.tags.OrPending(string(erp.Tag), id), m.tags.OrPending(string(erp.Brand), id)}
}

// those gives the keys that are among others.
func those(keys, among []erp.Key) []erp.Key {
	return slices.DeleteFunc(slices.Clone(keys), func(k erp.Key) bool { return !slices.Contains(among, k) })
}

// mergeVariants takes over what was edited of each variant, and adds those that the store does not have. What a person put into the
// archive with its product stays as it is in the store.
func (m productMerger) mergeVariants(w productWriter, t heldTemplate, held, stored erp.Product, merged *erp.Product) {
	merged.Variants = nil
	rest := slices.Clone(held.Variants)
	for _, v := range stored.Variants {
		at := slices.IndexFunc(rest, func(h erp.Variant) bool {
			return h.Key == v.Key || merged.Kind != erp.Variable && h.Key == held.Key
		})
		if at >= 0 {
			v = m.mergeVariant(w, t, rest[at], v, stored)
			rest = slices.Delete(rest, at, at+1)
		}
		merged.Variants = append(merged.Variants, v)
	}
	if merged.Kind == erp.Variable {
		merged.Variants = append(merged.Variants, rest...)
		return
	}
	if len(merged.Variants) == 1 && len(stored.Variants) == 1 {
		only, was := merged.Variants[0], stored.Variants[0]
		if only.SKU != was.SKU {
			merged.SKU = only.SKU
		}
		if only.Barcode != was.Barcode {
			merged.Barcode = only.Barcode
		}
		if !only.Measures.Weight.Equal(was.Measures.Weight) {
			merged.Measures.Weight, merged.Measures.WeightUnit = only.Measures.Weight, only.Measures.WeightUnit
		}
	}
}

func (m productMerger) mergeVariant(w productWriter, t heldTemplate, held, stored erp.Variant, of erp.Product) erp.Variant {
	landed := rpc.Values(dedupe(w.variantCells(&of, &stored)))
	merged := stored
	if was, _ := landed["default_code"].(string); was != held.SKU {
		merged.SKU = held.SKU
	}
	// Odoo takes a barcode once: one that is empty there may be another product's.
	if was, _ := landed["barcode"].(string); held.Barcode != "" && was != held.Barcode {
		merged.Barcode = held.Barcode
	}
	if of.Kind == erp.Variable && t.Active {
		merged.Active = held.Active
	}
	merged.TrackStock = held.TrackStock
	measures := landedMeasures(&of, &stored)
	if !near(weight(measures), held.Measures.Weight) {
		merged.Measures.Weight, merged.Measures.WeightUnit = inUnit(held.Measures, measures.WeightUnit)
	}
	if stored.Prices != nil {
		merged.Prices = m.mergePrices(held, stored)
	}
	if held.Image != nil && !stillLanded(m.noteOfVariant(held.Key), *held.Image) {
		merged.Image = held.Image
	}
	return merged
}

// noteOfVariant gives what is noted of the image of a variant by its key.
func (m productMerger) noteOfVariant(key erp.Key) string {
	_, id := m.placeOf(key)
	for _, v := range m.variants {
		if v.ID == id {
			return string(v.Image)
		}
	}
	return ""
}

// inUnit gives a weight in the unit of the store.
func inUnit(m erp.Measures, unit string) (decimal.Decimal, string) {
	if converted, ok := erp.ConvertWeight(m.Weight, m.WeightUnit, unit); ok {
		return converted, unit
	}
	return m.Weight, m.WeightUnit
}

// mergePrices takes over the prices of the lists that have others.
func (m productMerger) mergePrices(held, stored erp.Variant) []erp.Price {
	merged := []erp.Price{}
	taken := map[erp.Key]bool{}
	for _, price := range slices.Concat(stored.Prices, held.Prices) {
		if list := price.List; !taken[list] {
			taken[list] = true
			merged = append(merged, m.mergeList(list, held, stored)...)
		}
	}
	return merged
}

// mergeList gives the prices of a list. One that is missing in Odoo was deleted there only when the list, or that of regular prices, has
// others of the variant; otherwise none were landed.
func (m productMerger) mergeList(list erp.Key, held, stored erp.Variant) []erp.Price {
	of := func(prices []erp.Price) []erp.Price {
		return slices.DeleteFunc(slices.Clone(prices), func(p erp.Price) bool { return p.List != list })
	}
	was, is := of(stored.Prices), of(held.Prices)
	if slices.EqualFunc(was, is, samePrice) || len(is) == 0 && !m.prices.listed(m.placeOf(held.Key)) {
		return was
	}
	return is
}

// placeOf finds the template and the variant behind the key of a variant.
func (m productMerger) placeOf(key erp.Key) (template, variant int64) {
	for _, v := range m.variants {
		if own, ok := m.variantKeys.Of("product", v.ID); ok && own == key {
			return v.Template.ID, v.ID
		}
	}
	return 0, 0
}

// samePrice reports whether a price of the store lands as one that Odoo has, which may keep fewer decimals.
func samePrice(stored, held erp.Price) bool {
	const leastDigits = 2
	digits := max(leastDigits, -held.Amount.Exponent())
	return stored.Amount.Round(digits).Equal(held.Amount) && stored.From.Equal(held.From) && stored.Until.Equal(held.Until)
}

// near reports whether a weight is what Odoo keeps of one that was landed, which may be fewer decimals.
func near(landed, held decimal.Decimal) bool {
	const leastDigits = 2
	return landed.Round(min(measureDigits, max(leastDigits, -held.Exponent()))).Equal(held)
}

// mergeAttributes adds the values of variants that the store does not have, and the attributes that a person gave a product.
func (m productMerger) mergeAttributes(template int64, held erp.Product, merged *erp.Product) {
	merged.Attributes = slices.Clone(merged.Attributes)
	for _, line := range m.lines {
		if line.Template.ID != template {
			continue
		}
		name := string(m.attributes[line.Attribute.ID].Name)
		own := slices.IndexFunc(held.Attributes, func(a erp.ProductAttribute) bool { return a.Name == name })
		if own < 0 {
			continue
		}
		a := held.Attributes[own]
		at := slices.IndexFunc(merged.Attributes, func(s erp.ProductAttribute) bool {
			return s.Key == a.Key && !a.Key.IsZero() || a.Key.IsZero() && strings.EqualFold(s.Name, a.Name)
		})
		_, landed := m.lineKeys.Of(attributeLineEntity, line.ID)
		switch {
		case at >= 0:
			addOptions(&merged.Attributes[at], a.Name, merged.Variants)
		case !landed:
			merged.Attributes = append(merged.Attributes, a)
		}
	}
}

// addOptions adds the values of variants that the store does not have to an attribute, which Odoo may call otherwise.
func addOptions(known *erp.ProductAttribute, name string, variants []erp.Variant) {
	known.Values = slices.Clone(known.Values)
	for i := range variants {
		if _, pending := erp.PendingID(variants[i].Key); !pending {
			continue
		}
		variants[i].Options = slices.Clone(variants[i].Options)
		for n := range variants[i].Options {
			option := &variants[i].Options[n]
			if option.Attribute != name {
				continue
			}
			option.Attribute = known.Name
			if !slices.Contains(known.Values, option.Value) {
				known.Values = append(known.Values, option.Value)
			}
		}
	}
}

// paragraphsOf makes HTML of a text.
func paragraphsOf(text string) string {
	return strings.ReplaceAll(html.EscapeString(strings.TrimSpace(text)), "\n", "<br>\n")
}

package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/entity/tax"
	"tandem/erp"
	"tandem/woo"
)

// shippingClassID is the field of a shipping class until it is sent: the store takes its slug, and products are compared by its id.
const shippingClassID = "shipping_class_id"

// productFields gives what the store is to hold of a product. What is sold of it stands with its variations.
func productFields(ec mapping.Context, p erp.Product) woo.Fields {
	fields := woo.Fields{
		"name": p.Name, "type": string(p.Kind), "status": p.Status,
		"description": mapping.HTML(p.Description), "short_description": mapping.HTML(p.ShortDescription),
		"sku": p.SKU, "global_unique_id": p.Barcode, "virtual": p.Virtual, "downloadable": p.Downloadable,
		"categories": termRefs(p.Categories), "tags": termRefs(p.Tags), "brands": termRefs(p.Brands),
		shippingClassID: mapping.StoreID(p.ShippingClass), "tax_status": taxStatus(p.Taxable), "tax_class": taxClass(p.TaxClass),
		"external_url": p.ExternalURL, "button_text": p.ButtonText, "attributes": attributeFields(p.Attributes),
		"downloads": downloadFields(p.Downloads), "grouped_products": componentIDs(p.Components),
	}
	addMeasures(ec, fields, p.Measures)
	if p.Kind == erp.Variable || len(p.Variants) == 0 {
		return fields
	}
	addPrices(ec, fields, p.Variants[0])
	if p.Kind == erp.Simple {
		fields["manage_stock"] = p.Variants[0].TrackStock
	}
	return fields
}

// productPart says which part of a product or variation a field is.
func productPart(field string) string {
	switch field {
	case "regular_price", "sale_price", "date_on_sale_from_gmt", "date_on_sale_to_gmt":
		return mapping.PricePart
	case "images", "image":
		return mapping.ImagePart
	case "manage_stock":
		return mapping.StockPart
	case "status":
		return mapping.StatusPart
	default:
		return mapping.BasicPart
	}
}

// productOnce is what a product is created with: the address that is made of its slug is never changed again.
func productOnce(ec mapping.Context, p erp.Product) woo.Fields {
	id, _ := erp.PendingID(p.Key)
	once := woo.Fields{
		"backorders": "no", "stock_status": "instock",
		"meta_data": mapping.Mark(ec, id),
	}
	if p.Slug != "" {
		once["slug"] = p.Slug
	}
	return once
}

// termRef names a term in a product.
type termRef struct {
	ID woo.ID `json:"id"`
}

// termRefs are in the order of their ids: the store keeps none.
func termRefs(keys []erp.Key) []termRef {
	refs := []termRef{}
	for _, key := range keys {
		refs = append(refs, termRef{mapping.StoreID(key)})
	}
	slices.SortFunc(refs, func(a, b termRef) int { return cmp.Compare(a.ID, b.ID) })
	return refs
}

func taxStatus(taxable bool) string {
	if taxable {
		return "taxable"
	}
	return "none"
}

// taxClass is the inverse of tax.ClassOf.
func taxClass(class string) string {
	if class == tax.ClassOf("") {
		return ""
	}
	return class
}

// attributeField is an attribute of a product. Options of a shared one come back in the order of its terms.
type attributeField struct {
	ID        woo.ID   `json:"id,omitempty"`
	Name      string   `json:"name,omitempty"`
	Visible   bool     `json:"visible"`
	Variation bool     `json:"variation"`
	Options   []string `json:"options"`
}

func attributeFields(attributes []erp.ProductAttribute) []attributeField {
	fields := []attributeField{}
	for _, a := range attributes {
		field := attributeField{ID: mapping.StoreID(a.Key), Visible: a.Visible, Variation: a.Variation, Options: slices.Clone(a.Values)}
		if field.ID == 0 {
			field.Name = a.Name
		} else {
			slices.SortFunc(field.Options, func(x, y string) int {
				return cmp.Or(cmp.Compare(strings.ToLower(x), strings.ToLower(y)), cmp.Compare(x, y))
			})
		}
		fields = append(fields, field)
	}
	return fields
}

func downloadFields(files []erp.Download) []map[string]string {
	fields := []map[string]string{}
	for _, file := range files {
		fields = append(fields, map[string]string{"name": file.Name, "file": file.URL})
	}
	return fields
}

// componentIDs leaves out what the store does not have.
func componentIDs(keys []erp.Key) []woo.ID {
	ids := []woo.ID{}
	for _, key := range keys {
		if id := mapping.StoreID(key); id != 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// addMeasures gives weight and dimensions in the units of the store. Those in units that are not known are refused before: see
// checkVariant.
func addMeasures(ec mapping.Context, fields woo.Fields, m erp.Measures) {
	store := ec.Instance.Store
	weight := m.Weight
	if otherUnit(m.WeightUnit, store.WeightUnit) {
		weight, _ = erp.ConvertWeight(m.Weight, m.WeightUnit, store.WeightUnit)
	}
	dimensions := map[string]string{}
	for name, length := range map[string]decimal.Decimal{"length": m.Length, "width": m.Width, "height": m.Height} {
		if otherUnit(m.DimensionUnit, store.DimensionUnit) {
			length, _ = erp.ConvertLength(length, m.DimensionUnit, store.DimensionUnit)
		}
		dimensions[name] = measure(length)
	}
	fields["weight"], fields["dimensions"] = measure(weight), dimensions
}

// otherUnit reports whether a measure has to be converted. What has no unit is in the store's.
func otherUnit(own, stores string) bool { return own != "" && stores != "" && own != stores }

// measure leaves out zero, which the store would show.
func measure(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// priceOf gives the price of a variant in one of the instance's two lists; nil when it has none.
func priceOf(ec mapping.Context, v erp.Variant, kind erp.PriceKind) *erp.Price {
	list := mapping.PriceListKey(ec, kind, mapping.StoreCurrency(ec.Instance))
	i := slices.IndexFunc(v.Prices, func(p erp.Price) bool { return p.List == list })
	if i < 0 {
		return nil
	}
	return &v.Prices[i]
}

// addPrices gives both prices, as texts with a point: the store takes a comma for one that parts thousands. A sale that is over is sent
// as empty, with its dates: left out, it would stay.
func addPrices(ec mapping.Context, fields woo.Fields, v erp.Variant) {
	if !ec.Instance.Config.Product.ImportPrice || mapping.StoreCurrency(ec.Instance) == "" {
		return
	}
	fields["regular_price"], fields["sale_price"] = "", ""
	fields["date_on_sale_from_gmt"], fields["date_on_sale_to_gmt"] = "", ""
	if p := priceOf(ec, v, erp.Regular); p != nil {
		fields["regular_price"] = p.Amount.String()
	}
	p := priceOf(ec, v, erp.Sale)
	if p == nil {
		return
	}
	fields["sale_price"] = p.Amount.String()
	if !p.From.IsZero() {
		fields["date_on_sale_from_gmt"] = p.From.UTC().Format(storeDate)
	}
	if !p.Until.IsZero() {
		fields["date_on_sale_to_gmt"] = p.Until.UTC().Format(storeDate)
	}
}

// defaultCategory is where the store files a product that is in none.
const defaultCategory = "uncategorized"

// sameProductField reports a difference that the store makes itself.
func sameProductField(field string, want any, have productRecord) bool {
	refs, ok := want.([]termRef)
	return ok && field == "categories" && len(refs) == 0 && len(have.Categories) == 1 && have.Categories[0].Slug == defaultCategory
}

// encodeProducts names shipping classes by their slugs, and sends the dates of a sale with it: the store clears one by the other.
func encodeProducts(ctx context.Context, ec mapping.Context, all []woo.Fields) error {
	slugs := map[woo.ID]string{}
	for _, fields := range all {
		id, named := fields[shippingClassID].(woo.ID)
		if !named {
			continue
		}
		if len(slugs) == 0 && id != 0 {
			for class, err := range ec.Store.ShippingClasses.All(ctx, woo.ListOptions{}) {
				if err != nil {
					return err
				}
				slugs[class.ID] = class.Slug
			}
		}
		delete(fields, shippingClassID)
		fields["shipping_class"] = slugs[id]
	}
	return nil
}

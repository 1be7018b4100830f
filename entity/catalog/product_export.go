package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// exportedProduct is one product on its way into the store.
type exportedProduct = mapping.Exported[erp.Product, woo.Product, productRecord]

// ProductExport is the export of products with their variations and prices. Their images are sent after them, each once. Stock
// figures are left as they are.
var ProductExport = mapping.Exporting(mapping.Export[erp.Product, woo.Product, productRecord]{
	Spec: flow.Spec{
		Entity: mapping.ProductName, Label: "Products", Needs: []string{categoryName, tagName, brandName, attributeName, shippingClassName},
	},
	Records: productRecords,
	Store: mapping.Store[woo.Product, productRecord]{
		Service: func(c *woo.Client) *woo.Service[woo.Product] { return c.Products },
		ID:      func(p woo.Product) woo.ID { return p.ID }, Wrap: wrapProduct, Complete: completeProducts, AsListed: productAsListed,
	},
	Comparison: productComparison, Once: productOnce, Check: checkProduct, Content: mapProduct, Find: findProduct,
	Is:     func(_ mapping.Context, p erp.Product, have woo.Product) bool { return isProduct(p, have) },
	Encode: encodeProducts, Nested: exportParts, NestedPlan: planParts,
	LabelOf: func(p erp.Product) string { return mapping.Label(p.Name, p.SKU) },
})

var productRecords = mapping.Records[erp.Product]{
	List: erp.RecordReader.ListProducts, Adopt: erp.RecordReader.AdoptProducts,
	Key: func(p *erp.Product) *erp.Key { return &p.Key }, Refs: productRefs,
	Revision: func(p *erp.Product) *string { return &p.Revision },
}

// productRefs are the keys of the terms that a product names.
func productRefs(p *erp.Product) []*erp.Key {
	refs := []*erp.Key{&p.ShippingClass}
	for _, list := range []*[]erp.Key{&p.Categories, &p.Tags, &p.Brands} {
		*list = slices.Clone(*list)
		for i := range *list {
			refs = append(refs, &(*list)[i])
		}
	}
	p.Attributes = slices.Clone(p.Attributes)
	for i := range p.Attributes {
		refs = append(refs, &p.Attributes[i].Key)
	}
	return refs
}

func wrapProduct(p woo.Product, before *productRecord) productRecord {
	record := productRecord{Product: mapping.Product{Product: p}}
	if before != nil {
		record.VariationRecords, record.loaded, record.pictures = before.VariationRecords, before.loaded, before.pictures
	}
	return record
}

// completeProducts reads the variations of products, where that was not done, and what their pictures are. Variations are read of as many
// products at once as the store has readers.
func completeProducts(ctx context.Context, ec mapping.Context, all []productRecord) ([]productRecord, error) {
	b := flow.Batch[productRecord]{Records: slices.Clone(all)}
	var parents []*productRecord
	for i := range b.Records {
		if p := &b.Records[i]; !p.loaded {
			parents = append(parents, p)
		}
	}
	load := func(ctx context.Context, p *productRecord) (mapping.Product, error) {
		return mapping.LoadProduct(ctx, ec, p.Product.Product)
	}
	i := 0
	for loaded, err := range woo.Ahead(ctx, ec.Instance.Connection.Readers, parents, load) {
		if err != nil {
			return nil, err
		}
		parents[i].Product, parents[i].loaded = loaded, true
		i++
	}
	b, err := loadPictures(ctx, ec, b)
	if err == nil && len(b.Rejected) > 0 {
		err = b.Rejected[0].Err
	}
	return b.Records, err
}

// exportParts writes what a product is made of besides its own fields.
func exportParts(ctx context.Context, ec mapping.Context, all []*exportedProduct) error {
	if err := exportVariations(ctx, ec, all); err != nil {
		return err
	}
	for _, e := range all {
		noteUnpriced(ec, e)
	}
	return exportImages(ctx, ec, all)
}

// noteUnpriced says that shoppers cannot buy what was sent: the store takes what has no price for something that is not for sale. Each
// store has price lists of its own, so that what has a price in one may have none in another.
func noteUnpriced(ec mapping.Context, e *exportedProduct) {
	if !e.Changed || e.Refused() || e.Record.Kind == erp.Grouped || !ec.Instance.Config.Product.ImportPrice {
		return
	}
	unpriced := 0
	for _, v := range e.Record.Variants {
		if priceOf(ec, v, erp.Regular) == nil {
			unpriced++
		}
	}
	if unpriced > 0 {
		e.Note(fmt.Sprintf("%d of %d variants cannot be bought in this store: they have no price in its price list", unpriced, len(e.Record.Variants)))
	}
}

// planParts says what exportParts would write of a product.
func planParts(ec mapping.Context, e *exportedProduct) ([]flow.Difference, error) {
	differences, err := planVariations(ec, e)
	return append(differences, planImages(ec, e)...), err
}

// productAsListed puts the texts into the reply to a write that lists show: the reply has them without their paragraphs.
func productAsListed(reply woo.Product, before *productRecord, sent woo.Fields) (woo.Product, bool) {
	if before == nil {
		return reply, reply.Description == "" && reply.ShortDescription == ""
	}
	var long, short bool
	reply.Description, long = textAsListed(sent, "description", reply.Description, before.Description)
	reply.ShortDescription, short = textAsListed(sent, "short_description", reply.ShortDescription, before.ShortDescription)
	return reply, long && short
}

// textAsListed gives a text as lists show it, and whether that is known: it is not where the text was sent.
func textAsListed(sent woo.Fields, field, replied, before string) (string, bool) {
	if replied == "" {
		return "", true
	}
	if _, written := sent[field]; written {
		return replied, false
	}
	return before, true
}

// statuses are those that a product can be given. A batch request makes a draft of any other, without a word.
var statuses = []string{"draft", "pending", "private", "publish"}

func checkProduct(ec mapping.Context, p erp.Product) error {
	switch {
	case strings.TrimSpace(p.Name) == "":
		return mapping.Failed("no_name", "it has no name: name it in the ERP")
	case !slices.Contains(statuses, p.Status):
		return mapping.Failed("invalid_status", "its status %q is none that the store takes: there are %s", p.Status, strings.Join(statuses, ", "))
	}
	for _, v := range p.Variants {
		if err := checkVariant(ec, v); err != nil {
			return err
		}
	}
	return nil
}

// checkVariant refuses what the store would drop or misread without a word.
func checkVariant(ec mapping.Context, v erp.Variant) error {
	regular, sale := priceOf(ec, v, erp.Regular), priceOf(ec, v, erp.Sale)
	switch {
	case sale != nil && regular != nil && sale.Amount.GreaterThanOrEqual(regular.Amount):
		return mapping.Failed("sale_not_below_regular", "its sale price is not below the regular one, and the store would drop it: correct one of the two")
	case sale != nil && regular == nil:
		return mapping.Failed("sale_without_regular", "it has a sale price but no regular one: give it one")
	}
	return checkUnits(ec, v.Measures)
}

// checkUnits refuses measures in units that cannot be converted to the store's.
func checkUnits(ec mapping.Context, m erp.Measures) error {
	store := ec.Instance.Store
	if _, known := erp.ConvertWeight(m.Weight, m.WeightUnit, store.WeightUnit); !known && otherUnit(m.WeightUnit, store.WeightUnit) {
		return mapping.Failed("other_unit", "its weight is in %s, but the store's weights are in %s", m.WeightUnit, store.WeightUnit)
	}
	if _, known := erp.ConvertLength(m.Length, m.DimensionUnit, store.DimensionUnit); !known && otherUnit(m.DimensionUnit, store.DimensionUnit) {
		return mapping.Failed("other_unit", "its dimensions are in %s, but the store's are in %s", m.DimensionUnit, store.DimensionUnit)
	}
	return nil
}

// findProduct looks for a product without a SKU, by what we wrote into it when it was created. Of one with a SKU the store says itself
// that it has it.
func findProduct(ctx context.Context, ec mapping.Context, p erp.Product) ([]woo.Product, error) {
	if p.SKU != "" {
		return nil, nil
	}
	id, _ := erp.PendingID(p.Key)
	page, err := ec.Store.Products.List(ctx, woo.ListOptions{Search: p.Name, PerPage: woo.MaxPerPage})
	return slices.DeleteFunc(page.Records, func(have woo.Product) bool {
		return !mapping.IsMarked(ec, have.MetaData, id)
	}), err
}

// isProduct reports whether the product that is in the way has the same SKU. A variation is none.
func isProduct(p erp.Product, have woo.Product) bool {
	return have.Type != woo.ProductVariation && have.Status != mapping.Trashed && p.SKU != "" && strings.EqualFold(p.SKU, strings.TrimSpace(have.SKU))
}

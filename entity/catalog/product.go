// Package catalog maps what the store sells and sorts it by: products with their variations, prices and images, the terms they name,
// and coupons.
package catalog

import (
	"context"
	"encoding/json"
	"strings"

	"tandem/entity/mapping"
	"tandem/entity/stock"
	"tandem/entity/tax"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// productRecord is a product with all its variations and, when they are imported, what its pictures are.
type productRecord struct {
	mapping.Product
	pictures pictures
	gallery  []woo.Image // all images, where Images are only those that the ERP gets; nil where they are all
	loaded   bool        // the variations were read
	notes    []string    // what could not be read, and what else has to be reported
}

// productPlan is a product with the stock figures that go with it.
type productPlan struct {
	product erp.Product
	counts  []erp.StockCount
	notes   []string
	// keepsImages says that the ERP's images stay as they are.
	keepsImages bool
}

// Products is the import of products with all that is sold of them: variations, prices, images and stock.
var Products = mapping.Importing(mapping.Import[productRecord, productPlan]{
	Spec: flow.Spec{
		Entity: mapping.ProductName, Label: "Products", FindDeleted: true,
		Needs: []string{mapping.TaxClassName, categoryName, tagName, brandName, attributeName, shippingClassName},
	},
	Read: withPictures(ofVariations(mapping.Enrich(withoutTranslations(mapping.Scan(func(c *woo.Client) *woo.Service[woo.Product] { return c.Products }, mapping.ByDate)),
		func(p woo.Product) (woo.ID, json.RawMessage) { return p.ID, p.Raw }, loadProduct))),
	Describe: describeProduct,
	Convert:  planProduct,
	Prepare:  LandPriceLists,
	Land:     landProducts,
	Finish:   finishProducts,
	Sides: &mapping.Sides[erp.Product, productRecord, productPlan]{
		Records: productRecords, Compare: productComparison,
		Of: func(p *productPlan) *erp.Product { return &p.product }, Keep: keepProduct, Told: toldOfProduct,
	},
})

func loadProduct(ctx context.Context, ec mapping.Context, p woo.Product) (productRecord, error) {
	loaded, err := mapping.LoadProduct(ctx, ec, p)
	return productRecord{Product: loaded, loaded: true}, err
}

func describeProduct(p productRecord) flow.Record {
	var variations []json.RawMessage
	names := []string{p.SKU}
	for _, v := range p.VariationRecords {
		variations = append(variations, v.Raw)
		names = append(names, v.SKU)
	}
	return flow.Record{
		ID: p.ID.String(), Raw: mapping.WithRaw(p.Raw, "_variations", variations), Modified: p.DateModified.Time,
		Type: p.Type, Status: p.Status, Label: mapping.Label(p.Name, p.SKU), Names: names,
	}
}

// planProduct maps a product and counts its stock.
func planProduct(ec mapping.Context, p productRecord) (productPlan, error) {
	mapped, err := mapProduct(ec, p)
	if err != nil {
		return productPlan{}, err
	}
	counts, notes := stock.Counts(ec, p.Product)
	notes = append(notes, productPriceNotes(ec, p)...)
	return productPlan{product: mapped, counts: counts, notes: append(notes, p.notes...)}, nil
}

// mapProduct maps a product with everything that is sold of it.
func mapProduct(ec mapping.Context, p productRecord) (erp.Product, error) {
	fields, err := mapping.MetaFields(ec, instance.MetaProduct, p.MetaData)
	if err != nil {
		return erp.Product{}, err
	}
	out := erp.Product{
		Key: mapping.KeyOf(ec, mapping.ProductName, p.ID), Kind: p.Kind(), Name: mapping.Plain(p.Name), Slug: p.Slug,
		Description: p.Description, ShortDescription: p.ShortDescription, Status: p.Status,
		SKU: strings.TrimSpace(p.SKU), Barcode: strings.TrimSpace(p.GlobalUniqueID),
		Virtual: bool(p.Virtual) && !p.CountsStock(), Downloadable: bool(p.Downloadable),
		Categories: mapping.TermKeys(ec, categoryName, p.Categories), Tags: mapping.TermKeys(ec, tagName, p.Tags),
		Brands: mapping.TermKeys(ec, brandName, p.Brands), ShippingClass: mapping.OptionalKey(ec, shippingClassName, p.ShippingClassID),
		Taxable: p.TaxStatus == "taxable", TaxClass: tax.ClassOf(p.TaxClass),
		Measures: measuresOf(ec, p.Weight, p.Dimensions), Attributes: attributesOf(ec, p.Attributes),
		Images: p.pictures.of(p.Images), Components: mapping.KeysOf(ec, mapping.ProductName, p.GroupedProducts),
		ExternalURL: p.ExternalURL, ButtonText: p.ButtonText, Fields: fields,
	}
	for _, d := range p.Downloads {
		out.Downloads = append(out.Downloads, erp.Download{Name: d.Name, URL: d.File})
	}
	out.Variants, err = variantsOf(ec, p)
	return out, err
}

func measuresOf(ec mapping.Context, weight woo.Decimal, d woo.Dimensions) erp.Measures {
	store := ec.Instance.Store
	return erp.Measures{
		Weight: weight.Decimal, WeightUnit: store.WeightUnit,
		Length: d.Length.Decimal, Width: d.Width.Decimal, Height: d.Height.Decimal, DimensionUnit: store.DimensionUnit,
	}
}

func attributesOf(ec mapping.Context, attributes []woo.ProductAttribute) []erp.ProductAttribute {
	var out []erp.ProductAttribute
	for _, a := range attributes {
		mapped := erp.ProductAttribute{
			Key: mapping.OptionalKey(ec, attributeName, a.ID), Name: mapping.Plain(a.Name),
			Visible: bool(a.Visible), Variation: bool(a.Variation),
		}
		for _, value := range a.Options {
			mapped.Values = append(mapped.Values, mapping.Plain(value))
		}
		out = append(out, mapped)
	}
	return out
}

package entity

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// productRecord is a product with all its variations and, when they are imported, what its pictures are.
type productRecord struct {
	woo.Product
	variations []woo.Variation
	pictures   pictures
	notes      []string    // what could not be read, and what else has to be reported
	counted    woo.Reading // of the variations; zero when there were none to read
}

// productPlan is a product with the stock figures that go with it.
type productPlan struct {
	product erp.Product
	counts  []erp.StockCount
	notes   []string
}

var product = importing(spec[productRecord, productPlan]{
	Spec: flow.Spec{Entity: productName, Label: "Products", Needs: []string{taxClassName, categoryName, tagName, brandName, attributeName, shippingClassName}},
	read: withPictures(ofVariations(enrich(scan(func(c *woo.Client) *woo.Service[woo.Product] { return c.Products }, byDate),
		func(p woo.Product) (woo.ID, json.RawMessage) { return p.ID, p.Raw }, loadProduct))),
	describe: describeProduct,
	convert:  planProduct,
	prepare:  landPriceLists,
	land:     landProducts,
	finish:   finishProducts,
})

// loadProduct reads the variations that a product's own record lacks: one request for every hundred.
func loadProduct(ctx context.Context, ec Context, p woo.Product) (productRecord, error) {
	record := productRecord{Product: p}
	if len(p.Variations) == 0 {
		return record, nil
	}
	err := record.loadVariations(ctx, ec)
	return record, err
}

// loadVariations reads all variations. Their stock figures are as of now, later than the page with the product: an order
// placed in between is in them already.
func (p *productRecord) loadVariations(ctx context.Context, ec Context) error {
	for w, err := range ec.Store.Variations.Of(p.ID).Scan(ctx, woo.ListOptions{}, woo.Cursor{}) {
		if err != nil {
			return err
		}
		if len(w.Rejected) > 0 {
			return w.Rejected[0].Err
		}
		p.variations = append(p.variations, w.Records...)
		p.counted = p.counted.And(w.Reading)
	}
	return nil
}

func describeProduct(p productRecord) flow.Record {
	var variations []json.RawMessage
	for _, v := range p.variations {
		variations = append(variations, v.Raw)
	}
	return flow.Record{
		ID: p.ID.String(), Raw: withRaw(p.Raw, "_variations", variations), Modified: p.DateModified.Time,
		Type: p.Type, Status: p.Status,
	}
}

// planProduct maps a product and counts its stock.
func planProduct(ec Context, p productRecord) (productPlan, error) {
	mapped, err := mapProduct(ec, p)
	if err != nil {
		return productPlan{}, err
	}
	counts, notes := stockCounts(ec, p)
	notes = append(notes, productPriceNotes(ec, p)...)
	return productPlan{product: mapped, counts: counts, notes: append(notes, p.notes...)}, nil
}

// mapProduct maps a product with everything that is sold of it.
func mapProduct(ec Context, p productRecord) (erp.Product, error) {
	fields, err := metaFields(ec, instance.MetaProduct, p.MetaData)
	if err != nil {
		return erp.Product{}, err
	}
	out := erp.Product{
		Key: keyOf(ec, productName, p.ID), Kind: productKind(p), Name: plain(p.Name), Slug: p.Slug,
		Description: p.Description, ShortDescription: p.ShortDescription, Status: p.Status,
		SKU: strings.TrimSpace(p.SKU), Barcode: strings.TrimSpace(p.GlobalUniqueID),
		Virtual: bool(p.Virtual) && !countsStock(p), Downloadable: bool(p.Downloadable),
		Categories: termKeys(ec, categoryName, p.Categories), Tags: termKeys(ec, tagName, p.Tags),
		Brands: termKeys(ec, brandName, p.Brands), ShippingClass: optionalKey(ec, shippingClassName, p.ShippingClassID),
		Taxable: p.TaxStatus == "taxable", TaxClass: classOf(p.TaxClass),
		Measures: measuresOf(ec, p.Weight, p.Dimensions), Attributes: attributesOf(ec, p.Attributes),
		Images: p.pictures.of(p.Images), Components: keysOf(ec, productName, p.GroupedProducts),
		ExternalURL: p.ExternalURL, ButtonText: p.ButtonText, Fields: fields,
	}
	for _, d := range p.Downloads {
		out.Downloads = append(out.Downloads, erp.Download{Name: d.Name, URL: d.File})
	}
	out.Variants, err = variantsOf(ec, p)
	return out, err
}

// countsStock reports whether the store counts a product or any of its variations. Such a product is goods to an ERP even
// where it is virtual, as tickets and licences are: services have no stock.
func countsStock(p productRecord) bool {
	return bool(p.ManageStock) || slices.ContainsFunc(p.variations, func(v woo.Variation) bool { return v.ManageStock == woo.StockOwn })
}

// productKind sorts the types of plugins (subscriptions, bundles, bookings …) under what they behave like: whatever has
// variations is variable, the rest is sold as it is.
func productKind(p productRecord) erp.ProductKind {
	switch {
	case p.Type == woo.ProductGrouped:
		return erp.Grouped
	case p.Type == woo.ProductExternal:
		return erp.External
	case p.Type == woo.ProductVariable || len(p.Variations) > 0:
		return erp.Variable
	default:
		return erp.Simple
	}
}

func measuresOf(ec Context, weight woo.Decimal, d woo.Dimensions) erp.Measures {
	store := ec.Instance.Store
	return erp.Measures{
		Weight: weight.Decimal, WeightUnit: store.WeightUnit,
		Length: d.Length.Decimal, Width: d.Width.Decimal, Height: d.Height.Decimal, DimensionUnit: store.DimensionUnit,
	}
}

func attributesOf(ec Context, attributes []woo.ProductAttribute) []erp.ProductAttribute {
	var out []erp.ProductAttribute
	for _, a := range attributes {
		mapped := erp.ProductAttribute{
			Key: optionalKey(ec, attributeName, a.ID), Name: plain(a.Name),
			Visible: bool(a.Visible), Variation: bool(a.Variation),
		}
		for _, value := range a.Options {
			mapped.Values = append(mapped.Values, plain(value))
		}
		out = append(out, mapped)
	}
	return out
}

// upsertProducts lands the products of a page.
func upsertProducts(backend erp.Backend, ctx context.Context, plans []productPlan) ([]erp.Outcome, error) {
	products := make([]erp.Product, len(plans))
	for i, plan := range plans {
		products[i] = plan.product
	}
	return backend.UpsertProducts(ctx, products)
}

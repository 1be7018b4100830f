package catalog

import (
	"slices"
	"time"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// productComparison compares products along with their variations and images.
var productComparison = mapping.Comparison[erp.Product, productRecord]{
	Fields: productFields, Same: sameProductField, PartOf: productPart, Belonging: productBelonging,
	Modified: func(p productRecord) time.Time { return p.DateModified.Time },
}

func productBelonging(ec mapping.Context, p erp.Product, have productRecord) []mapping.Belonging {
	all := comparedImages(ec, p, have)
	if p.Kind != erp.Variable {
		return all
	}
	ec.Parts = nil // all are compared, whatever is to be written
	parts, wanted := variationsOf(ec, &exportedProduct{Record: p, Have: &have, ID: have.ID})
	return append(all, parts.belonging(wanted)...)
}

// comparedImages gives the digests of the images of a product and its variations, where those of both sides are known. An ERP that has none
// says nothing of the store's.
func comparedImages(ec mapping.Context, p erp.Product, have productRecord) []mapping.Belonging {
	content, err := mapProduct(ec, have)
	wanted, held := imageDigests(p), imageDigests(content)
	if err != nil || len(wanted) == 0 || slices.Contains(wanted, "") || slices.Contains(held, "") {
		return nil
	}
	return []mapping.Belonging{{Want: woo.Fields{"images": wanted}, Have: woo.Fields{"images": held}}}
}

// imageDigests lists what a product is shown with, and then what its variations are.
func imageDigests(p erp.Product) []string {
	digests := []string{}
	for _, image := range distinct(p.Images) {
		digests = append(digests, image.Digest)
	}
	for _, v := range p.Variants {
		if v.Image != nil {
			digests = append(digests, mapping.StoreID(v.Key).String()+" "+v.Image.Digest)
		}
	}
	return digests
}

// keepProduct leaves those parts of a product as the ERP has them of which its values count. What it has no place for, and what the store
// alone says, such as the slug, is landed all the same.
func keepProduct(plan *productPlan, held erp.Product, kept func(mapping.Unit) bool) {
	landed := &plan.product
	landed.Variants = slices.Clone(landed.Variants)
	if kept(mapping.Unit{Part: mapping.BasicPart}) {
		leaveBasics(landed, held)
	}
	if kept(mapping.Unit{Part: mapping.StatusPart}) {
		landed.Status = held.Status
	}
	if plan.keepsImages = kept(mapping.Unit{Part: mapping.ImagePart}); plan.keepsImages {
		landed.Images = nil // which leaves those that there are
	}
	for i := range landed.Variants {
		v := &landed.Variants[i]
		if plan.keepsImages {
			v.Image = nil
		}
		if at := slices.IndexFunc(held.Variants, func(h erp.Variant) bool { return h.Key == v.Key }); at >= 0 {
			leaveVariant(landed.Kind, v, held.Variants[at], kept)
		}
	}
	if landed.Kind == erp.Variable && held.Kind == erp.Variable {
		landed.Variants = append(landed.Variants, newVariants(held)...)
	}
}

// toldOfProduct gives that of the ERP's product which landing another one writes: images and prices of which that says nothing stay, and so do
// variants that it does not have.
func toldOfProduct(landed, held erp.Product) erp.Product {
	if landed.Images == nil {
		held.Images = nil
	}
	variants := make([]erp.Variant, 0, len(landed.Variants))
	for _, v := range landed.Variants {
		at := slices.IndexFunc(held.Variants, func(h erp.Variant) bool { return h.Key == v.Key })
		if at < 0 {
			continue
		}
		there := held.Variants[at]
		if v.Prices == nil {
			there.Prices = nil
		}
		if landed.Images == nil && v.Image == nil {
			there.Image = nil
		}
		variants = append(variants, there)
	}
	for _, h := range held.Variants {
		if h.Active && !slices.ContainsFunc(landed.Variants, func(v erp.Variant) bool { return v.Key == h.Key }) {
			variants = append(variants, h) // which landing the others ends
		}
	}
	held.Variants = variants
	return held
}

// newVariants are those that the store does not have yet. They stay until they are exported: landing the store's would end them.
func newVariants(held erp.Product) []erp.Variant {
	return slices.DeleteFunc(slices.Clone(held.Variants), func(v erp.Variant) bool { return !v.Active || !erp.Stays(v) })
}

func leaveBasics(landed *erp.Product, held erp.Product) {
	own := held
	own.Key, own.Slug, own.Status, own.Images, own.Fields = landed.Key, landed.Slug, landed.Status, landed.Images, landed.Fields
	if own.Variants = landed.Variants; landed.Kind != held.Kind {
		own.Variants = slices.Clone(held.Variants) // the store sells it otherwise
		for i := range own.Variants {
			own.Variants[i].Prices = nil
		}
	}
	*landed = own
}

// leaveVariant leaves parts of what is sold as the ERP has them. Of a product without variations they are the product's.
func leaveVariant(kind erp.ProductKind, v *erp.Variant, held erp.Variant, kept func(mapping.Unit) bool) {
	of := ""
	if kind == erp.Variable {
		of = mapping.StoreID(v.Key).String()
	}
	if kept(mapping.Unit{Part: mapping.BasicPart, Of: of}) {
		v.SKU, v.Barcode, v.Options, v.Measures = held.SKU, held.Barcode, held.Options, held.Measures
	}
	if kept(mapping.Unit{Part: mapping.PricePart, Of: of}) {
		v.Prices = nil // which leaves those that there are
	}
	if kept(mapping.Unit{Part: mapping.StockPart, Of: of}) {
		v.TrackStock = held.TrackStock
	}
	if kept(mapping.Unit{Part: mapping.StatusPart, Of: of}) {
		v.Active = held.Active
	}
}

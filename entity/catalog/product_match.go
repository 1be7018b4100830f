package catalog

import (
	"encoding/json"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// ProductMatch matches products by what stands on them or on one of their variations. Pictures are not looked at.
var ProductMatch = mapping.Matching(mapping.Match[erp.Product, productRecord]{
	Entity: mapping.ProductName, Label: "Products", Records: productRecords,
	Read: mapping.Enrich(mapping.Scan(func(c *woo.Client) *woo.Service[woo.Product] { return c.Products }, mapping.WholeList),
		func(p woo.Product) (woo.ID, json.RawMessage) { return p.ID, nil }, loadProduct),
	Describe: func(p productRecord) flow.Record { return flow.Record{ID: p.ID.String()} }, Content: mapProduct,
	Name: func(p erp.Product) string { return strings.TrimSpace(p.SKU + " " + p.Name) },
	Rules: []mapping.MatchRule[erp.Product, productRecord]{
		{Name: "own_id", Default: true, Store: func(p productRecord) []string { return []string{mapping.MarkIn(p.MetaData)} },
			ERP: func(ec mapping.Context, held erp.Held[erp.Product]) []string {
				return []string{mapping.MarkOf(ec, held.ID)}
			}},
		{Name: "sku", Default: true, Keys: func(p erp.Product) []string {
			return append(variantTexts(p, func(v erp.Variant) string { return v.SKU }), p.SKU)
		}},
		{Name: "barcode", Default: true, Keys: func(p erp.Product) []string {
			return append(variantTexts(p, func(v erp.Variant) string { return v.Barcode }), p.Barcode)
		}},
		{Name: "slug", Keys: func(p erp.Product) []string { return []string{p.Slug} }},
		{Name: "name", Keys: func(p erp.Product) []string { return []string{p.Name} }},
	},
	Parts: variantParts,
})

func variantTexts(p erp.Product, text func(erp.Variant) string) []string {
	texts := make([]string, len(p.Variants))
	for i, v := range p.Variants {
		texts[i] = text(v)
	}
	return texts
}

// variantParts finds the variants of the ERP's product that are the variations of the store's: by SKU, and those without one on either
// side by their options.
func variantParts(have, held erp.Product) map[erp.Key]string {
	parts := map[erp.Key]string{}
	if have.Kind != erp.Variable || held.Kind != erp.Variable {
		return parts
	}
	taken := map[string]bool{}
	for _, same := range []func(a, b erp.Variant) bool{sameSKU, sameOptions} {
		for _, variation := range have.Variants {
			if parts[variation.Key] != "" {
				continue
			}
			var found []string
			for _, variant := range held.Variants {
				if id, pending := erp.PendingID(variant.Key); pending && !taken[id] && same(variation, variant) {
					found = append(found, id)
				}
			}
			if len(found) == 1 { // of several, none is known to be it
				parts[variation.Key], taken[found[0]] = found[0], true
			}
		}
	}
	return parts
}

func sameSKU(a, b erp.Variant) bool { return a.SKU != "" && strings.EqualFold(a.SKU, b.SKU) }

func sameOptions(a, b erp.Variant) bool {
	return (a.SKU == "" || b.SKU == "") && slices.EqualFunc(a.Options, b.Options, func(a, b erp.Option) bool {
		return strings.EqualFold(a.Attribute, b.Attribute) && strings.EqualFold(a.Value, b.Value)
	})
}

// CouponMatch matches coupons by their code.
var CouponMatch = mapping.Matching(mapping.Match[erp.Coupon, woo.Coupon]{
	Entity: couponName, Label: "Coupons", Records: couponRecords,
	Read: Coupons.Source, Describe: Coupons.Describe, Content: mapCoupon,
	Name: func(c erp.Coupon) string { return c.Code },
	Rules: []mapping.MatchRule[erp.Coupon, woo.Coupon]{
		{Name: "code", Default: true, Keys: func(c erp.Coupon) []string { return []string{c.Code} }},
	},
})

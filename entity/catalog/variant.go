package catalog

import (
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

// variantsOf gives what is sold of a product: its variations, or the product itself.
func variantsOf(ec mapping.Context, p productRecord) ([]erp.Variant, error) {
	if p.Kind() != erp.Variable {
		return []erp.Variant{onlyVariant(ec, p)}, nil
	}
	variants := make([]erp.Variant, 0, len(p.VariationRecords))
	// The store lists the newest first; by id, a new variation changes nothing of the others.
	sorted := slices.SortedFunc(slices.Values(p.VariationRecords), func(a, b woo.Variation) int { return int(a.ID - b.ID) })
	for _, v := range sorted {
		variant, err := mapVariation(ec, p, v)
		if err != nil {
			return nil, err
		}
		variants = append(variants, variant)
	}
	return variants, nil
}

func pricedProduct(p productRecord) priced {
	return priced{p.RegularPrice, p.SalePrice, p.OnSaleFrom, p.OnSaleTo}
}

func pricedVariation(v woo.Variation) priced {
	return priced{v.RegularPrice, v.SalePrice, v.OnSaleFrom, v.OnSaleTo}
}

// productPriceNotes says which prices of what is sold of a product are left out.
func productPriceNotes(ec mapping.Context, p productRecord) []string {
	if p.Kind() != erp.Variable {
		return priceNotes(ec, p.ID.String(), pricedProduct(p))
	}
	var notes []string
	for _, v := range p.VariationRecords {
		notes = append(notes, priceNotes(ec, v.ID.String(), pricedVariation(v))...)
	}
	return notes
}

// onlyVariant is the one variant of a product without variations, under the product's own key.
func onlyVariant(ec mapping.Context, p productRecord) erp.Variant {
	kind := p.Kind()
	return erp.Variant{
		Key: mapping.KeyOf(ec, mapping.ProductName, p.ID), SKU: strings.TrimSpace(p.SKU), Barcode: strings.TrimSpace(p.GlobalUniqueID),
		Active:     p.Status == "publish" || p.Status == "private",
		TrackStock: bool(p.ManageStock) && kind == erp.Simple,
		Measures:   measuresOf(ec, p.Weight, p.Dimensions),
		Prices:     pricesOf(ec, pricedProduct(p)),
	}
}

// mapVariation maps a variation; what it leaves open is the product's.
func mapVariation(ec mapping.Context, p productRecord, v woo.Variation) (erp.Variant, error) {
	fields, err := mapping.MetaFields(ec, instance.MetaProduct, v.MetaData)
	if err != nil {
		return erp.Variant{}, err
	}
	return erp.Variant{
		Key: mapping.KeyOf(ec, mapping.ProductName, v.ID), SKU: strings.TrimSpace(v.SKU), Barcode: strings.TrimSpace(v.GlobalUniqueID),
		Options: optionsOf(p.Attributes, v.Attributes), Active: v.Status == "publish",
		TrackStock: v.ManageStock == woo.StockOwn, Measures: variationMeasures(ec, p, v),
		Image: p.pictures.one(v.Image), Fields: fields,
		Prices: pricesOf(ec, pricedVariation(v)),
	}, nil
}

func variationMeasures(ec mapping.Context, p productRecord, v woo.Variation) erp.Measures {
	return measuresOf(ec, given(v.Weight, p.Weight), woo.Dimensions{
		Length: given(v.Dimensions.Length, p.Dimensions.Length),
		Width:  given(v.Dimensions.Width, p.Dimensions.Width),
		Height: given(v.Dimensions.Height, p.Dimensions.Height),
	})
}

func given(own, inherited woo.Decimal) woo.Decimal {
	if own.Valid {
		return own
	}
	return inherited
}

// optionsOf gives a variation's answers in the words of the product, in the order of its attributes. An attribute the
// variation does not answer fits any value: it is left out.
func optionsOf(attributes []woo.ProductAttribute, answers []woo.AttributeOption) []erp.Option {
	var options []erp.Option
	for _, a := range attributes {
		i := slices.IndexFunc(answers, func(answer woo.AttributeOption) bool { return isAnswer(a, answer) })
		if i < 0 || answers[i].Option == "" {
			continue
		}
		options = append(options, erp.Option{Attribute: mapping.Plain(a.Name), Value: mapping.Plain(spelledAs(a.Options, answers[i].Option))})
	}
	return options
}

// isAnswer reports whether an answer is to this attribute. Attributes of one product only have no id, and variations may
// name them by slug.
func isAnswer(a woo.ProductAttribute, answer woo.AttributeOption) bool {
	if a.ID != 0 || answer.ID != 0 {
		return a.ID == answer.ID
	}
	return strings.EqualFold(mapping.Plain(a.Name), mapping.Plain(answer.Name)) || a.Slug != "" && strings.EqualFold(a.Slug, answer.Slug)
}

// spelledAs gives the value as the product lists it: older variations keep it in small letters.
func spelledAs(values []string, value string) string {
	for _, known := range values {
		if strings.EqualFold(mapping.Plain(known), mapping.Plain(value)) {
			return known
		}
	}
	return value
}

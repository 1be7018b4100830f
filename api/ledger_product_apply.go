package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/fault"
)

// applyProduct makes a product of what a request says.
func (s *server) applyProduct(ctx context.Context, said gen.LedgerProduct, p erp.Product) (erp.Product, error) {
	if said.Kind == "" {
		said.Kind = erp.Simple
	}
	var problems problems
	switch {
	case p.Kind != "" && p.Kind != said.Kind:
		problems.add("kind", "is chosen once: this product is %s", p.Kind)
	case p.Kind == "" && said.Kind == erp.Grouped:
		problems.add("kind", "grouped products come from stores: make the products of the group instead")
	}
	before := p.Variants
	p.Kind, p.Name, p.Slug, p.Description, p.ShortDescription = said.Kind, said.Name, said.Slug, said.Description, said.ShortDescription
	p.Status, p.SKU, p.Barcode = cmp.Or(said.Status, "draft"), said.SKU, said.Barcode
	p.Virtual, p.Downloadable, p.Taxable, p.TaxClass = said.Virtual, said.Downloadable, said.Taxable == nil || *said.Taxable, cmp.Or(said.TaxClass, "standard")
	p.Measures = problems.measures("measures", said.Measures)
	p.Categories, p.Tags, p.Brands = ownKeys(erp.Category, said.Categories), ownKeys(erp.Tag, said.Tags), ownKeys(erp.Brand, said.Brands)
	p.ShippingClass = optionalOwnKey(erp.ShippingClass, said.ShippingClass)
	p.ExternalURL, p.ButtonText, p.Fields = said.ExternalURL, said.ButtonText, said.Fields
	p.Images, p.Downloads, p.Attributes = problems.images(p.Images, said.Images), nil, nil
	for _, file := range said.Downloads {
		p.Downloads = append(p.Downloads, erp.Download{Name: file.Name, URL: file.URL})
	}
	for _, a := range said.Attributes {
		p.Attributes = append(p.Attributes, erp.ProductAttribute{
			Key: optionalOwnKey(erp.Attribute, a.ID), Name: a.Name, Values: a.Values, Visible: a.Visible == nil || *a.Visible, Variation: a.Variation,
		})
	}
	p.Variants = s.applyVariants(ctx, &problems, said, p, before)
	return p, problems.err()
}

// applyVariants gives what is sold of a product, with what requests do not see of it, such as the picture of a variant.
func (s *server) applyVariants(ctx context.Context, problems *problems, said gen.LedgerProduct, p erp.Product, before []erp.Variant) []erp.Variant {
	if p.Kind == erp.Variable {
		if said.TrackStock || len(said.Prices) > 0 {
			problems.add("variants", "a variable product has its prices and stock at its variants")
		}
		return s.applyVariations(ctx, problems, said, p, before)
	}
	if len(said.Variants) > 0 {
		problems.add("variants", "a %s product is sold as it is: make it variable, or leave them out", p.Kind)
	}
	var v erp.Variant
	if len(before) > 0 {
		v = before[0]
	}
	v.SKU, v.Barcode, v.Measures, v.TrackStock = p.SKU, p.Barcode, p.Measures, said.TrackStock
	v.Active = p.Status == "publish" || p.Status == "private"
	v.Prices = s.prices(ctx, problems, "prices", said.Prices)
	return []erp.Variant{v}
}

func (s *server) applyVariations(ctx context.Context, problems *problems, said gen.LedgerProduct, p erp.Product, before []erp.Variant) []erp.Variant {
	var variants []erp.Variant
	combinations := map[string]bool{}
	for i, one := range said.Variants {
		field := fmt.Sprintf("variants[%d]", i)
		var v erp.Variant
		if one.ID != "" {
			key := erp.OwnKey("product", one.ID)
			at := slices.IndexFunc(before, func(b erp.Variant) bool { return b.Key == key })
			if at < 0 {
				problems.add(field+".id", "the product has no such variant: leave the id out to add one")
				continue
			}
			v = before[at]
		}
		v.SKU, v.Barcode, v.Active, v.TrackStock, v.Fields = one.SKU, one.Barcode, one.Active == nil || *one.Active, one.TrackStock, one.Fields
		v.Measures = problems.measures(field+".measures", one.Measures)
		v.Prices = s.prices(ctx, problems, field+".prices", one.Prices)
		v.Options = problems.options(field, p.Attributes, one.Options)
		if combination := fmt.Sprintf("%q", one.Options); v.Active && combinations[combination] {
			problems.add(field+".options", "another variant has the same")
		} else if v.Active {
			combinations[combination] = true
		}
		variants = append(variants, v)
	}
	return variants
}

// options gives what a variant is of the attributes that variants differ by, in their order.
func (p *problems) options(field string, attributes []erp.ProductAttribute, said map[string]string) []erp.Option {
	var options []erp.Option
	for _, a := range attributes {
		value, named := said[a.Name]
		switch {
		case !named || !a.Variation:
			continue
		case value != "" && !slices.Contains(a.Values, value):
			p.add(field+".options."+a.Name, "is none of the attribute's values")
		case value != "":
			options = append(options, erp.Option{Attribute: a.Name, Value: value})
		}
	}
	for name := range said {
		if !slices.ContainsFunc(attributes, func(a erp.ProductAttribute) bool { return a.Name == name && a.Variation }) {
			p.add(field+".options."+name, "is no attribute of the product that variants differ by: give it one with variation: true")
		}
	}
	return options
}

// prices gives prices in the lists they belong to: never nil, because what a person does not name is taken away.
func (s *server) prices(ctx context.Context, problems *problems, field string, said []gen.LedgerPrice) []erp.Price {
	prices := []erp.Price{}
	for i, one := range said {
		at := fmt.Sprintf("%s[%d]", field, i)
		kind := cmp.Or(one.Kind, erp.Regular)
		price := erp.Price{
			List:   erp.Key{Instance: cmp.Or(one.Instance, erp.OwnInstance), Entity: "price_list", ID: erp.PriceListID(kind, one.Currency)},
			Amount: problems.decimal(at+".amount", one.Amount), From: one.From.UTC(), Until: one.Until.UTC(),
		}
		if one.Instance != "" {
			if _, err := s.DB.Instance(ctx, one.Instance); err != nil {
				problems.join(at+".instance", err)
			}
		}
		switch {
		case slices.ContainsFunc(prices, func(p erp.Price) bool { return p.List == price.List }):
			problems.add(at, "there is another %s price in %s of the same list", kind, one.Currency)
		case !price.From.IsZero() && !price.Until.IsZero() && price.Until.Before(price.From):
			problems.add(at+".until", "must not be before from")
		}
		prices = append(prices, price)
	}
	for i, price := range prices {
		regular := price.List
		regular.ID = erp.PriceListID(erp.Regular, said[i].Currency)
		at := slices.IndexFunc(prices, func(p erp.Price) bool { return p.List == regular })
		if price.List != regular && (at < 0 || !price.Amount.LessThan(prices[at].Amount)) {
			problems.add(fmt.Sprintf("%s[%d].amount", field, i), "a sale price must be below the regular one of the same list")
		}
	}
	return prices
}

// images keeps what is known of the pictures that stay: never nil, because what a person does not name is taken away.
func (p *problems) images(before []erp.Image, said []gen.LedgerImage) []erp.Image {
	images := []erp.Image{}
	for i, one := range said {
		at := slices.IndexFunc(before, func(b erp.Image) bool {
			return one.URL != "" && b.URL == one.URL || one.URL == "" && one.Digest != "" && b.Digest == one.Digest
		})
		image := erp.Image{URL: one.URL}
		switch {
		case at >= 0:
			image = before[at]
		case one.URL == "":
			p.add(fmt.Sprintf("images[%d]", i), "give its bytes first: PUT /ledger/products/{id}/images/{digest}, or tandem ledger products image add")
		}
		image.Alt = one.Alt
		images = append(images, image)
	}
	return images
}

// problems collects what is wrong with a request.
type problems []error

func (p problems) err() error { return errors.Join(p...) }

func (p *problems) add(field, format string, args ...any) {
	*p = append(*p, fault.Field(field, format, args...))
}

// join notes an error under the name of a field, unless it is none of the request's.
func (p *problems) join(field string, err error) {
	if fault.Is(err, fault.NotFound) {
		err = fault.Field(field, "%s", fault.From(err).Message)
	}
	*p = append(*p, err)
}

func (p *problems) decimal(field, text string) decimal.Decimal {
	if text == "" {
		return decimal.Zero
	}
	value, err := decimal.NewFromString(text)
	if err != nil {
		p.add(field, `must be a number in quotes, e.g. "19.99"`)
	}
	return value
}

func (p *problems) measures(field string, said gen.LedgerMeasures) erp.Measures {
	m := erp.Measures{
		Weight: p.decimal(field+".weight", said.Weight), WeightUnit: said.WeightUnit, Length: p.decimal(field+".length", said.Length),
		Width: p.decimal(field+".width", said.Width), Height: p.decimal(field+".height", said.Height), DimensionUnit: said.DimensionUnit,
	}
	if !m.Weight.IsZero() && m.WeightUnit == "" {
		p.add(field+".weight_unit", "is missing: kg, g, lbs or oz")
	}
	if sized := !m.Length.IsZero() || !m.Width.IsZero() || !m.Height.IsZero(); sized && m.DimensionUnit == "" {
		p.add(field+".dimension_unit", "is missing: m, cm, mm, in or yd")
	}
	return m
}

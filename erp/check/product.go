package check

import (
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
)

// Product finds what is wrong with a product alone; nil when nothing is.
func Product(p *erp.Product) *landing.Refusal {
	switch {
	case !slices.Contains([]erp.ProductKind{erp.Simple, erp.Variable, erp.Grouped, erp.External}, p.Kind):
		return landing.Failed("invalid_kind", "the product is of the unknown kind %q", p.Kind)
	case p.Kind != erp.Variable && (len(p.Variants) != 1 || p.Variants[0].Key != p.Key):
		return landing.Failed("invalid_variants", "a %s product has exactly one variant, under its own key", p.Kind)
	}
	if r := measures(p.Measures); r != nil {
		return r
	}
	seen := make(map[erp.Key]bool, len(p.Variants))
	for i := range p.Variants {
		v := &p.Variants[i]
		if seen[v.Key] {
			return landing.Failed("invalid_variants", "the variant %s is in the product twice", v.Key)
		}
		seen[v.Key] = true
		if r := variant(v); r != nil {
			return r
		}
	}
	return nil
}

func variant(v *erp.Variant) *landing.Refusal {
	if r := landing.CheckKey(v.Key); r != nil {
		return r
	}
	for _, price := range v.Prices {
		switch {
		case price.Amount.IsNegative():
			return landing.Failed("invalid_price", "the price of %s is negative", v.Key)
		case !price.From.IsZero() && !price.Until.IsZero() && price.Until.Before(price.From):
			return landing.Failed("invalid_price", "the price of %s ends before it begins", v.Key)
		}
	}
	return measures(v.Measures)
}

func measures(m erp.Measures) *landing.Refusal {
	for _, measure := range []decimal.Decimal{m.Weight, m.Length, m.Width, m.Height} {
		if measure.IsNegative() {
			return landing.Failed("invalid_measure", "a weight or dimension is negative")
		}
	}
	return nil
}

// Counted refuses the count of a product that is unknown, or of which no stock is kept.
func Counted(product erp.Key, known, tracked bool) *landing.Refusal {
	switch {
	case !known:
		return landing.Parked("unknown_product", "product "+product.String()+" has not landed yet: import or map it", product)
	case !tracked:
		return landing.Failed("not_tracked", "the stock of product %s is not tracked: switch that on and import the product again", product)
	}
	return nil
}

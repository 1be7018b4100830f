package odoo

import (
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
)

// checkProduct finds what is wrong with a product by itself; nil when nothing is.
func checkProduct(p *erp.Product) *refusal {
	switch {
	case !slices.Contains([]erp.ProductKind{erp.Simple, erp.Variable, erp.Grouped, erp.External}, p.Kind):
		return failed("invalid_kind", "the product is of the unknown kind %q", p.Kind)
	case p.Kind != erp.Variable && (len(p.Variants) != 1 || p.Variants[0].Key != p.Key):
		return failed("invalid_variants", "a %s product has exactly one variant, under its own key", p.Kind)
	}
	if r := checkMeasures(p.Measures); r != nil {
		return r
	}
	seen := make(map[erp.Key]bool, len(p.Variants))
	for i := range p.Variants {
		variant := &p.Variants[i]
		if seen[variant.Key] {
			return failed("invalid_variants", "the variant %s is in the product twice", variant.Key)
		}
		seen[variant.Key] = true
		if r := checkVariant(variant); r != nil {
			return r
		}
	}
	return nil
}

func checkVariant(v *erp.Variant) *refusal {
	if r := checkKey(v.Key); r != nil {
		return r
	}
	for _, price := range v.Prices {
		switch {
		case price.Amount.IsNegative():
			return failed("invalid_price", "the price of %s is negative", v.Key)
		case !price.From.IsZero() && !price.Until.IsZero() && price.Until.Before(price.From):
			return failed("invalid_price", "the price of %s ends before it begins", v.Key)
		}
	}
	return checkMeasures(v.Measures)
}

func checkMeasures(m erp.Measures) *refusal {
	for _, measure := range []decimal.Decimal{m.Weight, m.Length, m.Width, m.Height} {
		if measure.IsNegative() {
			return failed("invalid_measure", "a weight or dimension is negative")
		}
	}
	return nil
}

// kilograms says how many kilograms a unit of weight is.
var kilograms = map[string]string{"kg": "1", "g": "0.001", "lbs": "0.45359237", "oz": "0.028349523125"}

// meters says how many meters a unit of length is.
var meters = map[string]string{"m": "1", "cm": "0.01", "mm": "0.001", "in": "0.0254", "yd": "0.9144"}

// weight gives the weight in kilograms, which is what Odoo keeps; 0 in an unknown unit.
func weight(m erp.Measures) decimal.Decimal {
	factor, err := decimal.NewFromString(kilograms[m.WeightUnit])
	if err != nil {
		return decimal.Zero
	}
	return m.Weight.Mul(factor)
}

// volume gives the volume in cubic meters, which is what Odoo keeps; 0 in an unknown unit.
func volume(m erp.Measures) decimal.Decimal {
	factor, err := decimal.NewFromString(meters[m.DimensionUnit])
	if err != nil {
		return decimal.Zero
	}
	return m.Length.Mul(m.Width).Mul(m.Height).Mul(factor.Pow(decimal.NewFromInt(3)))
}

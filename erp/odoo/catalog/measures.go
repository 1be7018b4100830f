package catalog

import (
	"github.com/shopspring/decimal"

	"tandem/erp"
)

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

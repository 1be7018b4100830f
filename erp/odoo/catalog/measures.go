package catalog

import (
	"github.com/shopspring/decimal"

	"tandem/erp"
)

// What Odoo keeps weights in, and volumes the cube of.
const (
	weightUnit = "kg"
	lengthUnit = "m"
)

// weight gives the weight in kilograms, which is what Odoo keeps; 0 in an unknown unit.
func weight(m erp.Measures) decimal.Decimal {
	kilograms, _ := erp.ConvertWeight(m.Weight, m.WeightUnit, weightUnit)
	return kilograms
}

// volume gives the volume in cubic meters, which is what Odoo keeps; 0 in an unknown unit.
func volume(m erp.Measures) decimal.Decimal {
	unit, _ := erp.ConvertLength(decimal.NewFromInt(1), m.DimensionUnit, lengthUnit)
	return m.Length.Mul(m.Width).Mul(m.Height).Mul(unit.Pow(decimal.NewFromInt(3)))
}

package erp

import "github.com/shopspring/decimal"

// kilograms says how many kilograms a unit of weight is.
var kilograms = map[string]string{"kg": "1", "g": "0.001", "lbs": "0.45359237", "oz": "0.028349523125"}

// meters says how many meters a unit of length is.
var meters = map[string]string{"m": "1", "cm": "0.01", "mm": "0.001", "in": "0.0254", "yd": "0.9144"}

// measureDigits is to how many digits measures are converted.
const measureDigits = 12

// ConvertWeight gives a weight in another unit; ok is false when a unit is unknown.
func ConvertWeight(weight decimal.Decimal, from, to string) (converted decimal.Decimal, ok bool) {
	return convert(weight, from, to, kilograms)
}

// ConvertLength gives a length in another unit; ok is false when a unit is unknown.
func ConvertLength(length decimal.Decimal, from, to string) (converted decimal.Decimal, ok bool) {
	return convert(length, from, to, meters)
}

func convert(amount decimal.Decimal, from, to string, units map[string]string) (decimal.Decimal, bool) {
	if units[from] == "" || units[to] == "" {
		return decimal.Zero, false
	}
	if from == to {
		return amount, true
	}
	return amount.Mul(decimal.RequireFromString(units[from])).DivRound(decimal.RequireFromString(units[to]), measureDigits), true
}

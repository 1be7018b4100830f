package erp

import (
	"slices"

	"github.com/shopspring/decimal"
)

// ShareCoins rounds amounts to the given number of decimals so that they add up to sum, each up or down to its next whole
// unit: the units left over go to the amounts that rounding down took most from. No other distribution stays closer to the
// amounts. ok is false when sum cannot be reached that way.
func ShareCoins(amounts []decimal.Decimal, sum decimal.Decimal, places int32) (parts []decimal.Decimal, ok bool) {
	parts = make([]decimal.Decimal, len(amounts))
	lost := make([]decimal.Decimal, len(amounts))
	var fractions []int // the amounts that can be rounded up
	left := sum
	for i, amount := range amounts {
		parts[i] = amount.RoundFloor(places)
		lost[i] = amount.Sub(parts[i])
		left = left.Sub(parts[i])
		if lost[i].IsPositive() {
			fractions = append(fractions, i)
		}
	}
	units := left.Shift(places)
	if units.IsNegative() || !units.IsInteger() || units.GreaterThan(decimal.NewFromInt(int64(len(fractions)))) {
		return nil, false
	}
	slices.SortStableFunc(fractions, func(a, b int) int {
		if byLoss := lost[b].Cmp(lost[a]); byLoss != 0 {
			return byLoss
		}
		return amounts[b].Sign() - amounts[a].Sign() // half a unit is rounded away from zero
	})
	for _, i := range fractions[:units.IntPart()] {
		parts[i] = parts[i].Add(decimal.New(1, -places))
	}
	return parts, true
}

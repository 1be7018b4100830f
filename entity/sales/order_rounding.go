package sales

import (
	"github.com/shopspring/decimal"
)

// halfUp and halfDown round half a unit away from zero and towards it. WooCommerce rounds it away; the floating-point
// numbers of PHP put some halves a little below.
func halfUp(amount decimal.Decimal, places int32) decimal.Decimal { return amount.Round(places) }

func halfDown(amount decimal.Decimal, places int32) decimal.Decimal {
	rounded := amount.Round(places)
	if rounded.Sub(amount).Abs().Shift(places).Equal(half) {
		return amount.Truncate(places)
	}
	return rounded
}

var half = decimal.New(5, -1)

// add gives the sum of amounts.
func add(amounts []decimal.Decimal) decimal.Decimal {
	var sum decimal.Decimal
	for _, amount := range amounts {
		sum = sum.Add(amount)
	}
	return sum
}

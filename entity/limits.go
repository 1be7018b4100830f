package entity

import (
	"math"

	"github.com/shopspring/decimal"

	"tandem/woo"
)

// largest is the first amount that is too large: an ERP keeps amounts with six decimals in 64-bit floating-point numbers or in
// columns of about as many digits.
var largest = decimal.New(1, 12)

// sized is a number of the store under the name of its field.
type sized struct {
	field  string
	number woo.Decimal
}

// tooLarge refuses a record for the first of its numbers that no ERP keeps exactly.
func tooLarge(numbers []sized) error {
	for _, n := range numbers {
		if n.number.Abs().GreaterThanOrEqual(largest) {
			return failed("number_too_large", "%s has more than 12 digits before the decimal point: correct it in the store", n.field)
		}
	}
	return nil
}

// oddDate refuses a record for a date that decides something and is not one.
func oddDate(field string) error {
	return failed("invalid_date", "%s is not a date: correct it in the store, or in the plugin that wrote it", field)
}

// inRange moves a whole number that orders or counts records into the range of an ERP's integers: which of two huge positions
// is greater decides nothing.
func inRange(n woo.Int) woo.Int { return min(max(n, math.MinInt32), math.MaxInt32) }

// limitOf gives a limit, 0 for none. One that no counter ever reaches, such as a row of nines, is none.
func limitOf(limit woo.Decimal) int {
	if limit.GreaterThan(decimal.NewFromInt(math.MaxInt32)) {
		return 0
	}
	return int(limit.IntPart())
}

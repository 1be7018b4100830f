package mapping

import (
	"math"

	"github.com/shopspring/decimal"

	"tandem/woo"
)

// Largest is the first amount that is too large: an ERP keeps amounts with six decimals in 64-bit floating-point numbers or in
// columns of about as many digits.
var Largest = decimal.New(1, 12)

// Sized is a number of the store under the name of its field.
type Sized struct {
	Field  string
	Number woo.Decimal
}

// TooLarge refuses a record for the first of its numbers that no ERP keeps exactly.
func TooLarge(numbers []Sized) error {
	for _, n := range numbers {
		if n.Number.Abs().GreaterThanOrEqual(Largest) {
			return Failed("number_too_large", "%s has more than 12 digits before the decimal point: correct it in the store", n.Field)
		}
	}
	return nil
}

// OddDate refuses a record for a date that decides something and is not one.
func OddDate(field string) error {
	return Failed("invalid_date", "%s is not a date: correct it in the store, or in the plugin that wrote it", field)
}

// InRange moves a whole number that orders or counts records into the range of an ERP's integers: which of two huge positions
// is greater decides nothing.
func InRange(n woo.Int) woo.Int { return min(max(n, math.MinInt32), math.MaxInt32) }

// LimitOf gives a limit, 0 for none. One that no counter ever reaches, such as a row of nines, is none.
func LimitOf(limit woo.Decimal) int {
	if limit.GreaterThan(decimal.NewFromInt(math.MaxInt32)) {
		return 0
	}
	return int(limit.IntPart())
}

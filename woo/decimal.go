package woo

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/shopspring/decimal"
)

// The causes of an unreadable scalar. They never quote the value: it may be personal data.
var (
	errNotScalar = errors.New("a list or object where a single value is expected")
	errNotNumber = errors.New("not a number")
)

// maxNumber bounds the digits of a number. Real amounts have under 30; decimal arithmetic on a hostile exponent would never end.
const maxNumber = 64

// Decimal is an exact number that may be absent: WooCommerce sends amounts as strings and "" or null for "not set", which is not zero
// (a product without a sale price is not free).
type Decimal struct {
	decimal.Decimal
	// Valid is false when the store sent nothing; the number is then 0.
	Valid bool
}

// NewDecimal makes a present number.
func NewDecimal(d decimal.Decimal) Decimal { return Decimal{Decimal: d, Valid: true} }

// MarshalJSON writes the number as WooCommerce does: in quotes, "" when absent.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if !d.Valid {
		return []byte(`""`), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON accepts a number with or without quotes; "", false and null leave it absent.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return err
	}
	*d = Decimal{}
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	n, err := parseDecimal(text)
	if err != nil {
		return err
	}
	*d = NewDecimal(n)
	return nil
}

func parseDecimal(text string) (decimal.Decimal, error) {
	if len(text) > maxNumber {
		return decimal.Zero, errNotNumber
	}
	n, err := decimal.NewFromString(text)
	if err != nil || n.Exponent() > maxNumber || n.Exponent() < -maxNumber {
		return decimal.Zero, errNotNumber
	}
	return n, nil
}

// parseFraction reads a whole number written with decimals ("7.00", 7.5 from a stock plugin) and drops what is behind the point, as
// WooCommerce does with intval.
func parseFraction(text string) (int64, error) {
	n, err := parseDecimal(text)
	if err != nil {
		return 0, err
	}
	whole := n.Truncate(0)
	if !whole.BigInt().IsInt64() {
		return 0, errNotNumber
	}
	return whole.IntPart(), nil
}

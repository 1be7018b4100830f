package wootest

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// money is an amount in millionths, the precision WooCommerce keeps taxes in (its rounding precision is 6 decimals).
// Fixed point instead of decimal.Decimal because a page of 100 orders handles some 4,000 amounts.
type money int64

const (
	unit money = 1_000_000
	cent money = 10_000
)

// percent is a tax or discount rate in ten-thousandths of a percent: "20.0000" is 200000.
type percent int64

// parseMoney reads an amount as sent by a client; anything that is no number counts as zero, as in PHP.
func parseMoney(s string) money {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return 0
	}
	return money(d.Shift(6).Round(0).IntPart())
}

// parsePercent reads a rate such as "5.5".
func parsePercent(s string) percent { return percent(parseMoney(s) / 100) }

// of gives the rate's part of an amount at six decimals, half away from zero.
func (p percent) of(m money) money { return share(m, int64(p), 1_000_000) }

// share computes m*num/den in 128 bits, rounded half away from zero.
func share(m money, num, den int64) money {
	negative := (m < 0) != (num < 0)
	high, low := bits.Mul64(magnitude(int64(m)), magnitude(num))
	low, carry := bits.Add64(low, uint64(den)/2, 0)
	quotient, _ := bits.Div64(high+carry, low, uint64(den))
	if negative {
		return -money(quotient)
	}
	return money(quotient)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// rounded gives the amount at the store's two decimals, half away from zero.
func (m money) rounded() money { return m.roundedTo(2) }

func (m money) roundedTo(decimals int) money {
	step := unit
	for range decimals {
		step /= 10
	}
	if step <= 1 {
		return m
	}
	return share(m, 1, int64(step)) * step
}

// halfDown rounds like roundedTo, but half a step towards zero.
func (m money) halfDown(decimals int) money {
	step := unit
	for range decimals {
		step /= 10
	}
	if step <= 1 {
		return m
	}
	if m < 0 {
		return -(-m).halfDown(decimals)
	}
	return (m + step/2 - 1) / step * step
}

// append writes the amount with exactly dp decimals.
func (m money) append(b []byte, dp int) []byte {
	m = m.roundedTo(dp)
	if m < 0 {
		b = append(b, '-')
	}
	n := magnitude(int64(m))
	b = strconv.AppendUint(b, n/uint64(unit), 10)
	if dp == 0 {
		return b
	}
	b = append(b, '.')
	fraction := n % uint64(unit)
	for step := uint64(unit) / 10; dp > 0; dp-- {
		if step == 0 {
			b = append(b, '0')
			continue
		}
		b = append(b, byte('0'+fraction/step%10))
		step /= 10
	}
	return b
}

// String gives the amount at two decimals, the way the store shows prices.
func (m money) String() string { return string(m.append(nil, 2)) }

// decimal gives the exact amount.
func (m money) decimal() decimal.Decimal { return decimal.New(int64(m), -6) }

// perPiece is the unit price of an order line. WooCommerce sends it as a JSON float computed by dividing floats;
// it is for display only, no total is derived from it.
func (m money) perPiece(quantity int) float64 {
	if quantity == 0 {
		return 0
	}
	return float64(m) / float64(unit) / float64(quantity)
}

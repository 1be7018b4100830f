package instance

import (
	"github.com/shopspring/decimal"

	"tandem/fault"
)

// maxRounding is the most coins a rounding limit may be. A difference beyond that is not rounding: it is a payment, a
// discount or a mistake, which would end up among the rounding differences.
const maxRounding = 5

// Rounding is the largest difference a rounding line may take in an order of one line, in the order's currency; zero when
// none is allowed. It answers fault.Invalid for what is no amount.
func (o Order) Rounding() (decimal.Decimal, error) {
	if o.RoundingLimit == "" {
		return decimal.Zero, nil
	}
	limit, err := decimal.NewFromString(o.RoundingLimit)
	if err != nil || limit.IsNegative() {
		return decimal.Zero, fault.Field("order.rounding_limit", "must be an amount that is not negative, e.g. 0.01")
	}
	return limit, nil
}

// RoundingLimitOf is the largest difference a rounding line may take in an order whose currency has so many decimals: the
// instance's limit, but at least a coin and at most five, and half a coin more for each further line, because each was
// rounded. It is zero when the instance allows none.
func (o Order) RoundingLimitOf(decimals int32, lines int) (decimal.Decimal, error) {
	limit, err := o.Rounding()
	if err != nil || limit.IsZero() {
		return decimal.Zero, err
	}
	coin := decimal.New(1, -decimals)
	limit = decimal.Max(coin, decimal.Min(limit, coin.Mul(decimal.NewFromInt(maxRounding))))
	return limit.Add(coin.Mul(decimal.NewFromInt(int64(max(lines-1, 0) / 2)))), nil
}

// checkRounding refuses a limit of more than a few coins of the main currency, which is 2 decimals until one is chosen.
func (c Config) checkRounding(p *Problems) {
	limit, err := c.Order.Rounding()
	if err != nil {
		*p = append(*p, fault.From(err))
		return
	}
	most := decimal.New(maxRounding, -min(CurrencyDecimals(c.General.Currency), 2))
	if limit.GreaterThan(most) {
		p.add("order.rounding_limit", "must be at most %s: what is more is no rounding, and would be booked as one", most)
	}
}

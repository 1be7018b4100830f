package erp

import (
	"context"

	"github.com/shopspring/decimal"
)

// SaleTotals is an ERP that says at little cost what orders and refunds come to in it. Of others it is known what landed.
type SaleTotals interface {
	// SaleTotals gives, for the keys of orders and refunds, what the customer pays or gets back, with tax and positive: by the invoice or credit
	// note where there is one. It is not valid for a key that the ERP does not know.
	SaleTotals(ctx context.Context, keys []Key) ([]decimal.NullDecimal, error)
}

package report

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/fault"
	"tandem/instance"
)

// timeLimit is how long one statement of a report may take.
const timeLimit = 20 * time.Second

// timedOut is the code with which PostgreSQL ends a statement that took longer.
const timedOut = "57014"

// Reader gives a view of the database in which nothing can be written, and no statement takes longer than limit.
type Reader interface {
	ReadOnly(ctx context.Context, doing string, limit time.Duration, read func(*sqlx.Tx) error) error
}

// Sales is what was sold, by some dimensions.
type Sales struct {
	Dimensions []Dimension
	Periods    []Period // those that have cells, in their order
	Cells      []Cell   // by currency; in each first the single cells and then the totals, ordered by their keys
}

// Cell is what was sold in one currency under one value of each dimension, or over all values of some.
type Cell struct {
	Currency string
	Keys     []Key // for each dimension
	Figures
	Taxes       []TaxSum // of orders, per rate
	RefundTaxes []TaxSum // given back, per rate
}

// IsTotal reports whether the cell is a total over the values of some dimension.
func (c Cell) IsTotal() bool {
	for _, key := range c.Keys {
		if key.All {
			return true
		}
	}
	return false
}

// Key is a value of a dimension.
type Key struct {
	All   bool   // the cell is a total over all values
	Value string // "2026-03", "myshop", "myshop/12"; empty where a sale has none
	Label string // what people call it; empty where it is the value
}

// Figures are the measures. Amounts are without tax where nothing else is said.
type Figures struct {
	Orders      int64           `db:"orders"`
	Units       decimal.Decimal `db:"units"`
	Goods       decimal.Decimal `db:"goods"`
	Shipping    decimal.Decimal `db:"shipping"`
	Fees        decimal.Decimal `db:"fees"`
	Net         decimal.Decimal `db:"net"` // Goods + Shipping + Fees
	Discounts   decimal.Decimal `db:"discounts"`
	Tax         decimal.Decimal `db:"tax"`
	Gross       decimal.Decimal `db:"gross"` // Net + Tax
	Credit      decimal.Decimal `db:"credit"`
	Refunds     decimal.Decimal `db:"refunds"` // with tax
	RefundUnits decimal.Decimal `db:"refund_units"`
	RefundNet   decimal.Decimal `db:"refund_net"`
	RefundTax   decimal.Decimal `db:"refund_tax"`
	Average     decimal.Decimal `db:"-"` // Gross by Orders, in whole coins
}

// TaxSum is the tax of one rate.
type TaxSum struct {
	Label  string
	Rate   decimal.Decimal // percent
	Amount decimal.Decimal
}

// ReadSales adds up what was sold. zones are those of all instances. Invalid, with what to narrow, when that would be too much.
func ReadSales(ctx context.Context, db Reader, zones []Zone, request Request) (Sales, error) {
	request, err := request.normal()
	if err != nil {
		return Sales{}, err
	}
	sales := Sales{Dimensions: request.Dimensions, Cells: []Cell{}}
	err = db.ReadOnly(ctx, "adding up sales", timeLimit, func(tx *sqlx.Tx) error {
		span, err := spanOf(ctx, tx, zones, request)
		if err != nil || span.empty() {
			return err
		}
		q, err := newFigures(ctx, tx, request, span)
		if err != nil {
			return err
		}
		if sales.Cells, err = q.read(ctx, tx); err != nil {
			return err
		}
		sales.Periods = q.periodsOf(sales.Cells)
		return nil
	})
	return sales, tooSlow(err)
}

// tooSlow says of a report that took too long what to do.
func tooSlow(err error) error {
	if f := fault.From(err); err != nil && f.Code == timedOut {
		return fault.Wrap(fault.Invalid, err, "the report takes longer than %d seconds: choose a shorter range, fewer dimensions or fewer instances", int(timeLimit.Seconds()))
	}
	return err
}

// finish computes what follows from the sums.
func (c *Cell) finish() {
	if c.Orders > 0 {
		c.Average = c.Gross.DivRound(decimal.NewFromInt(c.Orders), instance.CurrencyDecimals(c.Currency))
	}
}

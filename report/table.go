package report

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// Table is a report as rows and columns.
type Table struct {
	Head []string
	Rows [][]any // string, int64, decimal.Decimal, or nil where there is nothing
}

// rate names the tax of one rate.
type rate struct {
	Label string
	Rate  string
}

// Table gives the single cells, one a row: totals would count twice where people add up a column.
func (s Sales) Table() Table {
	cells := slices.DeleteFunc(slices.Clone(s.Cells), Cell.IsTotal)
	taxes := ratesOf(cells, func(c Cell) []TaxSum { return c.Taxes })
	refunded := ratesOf(cells, func(c Cell) []TaxSum { return c.RefundTaxes })
	t := Table{Head: []string{"currency"}}
	for _, d := range s.Dimensions {
		t.Head = append(t.Head, string(d))
		if d.ofLines() {
			t.Head = append(t.Head, string(d)+"_name")
		}
	}
	t.Head = append(t.Head, "orders", "units", "goods", "shipping", "fees", "net", "discounts", "tax")
	t.Head = append(t.Head, headsOf("tax", taxes)...)
	t.Head = append(t.Head, "gross", "credit", "average", "refunds", "refund_units", "refund_net", "refund_tax")
	t.Head = append(t.Head, headsOf("refund_tax", refunded)...)
	for _, c := range cells {
		t.Rows = append(t.Rows, s.row(c, taxes, refunded))
	}
	return t
}

func (s Sales) row(c Cell, taxes, refunded []rate) []any {
	row := []any{c.Currency}
	for i, d := range s.Dimensions {
		row = append(row, c.Keys[i].Value)
		if d.ofLines() {
			row = append(row, c.Keys[i].Label)
		}
	}
	row = append(row, c.Orders, c.Units, c.Goods, c.Shipping, c.Fees, c.Net, c.Discounts, c.Tax)
	row = append(row, amountsOf(c.Taxes, taxes)...)
	var average any
	if c.Orders > 0 {
		average = c.Average
	}
	row = append(row, c.Gross, c.Credit, average, c.Refunds, c.RefundUnits, c.RefundNet, c.RefundTax)
	return append(row, amountsOf(c.RefundTaxes, refunded)...)
}

// ratesOf lists the rates of all cells, the lowest first.
func ratesOf(cells []Cell, taxes func(Cell) []TaxSum) []rate {
	var rates []rate
	percent := map[rate]decimal.Decimal{}
	for _, c := range cells {
		for _, t := range taxes(c) {
			r := rate{t.Label, t.Rate.String()}
			if _, seen := percent[r]; !seen {
				percent[r] = t.Rate
				rates = append(rates, r)
			}
		}
	}
	slices.SortFunc(rates, func(a, b rate) int { return cmp.Or(percent[a].Cmp(percent[b]), cmp.Compare(a.Label, b.Label)) })
	return rates
}

func headsOf(measure string, rates []rate) []string {
	heads := make([]string, len(rates))
	for i, r := range rates {
		heads[i] = measure + " " + r.Rate + " % " + r.Label
	}
	return heads
}

func amountsOf(taxes []TaxSum, rates []rate) []any {
	amounts := make([]any, len(rates))
	for i, r := range rates {
		sum := decimal.Zero
		for _, t := range taxes {
			if t.Label == r.Label && t.Rate.String() == r.Rate {
				sum = sum.Add(t.Amount)
			}
		}
		amounts[i] = sum
	}
	return amounts
}

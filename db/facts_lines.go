package db

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/report/fact"
)

// soldInput is a sale with its sums.
type soldInput struct {
	fact.Sale
	Units    decimal.Decimal `json:"units"`
	Goods    decimal.Decimal `json:"goods"`
	Shipping decimal.Decimal `json:"shipping"`
	Fees     decimal.Decimal `json:"fees"`
	Credit   decimal.Decimal `json:"credit"`
	Discount decimal.Decimal `json:"discount"`
	Tax      decimal.Decimal `json:"tax"`
	Digest   string          `json:"digest"` // hexadecimal
}

// sum adds up the lines by what they are.
func (s *soldInput) sum() {
	for _, l := range s.Lines {
		switch l.Kind {
		case fact.Product:
			s.Goods = s.Goods.Add(l.Net)
		case fact.Shipping:
			s.Shipping = s.Shipping.Add(l.Net)
		case fact.Credit:
			s.Credit = s.Credit.Sub(l.Net)
		default:
			s.Fees = s.Fees.Add(l.Net)
		}
		s.Units, s.Discount, s.Tax = s.Units.Add(l.Units), s.Discount.Add(l.Discount), s.Tax.Add(l.Tax())
	}
}

// soldLine is what a line that is kept sold.
type soldLine struct {
	Sale    string `db:"woo_id"`
	Line    string `db:"line"`
	Product string `db:"product"`
	Variant string `db:"variant"`
}

// rememberProducts gives lines the product that they are known to have sold: the store forgets it when the product, or its variation, is
// deleted, and a refund has the product of the order's line.
func rememberProducts(ctx context.Context, tx *sqlx.Tx, instance string, sales []soldInput) error {
	var known []soldLine
	err := tx.SelectContext(ctx, &known, `
		SELECT s.woo_id, l.line, l.product, l.variant FROM tandem.sales s JOIN tandem.sale_lines l ON l.sale = s.id
		WHERE s.instance = $1 AND s.woo_id = ANY ($2) AND l.product <> ''`,
		instance, pq.Array(collect(sales, func(s soldInput) string { return s.Order })))
	if err != nil {
		return err
	}
	sold := map[[2]string]soldLine{}
	for _, l := range known {
		sold[[2]string{l.Sale, l.Line}] = l
	}
	for i := range sales {
		for j := range sales[i].Lines {
			line := &sales[i].Lines[j]
			of := line.ID
			if sales[i].Kind == fact.Refund {
				of = line.Of
			}
			if was, ok := sold[[2]string{sales[i].Order, of}]; ok && line.Kind == fact.Product {
				remember(line, was)
			}
		}
	}
	return nil
}

// remember takes over what a line sold where the store says less now: of a deleted variation it still names the product.
func remember(line *fact.Line, was soldLine) {
	if line.Product == "" {
		line.Product, line.Variant = was.Product, was.Variant
	} else if line.Product == was.Product && line.Variant == line.Product {
		line.Variant = was.Variant
	}
}

// lineInput is a line of a sale as it is kept.
type lineInput struct {
	Sale  int64           `json:"sale"`
	Leads int             `json:"leads"`
	Sum   decimal.Decimal `json:"sum"` // of the taxes
	fact.Line
}

// insertLines writes the lines of sales and their taxes.
func insertLines(ctx context.Context, tx *sqlx.Tx, sales []soldInput, numbers map[string]int64) error {
	var lines []lineInput
	for _, s := range sales {
		leads := leading(s.Lines)
		for i, l := range s.Lines {
			lines = append(lines, lineInput{Sale: numbers[s.ID], Leads: leads[i], Sum: l.Tax(), Line: l})
		}
	}
	if len(lines) == 0 {
		return nil
	}
	encoded, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.sale_lines (sale, line, kind, product, variant, name, leads, units, net, discount, tax)
		SELECT l.sale, l.id, l.kind, l.product, l.variant, l.name, l.leads, l.units, l.net, l.discount, l.sum
		FROM jsonb_to_recordset($1::jsonb) AS l(sale bigint, id text, kind text, product text, variant text, name text, leads smallint,
		  units numeric, net numeric, discount numeric, sum numeric) ORDER BY l.sale, l.id`, string(encoded))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.sale_taxes (sale, line, tax, label, rate, amount)
		SELECT l.sale, l.id, t.key, t.label, t.rate, t.amount
		FROM jsonb_to_recordset($1::jsonb) AS l(sale bigint, id text, taxes jsonb),
		  jsonb_to_recordset(l.taxes) AS t(key text, label text, rate numeric, amount numeric)
		ORDER BY l.sale, l.id, t.key`, string(encoded))
	return err
}

// leading says of each line what it is the first of, so that sales can be counted by what they sold without counting one twice: 3 for the
// first line of a sale, 2 for the first of a product, 1 for the first of a variant.
func leading(lines []fact.Line) []int {
	leads := make([]int, len(lines))
	products, variants := map[string]bool{}, map[[2]string]bool{}
	for i, l := range lines {
		variant := [2]string{l.Product, l.Variant}
		switch {
		case i == 0:
			leads[i] = 3
		case !products[l.Product]:
			leads[i] = 2
		case !variants[variant]:
			leads[i] = 1
		}
		products[l.Product], variants[variant] = true, true
	}
	return leads
}

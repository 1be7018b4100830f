package report

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/fault"
)

// row is a cell as the database gives it.
type row struct {
	Currency string  `db:"currency"`
	K1       *string `db:"k1"`
	K2       *string `db:"k2"`
	K3       *string `db:"k3"`
	Level    int     `db:"level"` // a bit for each dimension over which it is a total, that of the last one the lowest
}

// keyed identifies a cell.
type keyed struct {
	currency   string
	k1, k2, k3 string
	level      int
}

func (r row) id() keyed {
	return keyed{r.Currency, orEmpty(r.K1), orEmpty(r.K2), orEmpty(r.K3), r.Level}
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// cells reads the cells of a report: the amounts, the taxes per rate, and where lines do not say it how many orders there were.
func (q *query) cells(ctx context.Context, tx *sqlx.Tx) ([]Cell, error) {
	if err := q.prepare(); err != nil {
		return nil, err
	}
	var rows []struct {
		row
		Figures
	}
	if err := tx.SelectContext(ctx, &rows, q.statement(q.amounts())+fmt.Sprintf(" LIMIT %d", MaxCells+1), q.args...); err != nil {
		return nil, err
	}
	if len(rows) > MaxCells {
		return nil, q.tooMany()
	}
	cells := make([]Cell, len(rows))
	places := make(map[keyed]int, len(rows))
	for i, r := range rows {
		cells[i] = Cell{Currency: r.Currency, Figures: r.Figures, Keys: q.keys(r.row)}
		places[r.id()] = i
	}
	if err := q.addTaxes(ctx, tx, cells, places); err != nil {
		return nil, err
	}
	if q.countsApart() {
		if err := q.countOrders(ctx, tx, cells, places); err != nil {
			return nil, err
		}
	}
	for i := range cells {
		cells[i].finish()
	}
	return cells, q.label(ctx, tx, cells)
}

// tooMany says what to narrow.
func (q *query) tooMany() error {
	return fault.Field("by", "the report has more than %d cells, totals included: choose a shorter range or longer periods, fewer dimensions than %s, "+
		"or filter by one of them", MaxCells, joined(q.Dimensions))
}

// keys gives the keys of a cell.
func (q *query) keys(r row) []Key {
	keys := make([]Key, len(q.Dimensions))
	for i, value := range []*string{r.K1, r.K2, r.K3}[:len(q.Dimensions)] {
		switch {
		case r.Level>>(len(q.Dimensions)-1-i)&1 == 1:
			keys[i].All = true
		case q.Dimensions[i].IsPeriod():
			keys[i].Value = q.span.nameOf(orEmpty(value))
		default:
			keys[i].Value = orEmpty(value)
		}
	}
	return keys
}

// nameOf gives the name of a period by its number, from 1.
func (s span) nameOf(number string) string {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(s.periods) {
		return ""
	}
	return s.periods[n-1].Name
}

// amounts are the sums of whole sales, or of their lines where those are what the report is about.
func (q *query) amounts() part {
	p := part{
		sums: `count(*) AS n, sum(s.units) AS units, sum(s.goods) AS goods, sum(s.shipping) AS shipping, sum(s.fees) AS fees,
		  sum(s.credit) AS credit, sum(s.discount) AS discount, sum(s.tax) AS tax`,
	}
	if q.byLine() {
		p.sums = `count(*) FILTER (WHERE coalesce(l.leads, 3) = 3) AS n, count(*) FILTER (WHERE coalesce(l.leads, 3) >= 2) AS by_product,
		  count(*) FILTER (WHERE coalesce(l.leads, 3) >= 1) AS by_variant, sum(l.units) AS units,
		  sum(l.net) FILTER (WHERE l.kind = 'product') AS goods, sum(l.net) FILTER (WHERE l.kind = 'shipping') AS shipping,
		  sum(l.net) FILTER (WHERE l.kind NOT IN ('product', 'shipping', 'credit')) AS fees,
		  -sum(l.net) FILTER (WHERE l.kind = 'credit') AS credit, sum(l.discount) AS discount, sum(l.tax) AS tax`
	}
	of := func(kind, column string) string {
		return "coalesce(sum(" + column + ") FILTER (WHERE kind = '" + kind + "'), 0)"
	}
	sold := func(columns ...string) string { return sumOf("order", of, columns) }
	back := func(columns ...string) string { return sumOf("refund", of, columns) }
	p.totals = strings.Join([]string{
		q.orders(of) + " AS orders", sold("units") + " AS units", sold("goods") + " AS goods", sold("shipping") + " AS shipping",
		sold("fees") + " AS fees", sold("goods", "shipping", "fees") + " AS net", sold("discount") + " AS discounts", sold("tax") + " AS tax",
		sold("goods", "shipping", "fees", "tax") + " AS gross", sold("credit") + " AS credit",
		back("goods", "shipping", "fees", "tax") + " - " + back("credit") + " AS refunds", back("units") + " AS refund_units",
		back("goods", "shipping", "fees") + " AS refund_net", back("tax") + " AS refund_tax",
	}, ", ")
	return p
}

// sumOf adds up columns of sales of a kind.
func sumOf(kind string, of func(kind, column string) string, columns []string) string {
	sums := make([]string, len(columns))
	for i, column := range columns {
		sums[i] = of(kind, column)
	}
	return strings.Join(sums, " + ")
}

// orders counts orders: in a cell of a product or variant by the lines that are the first of it in their order, so that none counts twice.
func (q *query) orders(of func(kind, column string) string) string {
	cases := ""
	for _, c := range []struct {
		dimension Dimension
		column    string
	}{{Variant, "by_variant"}, {Product, "by_product"}} {
		if place := slices.Index(q.Dimensions, c.dimension); place >= 0 {
			cases += " WHEN GROUPING (" + keyName(place) + ") = 0 THEN " + of("order", c.column)
		}
	}
	if cases == "" {
		return of("order", "n")
	}
	return "CASE" + cases + " ELSE " + of("order", "n") + " END"
}

// countOrders counts the orders of each cell one by one.
func (q *query) countOrders(ctx context.Context, tx *sqlx.Tx, cells []Cell, places map[keyed]int) error {
	var rows []struct {
		row
		Orders int64 `db:"orders"`
	}
	statement := q.statement(part{finest: []string{"s.id"}, sums: "true AS counted", totals: "count(DISTINCT id) FILTER (WHERE kind = 'order') AS orders"})
	err := tx.SelectContext(ctx, &rows, statement, q.args...)
	for _, r := range rows {
		cells[places[r.id()]].Orders = r.Orders
	}
	return err
}

// addTaxes adds the taxes per rate.
func (q *query) addTaxes(ctx context.Context, tx *sqlx.Tx, cells []Cell, places map[keyed]int) error {
	var rows []struct {
		row
		Kind   string          `db:"kind"`
		Label  string          `db:"label"`
		Rate   decimal.Decimal `db:"rate"`
		Amount decimal.Decimal `db:"amount"`
	}
	taxes := part{
		joins: " JOIN tandem.sale_taxes t ON t.sale = s.id", apart: []string{"s.kind", "t.rate", "t.label"},
		sums: "sum(t.amount) AS amount", totals: "sum(amount) AS amount",
	}
	if q.byLine() {
		taxes.joins += " AND t.line = l.line"
	}
	err := tx.SelectContext(ctx, &rows, q.statement(taxes), q.args...)
	for _, r := range rows {
		cell, sum := &cells[places[r.id()]], TaxSum{Label: r.Label, Rate: r.Rate, Amount: r.Amount}
		if r.Kind == "order" {
			cell.Taxes = append(cell.Taxes, sum)
		} else {
			cell.RefundTaxes = append(cell.RefundTaxes, sum)
		}
	}
	return err
}

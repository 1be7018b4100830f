package report

import (
	"fmt"
	"slices"
	"strings"
)

// figureNames are the columns of Figures.
const figureNames = "orders, units, goods, shipping, fees, net, discounts, tax, gross, credit, refunds, refund_units, refund_net, refund_tax"

// statement reads the amounts of all cells, and after them the taxes per rate: in rows with a rate, whose tax is that of it. There are none of
// these when there are too many cells.
func (q *figures) statement() string {
	by, level := cube(q.keyNames())
	names := strings.Join(append([]string{"currency"}, q.keyNames()...), ", ")
	return q.with() + `, cells AS (` + q.amounts() + fmt.Sprintf(" LIMIT %d", MaxCells+1) + `
		), taxes AS (
		  SELECT ` + names + `, ` + level + ` AS level, kind, r.rate, r.label, sum(tax) AS tax
		  FROM keyed JOIN tandem.tax_rates r ON r.id = keyed.tax_rate
		  GROUP BY currency, kind, r.rate, r.label, ` + by + `
		)
		SELECT ` + texts("currency", q.keyNames()) + `, level, NULL::text AS kind, NULL::numeric AS rate, NULL::text AS label, ` + figureNames + `, place
		FROM cells
		UNION ALL
		SELECT ` + texts("currency", q.keyNames()) + `, level, kind, rate, label, 0, 0, 0, 0, 0, 0, 0, tax, 0, 0, 0, 0, 0, 0, 0
		FROM taxes WHERE (SELECT count(*) FROM cells) <= ` + fmt.Sprint(MaxCells) + `
		ORDER BY rate NULLS FIRST, label, place`
}

// texts lists columns of which the keys are read as text.
func texts(first string, keys []string) string {
	list := first
	for _, key := range keys {
		list += fmt.Sprintf(", %[1]s::text AS %[1]s", key)
	}
	return list
}

// with begins a statement: "keyed" are the finest cells, by the rate of their tax.
func (q *figures) with() string {
	sums := `sum(f.sales) AS n, sum(f.units) AS units, sum(f.goods) AS goods, sum(f.shipping) AS shipping, sum(f.fees) AS fees,
		  sum(f.credit) AS credit, sum(f.discount) AS discount, sum(f.tax) AS tax`
	columns, cells := append(q.finest(), "f.tax_rate"), q.cells
	kept := "f.tax_rate, n, units, goods, shipping, fees, credit, discount, tax"
	if q.byLine() {
		columns = append(columns, "f.sale_item")
		cells += soldItems
		sums = `count(*) FILTER (WHERE f.leads = 3) AS n, count(*) FILTER (WHERE f.leads >= 2) AS by_product,
		  count(*) FILTER (WHERE f.leads >= 1) AS by_variant, count(*) FILTER (WHERE f.leads >= 2 AND NOT f.repeats_category) AS by_category, sum(f.units) AS units, sum(f.net) AS net, sum(f.discount) AS discount, sum(f.tax) AS tax`
		kept = `f.tax_rate, n, by_product, by_variant, by_category, units, discount, tax,
		  CASE i.kind WHEN 'product' THEN net ELSE 0 END AS goods, CASE i.kind WHEN 'shipping' THEN net ELSE 0 END AS shipping,
		  CASE i.kind WHEN 'credit' THEN -net ELSE 0 END AS credit, CASE WHEN i.kind IN ('product', 'shipping', 'credit') THEN 0 ELSE net END AS fees`
	}
	return `
		WITH finest AS (
		  SELECT ` + strings.Join(columns, ", ") + `, ` + sums + `
		  FROM ` + q.tables + `
		  WHERE ` + q.where + `
		  GROUP BY ` + places(len(columns)) + `
		), keyed AS (
		  SELECT ` + strings.Join(append(q.keys(), "c.currency", "c.kind", kept), ", ") + `
		  FROM finest f` + cells + `
		)`
}

// soldItems joins what the items of the finest cells f are.
const soldItems = ` JOIN tandem.sale_items i ON i.id = f.sale_item
		  LEFT JOIN tandem.sold_products p ON p.instance = i.instance AND p.woo_id = i.product`

// places names the first n columns for GROUP BY.
func places(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(list, ", ")
}

// amounts reads the amounts of all cells out of keyed, by currency; in each first the single cells and then the totals.
func (q *figures) amounts() string {
	of := func(kind, column string) string {
		return "coalesce(sum(" + column + ") FILTER (WHERE kind = '" + kind + "'), 0)"
	}
	sold := func(columns ...string) string { return sumOf("order", of, columns) }
	back := func(columns ...string) string { return sumOf("refund", of, columns) }
	by, level := cube(q.keyNames())
	sorted := strings.Join(append([]string{"currency", level}, q.keyNames()...), ", ")
	return `
		SELECT ` + strings.Join(append([]string{"currency"}, q.keyNames()...), ", ") + `, ` + level + ` AS level, ` + strings.Join([]string{
		q.orders(of) + " AS orders", sold("units") + " AS units", sold("goods") + " AS goods", sold("shipping") + " AS shipping",
		sold("fees") + " AS fees", sold("goods", "shipping", "fees") + " AS net", sold("discount") + " AS discounts", sold("tax") + " AS tax",
		sold("goods", "shipping", "fees", "tax") + " AS gross", sold("credit") + " AS credit",
		back("goods", "shipping", "fees", "tax") + " - " + back("credit") + " AS refunds", back("units") + " AS refund_units",
		back("goods", "shipping", "fees") + " AS refund_net", back("tax") + " AS refund_tax",
	}, ", ") + `, row_number() OVER (ORDER BY ` + sorted + `) AS place
		FROM keyed GROUP BY currency, ` + by + ` ORDER BY place`
}

// sumOf adds up columns of sales of a kind.
func sumOf(kind string, of func(kind, column string) string, columns []string) string {
	sums := make([]string, len(columns))
	for i, column := range columns {
		sums[i] = of(kind, column)
	}
	return strings.Join(sums, " + ")
}

// orders counts orders: in a cell of a product, variant or category by the rows that are the first of it in their order, so that none counts
// twice.
func (q *figures) orders(of func(kind, column string) string) string {
	cases := ""
	for _, c := range []struct {
		dimension Dimension
		column    string
	}{{Variant, "by_variant"}, {Product, "by_product"}, {Category, "by_category"}} {
		if place := slices.Index(q.Dimensions, c.dimension); place >= 0 {
			cases += " WHEN GROUPING (" + keyName(place) + ") = 0 THEN " + of("order", c.column)
		}
	}
	if cases == "" {
		return of("order", "n")
	}
	return "CASE" + cases + " ELSE " + of("order", "n") + " END"
}

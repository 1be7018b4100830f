package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// query builds the statements of one report. They have the same parts: rows are grouped to the finest cells first, which PostgreSQL does with
// several workers at once, and those are then added up to the totals over every set of dimensions.
//
// The text of a statement is made of constants only: what a request says is in the arguments.
type query struct {
	Request
	span  span
	args  []any
	zones string // the tables of sales and of their instances' time
	lines string // the joins of what their lines sold
	sale  string // the condition of the filter on sales
	line  string // and on lines
}

// newQuery prepares the parts that all statements of a report share.
func newQuery(r Request, s span) *query {
	return &query{Request: r, span: s}
}

// arg adds an argument and gives its place.
func (q *query) arg(value any) string {
	q.args = append(q.args, value)
	return fmt.Sprintf("$%d", len(q.args))
}

// prepare fills in the tables and the filter.
func (q *query) prepare() error {
	encoded, err := q.span.encoded()
	if err != nil {
		return err
	}
	q.zones = `tandem.sales s
		JOIN jsonb_to_recordset(` + q.arg(encoded) + `::jsonb) AS z(instance text, since timestamptz, until timestamptz, starts timestamptz[])
		  ON z.instance = s.instance AND s.at >= coalesce(z.since, '-infinity') AND s.at < coalesce(z.until, 'infinity')`
	if q.byLine() {
		q.lines = ` LEFT JOIN tandem.sale_lines l ON l.sale = s.id`
	}
	if slices.Contains(q.Dimensions, Category) || len(q.Categories) > 0 {
		q.lines += ` LEFT JOIN tandem.sold_products p ON p.instance = s.instance AND p.woo_id = l.product`
	}
	q.sale, q.line = q.ofSales(), q.ofItsLines()
	return nil
}

// ofSales gives the condition of the filter on sales, but for their instances and days.
func (q *query) ofSales() string {
	all := []string{"true"}
	switch {
	case slices.Contains(q.Statuses, AnyStatus):
	case len(q.Statuses) == 0:
		all = append(all, "s.status <> ALL ("+q.arg(pq.Array(uncounted))+")")
	default:
		all = append(all, "s.status = ANY ("+q.arg(pq.Array(q.Statuses))+")")
	}
	for _, c := range []struct {
		column string
		values []string
	}{{"s.currency", q.Currencies}, {"s.country", q.Countries}, {"s.gateway", q.Gateways}} {
		if len(c.values) > 0 {
			all = append(all, c.column+" = ANY ("+q.arg(pq.Array(c.values))+")")
		}
	}
	if len(q.Customers) > 0 {
		all = append(all, q.inInstances("s.customer", q.Customers))
	}
	return strings.Join(all, " AND ")
}

// ofItsLines gives the condition of the filter on lines.
func (q *query) ofItsLines() string {
	all := []string{"true"}
	for _, c := range []struct {
		column string
		values []string
	}{{"l.product", q.Products}, {"l.variant", q.Variants}, {"p.category", q.Categories}} {
		if len(c.values) > 0 {
			all = append(all, q.inInstances(c.column, c.values))
		}
	}
	return strings.Join(all, " AND ")
}

// inInstances gives the condition of values that mean something within their instance only. The empty value is that of sales, or lines,
// that have none.
func (q *query) inInstances(column string, values []string) string {
	var instances, ids []string
	condition := ""
	for _, value := range values {
		if value == "" {
			condition = " OR coalesce(" + column + ", '') = ''"
			continue
		}
		instance, id, _ := strings.Cut(value, "/")
		instances, ids = append(instances, instance), append(ids, id)
	}
	return fmt.Sprintf("((s.instance, %s) IN (SELECT * FROM unnest(%s::text[], %s::text[]))%s)",
		column, q.arg(pq.Array(instances)), q.arg(pq.Array(ids)), condition)
}

// columnOf is where the value of a dimension stands that is not a period.
var columnOf = map[Dimension]string{
	Instance: "s.instance", Country: "s.country", Status: "s.status", Gateway: "s.gateway", Customer: "s.customer",
	Product: "coalesce(l.product, '')", Variant: "coalesce(l.variant, '')", Category: "coalesce(p.category, '')",
}

// columns are what the finest cells are grouped by, and what makes of them the keys of cells.
func (q *query) columns() (grouped, keys []string) {
	grouped = []string{"s.currency", "s.kind"}
	if slices.ContainsFunc(q.Dimensions, Dimension.ofInstance) {
		grouped = append(grouped, "s.instance")
	}
	for i, d := range q.Dimensions {
		column := columnOf[d]
		if d.IsPeriod() {
			column = "width_bucket(s.at, z.starts)"
		}
		name := fmt.Sprintf("d%d", i+1)
		grouped = append(grouped, column+" AS "+name)
		if d.ofInstance() {
			name = fmt.Sprintf("CASE WHEN %[1]s <> '' THEN instance || '/' || %[1]s ELSE '' END", name)
		}
		keys = append(keys, fmt.Sprintf("%s AS %s", name, keyName(i)))
	}
	return grouped, keys
}

// keyName is the column with the key of the dimension at a place.
func keyName(place int) string { return fmt.Sprintf("k%d", place+1) }

// part is what one statement of a report has of its own.
type part struct {
	joins  string
	apart  []string // columns that cells are grouped by besides their keys
	finest []string // columns that only the finest cells are grouped by
	sums   string   // of rows, in the finest cells
	totals string   // of the finest cells, in each cell
}

// statement puts a statement together.
func (q *query) statement(p part) string {
	grouped, keys := q.columns()
	for _, column := range slices.Concat(p.apart, p.finest) {
		if !slices.Contains(grouped, column) {
			grouped = append(grouped, column)
		}
	}
	places := make([]string, len(grouped))
	for i := range grouped {
		places[i] = fmt.Sprint(i + 1)
	}
	by := []string{"currency"}
	for _, column := range p.apart {
		by = append(by, column[strings.Index(column, ".")+1:])
	}
	shown, level, sorted := slices.Clone(by), "0 AS level", slices.Clone(by)
	if n := len(q.Dimensions); n > 0 {
		names := make([]string, n)
		for i := range names {
			names[i] = keyName(i)
			shown = append(shown, fmt.Sprintf("%[1]s::text AS %[1]s", names[i]))
		}
		list := strings.Join(names, ", ")
		by, level, sorted = append(by, "CUBE ("+list+")"), "GROUPING ("+list+") AS level", append(sorted, "level", list)
	}
	return `
		WITH finest AS (
		  SELECT ` + strings.Join(grouped, ", ") + `, ` + p.sums + `
		  FROM ` + q.zones + q.lines + p.joins + `
		  WHERE ` + q.sale + ` AND ` + q.line + `
		  GROUP BY ` + strings.Join(places, ", ") + `
		), keyed AS (
		  SELECT ` + strings.Join(append(keys, "*"), ", ") + ` FROM finest
		)
		SELECT ` + strings.Join(shown, ", ") + `, ` + level + `, ` + p.totals + `
		FROM keyed GROUP BY ` + strings.Join(by, ", ") + `
		ORDER BY ` + strings.Join(sorted, ", ")
}

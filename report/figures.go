package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// figures builds the statements of one report. All add up the rows that the report is about to the finest cells first, which PostgreSQL does
// with several workers at once and by numbers only. What these stand for is looked up then, and they are added up to the totals over every
// set of dimensions.
type figures struct {
	Request
	span   span
	groups groups
	args   arguments
	tables string // those of the figures f, with the number of the finest cell in g
	where  string
	cells  string // what the numbers of the finest cells f stand for: c
}

// newFigures prepares what all statements of a report share.
func newFigures(ctx context.Context, tx *sqlx.Tx, r Request, s span) (*figures, error) {
	groups, err := readGroups(ctx, tx, r, s)
	if err != nil {
		return nil, err
	}
	q := &figures{Request: r, span: s, groups: groups}
	if err := q.from(); err != nil {
		return nil, err
	}
	q.standFor()
	return q, nil
}

// empty reports whether there is nothing to add up.
func (q *figures) empty() bool { return len(q.groups.ids) == 0 }

// from fills in where the rows come from.
func (q *figures) from() error {
	array := func(values any) string { return q.args.add(pq.Array(values)) }
	table, joins, where := "sale_figures", "", "true"
	if q.byLine() {
		table = "line_figures"
	}
	if q.period() != "" {
		zones, err := q.span.starts()
		if err != nil {
			return err
		}
		joins += ` JOIN jsonb_to_recordset(` + q.args.add(zones) + `::jsonb) AS z(zone int, starts timestamptz[]) ON z.zone = g.zone`
	}
	if q.ofLines() {
		joins += ` JOIN (
		    SELECT i.id FROM tandem.sale_items i LEFT JOIN tandem.sold_products p ON p.instance = i.instance AND p.woo_id = i.product
		    WHERE ` + q.ofItems("i", "i", &q.args) + `) picked ON picked.id = f.sale_item`
	}
	if q.byCustomer() {
		joins += ` JOIN tandem.sales s ON s.id = f.sale`
		where += ` AND ` + q.ofCustomers("s", &q.args)
	}
	since, until, same := q.span.bounds()
	if since != nil {
		where += ` AND f.at >= ` + q.args.add(*since)
	}
	if until != nil {
		where += ` AND f.at < ` + q.args.add(*until)
	}
	if !same {
		where += ` AND f.at >= g.since AND f.at < g.until` // not where it is needless: PostgreSQL would expect few rows
	}
	q.tables = `unnest(` + array(q.groups.ids) + `::int[], ` + array(q.groups.cells) + `::int[], ` + array(q.groups.zones) + `::int[], ` +
		array(q.groups.since) + `::timestamptz[], ` + array(q.groups.until) + `::timestamptz[]) AS g(id, cell, zone, since, until)
		  JOIN tandem.` + table + ` f ON f.sale_group = g.id` + joins
	q.where = where
	return nil
}

// standFor fills in what the finest cells stand for.
func (q *figures) standFor() {
	var numbers []int
	columns := make([][]string, 3+MaxDimensions)
	for n, of := range q.groups.of {
		numbers = append(numbers, n)
		for i, value := range append([]string{of.currency, of.kind, of.instance}, of.values[:]...) {
			columns[i] = append(columns[i], value)
		}
	}
	list := q.args.add(pq.Array(numbers)) + "::int[]"
	for _, column := range columns {
		list += ", " + q.args.add(pq.Array(column)) + "::text[]"
	}
	q.cells = ` JOIN unnest(` + list + `) AS c(cell, currency, kind, instance, v1, v2, v3) ON c.cell = f.cell`
}

// byCustomer reports whether the customers of sales are looked at, which figures do not have.
func (r Request) byCustomer() bool {
	return slices.Contains(r.Dimensions, Customer) || len(r.Customers) > 0
}

// finest are the columns that rows are grouped by: numbers.
func (q *figures) finest() []string {
	columns := []string{"g.cell"}
	if q.period() != "" {
		columns = append(columns, "width_bucket(f.at, z.starts) AS period")
	}
	if slices.Contains(q.Dimensions, Customer) {
		columns = append(columns, "s.customer")
	}
	return columns
}

// keys are the columns with the keys of the finest cells.
func (q *figures) keys() []string {
	keys := make([]string, len(q.Dimensions))
	for i, d := range q.Dimensions {
		keys[i] = q.key(d, i) + " AS " + keyName(i)
	}
	return keys
}

// key is where the value of a dimension at a place stands.
func (q *figures) key(d Dimension, place int) string {
	within := func(instance, id string) string {
		return fmt.Sprintf("CASE WHEN coalesce(%[2]s, '') <> '' THEN %[1]s || '/' || %[2]s ELSE '' END", instance, id)
	}
	switch {
	case d.IsPeriod():
		return "f.period"
	case d == Customer:
		return within("c.instance", "f.customer")
	case d == Product:
		return within("i.instance", "i.product")
	case d == Variant:
		return within("i.instance", "i.variant")
	case d == Category:
		return within("i.instance", "p.category")
	default:
		return fmt.Sprintf("c.v%d", place+1)
	}
}

// keyName is the column with the key of the dimension at a place.
func keyName(place int) string { return fmt.Sprintf("k%d", place+1) }

// keyNames are the columns with the keys.
func (q *figures) keyNames() []string {
	names := make([]string, len(q.Dimensions))
	for i := range names {
		names[i] = keyName(i)
	}
	return names
}

// cube is what cells are grouped by for all totals, and the column that says over which dimensions a cell is one.
func cube(names []string) (by, level string) {
	if len(names) == 0 {
		return "()", "0"
	}
	list := strings.Join(names, ", ")
	return "CUBE (" + list + ")", "GROUPING (" + list + ")"
}

// starts gives the beginnings of the periods in each zone, for jsonb_to_recordset.
func (s span) starts() (string, error) {
	type zone struct {
		Zone   int         `json:"zone"`
		Starts []time.Time `json:"starts"`
	}
	zones := make([]zone, len(s.instances))
	for i, in := range s.instances {
		zones[i] = zone{i, in.Starts}
	}
	text, err := json.Marshal(zones)
	return string(text), err
}

// bounds gives the time that the spans of all instances lie in, nil where one is open, and whether it is the span of each.
func (s span) bounds() (since, until *time.Time, same bool) {
	same = true
	for i, in := range s.instances {
		if i == 0 {
			since, until = in.Since, in.Until
			continue
		}
		if since != nil && !in.Since.Equal(*since) {
			same = false
			if in.Since.Before(*since) {
				since = in.Since
			}
		}
		if until != nil && !in.Until.Equal(*until) {
			same = false
			if in.Until.After(*until) {
				until = in.Until
			}
		}
	}
	return since, until, same
}

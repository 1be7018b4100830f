package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// countOrders counts the orders of the cells where a filter leaves some lines of them: which row is the first of an order is not known then.
func (q *figures) countOrders(ctx context.Context, tx *sqlx.Tx, cells []Cell, places map[keyed]int) error {
	if !q.ofLines() {
		return nil
	}
	var lines []int // the places of the dimensions in which the lines of an order differ
	for i, d := range q.Dimensions {
		if d.ofLines() {
			lines = append(lines, i)
		}
	}
	for chosen := range 1 << len(lines) {
		var single []int
		for n, place := range lines {
			if chosen>>n&1 == 1 {
				single = append(single, place)
			}
		}
		var rows []struct {
			row
			Orders int64 `db:"orders"`
		}
		sold, err := q.soldAs(ctx, tx, single)
		if err != nil {
			return err
		}
		statement, args := q.counted(single, sold)
		if err := tx.SelectContext(ctx, &rows, statement, args...); err != nil {
			return err
		}
		for _, r := range rows {
			cells[places[r.id()]].Orders = r.Orders
		}
	}
	return nil
}

// soldAs are the items that are in the same cells: columns, for unnest. What a cell stands for is that of its first item.
type soldAs struct{ items, firsts []int }

// soldAs finds which items are the same in some dimensions.
func (q *figures) soldAs(ctx context.Context, tx *sqlx.Tx, single []int) (sold soldAs, err error) {
	if len(single) == 0 {
		return sold, nil
	}
	var rows []struct {
		ID    int `db:"id"`
		First int `db:"first"`
	}
	keys := make([]string, len(single))
	for i, place := range single {
		keys[i] = q.key(q.Dimensions[place], place)
	}
	err = tx.SelectContext(ctx, &rows, `
		SELECT i.id, min(i.id) OVER (PARTITION BY `+strings.Join(keys, ", ")+`) AS first
		FROM tandem.sale_items i LEFT JOIN tandem.sold_products p ON p.instance = i.instance AND p.woo_id = i.product`)
	for _, r := range rows {
		sold.items, sold.firsts = append(sold.items, r.ID), append(sold.firsts, r.First)
	}
	return sold, err
}

// counted counts the orders of the cells that are single in the given dimensions of lines and totals over the others of these. Each order counts
// once in what it sold, and has one value of every other dimension, over which the counts can be added up.
func (q *figures) counted(single []int, sold soldAs) (statement string, args arguments) {
	args = slices.Clone(q.args)
	var keys, by, cubed, levels []string
	for i, d := range q.Dimensions {
		name, bit := keyName(i), len(q.Dimensions)-1-i
		switch {
		case !d.ofLines():
			keys, cubed = append(keys, q.key(d, i)+" AS "+name), append(cubed, name)
			levels = append(levels, fmt.Sprintf("(GROUPING (%s) << %d)", name, bit))
		case slices.Contains(single, i):
			keys, by = append(keys, q.key(d, i)+" AS "+name), append(by, name)
		default:
			keys, by = append(keys, "NULL::text AS "+name), append(by, name)
			levels = append(levels, fmt.Sprint(1<<bit))
		}
	}
	columns, joins, standFor := q.finest(), "", ""
	if len(single) > 0 {
		columns = append(columns, "l.sale_item")
		joins = ` JOIN unnest(` + args.add(pq.Array(sold.items)) + `::int[], ` + args.add(pq.Array(sold.firsts)) + `::int[]) AS l(id, sale_item)
		    ON l.id = f.sale_item`
		standFor = soldItems
	}
	cubing, _ := cube(cubed)
	by = append(append([]string{"currency"}, by...), cubing)
	return `
		WITH once AS (
		  SELECT ` + strings.Join(append(columns, "f.sale"), ", ") + `
		  FROM ` + q.tables + joins + `
		  WHERE ` + q.where + ` AND f.leads > 0
		  GROUP BY ` + places(len(columns)+1) + `
		), finest AS (
		  SELECT ` + strings.Join(namesOf(columns), ", ") + `, count(*) AS n FROM once GROUP BY ` + places(len(columns)) + `
		), keyed AS (
		  SELECT ` + strings.Join(append(keys, "c.currency", "n"), ", ") + `
		  FROM finest f` + q.cells + standFor + ` WHERE c.kind = 'order'
		)
		SELECT ` + texts("currency", q.keyNames()) + `, ` + strings.Join(append(levels, "0"), " + ") + ` AS level, sum(n)::bigint AS orders
		FROM keyed GROUP BY ` + strings.Join(by, ", "), args
}

// namesOf gives the names of columns.
func namesOf(columns []string) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		fields := strings.FieldsFunc(column, func(r rune) bool { return r == ' ' || r == '.' })
		names[i] = fields[len(fields)-1]
	}
	return names
}

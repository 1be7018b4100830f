package report

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// label says what products, variants and categories are called.
func label(ctx context.Context, tx *sqlx.Tx, dimensions []Dimension, cells []Cell) error {
	for place, d := range dimensions {
		if !d.ofLines() {
			continue
		}
		names, err := calledNames(ctx, tx, d, keysAt(cells, place))
		if err != nil {
			return err
		}
		for i := range cells {
			key := &cells[i].Keys[place]
			key.Label = names[key.Value]
		}
	}
	return nil
}

// keysAt lists the values of a dimension.
func keysAt(cells []Cell, place int) []string {
	seen := map[string]bool{"": true}
	var values []string
	for _, c := range cells {
		if value := c.Keys[place].Value; !seen[value] {
			seen[value] = true
			values = append(values, value)
		}
	}
	return values
}

// calledNames finds the names of products, variants or categories, each written "instance/id".
func calledNames(ctx context.Context, tx *sqlx.Tx, d Dimension, values []string) (map[string]string, error) {
	var instances, ids []string
	for _, value := range values {
		instance, id, _ := strings.Cut(value, "/")
		instances, ids = append(instances, instance), append(ids, id)
	}
	statement := `
		SELECT p.instance || '/' || p.woo_id AS value, p.name FROM tandem.sold_products p
		JOIN unnest($1::text[], $2::text[]) AS v(instance, id) ON v.instance = p.instance AND v.id = p.woo_id`
	if d == Category {
		statement = `
			SELECT p.instance || '/' || p.category AS value, max(p.category_name) AS name FROM tandem.sold_products p
			JOIN unnest($1::text[], $2::text[]) AS v(instance, id) ON v.instance = p.instance AND v.id = p.category GROUP BY 1`
	}
	var rows []struct{ Value, Name string }
	err := tx.SelectContext(ctx, &rows, statement, pq.Array(instances), pq.Array(ids))
	names := map[string]string{}
	for _, row := range rows {
		names[row.Value] = row.Name
	}
	return names, err
}

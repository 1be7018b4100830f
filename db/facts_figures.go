package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Statements that write what reports add up of sales ($1). What sales have in common gets its number first: in an order that is the same in
// all transactions, since one that finds a number being given waits.
var figureStatements = []string{
	`DELETE FROM tandem.sale_figures WHERE sale = ANY ($1)`,
	`DELETE FROM tandem.line_figures WHERE sale = ANY ($1)`,
	`INSERT INTO tandem.sale_groups (instance, currency, kind, status, gateway, country)
	 SELECT DISTINCT instance, currency, kind, status, gateway, country FROM tandem.sales s
	 WHERE id = ANY ($1) AND NOT EXISTS (
	   SELECT FROM tandem.sale_groups g
	   WHERE (g.instance, g.currency, g.kind, g.status, g.gateway, g.country) = (s.instance, s.currency, s.kind, s.status, s.gateway, s.country))
	 ORDER BY instance, currency, kind, status, gateway, country
	 ON CONFLICT DO NOTHING`,
	`INSERT INTO tandem.sale_items (instance, kind, product, variant)
	 SELECT DISTINCT s.instance, coalesce(l.kind, ''), coalesce(l.product, ''), coalesce(l.variant, '')
	 FROM tandem.sales s LEFT JOIN tandem.sale_lines l ON l.sale = s.id
	 WHERE s.id = ANY ($1) AND NOT EXISTS (
	   SELECT FROM tandem.sale_items i WHERE i.instance = s.instance AND i.kind = coalesce(l.kind, '') AND i.product = coalesce(l.product, '')
	     AND i.variant = coalesce(l.variant, ''))
	 ORDER BY 1, 2, 3, 4
	 ON CONFLICT DO NOTHING`,
	`INSERT INTO tandem.tax_rates (label, rate)
	 SELECT DISTINCT t.label, t.rate FROM tandem.sale_taxes t
	 WHERE t.sale = ANY ($1) AND NOT EXISTS (SELECT FROM tandem.tax_rates r WHERE (r.label, r.rate) = (t.label, t.rate))
	 ORDER BY t.label, t.rate
	 ON CONFLICT DO NOTHING`,
	`INSERT INTO tandem.sale_figures (sale, at, sale_group, tax_rate, sales, units, goods, shipping, fees, credit, discount, tax)
	 SELECT s.id, s.at, g.id, t.tax_rate, n.first, s.units * n.first, s.goods * n.first, s.shipping * n.first, s.fees * n.first, s.credit * n.first,
	   s.discount * n.first, coalesce(t.amount, 0)
	 FROM tandem.sales s
	 JOIN tandem.sale_groups g USING (instance, currency, kind, status, gateway, country)
	 LEFT JOIN LATERAL (
	   SELECT r.id AS tax_rate, sum(t.amount) AS amount, row_number() OVER (ORDER BY r.id) AS place
	   FROM tandem.sale_taxes t JOIN tandem.tax_rates r USING (label, rate) WHERE t.sale = s.id GROUP BY r.id
	 ) t ON true
	 CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(t.place, 1) = 1 THEN 1 ELSE 0 END AS first) n
	 WHERE s.id = ANY ($1)`,
	`INSERT INTO tandem.line_figures (sale, at, sale_group, sale_item, tax_rate, leads, units, net, discount, tax)
	 SELECT s.id, s.at, g.id, i.id, r.id, coalesce(max(l.leads * l.first), 3), coalesce(sum(l.units * l.first), 0), coalesce(sum(l.net * l.first), 0),
	   coalesce(sum(l.discount * l.first), 0), coalesce(sum(l.amount), 0)
	 FROM tandem.sales s
	 JOIN tandem.sale_groups g USING (instance, currency, kind, status, gateway, country)
	 LEFT JOIN (
	   SELECT l.*, t.label, t.rate, t.amount, CASE row_number() OVER (PARTITION BY l.sale, l.line ORDER BY t.tax) WHEN 1 THEN 1 ELSE 0 END AS first
	   FROM tandem.sale_lines l LEFT JOIN tandem.sale_taxes t ON t.sale = l.sale AND t.line = l.line WHERE l.sale = ANY ($1)
	 ) l ON l.sale = s.id
	 JOIN tandem.sale_items i ON i.instance = s.instance AND i.kind = coalesce(l.kind, '') AND i.product = coalesce(l.product, '')
	   AND i.variant = coalesce(l.variant, '')
	 LEFT JOIN tandem.tax_rates r ON r.label = l.label AND r.rate = l.rate
	 WHERE s.id = ANY ($1) GROUP BY s.id, g.id, i.id, r.id`,
}

// writeFigures writes what reports add up of sales that were written or changed.
func writeFigures(ctx context.Context, tx *sqlx.Tx, sales []int64) error {
	if len(sales) == 0 {
		return nil
	}
	for _, statement := range figureStatements {
		if _, err := tx.ExecContext(ctx, statement, pq.Array(sales)); err != nil {
			return err
		}
	}
	return nil
}

package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// soldRows reads the sales ($1) with their lines and taxes, each once and before anything is joined. New sales are beyond what the database's
// statistics know: left to itself, it plans for one sale, and has combined all items with all groups to find it (20 s for a page).
const soldRows = `WITH sold AS MATERIALIZED (
	   SELECT s.*, g.id AS sale_group FROM tandem.sales s
	   CROSS JOIN LATERAL (
	     SELECT g.id FROM tandem.sale_groups g
	     WHERE (g.instance, g.currency, g.kind, g.status, g.gateway, g.country) = (s.instance, s.currency, s.kind, s.status, s.gateway, s.country)
	     LIMIT 1
	   ) g
	   WHERE s.id = ANY ($1)
	 ), lines AS MATERIALIZED (SELECT * FROM tandem.sale_lines WHERE sale = ANY ($1)),
	 taxed AS MATERIALIZED (SELECT * FROM tandem.sale_taxes WHERE sale = ANY ($1))`

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
	soldRows + `, tax AS MATERIALIZED (
	   SELECT t.sale, r.id AS tax_rate, sum(t.amount) AS amount, row_number() OVER (PARTITION BY t.sale ORDER BY r.id) AS place
	   FROM taxed t CROSS JOIN LATERAL (SELECT r.id FROM tandem.tax_rates r WHERE r.label = t.label AND r.rate = t.rate LIMIT 1) r
	   GROUP BY t.sale, r.id
	 )
	 INSERT INTO tandem.sale_figures (sale, at, sale_group, tax_rate, sales, units, goods, shipping, fees, credit, discount, tax)
	 SELECT s.id, s.at, s.sale_group, t.tax_rate, n.first, s.units * n.first, s.goods * n.first, s.shipping * n.first, s.fees * n.first,
	   s.credit * n.first, s.discount * n.first, coalesce(t.amount, 0)
	 FROM sold s LEFT JOIN tax t ON t.sale = s.id
	 CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(t.place, 1) = 1 THEN 1 ELSE 0 END AS first) n`,
	soldRows + `, tax AS MATERIALIZED (
	   SELECT t.sale, t.line, r.id AS tax_rate, t.amount, row_number() OVER (PARTITION BY t.sale, t.line ORDER BY t.tax) AS place
	   FROM taxed t CROSS JOIN LATERAL (SELECT r.id FROM tandem.tax_rates r WHERE r.label = t.label AND r.rate = t.rate LIMIT 1) r
	 ), line AS MATERIALIZED (
	   SELECT s.id AS sale, s.at, s.sale_group, l.line, l.leads, l.units, l.net, l.discount, i.id AS sale_item,
	     coalesce((SELECT p.category FROM tandem.sold_products p WHERE p.instance = s.instance AND p.woo_id = l.product), '') AS category
	   FROM sold s LEFT JOIN lines l ON l.sale = s.id
	   CROSS JOIN LATERAL (
	     SELECT i.id FROM tandem.sale_items i WHERE i.instance = s.instance AND i.kind = coalesce(l.kind, '')
	       AND i.product = coalesce(l.product, '') AND i.variant = coalesce(l.variant, '') LIMIT 1
	   ) i
	 ), item AS MATERIALIZED (
	   SELECT l.sale, l.at, l.sale_group, l.sale_item, t.tax_rate, coalesce(max(l.leads * n.first), 3) AS leads,
	     coalesce(sum(l.units * n.first), 0) AS units, coalesce(sum(l.net * n.first), 0) AS net, coalesce(sum(l.discount * n.first), 0) AS discount,
	     coalesce(sum(t.amount), 0) AS tax, l.category
	   FROM line l LEFT JOIN tax t ON t.sale = l.sale AND t.line = l.line
	   CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(t.place, 1) = 1 THEN 1 ELSE 0 END AS first) n
	   GROUP BY l.sale, l.at, l.sale_group, l.sale_item, t.tax_rate, l.category
	 )
	 INSERT INTO tandem.line_figures (sale, at, sale_group, sale_item, tax_rate, leads, units, net, discount, tax, repeats_category)
	 SELECT sale, at, sale_group, sale_item, tax_rate, leads, units, net, discount, tax,
	   leads >= 2 AND row_number() OVER (PARTITION BY sale, category ORDER BY leads DESC, sale_item) > 1
	 FROM item`,
}

// writeFigures writes what reports add up of sales that were written or changed.
func writeFigures(ctx context.Context, tx *sqlx.Tx, instance string, sales []int64) error {
	if len(sales) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, lockSelling, instance); err != nil {
		return err
	}
	for _, statement := range figureStatements {
		if _, err := tx.ExecContext(ctx, statement, pq.Array(sales)); err != nil {
			return err
		}
	}
	return nil
}

// A product may change its category at the very moment it is sold: each transaction would miss what the other writes. One that changes
// categories therefore excludes all others of its instance until it ends; those that only write sales share the lock.
const (
	lockSelling = `SELECT pg_advisory_xact_lock_shared(hashtextextended('tandem categories ' || $1, 0))`
	lockFiling  = `SELECT pg_advisory_xact_lock(hashtextextended('tandem categories ' || $1, 0))`
)

// fileAgain writes which rows repeat a category in the sales of products that changed theirs.
func fileAgain(ctx context.Context, tx *sqlx.Tx, instance string, products []string) error {
	if len(products) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, lockFiling, instance); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		WITH again AS MATERIALIZED (
		  SELECT DISTINCT f.sale FROM tandem.sale_items i
		  CROSS JOIN LATERAL (SELECT f.sale FROM tandem.line_figures f WHERE f.sale_item = i.id OFFSET 0) f
		  WHERE i.instance = $1 AND i.product = ANY ($2)
		), filed AS MATERIALIZED (
		  SELECT n.place, row_number() OVER (PARTITION BY n.sale, coalesce(p.category, '') ORDER BY n.leads DESC, n.sale_item) > 1 AS repeats
		  FROM again
		  CROSS JOIN LATERAL (SELECT f.*, f.ctid AS place FROM tandem.line_figures f WHERE f.sale = again.sale AND f.leads >= 2 OFFSET 0) n
		  CROSS JOIN LATERAL (SELECT * FROM tandem.sale_items i WHERE i.id = n.sale_item OFFSET 0) i
		  LEFT JOIN LATERAL (SELECT p.category FROM tandem.sold_products p WHERE p.instance = i.instance AND p.woo_id = i.product OFFSET 0) p ON true
		)
		UPDATE tandem.line_figures f SET repeats_category = filed.repeats FROM filed
		WHERE f.ctid = filed.place AND f.repeats_category <> filed.repeats`,
		instance, pq.Array(products))
	return err
}

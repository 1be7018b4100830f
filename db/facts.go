package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
	"tandem/report/fact"
)

// keepFacts keeps what reports count of the records that landed.
func keepFacts(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	if p.Direction == flow.Export {
		return nil
	}
	var all []json.RawMessage
	for _, r := range p.Results {
		if r.Outcome.Landed() && len(r.Outcome.Facts) > 0 {
			all = append(all, r.Outcome.Facts)
		}
	}
	return writeFacts(ctx, tx, p.Instance, all)
}

// writeFacts writes the facts of records of an instance.
func writeFacts(ctx context.Context, tx *sqlx.Tx, instance string, all []json.RawMessage) error {
	var sales []soldInput
	var products []fact.SoldProduct
	for _, encoded := range all {
		var facts fact.Facts
		if err := json.Unmarshal(encoded, &facts); err != nil {
			return err
		}
		products = append(products, facts.Products...)
		if facts.Sale != nil {
			sum := sha256.Sum256(encoded)
			sales = append(sales, soldInput{Sale: *facts.Sale, Digest: hex.EncodeToString(sum[:])})
		}
	}
	if err := writeSoldProducts(ctx, tx, instance, products); err != nil {
		return err
	}
	return writeSales(ctx, tx, instance, latest(sales, func(s soldInput) string { return s.ID }))
}

// writeSoldProducts writes what products are called and where they are filed. Rows are locked before they are compared, so that a category
// that another transaction has just written is seen.
func writeSoldProducts(ctx context.Context, tx *sqlx.Tx, instance string, products []fact.SoldProduct) error {
	products = latest(products, func(p fact.SoldProduct) string { return p.ID })
	if len(products) == 0 {
		return nil
	}
	var known []struct {
		ID       string `db:"woo_id"`
		Category string `db:"category"`
	}
	err := tx.SelectContext(ctx, &known, `
		SELECT woo_id, category FROM tandem.sold_products WHERE instance = $1 AND woo_id = ANY ($2) ORDER BY woo_id FOR UPDATE`,
		instance, pq.Array(collect(products, func(p fact.SoldProduct) string { return p.ID })))
	if err != nil {
		return err
	}
	filed := make(map[string]string, len(known))
	for _, k := range known {
		filed[k.ID] = k.Category
	}
	var again []string
	for _, p := range products {
		if category, ok := filed[p.ID]; !ok || category != p.Category {
			again = append(again, p.ID)
		}
	}
	encoded, err := json.Marshal(products)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.sold_products AS s (instance, woo_id, name, sku, category, category_name)
		SELECT $1, p.id, p.name, p.sku, p.category, p.category_name
		FROM jsonb_to_recordset($2::jsonb) AS p(id text, name text, sku text, category text, category_name text) ORDER BY p.id
		ON CONFLICT (instance, woo_id) DO UPDATE SET name = excluded.name, sku = excluded.sku, category = excluded.category,
		  category_name = excluded.category_name
		WHERE (s.name, s.sku, s.category, s.category_name)
		  IS DISTINCT FROM (excluded.name, excluded.sku, excluded.category, excluded.category_name)`, instance, string(encoded))
	if err != nil {
		return err
	}
	return fileAgain(ctx, tx, instance, again)
}

// writeSales writes orders and refunds that are not kept just so already.
func writeSales(ctx context.Context, tx *sqlx.Tx, instance string, sales []soldInput) error {
	sales, err := changedSales(ctx, tx, instance, sales)
	if err != nil || len(sales) == 0 {
		return err
	}
	var kept []soldInput
	var taken []string
	for _, s := range sales {
		if s.Taken {
			taken = append(taken, s.ID)
		} else {
			kept = append(kept, s)
		}
	}
	if len(taken) > 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM tandem.sales WHERE instance = $1 AND woo_id = ANY ($2)`, instance, pq.Array(taken)); err != nil {
			return err
		}
	}
	if len(kept) == 0 {
		return nil
	}
	if err := rememberProducts(ctx, tx, instance, kept); err != nil {
		return err
	}
	for i := range kept {
		kept[i].sum()
	}
	written, err := upsertSales(ctx, tx, instance, kept)
	if err != nil {
		return err
	}
	refunds, err := passOn(ctx, tx, instance, kept)
	if err != nil {
		return err
	}
	return writeFigures(ctx, tx, instance, append(written, refunds...))
}

// changedSales drops the sales that are kept already just as they are.
func changedSales(ctx context.Context, tx *sqlx.Tx, instance string, sales []soldInput) ([]soldInput, error) {
	if len(sales) == 0 {
		return nil, nil
	}
	ids := collect(sales, func(s soldInput) string { return s.ID })
	digests := collect(sales, func(s soldInput) string { return s.Digest })
	var different []int
	err := tx.SelectContext(ctx, &different, `
		SELECT i.place - 1 FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS i(woo_id, digest, place)
		LEFT JOIN LATERAL (SELECT s.digest FROM tandem.sales s WHERE s.instance = $1 AND s.woo_id = i.woo_id LIMIT 1) stored ON true
		WHERE stored.digest IS DISTINCT FROM decode(i.digest, 'hex') ORDER BY i.place`, instance, pq.Array(ids), pq.Array(digests))
	return collect(different, func(i int) soldInput { return sales[i] }), err
}

// upsertSales writes sales with their lines and taxes, and gives their numbers.
func upsertSales(ctx context.Context, tx *sqlx.Tx, instance string, sales []soldInput) ([]int64, error) {
	encoded, err := json.Marshal(collect(sales, func(s soldInput) soldInput { s.Lines = nil; return s })) // they follow
	if err != nil {
		return nil, err
	}
	var written []struct {
		ID    int64  `db:"id"`
		WooID string `db:"woo_id"`
		New   bool   `db:"new"`
	}
	err = tx.SelectContext(ctx, &written, `
		INSERT INTO tandem.sales (instance, woo_id, kind, order_id, number, at, currency, status, gateway, country, customer, units, goods,
		  shipping, fees, credit, discount, tax, digest)
		SELECT $1, s.id, s.kind, s."order", s.number, s.at, s.currency, s.status, s.gateway, s.country, s.customer, s.units, s.goods,
		  s.shipping, s.fees, s.credit, s.discount, s.tax, decode(s.digest, 'hex')
		FROM jsonb_to_recordset($2::jsonb) AS s(id text, kind text, "order" text, number text, at timestamptz, currency text, status text,
		  gateway text, country text, customer text, units numeric, goods numeric, shipping numeric, fees numeric, credit numeric,
		  discount numeric, tax numeric, digest text)
		ORDER BY s.id
		ON CONFLICT (instance, woo_id) DO UPDATE SET kind = excluded.kind, order_id = excluded.order_id, number = excluded.number,
		  at = excluded.at, currency = excluded.currency, status = excluded.status, gateway = excluded.gateway, country = excluded.country,
		  customer = excluded.customer, units = excluded.units, goods = excluded.goods, shipping = excluded.shipping, fees = excluded.fees,
		  credit = excluded.credit, discount = excluded.discount, tax = excluded.tax, digest = excluded.digest
		RETURNING id, woo_id, xmax = 0 AS new`, instance, string(encoded))
	if err != nil {
		return nil, err
	}
	numbers := map[string]int64{}
	var all, again []int64
	for _, w := range written {
		numbers[w.WooID] = w.ID
		all = append(all, w.ID)
		if !w.New {
			again = append(again, w.ID)
		}
	}
	if err := dropLines(ctx, tx, again); err != nil {
		return nil, err
	}
	return all, insertLines(ctx, tx, sales, numbers)
}

// dropLines deletes the lines and taxes of sales that are written again.
func dropLines(ctx context.Context, tx *sqlx.Tx, sales []int64) error {
	if len(sales) == 0 {
		return nil
	}
	for _, table := range []string{"sale_lines", "sale_taxes"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM tandem.`+table+` WHERE sale = ANY ($1)`, pq.Array(sales)); err != nil {
			return err
		}
	}
	return nil
}

// passOn gives the refunds of orders what they were sold as, since an order changes its status after it was given back. It gives the numbers
// of those that changed.
func passOn(ctx context.Context, tx *sqlx.Tx, instance string, sales []soldInput) (changed []int64, err error) {
	var orders []string
	for _, s := range sales {
		if s.Kind == fact.Order {
			orders = append(orders, s.ID)
		}
	}
	if len(orders) == 0 {
		return nil, nil
	}
	err = tx.SelectContext(ctx, &changed, `
		UPDATE tandem.sales r SET status = o.status, gateway = o.gateway, country = o.country, customer = o.customer
		FROM tandem.sales o
		WHERE o.instance = $1 AND o.woo_id = ANY ($2) AND r.instance = o.instance AND r.order_id = o.woo_id AND r.kind = 'refund'
		  AND (r.status, r.gateway, r.country, r.customer) IS DISTINCT FROM (o.status, o.gateway, o.country, o.customer)
		RETURNING r.id`, instance, pq.Array(orders))
	return changed, err
}

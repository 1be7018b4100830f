package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

// Lookup resolves keys to ids. A product's id is the product's; a key that names a variant only, such as a variation's,
// gives "<product>/<variant>".
func (l *Ledger) Lookup(ctx context.Context, keys []erp.Key) ([]string, error) {
	ids := make([]string, len(keys))
	if len(keys) == 0 {
		return ids, nil
	}
	instances, entities, extIDs := columnsOfKeys(keys)
	var rows []struct {
		Place     int
		RecordID  int64         `db:"record_id"`
		ProductID sql.NullInt64 `db:"product_id"`
	}
	// A simple product's key names a product and a variant: the product comes last and stays.
	err := l.db.SelectContext(ctx, &rows, `
		SELECT k.place, e.record_id, v.product_id
		FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY k (instance, entity, ext_id, place)
		CROSS JOIN LATERAL (
			SELECT model, record_id FROM ledger.external_ids
			WHERE instance = k.instance AND entity = k.entity AND ext_id = k.ext_id OFFSET 0
		) e
		LEFT JOIN ledger.variants v ON e.model = 'variant' AND v.id = e.record_id
		ORDER BY k.place, e.model = 'product'`, pq.Array(instances), pq.Array(entities), pq.Array(extIDs))
	for _, row := range rows {
		id := strconv.FormatInt(row.RecordID, 10)
		if row.ProductID.Valid {
			id = strconv.FormatInt(row.ProductID.Int64, 10) + "/" + id
		}
		ids[row.Place-1] = id
	}
	return ids, classify(err)
}

// Adopt binds a key to a record of the ledger, away from what it named before. A product is named by "<product>", which
// also binds the key to its variant when it has just one, or a variant by "<product>/<variant>". An entity the ledger
// does not know and an id that is not a number are fault.Invalid; an order that is another one of a store is
// fault.Conflict.
func (l *Ledger) Adopt(ctx context.Context, key erp.Key, id string) error {
	return l.withKey(ctx, key, func(tx *sqlx.Tx, home home) error {
		product, variant, named := strings.Cut(id, "/")
		if named && home.model == "product" {
			return adoptVariant(ctx, tx, key, product, variant)
		}
		if err := adopt(ctx, tx, key, home, id); err != nil || home.model != "product" {
			return err
		}
		return adoptOnlyVariant(ctx, tx, key, id)
	})
}

// home is where the records of an entity are kept.
type home struct {
	model, table string
	kind         erp.TermKind // terms only
}

// withKey runs a change of a key in a transaction that holds the key, once it is one that the ledger can keep.
func (l *Ledger) withKey(ctx context.Context, key erp.Key, change func(*sqlx.Tx, home) error) error {
	if r := landing.CheckKey(key); r != nil {
		return fault.Field("key", "%s", r.Reason)
	}
	at, ok := homes[key.Entity]
	if !ok {
		return fault.Field("key", "the ledger keeps no %q", key.Entity)
	}
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockKeys(ctx, tx, at.model, []erp.Key{key}); err != nil {
			return err
		}
		return change(tx, at)
	})
}

// homes names the home of every entity a key may have.
var homes = func() map[string]home {
	all := map[string]home{
		"tax":        {model: taxes.model, table: taxes.table},
		"price_list": {model: priceLists.model, table: priceLists.table},
		"product":    {model: products.model, table: products.table},
		"coupon":     {model: coupons.model, table: coupons.table},
		"customer":   {model: "partner", table: "partners"},
		"guest":      {model: "partner", table: "partners"},
		"address":    {model: "address", table: "addresses"},
		"order":      {model: "order", table: "orders"},
	}
	for _, kind := range erp.TermKinds {
		all[string(kind)] = home{model: terms.model, table: terms.table, kind: kind}
	}
	return all
}()

func adopt(ctx context.Context, tx *sqlx.Tx, key erp.Key, at home, id string) error {
	query := fmt.Sprintf(`SELECT id FROM ledger.%s WHERE id = $1`, at.table)
	args := []any{id}
	if at.kind != "" {
		query += ` AND kind = $2`
		args = append(args, at.kind)
	}
	return adoptFound(ctx, tx, key, at.model, query, args...)
}

func adoptVariant(ctx context.Context, tx *sqlx.Tx, key erp.Key, product, variant string) error {
	return adoptFound(ctx, tx, key, "variant", `SELECT id FROM ledger.variants WHERE product_id = $1 AND id = $2`, product, variant)
}

func adoptOnlyVariant(ctx context.Context, tx *sqlx.Tx, key erp.Key, product string) error {
	err := adoptFound(ctx, tx, key, "variant",
		`SELECT min(id) FROM ledger.variants WHERE product_id = $1 HAVING count(*) = 1`, product)
	if fault.Is(err, fault.NotFound) {
		return nil // of several variants none is meant
	}
	return err
}

// adoptFound binds the key to the record a query finds, with the content digest its other keys have.
func adoptFound(ctx context.Context, tx *sqlx.Tx, key erp.Key, model, query string, args ...any) error {
	for _, arg := range args {
		if text, ok := arg.(string); ok {
			if _, err := strconv.ParseInt(text, 10, 64); err != nil {
				return fault.Field("id", "%q is not an id of the ledger: ids are numbers", text)
			}
		}
	}
	var record int64
	err := tx.GetContext(ctx, &record, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "the ledger has no %s with this id", key.Entity)
	} else if err != nil {
		return classify(err)
	}
	if key.Entity == landing.OrderEntity {
		if err := checkFree(ctx, tx, key, record); err != nil {
			return err
		}
	}
	var digest string
	err = tx.GetContext(ctx, &digest,
		`SELECT coalesce(max(digest), '') FROM ledger.external_ids WHERE model = $1 AND record_id = $2`, model, record)
	if err != nil {
		return classify(err)
	}
	return bind(ctx, tx, []binding{bindingOf(key, model, record, digest)})
}

// checkFree refuses an order that is landed under another key of a store.
func checkFree(ctx context.Context, tx *sqlx.Tx, key erp.Key, order int64) error {
	var holder erp.Key
	err := tx.QueryRowxContext(ctx, `
		SELECT instance, entity, ext_id FROM ledger.external_ids
		WHERE model = 'order' AND record_id = $1 AND (instance, entity, ext_id) <> ($2, $3, $4) AND instance <> $5
		ORDER BY 1, 2, 3 LIMIT 1`, order, key.Instance, key.Entity, key.ID, erp.OwnInstance).Scan(&holder.Instance, &holder.Entity, &holder.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return classify(err)
	}
	return landing.OrderTaken(holder)
}

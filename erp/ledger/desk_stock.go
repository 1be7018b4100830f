package ledger

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

const selectWarehouse = `SELECT code FROM ledger.warehouses ORDER BY id LIMIT 1`

const selectStock = `
SELECT v.id, p.id AS product_id, p.kind, p.name, coalesce(nullif(v.sku, ''), p.sku) AS sku,
       coalesce(q.on_hand, 0) AS on_hand, coalesce(q.reserved, 0) AS reserved,
       coalesce(q.incoming, 0) AS incoming, coalesce(q.outgoing, 0) AS outgoing
FROM ledger.variants v
JOIN ledger.products p ON p.id = v.product_id
JOIN ledger.warehouses w ON w.code = $1
LEFT JOIN ledger.stock_quants q ON q.variant_id = v.id AND q.warehouse_id = w.id
WHERE v.track_stock AND NOT p.virtual AND v.id > $2
  AND ($3 = '%%' OR p.name ILIKE $3 OR p.sku ILIKE $3 OR v.sku ILIKE $3 OR p.barcode ILIKE $3 OR v.barcode ILIKE $3)
  AND ($4 = 0 OR p.id = $4)
ORDER BY v.id LIMIT $5`

// Stock reads the stock of what is sold, product by product.
func (l *Ledger) Stock(ctx context.Context, q erp.StockSearch) (page erp.StockPage, err error) {
	var after, product int64
	for _, number := range []struct {
		into *int64
		text string
		says error
	}{
		{&after, q.After, fault.Field("after", "is not the next of a page: leave it out to begin")},
		{&product, q.Product, fault.Field("product", "is not an id of the ledger: ids are numbers")},
	} {
		if number.text == "" {
			continue
		}
		if *number.into, err = strconv.ParseInt(number.text, 10, 64); err != nil {
			return page, number.says
		}
	}
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		if page.Warehouse, err = chosenWarehouse(ctx, tx, q.Warehouse); err != nil {
			return err
		}
		var rows []stockRow
		err := tx.SelectContext(ctx, &rows, selectStock, page.Warehouse, after, patternOf(q.Text), product, q.Limit+1)
		if len(rows) > q.Limit {
			rows = rows[:q.Limit]
			page.Next = strconv.FormatInt(rows[q.Limit-1].ID, 10)
		}
		for _, row := range rows {
			page.Items = append(page.Items, row.item())
		}
		return classify(err)
	})
	return page, err
}

// chosenWarehouse gives the warehouse that is named, or the first one.
func chosenWarehouse(ctx context.Context, tx *sqlx.Tx, code string) (string, error) {
	if code != "" {
		_, err := warehouseID(ctx, tx, code)
		return code, err
	}
	err := tx.GetContext(ctx, &code, selectWarehouse)
	return code, classify(err)
}

// patternOf finds a text anywhere in another.
func patternOf(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

type stockRow struct {
	ID        int64
	ProductID int64 `db:"product_id"`
	Kind      erp.ProductKind
	Name      string
	SKU       string
	OnHand    decimal.Decimal `db:"on_hand"`
	Reserved  decimal.Decimal
	Incoming  decimal.Decimal
	Outgoing  decimal.Decimal
}

func (r stockRow) item() erp.StockItem {
	return erp.StockItem{Name: r.Name, SKU: r.SKU, Quantities: erp.Quantities{
		Product: erp.OwnKey("product", soldID(r.Kind, r.ProductID, r.ID)), OnHand: r.OnHand, Reserved: r.Reserved, Incoming: r.Incoming, Outgoing: r.Outgoing,
	}}
}

// CountShelves makes what lies on the shelves of a warehouse what a person counted there. What is reserved lies there too. It is no
// count of a store: when one was made last stays as it is.
func (l *Ledger) CountShelves(ctx context.Context, warehouse string, counts []erp.ShelfCount) error {
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		code, err := chosenWarehouse(ctx, tx, warehouse)
		if err != nil {
			return err
		}
		id, err := warehouseID(ctx, tx, code)
		if err != nil {
			return err
		}
		shelves, err := countedShelves(ctx, tx, id, counts)
		if err != nil {
			return err
		}
		quants, err := lockQuants(ctx, tx, append([]shelf{}, shelves...))
		if err != nil {
			return err
		}
		var rows []countRow
		for i, at := range shelves {
			if moved := counts[i].OnHand.Sub(quants[at].OnHand); !moved.IsZero() {
				rows = append(rows, countRow{VariantID: at.Variant, WarehouseID: at.Warehouse, Moved: moved})
			}
		}
		return writeShelfCounts(ctx, tx, rows)
	})
}

// countedShelves finds the shelf of each count. Errors name the count.
func countedShelves(ctx context.Context, tx *sqlx.Tx, warehouse int64, counts []erp.ShelfCount) ([]shelf, error) {
	var named []reference
	var keys []erp.Key
	for i, c := range counts {
		named = append(named, reference{fmt.Sprintf("counts[%d].product", i), c.Product, variantPlace})
		keys = append(keys, c.Product)
	}
	if err := bindOwn(ctx, tx, named); err != nil {
		return nil, err
	}
	sold, err := resolveSold(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	seen := map[shelf]bool{}
	shelves := make([]shelf, len(counts))
	for i, key := range keys {
		variant := sold[key]
		shelves[i] = shelf{Variant: variant.ID, Warehouse: warehouse}
		switch {
		case !variant.Tracked:
			return nil, fault.Field(named[i].field, "no stock is kept of it: set track_stock first")
		case seen[shelves[i]]:
			return nil, fault.Field(named[i].field, "is counted twice")
		}
		seen[shelves[i]] = true
	}
	return shelves, nil
}

const updateShelfCounts = `
WITH count AS (
    SELECT * FROM json_to_recordset($1) AS c (variant_id bigint, warehouse_id bigint, moved numeric)
), moved AS (
    INSERT INTO ledger.stock_moves (variant_id, warehouse_id, kind, quantity, state, reference, done_at)
    SELECT variant_id, warehouse_id, 'count', moved, 'done', 'counted by hand', now() FROM count
)
UPDATE ledger.stock_quants q SET on_hand = q.on_hand + c.moved, changed = pg_current_xact_id()
FROM count c
WHERE q.variant_id = c.variant_id AND q.warehouse_id = c.warehouse_id`

func writeShelfCounts(ctx context.Context, tx *sqlx.Tx, rows []countRow) error {
	if len(rows) == 0 {
		return nil
	}
	array, err := encode(rows)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, updateShelfCounts, array)
	return classify(err)
}

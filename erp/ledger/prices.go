package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// The lateral joins take one key per record: several are those of one made twice in the shop and mapped by hand.
const selectPrices = `
SELECT p.variant_id, p.position, p.amount, p.valid_from, p.valid_until,
       pk.entity AS product_entity, pk.ext_id AS product_id, vk.entity AS variant_entity, vk.ext_id AS variant_ext_id
FROM ledger.prices p
JOIN ledger.variants v ON v.id = p.variant_id AND v.active
CROSS JOIN LATERAL (
    SELECT entity, ext_id FROM ledger.external_ids
    WHERE record_id = v.product_id AND model = 'product' AND instance = $1 ORDER BY entity, ext_id LIMIT 1
) pk
CROSS JOIN LATERAL (
    SELECT entity, ext_id FROM ledger.external_ids
    WHERE record_id = v.id AND model = 'variant' AND instance = $1 ORDER BY entity, ext_id LIMIT 1
) vk
WHERE p.price_list_id = $2 AND (p.variant_id, p.position) > ($3, $4)
ORDER BY p.variant_id, p.position
LIMIT $5`

// listedRow is a price as selectPrices reads it.
type listedRow struct {
	priceCursor
	Amount        decimal.Decimal `db:"amount"`
	ValidFrom     sql.NullTime    `db:"valid_from"`
	ValidUntil    sql.NullTime    `db:"valid_until"`
	ProductEntity string          `db:"product_entity"`
	ProductID     string          `db:"product_id"`
	VariantEntity string          `db:"variant_entity"`
	VariantExtID  string          `db:"variant_ext_id"`
}

func (r listedRow) price(list erp.Key) erp.ListedPrice {
	return erp.ListedPrice{
		Product: erp.Key{Instance: list.Instance, Entity: r.ProductEntity, ID: r.ProductID},
		Variant: erp.Key{Instance: list.Instance, Entity: r.VariantEntity, ID: r.VariantExtID},
		Price:   erp.Price{List: list, Amount: r.Amount, From: r.ValidFrom.Time.UTC(), Until: r.ValidUntil.Time.UTC()},
	}
}

// Prices reads a page of a price list in the order in which the ledger met the variants.
func (l *Ledger) Prices(ctx context.Context, list erp.Key, after string, limit int) ([]erp.ListedPrice, string, error) {
	cursor, err := parsePriceCursor(after)
	if err != nil {
		return nil, "", err
	}
	lists, err := resolve(ctx, l.db, priceLists.model, []erp.Key{list})
	if err != nil {
		return nil, "", err
	}
	at, ok := lists[list]
	if !ok {
		return nil, "", fault.New(fault.NotFound, "there is no price list %s in the ledger: import products in its currency first", list)
	}
	var rows []listedRow
	err = l.db.SelectContext(ctx, &rows, selectPrices, list.Instance, at.ID, cursor.VariantID, cursor.Position, limit+1)
	if err != nil {
		return nil, "", classify(err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].String()
	}
	page := make([]erp.ListedPrice, len(rows))
	for i, row := range rows {
		page[i] = row.price(list)
	}
	return page, next, nil
}

// priceCursor is the last price of a page. Before all of them is the zero one: ids begin with 1.
type priceCursor struct {
	VariantID int64 `db:"variant_id"`
	Position  int   `db:"position"`
}

func (c priceCursor) String() string { return fmt.Sprintf("%d-%d", c.VariantID, c.Position) }

func parsePriceCursor(text string) (priceCursor, error) {
	if text == "" {
		return priceCursor{}, nil
	}
	variant, position, _ := strings.Cut(text, "-")
	id, err1 := strconv.ParseInt(variant, 10, 64)
	place, err2 := strconv.ParseInt(position, 10, 32)
	if err1 != nil || err2 != nil {
		return priceCursor{}, fault.Field("after", "is not a cursor of this list")
	}
	return priceCursor{VariantID: id, Position: int(place)}, nil
}

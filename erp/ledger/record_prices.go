package ledger

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/lib/pq"

	"tandem/erp"
)

// listKeys gives the keys of price lists: those of the instance and those of the ledger itself, which are every instance's. A person
// sees the lists of all instances. The key of another list is zero.
func (r recordReader) listKeys(ctx context.Context, ids []int64) (func(id int64) erp.Key, error) {
	var rows []struct {
		RecordID int64 `db:"record_id"`
		Instance string
		ExtID    string `db:"ext_id"`
	}
	err := r.tx.SelectContext(ctx, &rows, `
		SELECT DISTINCT ON (record_id) record_id, instance, ext_id FROM ledger.external_ids
		WHERE record_id = ANY ($1) AND model = 'price_list' AND (instance = $2 OR instance = $3 OR $4)
		ORDER BY record_id, instance = $2 DESC, instance, ext_id`, pq.Array(ids), r.instance, erp.OwnInstance, r.own)
	keys := make(map[int64]erp.Key, len(rows))
	for _, row := range rows {
		keys[row.RecordID] = erp.Key{Instance: row.Instance, Entity: "price_list", ID: row.ExtID}
	}
	return func(id int64) erp.Key { return keys[id] }, classify(err)
}

// pricesOf gives the prices of a variant. For an instance, the ledger's own stand for those of the currencies in which it has none.
func (h heldProducts) pricesOf(variant int64) []erp.Price {
	var prices []erp.Price
	var own []erp.Price
	currencies := map[string]bool{}
	for _, row := range h.prices {
		list := h.listKey(row.PriceListID)
		if row.VariantID != variant || list.IsZero() {
			continue
		}
		price := erp.Price{List: list, Amount: row.Amount, From: timeOf(row.ValidFrom), Until: timeOf(row.ValidUntil)}
		if list.Instance == erp.OwnInstance && h.instance != erp.OwnInstance {
			price.List.Instance = h.instance
			own = append(own, price)
			continue
		}
		prices = append(prices, price)
		currencies[currencyOf(list)] = true
	}
	for _, price := range own {
		if !currencies[currencyOf(price.List)] {
			prices = append(prices, price)
		}
	}
	slices.SortStableFunc(prices, func(a, b erp.Price) int {
		return cmp.Or(cmp.Compare(a.List.Instance, b.List.Instance), cmp.Compare(a.List.ID, b.List.ID))
	})
	return prices
}

// currencyOf reads the currency in the key of a price list, such as regular-EUR.
func currencyOf(list erp.Key) string {
	return list.ID[strings.LastIndex(list.ID, "-")+1:]
}

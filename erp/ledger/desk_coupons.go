package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/fault"
)

var couponPlace = place{table: "coupons", model: "coupon"}

// Coupons is work on discount codes.
func (l *Ledger) Coupons() erp.RecordDesk[erp.Coupon] {
	return desk[erp.Coupon]{
		ledger: l, place: couponPlace, entity: "coupon", where: `true`, finds: `(t.code ILIKE $1 OR t.description ILIKE $1)`,
		key: coupons.key, name: func(*erp.Coupon, func(string) erp.Key) {}, names: namedByCoupon, check: coupons.check,
		prepare: prepareCoupon, land: coupons.land, read: recordReader.coupons,
	}
}

// couponRefs are the keys that a coupon names, by the names of their fields.
func couponRefs(c *erp.Coupon) map[string][]erp.Key {
	return map[string][]erp.Key{
		"products": c.Products, "excluded_products": c.ExcludeProducts, "categories": c.Categories, "excluded_categories": c.ExcludeCategory,
	}
}

func namedByCoupon(c *erp.Coupon) []reference {
	var named []reference
	for field, keys := range couponRefs(c) {
		for i, key := range keys {
			at := termPlace
			if key.Entity == productPlace.model {
				at = productPlace
			}
			named = append(named, reference{fmt.Sprintf("%s[%d]", field, i), key, at})
		}
	}
	return named
}

// prepareCoupon keeps a code to one coupon: customers know it by that, in whatever case.
func prepareCoupon(ctx context.Context, tx *sqlx.Tx, before erp.Held[erp.Coupon], c *erp.Coupon) error {
	if before.Record.Code == c.Code {
		return nil
	}
	if err := lockNames(ctx, tx, []string{"coupon code"}); err != nil {
		return err
	}
	var holders []string
	err := tx.SelectContext(ctx, &holders, `SELECT id::text FROM ledger.coupons WHERE lower(code) = lower($1) AND id::text <> $2 ORDER BY id LIMIT 1`, c.Code, before.ID)
	if err != nil {
		return classify(err)
	}
	if len(holders) > 0 {
		return fault.Field("code", "coupon %s has this code: change that one, or give another", holders[0])
	}
	return nil
}

// translateRefs gives coupons the keys that the reader asks for of what they name: own ones to people, and those of the instance in place of own
// ones to others. A key of what is not there any more stays as it is.
func (r recordReader) translateRefs(ctx context.Context, coupons map[int64]erp.Coupon) error {
	var products, categories []erp.Key
	for _, c := range coupons {
		products = append(products, slices.Concat(c.Products, c.ExcludeProducts)...)
		categories = append(categories, slices.Concat(c.Categories, c.ExcludeCategory)...)
	}
	productKey, err := r.translator(ctx, productPlace.model, "product", products)
	if err != nil {
		return err
	}
	categoryKey, err := r.translator(ctx, termPlace.model, string(erp.Category), categories)
	if err != nil {
		return err
	}
	each := func(keys []erp.Key, of func(erp.Key) erp.Key) []erp.Key {
		out := make([]erp.Key, len(keys))
		for i, key := range keys {
			out[i] = of(key)
		}
		return out
	}
	for id, c := range coupons {
		c.Products, c.ExcludeProducts = each(c.Products, productKey), each(c.ExcludeProducts, productKey)
		c.Categories, c.ExcludeCategory = each(c.Categories, categoryKey), each(c.ExcludeCategory, categoryKey)
		coupons[id] = c
	}
	return nil
}

// translator gives the keys in which the reader names records of one model for the keys by which they are kept.
func (r recordReader) translator(ctx context.Context, model, entity string, keys []erp.Key) (func(erp.Key) erp.Key, error) {
	if r.own {
		found, err := resolve(ctx, r.tx, model, keys)
		return func(key erp.Key) erp.Key {
			if record, ok := found[key]; ok {
				return erp.OwnKey(entity, strconv.FormatInt(record.ID, 10))
			}
			return key
		}, err
	}
	var ids []int64
	for _, key := range keys {
		if id := ownNumber(key); id != 0 {
			ids = append(ids, id)
		}
	}
	keyOf, err := r.keysOf(ctx, model, []string{entity}, ids)
	return func(key erp.Key) erp.Key {
		if id := ownNumber(key); id != 0 {
			return keyOf(id)
		}
		return key
	}, err
}

package odoo

import (
	"context"
	"strings"

	"tandem/erp"
	"tandem/erp/check"
)

// soldAsField holds the key under which the store sold the goods of an order's line: one variant may have several.
const soldAsField = "x_tandem_product"

// keepProducts gives the lines whose product the store no longer knows the one that they have in Odoo, or else their order's
// placeholder.
func (b *Backend) keepProducts(ctx context.Context, drafts []*draft[erp.Order]) error {
	var orders []int64
	for _, d := range drafts {
		if d.ID != 0 && !check.NamesAll(d.Record) {
			orders = append(orders, d.ID)
		}
	}
	held, err := b.soldLines(ctx, orders)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		d.Record = check.Sold(d.Record, held[d.ID])
	}
	return nil
}

// soldLines returns the products of orders by the store's line id. Lines that a version before landed without the key say so
// by any key that the variant has in that store.
func (b *Backend) soldLines(ctx context.Context, orders []int64) (map[int64]map[string]erp.Key, error) {
	lines, names, err := b.linesOf(ctx, orders)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	keys, err := b.keysOfVariants(ctx, lines)
	if err != nil {
		return nil, err
	}
	held := make(map[int64]map[string]erp.Key, len(lines))
	for order, list := range lines {
		held[order] = map[string]erp.Key{}
		for _, line := range list {
			named, ok := keyOf(names[line.ID])
			_, id, _ := strings.Cut(named.ID, "/")
			if product := line.soldAs(keys, named.Instance); ok && !product.IsZero() {
				held[order][id] = product
			}
		}
	}
	return held, nil
}

// soldAs is the key of the line's product in a store.
func (l lineRow) soldAs(keys map[int64][]erp.Key, instance string) erp.Key {
	if key, err := erp.ParseKey(string(l.SoldAs)); err == nil && !key.IsZero() {
		return key
	}
	for _, key := range keys[l.Product.ID] {
		if key.Instance == instance {
			return key
		}
	}
	return erp.Key{}
}

// keysOfVariants lists the keys of the variants on lines that do not say under which they were sold, in the order in which
// they were bound.
func (b *Backend) keysOfVariants(ctx context.Context, lines map[int64][]lineRow) (map[int64][]erp.Key, error) {
	var variants []int64
	for _, list := range lines {
		for _, line := range list {
			if line.SoldAs == "" && line.Product.ID != 0 {
				variants = append(variants, line.Product.ID)
			}
		}
	}
	rows, err := searchBy[bound](ctx, b, "ir.model.data", "res_id", distinct(variants),
		[]any{term("module", "=", module), term("model", "=", "product.product")}, "name", "res_id")
	keys := map[int64][]erp.Key{}
	for _, r := range rows {
		if key, ok := keyOf(r.Name); ok {
			keys[r.ResID] = append(keys[r.ResID], key)
		}
	}
	return keys, err
}

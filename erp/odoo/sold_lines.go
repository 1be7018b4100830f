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

// soldLines returns the products of orders by the store's line id.
func (b *Backend) soldLines(ctx context.Context, orders []int64) (map[int64]map[string]erp.Key, error) {
	lines, names, err := b.linesOf(ctx, orders)
	if err != nil {
		return nil, err
	}
	held := make(map[int64]map[string]erp.Key, len(lines))
	unsaid := map[string][]soldLine{} // by instance
	for order, list := range lines {
		held[order] = map[string]erp.Key{}
		for _, line := range list {
			named, _ := keyOf(names[line.ID])
			_, id, _ := strings.Cut(named.ID, "/")
			product, err := erp.ParseKey(string(line.SoldAs))
			if err != nil || product.IsZero() {
				unsaid[named.Instance] = append(unsaid[named.Instance], soldLine{order, id, line.Product.ID})
				continue
			}
			held[order][id] = product
		}
	}
	return held, b.guessSold(ctx, unsaid, held)
}

// soldLine is a line that does not say under which key its goods were sold.
type soldLine struct {
	order   int64
	id      string // the store's
	variant int64
}

// guessSold takes, for lines that a version before landed, any key that the variant has in the store.
func (b *Backend) guessSold(ctx context.Context, unsaid map[string][]soldLine, held map[int64]map[string]erp.Key) error {
	for instance, lines := range unsaid {
		keys, err := b.keysFor(ctx, instance, "product.product", mapped(lines, func(l soldLine) int64 { return l.variant }))
		if err != nil {
			return err
		}
		for _, line := range lines {
			if key, ok := keys[line.variant]; ok {
				held[line.order][line.id] = key
			}
		}
	}
	return nil
}

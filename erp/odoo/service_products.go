package odoo

import (
	"context"

	"tandem/erp"
)

// service is a product for the lines of orders that are no goods. There is one of each in an Odoo, for all instances.
type service struct{ id, name string }

var services = map[erp.LineKind]service{
	erp.ShippingLine: {"service_shipping", "Shipping"},
	erp.FeeLine:      {"service_fee", "Fee"},
	erp.CreditLine:   {"service_credit", "Gift card or store credit"},
	erp.RoundingLine: {"service_rounding", "Rounding"},
}

// serviceProducts gives the products of such lines, by external id, and makes them in an Odoo that has none.
func (b *Backend) serviceProducts(ctx context.Context) (map[string]int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.services != nil {
		return b.services, nil
	}
	labels := map[string]string{}
	var names []string
	for _, kind := range []erp.LineKind{erp.ShippingLine, erp.FeeLine, erp.CreditLine, erp.RoundingLine} {
		labels[services[kind].id] = services[kind].name
		names = append(names, services[kind].id)
	}
	kind := pick(b.release, storables)
	ids, err := b.ensure(ctx, "product.product", names, func(name string) []cell {
		cells := []cell{cellOf("name", labels[name]), cellOf("invoice_policy", "order"), flag("sale_ok", true)}
		for i, column := range kind.columns {
			cells = append(cells, cellOf(column, kind.service[i]))
		}
		return cells
	})
	if err == nil {
		b.services = ids
	}
	return ids, err
}

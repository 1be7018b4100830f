package sales

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// service is a product for the lines of orders that are no goods. There is one of each in an Odoo, for all instances.
type service struct{ id, name string }

var services = map[erp.LineKind]service{
	erp.ShippingLine: {"service_shipping", "Shipping"},
	erp.FeeLine:      {"service_fee", "Fee"},
	erp.CreditLine:   {"service_credit", "Gift card or store credit"},
	erp.RoundingLine: {"service_rounding", "Rounding"},
}

// ServiceProducts gives the products of such lines, by external id, and makes them in an Odoo that has none.
func (b *Book) ServiceProducts(ctx context.Context) (map[string]int64, error) {
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
	kind := rpc.Storables.For(b.rpc.Release)
	ids, err := b.records.Ensure(ctx, "product.product", names, func(name string) []rpc.Cell {
		cells := []rpc.Cell{rpc.TextCell("name", labels[name]), rpc.TextCell("invoice_policy", "order"), rpc.BoolCell("sale_ok", true)}
		for i, column := range kind.Columns {
			cells = append(cells, rpc.TextCell(column, kind.Service[i]))
		}
		return cells
	})
	if err == nil {
		b.services = ids
	}
	return ids, err
}

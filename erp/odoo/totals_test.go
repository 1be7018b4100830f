package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

func TestRecordsAreCountedByTheirEntity(t *testing.T) {
	records := map[string]int{}
	name := func(entity, instance, id string) string {
		return record.ExternalName(erp.Key{Entity: entity, Instance: instance, ID: id})
	}
	orders := (newBackend(Settings{}, &rpc.Client{Release: rpc.Release{Major: 19}})).countRecords("demo", []record.Bound{
		{Name: name("customer", "demo", "1"), Model: "res.partner", ResID: 1},
		{Name: name("customer", "demo", "2"), Model: "res.partner", ResID: 1},
		{Name: name("guest", "demo", "1"), Model: "res.partner", ResID: 1},
		{Name: name("email", "demo", "ab"), Model: "res.partner", ResID: 1},
		{Name: name("product", "demo", "1") + record.TemplateSuffix, Model: "product.template", ResID: 3},
		{Name: name("product", "demo", "1"), Model: "product.product", ResID: 4},
		{Name: name("order", "demo", "1"), Model: "sale.order", ResID: 5},
		{Name: name("order", "demo2", "1"), Model: "sale.order", ResID: 6},
		{Name: name("order_line", "demo", "1/1"), Model: "sale.order.line", ResID: 7},
	}, records)
	require.Equal(t, map[string]int{"customer": 1, "guest": 1, "product": 1, "order": 1}, records)
	require.Equal(t, []int64{5}, orders)
}

package odootest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func load(t *testing.T, c client, model string, columns []any, rows ...[]any) map[string]any {
	t.Helper()
	data := make([]any, len(rows))
	for i, row := range rows {
		data[i] = row
	}
	return c.must(t, model, "load", map[string]any{"fields": columns, "data": data}).(map[string]any)
}

func TestLoadIsRepeatable(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		columns := []any{"id", "name", "parent_id/id"}
		first := load(t, c, "product.category", columns, []any{"tandem.a", "A", ""}, []any{"tandem.b", "B", "tandem.a"})
		require.Len(t, first["ids"], 2)
		again := load(t, c, "product.category", columns, []any{"tandem.a", "Z", ""}, []any{"tandem.b", "B", "tandem.a"})
		require.Equal(t, first["ids"], again["ids"])
		require.Equal(t, 2, c.Count("product.category"))
		require.Equal(t, "Z", c.value(t, "product.category", first["ids"].([]any)[0], "name"))
	})
}

func TestLoadChangesRecordsByTheirIDs(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		a, b := c.make(t, "product.category", map[string]any{"name": "A"}), c.make(t, "product.category", map[string]any{"name": "B"})
		columns := []any{".id", "name"}
		got := load(t, c, "product.category", columns, []any{fmt.Sprint(b), "Y"}, []any{fmt.Sprint(a), "Z"})
		require.Equal(t, []any{b, a}, got["ids"])
		require.Equal(t, "Z", c.value(t, "product.category", a, "name"))
		require.Equal(t, false, load(t, c, "product.category", columns, []any{"99", "X"})["ids"])
		require.Equal(t, 2, c.Count("product.category"))
		require.Zero(t, c.Count("ir.model.data", []any{"model", "=", "product.category"}))
	})
}

func TestABadRowLeavesNothing(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		before := c.Records()
		got := load(t, c, "product.attribute", []any{"id", "name", "sequence"},
			[]any{"tandem.a", "A", "1"}, []any{"tandem.b", "B", "first"}, []any{"tandem.c", "C", "3"})
		require.Equal(t, false, got["ids"])
		require.Len(t, got["messages"], 1)
		require.Equal(t, 1.0, got["messages"].([]any)[0].(map[string]any)["record"])
		require.Equal(t, before, c.Records())
	})
}

func TestLoadLines(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		columns := []any{"id", "name", "order_line/id", "order_line/name", "order_line/product_uom_qty"}
		rows := [][]any{
			{"tandem.o1", "One", "tandem.l1", "mug", "2"}, {"", "", "tandem.l2", "pot", "1"},
			{"tandem.o2", "Two", "tandem.l3", "cup", "4"}}
		for range 2 {
			require.Len(t, load(t, c, "sale.order", columns, rows...)["ids"], 2)
			require.Equal(t, 2, c.Count("sale.order"))
			require.Equal(t, 3, c.Count("sale.order.line"))
			require.Equal(t, 2, c.Count("sale.order.line", []any{"order_id.name", "=", "One"}))
		}
	})
}

func TestAVariantBringsItsTemplate(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		got := load(t, c, "product.product", []any{"id", "name", "default_code", "is_storable"}, []any{"tandem.mug", "Mug", "M-1", "1"})
		id := got["ids"].([]any)[0]
		require.Equal(t, "Mug", c.value(t, "product.product", id, "name"))
		require.Equal(t, 1, c.Count("product.template"))
		require.Equal(t, 1, c.Count("ir.model.data", []any{"name", "=", "mug_product_template"}, []any{"model", "=", "product.template"}))
		c.must(t, "product.product", "unlink", map[string]any{"ids": []any{id}})
		require.Zero(t, c.Count("ir.model.data", []any{"name", "=", "mug"}))
	})
}

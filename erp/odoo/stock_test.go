package odoo

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// Stores count each product at a moment of its own: how many calls a batch of counts takes must not depend on it.
func TestCountsOfManyMomentsAreNotedTogether(t *testing.T) {
	for _, version := range []int{14, 19} {
		server, b, tale := inStock(t, version)
		products, counts := make([]erp.Product, 5), make([]erp.StockCount, 5)
		for i := range products {
			products[i], counts[i] = tale.product, tale.stock
			products[i].Key.ID, products[i].SKU = fmt.Sprint(i+2), fmt.Sprint("MUG-", i+2)
			products[i].Variants = []erp.Variant{{Key: products[i].Key, Active: true, TrackStock: true}}
			counts[i].Key, counts[i].CountedAt = products[i].Key, tale.stock.CountedAt.Add(time.Duration(i)*time.Minute)
		}
		_, err := b.UpsertProducts(t.Context(), products)
		require.NoError(t, err)
		before := len(server.Calls())

		outcomes, err := b.SetStock(t.Context(), counts)

		require.NoError(t, err)
		noted := 0
		for _, call := range server.Calls()[before:] {
			if call.Model == "product.product" && writing.MatchString(call.Method) {
				noted++
			}
		}
		require.Equal(t, 1, noted, "of %v", server.Calls()[before:])
		for i, outcome := range outcomes {
			require.True(t, outcome.Landed(), "%v", outcome)
			note := fmt.Sprintf(`{"%s":"2026-03-10T12:%02d:00Z"}`, counts[i].Warehouse, i)
			require.NotZero(t, server.Count("product.product", rpc.Where("x_tandem_counted", "=", note)), note)
		}
	}
}

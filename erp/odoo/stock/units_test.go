package stock

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
)

func TestQuantitiesAreInTheUnitOfTheProduct(t *testing.T) {
	for version, dozen := range map[string]float64{"14.0": 1. / 12, "18.0": 1. / 12, "19.0": 12} {
		calls := 0
		odoo := &rpctest.Calls{Answer: func(rpc.Call) (any, error) {
			calls++
			return []any{map[string]any{"id": 1, "factor": 1}, map[string]any{"id": 2, "factor": dozen}}, nil
		}}
		release, err := rpc.ParseRelease(version)
		require.NoError(t, err)
		v := inventoryOf(odoo, release)
		none, err := v.Units(t.Context(), []Unit{{Of: 1, Product: 1}, {Product: 1}, {Of: 2}})
		require.NoError(t, err)
		require.Zero(t, calls, "nothing has to be converted")
		require.Equal(t, "2", none.InProducts(dec("2"), Unit{1, 1}).String())

		units, err := v.Units(t.Context(), []Unit{{Of: 2, Product: 1}})
		require.NoError(t, err)
		require.Equal(t, "24", units.InProducts(dec("2"), Unit{2, 1}).String(), version)
		require.Equal(t, "2", units.InProducts(dec("2"), Unit{1, 1}).String(), version)
		require.Equal(t, "0.5", units.InProducts(dec("6"), Unit{1, 2}).String(), "a product that is counted in dozens")
	}
}

// A move that is of dozens needs pieces, and takes its part of those that are given away.
func TestMovesOfOtherUnits(t *testing.T) {
	amount := func(s string) rpc.Amount { return rpc.Amount{Decimal: dec(s)} }
	reservedNow := amount("1.5")
	dozens := Move{Product: rpc.Link{ID: 1}, Quantity: amount("2"), Pieces: amount("24"), reserved: reserved{New: &reservedNow}}
	piece := Move{Product: rpc.Link{ID: 1}, Quantity: amount("1"), Pieces: amount("1"), reserved: reserved{New: &rpc.Amount{Decimal: dec("1")}}}
	require.Equal(t, "25", GoodsOf([]Move{dozens, piece})[1].String())
	part := NewPart(map[int64]decimal.Decimal{1: dec("13")})
	require.Equal(t, "1.083333", part.take(dozens).String())
	require.True(t, part.take(piece).IsZero() || part.take(piece).LessThan(dec("0.00001")))
	part = NewPart(map[int64]decimal.Decimal{1: dec("19")})
	require.Equal(t, []string{"1.5", "1"}, []string{part.take(dozens).String(), part.take(piece).String()})
}

package stock

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
)

func TestKitsAboveAProduct(t *testing.T) {
	of := map[int64][]int64{1: {11, 12}, 11: {21}, 12: {21, 22}, 22: {1}} // the last would be a part of itself
	require.Equal(t, map[int64][]int64{1: {11, 12, 21, 22}, 12: {21, 22, 1, 11}}, above(of, []int64{1, 2, 12}))
}

func TestPartsOfAKit(t *testing.T) {
	unit, dozen := rpc.Link{ID: 1}, rpc.Link{ID: 2}
	one := rpc.Amount{Decimal: decimal.NewFromInt(1)}
	plain := func(id int64) unitRow { return unitRow{Row: rpc.Row{ID: id}, Unit: unit} }
	for name, c := range map[string]struct {
		line bomLine
		bill bom
		odd  bool
	}{
		"plain":                 {bomLine{Unit: unit}, bom{Unit: unit, Quantity: one}, false},
		"a part in dozens":      {bomLine{Unit: dozen}, bom{Unit: unit, Quantity: one}, true},
		"a kit in dozens":       {bomLine{Unit: unit}, bom{Unit: dozen, Quantity: one}, true},
		"of some variants only": {bomLine{Unit: unit, Only: rpc.IDs{5}}, bom{Unit: unit, Quantity: one}, true},
		"of nothing":            {bomLine{Unit: unit}, bom{Unit: unit}, true},
	} {
		t.Run(name, func(t *testing.T) {
			c.bill.ID, c.line.Product, c.line.Quantity = 7, rpc.Link{ID: 2}, one
			book := kitBook{units: map[int64]unitRow{1: plain(1), 2: plain(2)}, boms: map[int64]bom{1: c.bill}, lines: map[int64][]bomLine{7: {c.line}}}
			k := kit{parts: map[int64]decimal.Decimal{}}
			book.explode(&k, 1, decimal.NewFromInt(1), 0)
			require.Equal(t, c.odd, k.odd)
			storable := true
			q := k.figures(map[int64]Shelf{2: {Variant: Variant{Storable: &storable}}}, decimal.Zero)
			require.Equal(t, !c.odd, q.Tracked, "what cannot be told is not pushed")
		})
	}
	loop := kitBook{units: map[int64]unitRow{1: plain(1)}, boms: map[int64]bom{1: {Row: rpc.Row{ID: 7}, Unit: unit, Quantity: one}}, lines: map[int64][]bomLine{7: {{Product: rpc.Link{ID: 1}, Quantity: one, Unit: unit}}}}
	k := kit{parts: map[int64]decimal.Decimal{}}
	loop.explode(&k, 1, decimal.NewFromInt(1), 0)
	require.True(t, k.odd, "a kit of itself ends")
}

package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/odootest"
)

// inStock lands what an order of the tale needs, with five mugs free.
func inStock(t *testing.T, version int) (*odootest.Server, *Backend, story) {
	t.Helper()
	server, tale := odootest.Start(t, version), taleIn("tale")
	b, err := Open(t.Context(), Settings{URL: server.URL, Database: odootest.Database, Login: odootest.Login, Secret: odootest.Key, Protocol: JSONRPC})
	require.NoError(t, err)
	for _, do := range []act{tale.landTax, tale.landProduct, tale.landPartner, tale.count("5")} {
		_, err := do(t.Context(), b)
		require.NoError(t, err)
	}
	return server, b, tale
}

// mugsIn gives how many mugs are on hand and how many of them are free.
func (s story) mugsIn(t *testing.T, b *Backend) [2]string {
	t.Helper()
	stock, err := b.Quantities(t.Context(), s.stock.Warehouse, []erp.Key{s.product.Key})
	require.NoError(t, err)
	return [2]string{stock[0].OnHand.String(), stock[0].OnHand.Sub(stock[0].Reserved).String()}
}

func TestGoodsOfOrdersThatLandTogetherAreOpenedTogether(t *testing.T) {
	for _, version := range []int{14, 19} {
		server, b, tale := inStock(t, version)
		land := func(one, other func(*erp.Order), onHand, free string) {
			t.Helper()
			_, err := tale.landTwo(one, other)(t.Context(), b)
			require.NoError(t, err)
			require.Equal(t, [2]string{onHand, free}, tale.mugsIn(t, b))
		}
		before := len(server.Calls())
		land(nil, nil, "9", "5")
		counts := 0
		for _, call := range server.Calls()[before:] {
			if call == (odootest.Call{Model: "stock.quant", Method: "create"}) {
				counts++
			}
		}
		require.Equal(t, 1, counts, "of both orders")

		short := func(o *erp.Order) { mugs(3)(o); otherTaxes(o) } // its tax is another in Odoo
		land(mugs(3), short, "10", "5")                           // of what is parked nothing is written
		land(mugs(3), mugs(3), "11", "5")                         // it is opened when it lands at last
		land(mugs(3), mugs(3), "11", "5")
	}
}

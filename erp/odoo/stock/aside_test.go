package stock

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
)

func TestWhatIsSetAsideBeyondOdoosMoves(t *testing.T) {
	for _, c := range []struct{ state, quantity, aside, delivered, want string }{
		{"draft", "2", "2", "0", "2"},
		{"sent", "2", "1", "0", "1"},
		{"sale", "2", "2", "0", "0"},
		{"sale", "2", "3", "0", "1"},
		{"done", "2", "3", "2", "0"},
		{"cancel", "2", "2", "0", "0"},
	} {
		line := asideLine{State: rpc.Text(c.state), Quantity: rpc.Amount{Decimal: dec(c.quantity)}, Aside: rpc.Amount{Decimal: dec(c.aside)}, Delivered: rpc.Amount{Decimal: dec(c.delivered)}}
		require.Equal(t, c.want, line.beyond(line.Quantity.Decimal).String(), c)
	}
}

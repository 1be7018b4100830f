package odoo

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/odootest"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// dispatch is an Odoo with confirmed orders that one round is to ship, and 5 mugs that were free before.
type dispatch struct {
	story
	server *odootest.Server
	orders []erp.Key
}

func newDispatch(t *testing.T, version int, orders ...func(*erp.Order)) *dispatch {
	t.Helper()
	server := odootest.Start(t, version)
	d := &dispatch{story: taleIn("tale"), server: server}
	var err error
	d.Backend, err = Open(t.Context(), Settings{URL: server.URL, Database: odootest.Database, Login: odootest.Login, Secret: odootest.Key})
	require.NoError(t, err)
	cups := d.story
	cups.product.Key.ID, cups.product.SKU = "2", "CUP"
	cups.product.Variants = []erp.Variant{{Key: cups.product.Key, Active: true, TrackStock: true}}
	for _, do := range []act{d.landTax, d.landProduct, cups.landProduct, d.landPartner, d.count("5")} {
		d.do(t, do)
	}
	d.sell(t, orders...)
	return d
}

// sell lands orders and confirms them.
func (d *dispatch) sell(t *testing.T, orders ...func(*erp.Order)) {
	t.Helper()
	for i, change := range orders {
		sold := d.story
		sold.order.Key.ID, sold.order.Number = fmt.Sprint(i+1), fmt.Sprint("W-", i+1)
		d.do(t, sold.landOrder(change))
		d.do(t, sold.confirm)
		d.orders = append(d.orders, sold.order.Key)
	}
}

func (d *dispatch) do(t *testing.T, do act) {
	t.Helper()
	_, err := do(t.Context(), d.Backend)
	require.NoError(t, err)
}

// bought has so many mugs ordered, of those that are free.
func bought(n int64) func(*erp.Order) {
	return func(o *erp.Order) { mugs(n)(o); aside(0)(o) }
}

// cups has cups ordered instead of mugs.
func cups(o *erp.Order) { o.Lines[0].Product.ID, o.Lines[0].SetAside = "2", dec("0") }

// shipRound ships orders with one round.
func shipRound(t *testing.T, b *Backend, orders []erp.Key) []erp.StepResult {
	t.Helper()
	return b.ShipOrders(t.Context(), rpc.Map(orders, func(key erp.Key) erp.Ask[erp.ShipRequest] {
		return erp.Ask[erp.ShipRequest]{Order: key}
	}))
}

// ship ships all orders with one round and tells what became of each: shipped, or what its error is.
func (d *dispatch) ship(t *testing.T) []string {
	t.Helper()
	return rpc.Map(shipRound(t, d.Backend, d.orders), func(a erp.StepResult) string {
		switch {
		case a.Err != nil:
			return string(fault.KindOf(a.Err)) + " " + fault.From(a.Err).Code
		case a.Shipped:
			return "shipped"
		default:
			return "open"
		}
	})
}

// calls counts the calls of a method of pickings.
func (d *dispatch) calls(method string) int {
	count := 0
	for _, c := range d.server.Calls() {
		if c == (odootest.Call{Model: "stock.picking", Method: method}) {
			count++
		}
	}
	return count
}

// onHand requires what is left of the mugs and what of that is reserved.
func (d *dispatch) onHand(t *testing.T, onHand, reserved string) {
	t.Helper()
	q, err := d.Quantities(t.Context(), d.stock.Warehouse, []erp.Key{d.product.Key})
	require.NoError(t, err)
	require.Equal(t, []string{onHand, reserved}, []string{q[0].OnHand.String(), q[0].Reserved.String()})
}

// meddled is an Odoo between whose calls and answers something comes.
type meddled struct {
	rpc.Caller
	between func(ctx context.Context, c rpc.Call, result any) error
}

func (m meddled) Call(ctx context.Context, c rpc.Call, result any) error {
	return m.between(ctx, c, result)
}

// meddle has something be done instead of the calls of a method; with false from it they are made nevertheless. It gives what
// ends that.
func (b *Backend) meddle(model, method string, instead func(c rpc.Call, result any) (bool, error)) (end func()) {
	real := b.rpc.Caller
	b.rpc.Caller = meddled{real, func(ctx context.Context, c rpc.Call, result any) error {
		if c.Model == model && c.Method == method {
			if done, err := instead(c, result); done || err != nil {
				return err
			}
		}
		return real.Call(ctx, c, result)
	}}
	return func() { b.rpc.Caller = real }
}

func TestARoundOfPlainOrdersIsShippedWithOneCall(t *testing.T) {
	for _, version := range []int{14, 16, 17, 19} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			d := newDispatch(t, version, bought(1), bought(2), bought(1))
			d.onHand(t, "5", "4")
			require.Equal(t, []string{"shipped", "shipped", "shipped"}, d.ship(t))
			require.Equal(t, []int{1, 1}, []int{d.calls("action_assign"), d.calls("button_validate")})
			d.onHand(t, "1", "0")
		})
	}
}

func TestAShortOrderHoldsNobodyUp(t *testing.T) {
	d := newDispatch(t, 19, bought(1), cups, bought(2))
	require.Equal(t, []string{"shipped", "parked no_stock", "shipped"}, d.ship(t))
	require.Equal(t, []int{1, 1}, []int{d.calls("action_assign"), d.calls("button_validate")})
	d.onHand(t, "2", "0")
}

func TestGoodsOfAnotherWarehouseAreNotTaken(t *testing.T) {
	var elsewhere int64
	d := newDispatch(t, 19)
	d.do(t, func(ctx context.Context, b *Backend) (string, error) {
		shelf, err := b.rpc.Create(ctx, "stock.location", []map[string]any{{"name": "WH2/Stock", "usage": "internal"}})
		if err != nil {
			return "", err
		}
		made, err := b.rpc.Create(ctx, "stock.warehouse", []map[string]any{{"name": "Second", "code": "WH2", "active": true, "lot_stock_id": shelf[0]}})
		elsewhere = made[0]
		return "", err
	})
	d.sell(t, func(o *erp.Order) { bought(1)(o); o.Warehouse = rpc.FormatID(elsewhere) }, bought(1))
	require.Equal(t, []string{"parked no_stock", "shipped"}, d.ship(t))
	d.onHand(t, "4", "0")
}

func TestWhatShippingOthersFreesIsShippedInTheSameRound(t *testing.T) {
	d := newDispatch(t, 19, bought(7), func(o *erp.Order) { mugs(2)(o); aside(5)(o) })
	d.onHand(t, "10", "12")
	require.Equal(t, []string{"shipped", "shipped"}, d.ship(t))
	require.Equal(t, 2, d.calls("button_validate"), "before the second order is shipped only 5 are left for the first")
	d.onHand(t, "1", "0")
}

func TestTheOrderThatOdooRefusesIsFound(t *testing.T) {
	d := newDispatch(t, 19, bought(1), bought(1), bought(1), bought(1))
	bad := stoodAs(t, d.Backend, d.orders[2]).Pickings[0]
	var validated [][]int64
	d.meddle("stock.picking", "button_validate", func(c rpc.Call, _ any) (bool, error) {
		validated = append(validated, c.IDs)
		if slices.Contains(c.IDs, bad) {
			return true, fault.New(fault.Invalid, "Odoo refuses this")
		}
		return false, nil
	})
	require.Equal(t, []string{"shipped", "shipped", "invalid ", "shipped"}, d.ship(t))
	require.Equal(t, [][]int64{{bad - 2, bad - 1, bad, bad + 1}, {bad - 2, bad - 1}, {bad, bad + 1}, {bad}, {bad + 1}}, validated,
		"what was refused is not tried again one by one")
	d.onHand(t, "2", "1")
}

func TestWhatFailsForAllIsDoneOneByOne(t *testing.T) {
	for name, c := range map[string]struct {
		model, method string
		kind          fault.Kind
		want          string
		validated     int
	}{
		"nothing to reserve for some":      {"stock.picking", "action_assign", fault.Invalid, "shipped", 3},
		"a crash while goods are reserved": {"stock.picking", "action_assign", fault.Internal, "shipped", 3},
		"moves that cannot be written":     {"stock.move", "write", fault.Invalid, "shipped", 3},
		"Odoo is out of reach":             {"stock.picking", "action_assign", fault.Unavailable, "unavailable ", 0},
		"Odoo is closed to us":             {"stock.move", "write", fault.Unauthorized, "unauthorized ", 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDispatch(t, 19, bought(1), bought(1), bought(1))
			d.do(t, d.unreserve)
			d.meddle(c.model, c.method, func(made rpc.Call, _ any) (bool, error) {
				if len(made.IDs) > 1 {
					return true, fault.New(c.kind, "Odoo does not do this for several")
				}
				return false, nil
			})
			require.Equal(t, []string{c.want, c.want, c.want}, d.ship(t))
			require.Equal(t, c.validated, d.calls("button_validate"))
		})
	}
}

func TestAQuestionAboutOneOrderHoldsNobodyElseUp(t *testing.T) {
	d := newDispatch(t, 19, bought(1), bought(1), bought(1))
	doubtful := stoodAs(t, d.Backend, d.orders[1]).Pickings[0]
	d.meddle("stock.picking", "button_validate", func(c rpc.Call, result any) (bool, error) {
		if !slices.Contains(c.IDs, doubtful) {
			return false, nil
		}
		*result.(*any) = map[string]any{"type": "ir.actions.act_window"}
		return true, nil
	})
	require.Equal(t, []string{"shipped", "parked not_done", "shipped"}, d.ship(t))
	d.onHand(t, "3", "1")
}

func TestADocumentToPrintIsNoQuestion(t *testing.T) {
	d := newDispatch(t, 19, bought(1), bought(1))
	real := d.rpc.Caller
	d.meddle("stock.picking", "button_validate", func(c rpc.Call, result any) (bool, error) {
		err := real.Call(t.Context(), c, result)
		*result.(*any) = map[string]any{"type": "ir.actions.report"}
		return true, err
	})
	require.Equal(t, []string{"shipped", "shipped"}, d.ship(t))
	require.Equal(t, 1, d.calls("button_validate"))
}

// unreserve takes the goods back that were reserved when orders were confirmed.
func (d *dispatch) unreserve(ctx context.Context, b *Backend) (string, error) {
	moves, err := rpc.Search[rpc.Row](ctx, b.rpc, "stock.move", []any{rpc.Where("state", "=", "assigned")}, "id")
	if err != nil {
		return "", err
	}
	for _, m := range moves {
		vals := map[string]any{"state": "confirmed", rpc.ReservedQuantities.For(b.rpc.Release): 0}
		if err := b.rpc.Write(ctx, "stock.move", []int64{m.ID}, vals); err != nil {
			return "", err
		}
	}
	return "", nil
}

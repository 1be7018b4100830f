//go:build odoo

package odoo

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
	"tandem/fault"
)

// inWarehouse tells a story in a warehouse of its own, which ships in some steps. One of the two mugs sold is on hand.
func inWarehouse(t *testing.T, settings Settings, steps string) story {
	t.Helper()
	b, err := Open(t.Context(), settings)
	require.NoError(t, err)
	code := rand.Text()[:5]
	made, err := b.rpc.Create(t.Context(), "stock.warehouse", []map[string]any{{"name": "Warehouse " + code, "code": code, "delivery_steps": steps}})
	require.NoError(t, err)
	s := newStory(t, b)
	s.stock.Warehouse, s.order.Warehouse = rpc.FormatID(made[0]), rpc.FormatID(made[0])
	s.stock.Free, s.order.Lines[0].SetAside = dec("1"), dec("0")
	s.land(t)
	_, err = stepsOf(s.Backend).ConfirmOrder(t.Context(), s.order.Key)
	require.NoError(t, err)
	return s
}

// parts ships what there is and requires that the order waits all the same.
func (s story) parts(t *testing.T, code string) erp.OrderState {
	t.Helper()
	_, err := stepsOf(s.Backend).ShipOrder(t.Context(), s.order.Key, erp.ShipRequest{Partial: true})
	require.Equal(t, fault.Parked, fault.KindOf(err), "%v", err)
	require.Equal(t, code, fault.From(err).Code, "%v", err)
	return stoodAs(t, s.Backend, s.order.Key).State()
}

// holds requires what is on hand and reserved of the mug.
func (s story) holds(t *testing.T, onHand, reserved string) {
	t.Helper()
	q, err := s.Quantities(t.Context(), s.stock.Warehouse, []erp.Key{s.product.Key})
	require.NoError(t, err)
	require.Equal(t, []string{onHand, reserved}, []string{q[0].OnHand.String(), q[0].Reserved.String()})
}

// recounts sets the free quantity of the mug.
func (s story) recounts(t *testing.T, free string) {
	t.Helper()
	s.stock.Free, s.stock.CountedAt = dec(free), s.stock.CountedAt.AddDate(0, 0, 1)
	outcomes, err := s.SetStock(t.Context(), []erp.StockCount{s.stock})
	require.NoError(t, err)
	require.True(t, outcomes[0].Landed())
}

func TestShippingInSeveralSteps(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		for _, steps := range []string{"ship_only", "pick_ship", "pick_pack_ship"} {
			t.Run(steps, func(t *testing.T) {
				s := inWarehouse(t, settings, steps)
				s.holds(t, "1", "2")
				_, err := stepsOf(s.Backend).ShipOrder(t.Context(), s.order.Key, erp.ShipRequest{})
				require.Equal(t, "no_stock", fault.From(err).Code)
				s.holds(t, "1", "2")

				state := s.parts(t, "no_stock")
				require.True(t, state.PartlyShipped)
				s.holds(t, "0", "1")
				require.Equal(t, state, s.parts(t, "no_stock"))

				s.recounts(t, "0")
				progress, err := stepsOf(s.Backend).ShipOrder(t.Context(), s.order.Key, erp.ShipRequest{Partial: true})
				require.NoError(t, err)
				require.True(t, progress.Shipped)
				s.holds(t, "0", "0")
			})
		}
	})
}

func TestARoundOfOrdersIsShipped(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		s, short, steps := inWarehouse(t, settings, "ship_only"), inWarehouse(t, settings, "ship_only"), inWarehouse(t, settings, "pick_ship")
		keys := []erp.Key{short.order.Key, steps.order.Key, s.order.Key}
		for i := range 3 {
			next := s
			next.order.Key.ID, next.order.Number = fmt.Sprint(i+2), fmt.Sprint(s.order.Number, "-", i+2)
			for _, do := range []act{next.landOrder(mugs(1), aside(0)), next.confirm} {
				_, err := do(t.Context(), s.Backend)
				require.NoError(t, err)
			}
			keys = append(keys, next.order.Key)
		}
		s.recounts(t, "0")
		steps.recounts(t, "0")
		s.holds(t, "5", "5")

		answers := shipRound(t, s.Backend, keys)
		require.Equal(t, "no_stock", fault.From(answers[0].Err).Code)
		short.holds(t, "1", "2")
		for _, a := range answers[1:] {
			require.NoError(t, a.Err)
			require.True(t, a.Shipped)
			require.Equal(t, 1, a.Deliveries, "nothing is left for another delivery")
		}
		s.holds(t, "0", "0")
		steps.holds(t, "0", "0")
	})
}

// shelve puts one more of a product on a shelf of its own in the story's warehouse.
func (s story) shelve(t *testing.T, product int64) {
	t.Helper()
	type warehouse struct {
		rpc.Row
		Stock rpc.Link `json:"lot_stock_id"`
	}
	at, err := rpc.Search[warehouse](t.Context(), s.rpc, "stock.warehouse", []any{rpc.Where("id", "=", rpc.ParseID(s.stock.Warehouse))}, "lot_stock_id")
	require.NoError(t, err)
	shelf, err := s.rpc.Create(t.Context(), "stock.location", []map[string]any{{"name": "Shelf", "location_id": at[0].Stock.ID}})
	require.NoError(t, err)
	count := rpc.Values([]rpc.Cell{rpc.LinkCell("product_id", product), rpc.LinkCell("location_id", shelf[0]),
		rpc.DecimalCell(rpc.CountFields.For(s.rpc.Release), dec("1"))})
	require.NoError(t, s.rpc.Call(t.Context(), rpc.Call{Model: "stock.quant", Method: "create", Args: map[string]any{"vals_list": []any{count}},
		Context: rpc.With(s.rpc.BaseContext(), "inventory_mode", true)}, nil))
}

func TestGoodsAreTakenFromSeveralShelves(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		s := inWarehouse(t, settings, "ship_only")
		ids, err := s.records.IDsOf(t.Context(), "product.product", []erp.Key{s.product.Key}, record.ExternalName)
		require.NoError(t, err)
		s.shelve(t, ids[s.product.Key])
		s.holds(t, "2", "2")
		state, err := stepsOf(s.Backend).ShipOrder(t.Context(), s.order.Key, erp.ShipRequest{})
		require.NoError(t, err)
		require.True(t, state.Shipped)
		s.holds(t, "0", "0")
	})
}

func TestGoodsWithLotsWaitForAPerson(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		for _, tracking := range []string{"lot", "serial"} {
			t.Run(tracking, func(t *testing.T) {
				s := inWarehouse(t, settings, "ship_only")
				s.recounts(t, "0")
				ids, err := s.records.IDsOf(t.Context(), "product.product", []erp.Key{s.product.Key}, record.ExternalName)
				require.NoError(t, err)
				require.NoError(t, s.rpc.Write(t.Context(), "product.product", []int64{ids[s.product.Key]}, map[string]any{"tracking": tracking}))
				before := stoodAs(t, s.Backend, s.order.Key).State()
				require.Equal(t, before, s.parts(t, "needs_lot"))
				s.holds(t, "2", "2")

				types, err := rpc.Search[rpc.Row](t.Context(), s.rpc, "stock.picking.type",
					[]any{rpc.Where("warehouse_id", "=", rpc.ParseID(s.stock.Warehouse))}, "id")
				require.NoError(t, err)
				require.NoError(t, s.rpc.Write(t.Context(), "stock.picking.type", rpc.Map(types, rpc.Row.RowID),
					map[string]any{"use_create_lots": false, "use_existing_lots": false}))
				state, err := stepsOf(s.Backend).ShipOrder(t.Context(), s.order.Key, erp.ShipRequest{})
				require.NoError(t, err, "this warehouse does not ask for lots")
				require.True(t, state.Shipped)
			})
		}
	})
}

func TestAPickingThatWaitsForAnotherIsNotShipped(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		s := inWarehouse(t, settings, "ship_only")
		s.recounts(t, "0")
		found := stoodAs(t, s.Backend, s.order.Key)
		moves, err := s.Backend.stock.DueMoves(t.Context(), found.Pickings)
		require.NoError(t, err)
		require.NoError(t, s.rpc.Write(t.Context(), "stock.move", rpc.Map(moves, stock.Move.RowID), map[string]any{"state": "waiting"}))

		_, err = stepsOf(s.Backend).ShipOrder(t.Context(), s.order.Key, erp.ShipRequest{Partial: true})
		require.Equal(t, fault.Parked, fault.KindOf(err))
		require.Equal(t, "not_done", fault.From(err).Code)
		require.ErrorContains(t, err, `"outgoing"`)
		require.ErrorContains(t, err, `"waiting"`)
		s.holds(t, "2", "2")
	})
}

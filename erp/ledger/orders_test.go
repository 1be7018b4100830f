package ledger_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// rowVersions names the version of every row that landing orders and counts could touch.
const rowVersions = `
SELECT concat_ws(' ', 'order', id, xmin, xmax) FROM ledger.orders
UNION ALL SELECT concat_ws(' ', 'line', order_id, position, xmin, xmax) FROM ledger.order_lines
UNION ALL SELECT concat_ws(' ', 'tax', order_id, position, xmin, xmax) FROM ledger.order_taxes
UNION ALL SELECT concat_ws(' ', 'quant', variant_id, xmin, xmax) FROM ledger.stock_quants
UNION ALL SELECT concat_ws(' ', 'move', id, xmin, xmax) FROM ledger.stock_moves
UNION ALL SELECT concat_ws(' ', 'key', ext_id, xmin, xmax) FROM ledger.external_ids WHERE model = 'order'
ORDER BY 1`

func TestUnchangedOrdersAndCountsWriteNothing(t *testing.T) {
	s := newSeller(t, 10, 3)
	batch := s.batch(20)
	s.landed(s.UpsertOrders(t.Context(), batch))
	counts := make([]erp.StockCount, s.products)
	for i := range counts {
		counts[i] = erp.StockCount{Key: benchKey("product", i), Warehouse: "WH", Free: decimal.NewFromInt(50), CountedAt: saleDate}
	}
	s.landed(s.SetStock(t.Context(), counts))
	before := s.column(rowVersions)
	outcomes, err := s.UpsertOrders(t.Context(), batch)
	s.landed(outcomes, err)
	counted, err := s.SetStock(t.Context(), counts)
	s.landed(counted, err)
	for _, outcome := range append(outcomes, counted...) {
		require.Equal(t, erp.Unchanged, outcome.Status)
	}
	require.Equal(t, before, s.column(rowVersions))
}

// What only the database can refuse is found by splitting the batch.
func TestOrderThatTheDatabaseRefusesFailsAlone(t *testing.T) {
	spoils := map[string]func(*erp.Order){
		"a text with a zero byte":   func(o *erp.Order) { o.CustomerNote = "secret\x00" },
		"a quantity out of bounds":  func(o *erp.Order) { o.Lines[0].Quantity = decimal.New(1, 30) },
		"a set-aside out of bounds": func(o *erp.Order) { o.Lines[0].SetAside = decimal.New(1, 30) },
		"a date out of bounds":      func(o *erp.Order) { o.Date = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) },
	}
	s := newSeller(t, 10, 3)
	for name, spoil := range spoils {
		t.Run(name, func(t *testing.T) {
			batch := s.batch(7)
			spoil(&batch[3])
			outcomes, err := s.UpsertOrders(t.Context(), batch)
			require.NoError(t, err)
			for i, outcome := range outcomes {
				require.Equal(t, batch[i].Key, outcome.Key)
				require.Equal(t, i != 3, outcome.Landed(), outcome.Reason)
			}
			require.Equal(t, erp.Failed, outcomes[3].Status)
			require.NotContains(t, outcomes[3].Reason, "secret")
			require.Empty(t, s.column(`SELECT number FROM ledger.orders WHERE number = $1`, batch[3].Number))
			requireSoundStock(t, s)
		})
	}
}

func TestCountsOfProductsThatAreOneAdjustItOnce(t *testing.T) {
	s := newSeller(t, 2, 1)
	ids, err := s.Lookup(t.Context(), []erp.Key{benchKey("product", 0)})
	require.NoError(t, err)
	require.NoError(t, s.Adopt(t.Context(), benchKey("product", 1), ids[0]))
	s.landed(s.SetStock(t.Context(), []erp.StockCount{
		{Key: benchKey("product", 0), Warehouse: "WH", Free: decimal.NewFromInt(5)},
		{Key: benchKey("product", 1), Warehouse: "WH", Free: decimal.NewFromInt(5)},
	}))
	requireSoundStock(t, s)
}

// Orders land, change, move on and are counted in parallel, at random: the stock figures stay what the moves and lines
// add up to, and nothing ends in a deadlock.
func TestStockStaysSoundInParallel(t *testing.T) {
	const callers, rounds, orders = 4, 25, 12
	s := newSeller(t, 6, 3)
	s.exec(`UPDATE ledger.stock_quants SET counted_at = NULL WHERE variant_id % 2 = 0`)
	batch := s.batch(orders)
	s.landed(s.UpsertOrders(t.Context(), batch))
	var group sync.WaitGroup
	errs := make([]error, callers)
	for caller := range callers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(5, uint64(caller)))
			for range rounds {
				if err := s.disturb(random, batch); err != nil && tolerated(err) == nil {
					continue
				} else if err != nil {
					errs[caller] = err
					return
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	requireSoundStock(t, s)
}

// disturb does something at random to one of the orders or the stock.
func (s *seller) disturb(random *rand.Rand, batch []erp.Order) error {
	ctx, key := s.tb.Context(), batch[random.IntN(len(batch))].Key
	var err error
	switch random.IntN(7) {
	case 0:
		_, err = s.ConfirmOrder(ctx, key)
	case 1:
		_, err = s.ShipOrder(ctx, key, erp.ShipRequest{Partial: random.IntN(2) == 0})
	case 2:
		_, err = s.CancelOrder(ctx, key)
	case 3:
		_, err = s.SetStock(ctx, []erp.StockCount{{Key: benchKey("product", random.IntN(s.products)), Warehouse: "WH",
			Free: decimal.NewFromInt(int64(random.IntN(100))), CountedAt: saleDate.Add(time.Hour)}})
	default:
		_, err = s.UpsertOrders(ctx, shuffled(random, batch))
	}
	return err
}

// shuffled changes what the store set aside for some orders, or what they are of.
func shuffled(random *rand.Rand, batch []erp.Order) []erp.Order {
	changed := make([]erp.Order, len(batch))
	for i, place := range random.Perm(len(batch)) {
		order := batch[place]
		order.Lines = append([]erp.OrderLine(nil), order.Lines...)
		order.Cancelled = random.IntN(8) == 0
		line := &order.Lines[random.IntN(3)]
		line.SetAside = decimal.NewFromInt(int64(random.IntN(3)))
		if random.IntN(3) == 0 {
			line.Quantity = decimal.NewFromInt(int64(1 + random.IntN(3)))
		}
		changed[i] = order
	}
	return changed
}

// tolerated passes refusals, but no deadlock: the order of locks is to prevent them.
func tolerated(err error) error {
	kind := fault.KindOf(err)
	if kind == fault.Parked || kind == fault.Conflict {
		return nil
	}
	return err
}

// requireSoundStock compares the figures kept with what they are the sum of.
func requireSoundStock(t *testing.T, s *seller) {
	t.Helper()
	require.Empty(t, s.column(`
		SELECT concat_ws(' ', q.variant_id, q.on_hand, sum(m.quantity))
		FROM ledger.stock_quants q
		LEFT JOIN ledger.stock_moves m ON m.variant_id = q.variant_id AND m.warehouse_id = q.warehouse_id AND m.state = 'done'
		GROUP BY q.variant_id, q.warehouse_id
		HAVING q.on_hand <> coalesce(sum(m.quantity), 0)`), "on hand is the sum of the done moves")
	require.Empty(t, s.column(`
		SELECT concat_ws(' ', q.variant_id, q.reserved, q.outgoing, sum(l.reserved))
		FROM ledger.stock_quants q
		LEFT JOIN (ledger.order_lines l JOIN ledger.orders o ON o.id = l.order_id)
			ON l.variant_id = q.variant_id AND o.warehouse_id = q.warehouse_id
		GROUP BY q.variant_id, q.warehouse_id
		HAVING (q.reserved, q.outgoing) IS DISTINCT FROM (coalesce(sum(l.reserved), 0), coalesce(sum(l.reserved), 0))`),
		"reserved is what the lines keep")
}

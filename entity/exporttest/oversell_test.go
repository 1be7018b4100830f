package exporttest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tandem/entity/sales"
	"tandem/entity/stock"
	"tandem/fault"
	"tandem/flow"
	"tandem/flow/flowtest"
)

const (
	soldProducts = 5
	salesPerSide = 500 // in the store, and as many in the ERP
	goodsOfEach  = 300
)

// market sells the same goods in the store and in the ERP at the same time, while orders are imported and stock is pushed.
type market struct {
	*stockPair
	products []string
	sold     [soldProducts]atomic.Int64 // by both sides, once the sale is over
}

// TestStockIsNotOversold: of what was sold before a push begins, on either side, nothing is on offer after it; and once everything has
// landed, the store offers exactly what is free.
func TestStockIsNotOversold(t *testing.T) {
	m := &market{stockPair: connectStock(t)}
	m.open()
	var selling, working sync.WaitGroup
	for _, sell := range []func(int) error{m.sellInStore, m.sellInERP} {
		selling.Go(func() {
			for n := range salesPerSide {
				if !assert.NoError(t, sell(n%soldProducts)) {
					return
				}
				m.sold[n%soldProducts].Add(1)
			}
		})
	}
	over := make(chan struct{})
	working.Go(func() { m.importOrders(over) })
	go func() { selling.Wait(); close(over) }()
	pushes := 0
	for done := false; !done; pushes++ {
		select {
		case <-over:
			done = true
		default:
		}
		m.pushAndCompare()
	}
	working.Wait()
	require.Greater(t, pushes, 2, "stock was pushed while it was sold")

	left := goodsOfEach - 2*salesPerSide/soldProducts
	m.pushAndCompare()
	for i, id := range m.products {
		require.EqualValues(t, 2*salesPerSide/soldProducts, m.sold[i].Load())
		require.Equal(t, left, m.held(id), "the store offers what is free")
		e, err := stock.Explain(t.Context(), m.ec, id)
		require.NoError(t, err)
		require.Equal(t, []string{strconv.Itoa(left), "0"}, []string{e.Figure.String(), e.KeptBack.String()}, "every sale has reached the ERP")
	}
}

// open puts goods on the shelf.
func (m *market) open() {
	m.t.Helper()
	for i := range soldProducts {
		made := m.ask(http.MethodPost, "products", map[string]any{
			"name": fmt.Sprint("Article ", i), "sku": fmt.Sprint("ART-", i), "regular_price": "5", "manage_stock": true, "stock_quantity": 0, "backorders": "no",
		})
		m.products = append(m.products, jsonNumber(made["id"]))
	}
	m.importIt("product")
	m.count(strconv.Itoa(goodsOfEach), m.products...)
	m.book.imported = time.Now().UTC().Add(-time.Minute)
	m.pushAndCompare()
}

func (m *market) sellInStore(i int) error {
	m.sell("processing", 1, m.products[i])
	return nil
}

// sellInERP reserves a piece, as confirming an order of the ledger's own does.
func (m *market) sellInERP(i int) error {
	_, err := m.books.Exec(`
		UPDATE ledger.stock_quants q SET reserved = reserved + 1, outgoing = outgoing + 1, changed = pg_current_xact_id()
		FROM ledger.external_ids e WHERE e.model = 'variant' AND e.entity = 'product' AND e.ext_id = $1 AND q.variant_id = e.record_id`, m.products[i])
	return err
}

// importOrders imports the store's orders over and over, and once more when nothing is sold any more.
func (m *market) importOrders(over <-chan struct{}) {
	for last := false; !last; {
		select {
		case <-over:
			last = true
		case <-time.After(50 * time.Millisecond):
		}
		since, _ := m.book.Watermark(context.Background(), "", "order")
		began := time.Now().UTC()
		var r flowtest.Recorder
		err := sales.Orders.Run(context.Background(), m.ec, flow.Scan{Filter: flow.Filter{Kind: flow.Changes, From: since}}, &r)
		if !assert.NoError(m.t, err) {
			return
		}
		m.book.take("order", &r)
		m.book.mu.Lock()
		m.book.imported = began
		m.book.mu.Unlock()
	}
}

// pushAndCompare pushes all stock, and compares it with what was sold before.
func (m *market) pushAndCompare() {
	m.t.Helper()
	var free [soldProducts]int64
	for i := range free {
		free[i] = goodsOfEach - m.sold[i].Load()
	}
	var r flowtest.Recorder
	err := stock.Pushes.Run(context.Background(), m.ec, flow.Scan{Filter: flow.Filter{Kind: flow.All}}, &r)
	if fault.Is(err, fault.Unavailable) {
		return // sold faster than it was written: it is pushed again
	}
	require.NoError(m.t, err)
	for _, o := range r.Outcomes() {
		for i, id := range m.products {
			if o.Key.ID != id {
				continue
			}
			require.True(m.t, o.Landed(), o.Reason)
			pushed, err := strconv.ParseInt(o.After, 10, 64)
			require.NoError(m.t, err)
			require.LessOrEqual(m.t, pushed, free[i], "article %d is offered although it was sold before", i)
		}
	}
}

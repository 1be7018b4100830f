package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/instance"
	"tandem/woo/wootest"
)

// perRequest is how many products a request of the store carries.
const perRequest = 100

// What the store of these benchmarks takes for a request. A real WooCommerce 10.5 took 0.7 to 2 s to list a hundred products on this kind of
// machine, and 4.7 to 5.8 s to write the stock of a hundred.
const (
	listLatency  = 100 * time.Millisecond
	batchLatency = 250 * time.Millisecond
)

// pushMeasure is a push of a whole catalogue beside the bare requests that it needs at least.
type pushMeasure struct {
	what         string
	pushed, read int // products
	besides      int // requests it needs, whatever the number of products
	requests     int
	bare, took   time.Duration
}

// fewest is how many requests such a push takes at the very least: a reading one for every hundred products, and a writing one for every
// hundred that differ.
func (m pushMeasure) fewest() int { return hundreds(m.read) + hundreds(m.pushed) + m.besides }

func hundreds(n int) int { return (n + perRequest - 1) / perRequest }

func (m pushMeasure) requestRatio() float64 { return float64(m.requests) / float64(m.fewest()) }

// ofBare is how much of the time the store itself takes.
func (m pushMeasure) ofBare() float64 { return m.bare.Seconds() / m.took.Seconds() }

// BenchmarkStockPush moves the stock of all products in the ERP, and pushes it.
func BenchmarkStockPush(b *testing.B) {
	benchmarkPush(b, pushed{
		what: "stock", entity: "stock", field: "stock_quantity",
		edit:    `UPDATE ledger.stock_quants SET on_hand = on_hand + 1000, changed = pg_current_xact_id()`,
		besides: 3, // the orders that are open, those that changed, and those that came meanwhile
		least:   func(products int) int { return products / 2 },
		value:   func(i int) any { return 5 + i },
	})
}

// BenchmarkProductExport renames all products in the ERP, and exports them.
func BenchmarkProductExport(b *testing.B) {
	benchmarkPush(b, pushed{
		what: "names", entity: "product", field: "name",
		edit:  `UPDATE ledger.products SET name = name || ' (new)'`,
		least: func(products int) int { return products },
		value: func(i int) any { return fmt.Sprintf("Product %d", i) },
	})
}

// pushed is what a benchmark changes of all products and pushes.
type pushed struct {
	what, entity, field, edit string
	besides                   int
	least                     func(products int) int
	value                     func(i int) any
}

func benchmarkPush(b *testing.B, p pushed) {
	for _, products := range []int{1_000, 20_000} {
		b.Run(fmt.Sprintf("products=%d", products), func(b *testing.B) {
			for range b.N {
				o := wootest.Sized(products, 5, 0)
				o.Variable, o.PageLatency, o.BatchLatency = 0, listLatency, batchLatency
				store := openShop(b, o)
				x := benchInstallation(b)
				x.connectForBench(store.URL, []instance.WorkflowRule{})
				x.watched(x.begin(everything).ID)
				x.allowStock(0)
				x.allowExports()
				_, err := x.database.ExecContext(b.Context(), p.edit)
				require.NoError(b, err)

				before, began := store.total(), time.Now()
				op := x.watched(post[gen.Operation](x, "/operations", gen.NewOperation{
					Instances: []string{instanceID}, Entities: []string{p.entity}, Filter: changed, Direction: gen.NewOperationDirectionExport,
				}).ID)
				m := pushMeasure{
					what: p.what, pushed: op.Progress[0].Updated, read: op.Progress[0].Read, besides: p.besides,
					took: time.Since(began), requests: store.total() - before,
				}
				require.GreaterOrEqual(b, m.pushed, p.least(products))
				m.bare = store.pushBare(m.pushed, p)
				b.ReportMetric(float64(m.pushed)/m.took.Seconds(), "products/s")
				b.ReportMetric(m.requestRatio(), "requests/fewest")
				b.ReportMetric(m.ofBare(), "bare/total")
				measured.pushes = append(measured.pushes, m)
			}
		})
	}
}

// pushBare reads and writes a field of so many products a hundred at a time, and does nothing else.
func (s *shop) pushBare(products int, p pushed) time.Duration {
	s.t.Helper()
	var ids []string
	for _, product := range s.products() {
		if (p.field != "stock_quantity" || product.Managed == true) && len(ids) < products {
			ids = append(ids, strconv.Itoa(product.ID))
		}
	}
	require.Len(s.t, ids, products)
	began := time.Now()
	for from := 0; from < len(ids); from += perRequest {
		part := ids[from:min(from+perRequest, len(ids))]
		s.ask(http.MethodGet, "products?per_page=100&status=any&include="+strings.Join(part, ","), nil, nil)
		var updates []map[string]any
		for i, id := range part {
			updates = append(updates, map[string]any{"id": id, p.field: p.value(i)})
		}
		s.ask(http.MethodPost, "products/batch", map[string]any{"update": updates}, nil)
	}
	return time.Since(began)
}

func describePushes(w io.Writer, all []pushMeasure) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## Pushes into the store\n\nAll products changed in the ERP. Bare are the requests that read and write them a hundred at a time, put to the store one after\n"+
		"another. The store takes %d ms for a list and %d ms for a batch; a real one takes several times as long.\n\n"+
		"| what | products | took | products/s | bare requests | bare ÷ total (aim ≥ 0.9) | requests ÷ fewest (aim ≤ 1.05) |\n|---|---|---|---|---|---|---|\n",
		listLatency.Milliseconds(), batchLatency.Milliseconds())
	for _, m := range all {
		fmt.Fprintf(w, "| %s | %d | %.1f s | %.0f | %.1f s | %.2f | %.3f |\n", m.what, m.pushed, m.took.Seconds(), float64(m.pushed)/m.took.Seconds(),
			m.bare.Seconds(), m.ofBare(), m.requestRatio())
	}
}

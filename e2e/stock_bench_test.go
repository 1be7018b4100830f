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

// stockMeasure is a push of the stock of a whole catalogue beside the bare requests that it needs at least.
type stockMeasure struct {
	pushed, read int // products
	requests     int
	bare, took   time.Duration
}

// fewest is how many requests such a push takes at the very least: a reading one for every hundred products, a writing one for every
// hundred that differ, and three for the orders: those that are open, those that changed, and those that came meanwhile.
func (m stockMeasure) fewest() int { return hundreds(m.read) + hundreds(m.pushed) + 3 }

func hundreds(n int) int { return (n + perRequest - 1) / perRequest }

func (m stockMeasure) requestRatio() float64 { return float64(m.requests) / float64(m.fewest()) }

// ofBare is how much of the time the store itself takes.
func (m stockMeasure) ofBare() float64 { return m.bare.Seconds() / m.took.Seconds() }

// BenchmarkStockPush moves the stock of all products in the ERP, and pushes it.
func BenchmarkStockPush(b *testing.B) {
	for _, products := range []int{1_000, 20_000} {
		b.Run(fmt.Sprintf("products=%d", products), func(b *testing.B) {
			for range b.N {
				o := wootest.Sized(products, 5, 0)
				o.Variable = 0
				store := openShop(b, o)
				x := benchInstallation(b)
				x.connectForBench(store.URL, []instance.WorkflowRule{})
				x.watched(x.begin(everything).ID)
				x.allowStock(0)
				_, err := x.database.ExecContext(b.Context(), `UPDATE ledger.stock_quants SET on_hand = on_hand + 1000, changed = pg_current_xact_id()`)
				require.NoError(b, err)

				before, began := store.total(), time.Now()
				op := x.watched(post[gen.Operation](x, "/operations", gen.NewOperation{
					Instances: []string{instanceID}, Entities: []string{"stock"}, Filter: changed, Direction: gen.NewOperationDirectionExport,
				}).ID)
				m := stockMeasure{pushed: op.Progress[0].Updated, read: op.Progress[0].Read, took: time.Since(began), requests: store.total() - before}
				require.Greater(b, m.pushed, products/2)
				m.bare = store.pushBare(m.pushed)
				b.ReportMetric(float64(m.pushed)/m.took.Seconds(), "products/s")
				b.ReportMetric(m.requestRatio(), "requests/fewest")
				b.ReportMetric(m.ofBare(), "bare/total")
				measured.stock = append(measured.stock, m)
			}
		})
	}
}

// pushBare reads and writes the stock of so many products a hundred at a time, and does nothing else.
func (s *shop) pushBare(products int) time.Duration {
	s.t.Helper()
	var counted []string
	for _, p := range s.products() {
		if p.Managed == true && len(counted) < products {
			counted = append(counted, strconv.Itoa(p.ID))
		}
	}
	require.Len(s.t, counted, products)
	began := time.Now()
	for from := 0; from < len(counted); from += perRequest {
		part := counted[from:min(from+perRequest, len(counted))]
		s.ask(http.MethodGet, "products?per_page=100&_fields=id,type,manage_stock,stock_quantity,backorders,variations&status=any&include="+strings.Join(part, ","), nil, nil)
		var updates []map[string]any
		for _, id := range part {
			updates = append(updates, map[string]any{"id": id, "stock_quantity": 5})
		}
		s.ask(http.MethodPost, "products/batch", map[string]any{"update": updates}, nil)
	}
	return time.Since(began)
}

func describeStock(w io.Writer, all []stockMeasure) {
	if len(all) == 0 {
		return
	}
	fmt.Fprint(w, "\n## Stock push\n\nAll products moved in the ERP. Bare are the same reading and writing requests, put to the store one after another without a network.\n\n"+
		"| products | took | products/s | bare requests | bare ÷ total | requests ÷ fewest |\n|---|---|---|---|---|---|\n")
	for _, m := range all {
		fmt.Fprintf(w, "| %d | %.1f s | %.0f | %.1f s | %.2f | %.3f |\n", m.pushed, m.took.Seconds(), float64(m.pushed)/m.took.Seconds(),
			m.bare.Seconds(), m.ofBare(), m.requestRatio())
	}
}

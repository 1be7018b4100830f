package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"tandem/api/gen"
	"tandem/devstack"
	"tandem/instance"
	"tandem/woo/wootest"
)

// benchLimit bounds one import of the largest store.
const benchLimit = 15 * time.Minute

// BenchmarkImport imports stores of growing size with their products and customers, without sale workflows. The program
// runs in a process of its own, whose peak memory is read from the kernel; PostgreSQL keeps its default durability.
func BenchmarkImport(b *testing.B) {
	for _, orders := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("orders=%d", orders), func(b *testing.B) {
			for range b.N {
				store := openShop(b, wootest.Sized(max(300, orders/10), max(200, orders/4), orders))
				x := benchInstallation(b)
				x.connectForBench(store.URL, []instance.WorkflowRule{})
				before, began := store.total(), time.Now()
				op := x.watched(x.begin(everything).ID)
				took := time.Since(began)
				m := importMeasure{
					orders: orders, took: took, progress: op.Progress, requests: store.total() - before,
					events: x.historyEvents(), peakMiB: x.server.peakMiB(),
				}
				m.report(b)
				measured.imports = append(measured.imports, m)
			}
		})
	}
}

// BenchmarkSlowStore compares an import of orders with their refunds from a store that answers a page of 100 in 500 ms, to two
// readers at a time, with the bare reading of both lists by two readers.
func BenchmarkSlowStore(b *testing.B) {
	const orders = 10_000
	for range b.N {
		o := wootest.Sized(300, 200, orders)
		o.PageLatency, o.Readers = 500*time.Millisecond, readers
		store := openShop(b, o)
		x := benchInstallation(b)
		x.connectForBench(store.URL, []instance.WorkflowRule{})
		x.watched(x.begin(everything, "tax", "category", "tag", "brand", "attribute", "shipping_class", "product", "customer").ID)

		bare := store.readBare(b, append(pagesOf("orders", orders/100), pagesOf("refunds", (store.Count("refunds")+99)/100)...))
		began := time.Now()
		x.watched(x.begin(everything, "order").ID)
		m := slowMeasure{orders: orders, bare: bare, took: time.Since(began)}
		b.ReportMetric(m.ratio(), "total/reading")
		measured.slow = append(measured.slow, m)
	}
}

// BenchmarkSaleWorkflows takes imported orders from draft to shipped: four steps each, every one a durable activity of its
// own on the dev server.
func BenchmarkSaleWorkflows(b *testing.B) {
	for range b.N {
		store := openShop(b, wootest.Sized(300, 200, 1_000))
		x := benchInstallation(b)
		x.connectForBench(store.URL, []instance.WorkflowRule{})
		x.watched(x.begin(everything).ID)
		x.connectForBench(store.URL, []instance.WorkflowRule{
			{Match: "processing", Workflow: instance.DefaultWorkflowID}, {Match: "completed", Workflow: instance.DefaultWorkflowID},
		})
		began, before := time.Now(), x.cpuTimes()
		x.watched(x.begin(everything, "order").ID)
		states := x.salesEnded()
		require.Len(b, states, 1, "%v", states)
		m := saleMeasure{
			orders: states["done"], took: time.Since(began), cpu: x.cpuTimes().since(before, states["done"]), events: x.eventsPerSale(),
		}
		m.report(b)
		measured.sales = append(measured.sales, m)
	}
}

// benchInstallation runs the program on a PostgreSQL of its own with its usual, durable settings.
func benchInstallation(b *testing.B) *tandem {
	b.Helper()
	folder, err := newFolder()
	require.NoError(b, err)
	server, err := devstack.StartPostgres(b.Context(), devstack.PostgresOptions{Folder: folder, Report: report})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, errors.Join(server.Stop(), os.RemoveAll(folder))) })
	x := install(b, server)
	x.serve()
	return x
}

// connectForBench connects a store, or changes which orders go through the sale workflow. Images are left out: their bytes
// would be measured, not the import. The program is started again, for it uses a configuration for a while before it reads
// the next one.
func (x *tandem) connectForBench(storeURL string, rules []instance.WorkflowRule) {
	x.t.Helper()
	var in gen.Instance
	if x.api.Get(x.t.Context(), "/instances/"+instanceID, nil, &in) != nil {
		in = x.connect(storeURL)
	}
	in.Config.Product.ImportImages = false
	in.Config.Order.Workflows = rules
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+instanceID, map[string]any{"config": in.Config}, nil))
	x.stop()
	x.serve()
}

// watched waits for the end of an operation of any size.
func (x *tandem) watched(id string) gen.Operation {
	x.t.Helper()
	var op gen.Operation
	eventuallyWithin(x.t, benchLimit, "operation "+id, func() bool {
		return x.api.Get(x.t.Context(), "/operations/"+id, nil, &op) == nil && !op.FinishedAt.IsZero()
	})
	require.Equal(x.t, "done", string(op.State), op.Error)
	for _, p := range op.Progress {
		if p.Parked+p.Failed > 0 && p.Entity != "refund" { // those of quotations wait until something is sold
			require.Fail(x.t, "not everything landed", "%s: %v", p.Entity, x.held())
		}
	}
	return op
}

// held says why records did not land.
func (x *tandem) held() []string {
	x.t.Helper()
	return x.heldOf(instanceID)
}

func (x *tandem) heldOf(id string) []string {
	x.t.Helper()
	var reasons []string
	for _, state := range []string{"parked", "failed"} {
		for _, job := range get[gen.JobPage](x, "/jobs?limit=10&state="+state+"&instance="+id).Items {
			reasons = append(reasons, job.Entity+" "+job.WooID+" "+job.Code+": "+job.Reason)
		}
	}
	return reasons
}

// historyEvents sums the events of all workflows.
func (x *tandem) historyEvents() int {
	x.t.Helper()
	events := 0
	x.eachExecution("", func(length int64) { events += int(length) })
	return events
}

// eventsPerSale is the average history of a sale order.
func (x *tandem) eventsPerSale() int {
	x.t.Helper()
	events, runs := 0, 0
	x.eachExecution("WorkflowType = 'SaleOrder'", func(length int64) { events, runs = events+int(length), runs+1 })
	require.Positive(x.t, runs)
	return events / runs
}

func (x *tandem) eachExecution(query string, do func(historyLength int64)) {
	x.t.Helper()
	var next []byte
	for {
		page, err := x.temporal.ListWorkflow(x.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Query: query, NextPageToken: next})
		require.NoError(x.t, err)
		for _, execution := range page.Executions {
			do(execution.HistoryLength)
		}
		if next = page.NextPageToken; len(next) == 0 {
			return
		}
	}
}

// total counts all requests to the store.
func (s *shop) total() int {
	n := 0
	for _, count := range s.Stats().Requests {
		n += count
	}
	return n
}

// pagesOf lists the addresses of the pages of a list.
func pagesOf(resource string, pages int) []string {
	paths := make([]string, pages)
	for i := range paths {
		paths[i] = fmt.Sprintf("/wp-json/wc/v3/%s?dp=6&per_page=100&orderby=id&order=asc&page=%d", resource, i+1)
	}
	return paths
}

// readBare reads what is at these addresses with as many readers as the import has, and does nothing with it.
func (s *shop) readBare(b *testing.B, paths []string) time.Duration {
	b.Helper()
	began := time.Now()
	next := make(chan string)
	var reading sync.WaitGroup
	for range readers {
		reading.Go(func() {
			for path := range next {
				recorder := newDiscard()
				s.ServeHTTP(recorder, httpRequest(b, path))
				if recorder.status != http.StatusOK {
					b.Errorf("%s: status %d", path, recorder.status)
				}
			}
		})
	}
	for _, path := range paths {
		next <- path
	}
	close(next)
	reading.Wait()
	return time.Since(began)
}

// peakMiB is the most memory the process ever had.
func (c *child) peakMiB() int {
	c.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	require.NoError(c.t, err)
	_, after, found := strings.Cut(string(status), "VmHWM:")
	require.True(c.t, found)
	kib, err := strconv.Atoi(strings.Fields(after)[0])
	require.NoError(c.t, err)
	return kib / 1024
}

package e2e

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// table is where the benchmarks' results are written, besides standard output.
var table = flag.String("table", "", "write the benchmarks' results to this Markdown file")

// measured gathers the results of all benchmarks for the table.
var measured struct {
	imports []importMeasure
	slow    []slowMeasure
	first   []firstMeasure
	sales   []saleMeasure
	pushes  []pushMeasure
	api     []apiMeasure
	printed printMeasure

	webhooks webhookMeasure
}

type importMeasure struct {
	orders   int
	took     time.Duration
	progress []gen.Progress
	requests int
	events   int
	peakMiB  int
}

func (m importMeasure) records() (n int) {
	for _, p := range m.progress {
		n += p.Read
	}
	return n
}

// orderRate is how many orders a second landed while orders were landed.
func (m importMeasure) orderRate() float64 {
	p := progressOf(gen.Operation{Progress: m.progress}, "order")
	return float64(p.Read) / p.FinishedAt.Sub(p.StartedAt).Seconds()
}

// fewest is how many requests the same records take at the very least: full pages, and one for the variations, terms or
// methods of each record that has some.
func (m importMeasure) fewest() int {
	n := 0
	for _, p := range m.progress {
		n += max(1, (p.Total+99)/100)
		switch p.Entity {
		case "product":
			n += variable(m.orders)
		case "attribute", "shipping_zone":
			n += p.Total
		}
	}
	return n
}

// variable is how many variable products the store of this size has.
func variable(orders int) int { return wootest.Sized(max(300, orders/10), 1, orders).Variable }

func (m importMeasure) requestRatio() float64 { return float64(m.requests) / float64(m.fewest()) }

func (m importMeasure) report(b *testing.B) {
	b.ReportMetric(m.orderRate(), "orders/s")
	b.ReportMetric(float64(m.records())/m.took.Seconds(), "records/s")
	b.ReportMetric(m.requestRatio(), "requests/fewest")
	b.ReportMetric(float64(m.events), "events")
	b.ReportMetric(float64(m.peakMiB), "peak-MiB")
}

type slowMeasure struct {
	orders     int
	bare, took time.Duration
}

func (m slowMeasure) ratio() float64 { return m.took.Seconds() / m.bare.Seconds() }

// firstMeasure is a whole first import beside the bare reading of all that it asked the store for.
type firstMeasure struct {
	progress      []gen.Progress
	pages, images int // asked for
	bare, took    time.Duration
}

func (m firstMeasure) ratio() float64 { return m.took.Seconds() / m.bare.Seconds() }

type saleMeasure struct {
	orders int
	took   time.Duration
	cpu    cpu // for each order
	events int
}

func (m saleMeasure) report(b *testing.B) {
	b.ReportMetric(m.rate(), "orders/s")
	b.ReportMetric(milliseconds(m.cpu.ours()), "CPU-ms/order")
	b.ReportMetric(milliseconds(m.cpu.temporal), "Temporal-CPU-ms/order")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (m saleMeasure) rate() float64 { return float64(m.orders) / m.took.Seconds() }

// writeTable prints what was measured, and writes it to the file the flag names.
func writeTable() error {
	if len(measured.imports)+len(measured.slow)+len(measured.first)+len(measured.sales)+len(measured.pushes)+len(measured.api)+len(measured.webhooks.acknowledged)+len(measured.webhooks.landed) == 0 {
		return nil
	}
	var b strings.Builder
	describe(&b)
	fmt.Print(b.String())
	if *table == "" {
		return nil
	}
	return os.WriteFile(*table, []byte(b.String()), 0o644) //nolint:gosec // a page of the documentation
}

func describe(w io.Writer) {
	fmt.Fprintf(w, "# Benchmarks\n\nWritten by `make bench` on %s, %d cores, %s, %s. Simulator, PostgreSQL, Temporal dev server and Tandem share\nthe machine; nothing of it is tuned for the test.\n",
		time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), runtime.GOOS+"/"+runtime.GOARCH, runtime.Version())
	if len(measured.imports) > 0 {
		describeImports(w)
	}
	for _, m := range measured.slow {
		fmt.Fprintf(w, "\n## A slow store\n\nA store that answers a page of 100 in 500 ms, to two readers at a time; %d orders with their refunds. Read alone are both lists.\n\n"+
			"| reading the pages alone | whole import | total ÷ reading | aim |\n|---|---|---|---|\n| %.1f s | %.1f s | %.2f | ≤ 1.15 |\n",
			m.orders, m.bare.Seconds(), m.took.Seconds(), m.ratio())
	}
	for _, m := range measured.first {
		fmt.Fprintf(w, "\n## A whole first import from a slow store\n\nThe same store: %d records with their images. Read alone is everything that the import asked for, by two readers.\n\n"+
			"| pages | images | reading alone | whole import | total ÷ reading | aim |\n|---|---|---|---|---|---|\n| %d | %d | %.1f s | %.1f s | %.2f | ≤ 1.15 |\n",
			importMeasure{progress: m.progress}.records(), m.pages, m.images, m.bare.Seconds(), m.took.Seconds(), m.ratio())
	}
	for _, m := range measured.sales {
		fmt.Fprintf(w, "\n## Sale workflows\n\nFrom draft to shipped: validate, invoice, pay and ship, each a durable activity on the Temporal dev server (SQLite).\n\n"+
			"| orders | took | orders/s | history events per order |\n|---|---|---|---|\n| %d | %.1f s | %.0f | %d |\n\n"+
			"CPU time for each order, the import of the orders that starts the workflows included:\n\n"+
			"| Tandem | its PostgreSQL | both | Temporal server | simulator and benchmark |\n|---|---|---|---|---|\n"+
			"| %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms |\n",
			m.orders, m.took.Seconds(), m.rate(), m.events, milliseconds(m.cpu.tandem), milliseconds(m.cpu.postgres),
			milliseconds(m.cpu.ours()), milliseconds(m.cpu.temporal), milliseconds(m.cpu.simulator))
	}
	describePushes(w, measured.pushes)
	describeAPI(w, measured.api, measured.printed)
	if len(measured.webhooks.acknowledged)+len(measured.webhooks.landed) > 0 {
		describeWebhooks(w, measured.webhooks)
	}
}

func describeImports(w io.Writer) {
	fmt.Fprint(w, "\n## Import without sale workflows\n\nOrders with their products, customers and everything else, from a simulator without latency.\n\n"+
		"| orders | records | took | records/s | orders/s | requests ÷ fewest | history events | peak memory |\n|---|---|---|---|---|---|---|---|\n")
	for _, m := range measured.imports {
		fmt.Fprintf(w, "| %d | %d | %.1f s | %.0f | %.0f | %.3f | %d | %d MiB |\n", m.orders, m.records(), m.took.Seconds(),
			float64(m.records())/m.took.Seconds(), m.orderRate(), m.requestRatio(), m.events, m.peakMiB)
	}
	if n := len(measured.imports); n > 1 {
		last, before := measured.imports[n-1], measured.imports[n-2]
		fmt.Fprintf(w, "\nGrowth from %d to %d orders: %.1f times the time (aim ≤ 11). Aims: ≥ 1,000 orders/s, requests ÷ fewest ≤ 1.05,\nmemory < 300 MiB. `records/s` is over the whole import, `orders/s` while orders are landed.\n",
			before.orders, last.orders, last.took.Seconds()/before.took.Seconds())
	}
}

func httpRequest(t testing.TB, path string) *http.Request {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.TLS = &tls.ConnectionState{}
	request.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
	return request
}

// discard takes a reply and keeps its status only.
type discard struct {
	header http.Header
	status int
}

func newDiscard() *discard { return &discard{header: http.Header{}, status: http.StatusOK} }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }

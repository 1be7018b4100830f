package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// How much there is of what the API is asked for, and how often each request is measured once it was asked before.
const (
	apiJobs, apiLogs, apiLines, apiNames = 100_000, 1_000_000, 1_000_000, 1_000_000
	apiRounds                            = 5
)

// Aims of requests: lists and counts that a page shows, and reports that are added up.
const (
	listAim   = 300 * time.Millisecond
	reportAim = time.Second
)

// apiMeasure is a request with the median of its times.
type apiMeasure struct {
	name, path string
	aim, took  time.Duration
}

// printMeasure is a printed report that lists each order.
type printMeasure struct {
	orders, peakMiB int
	took            time.Duration
}

// apiRequests are what the page asks for, with its filters. The largest of all lists is that of one store.
var apiRequests = []apiMeasure{
	{name: "jobs", path: "/jobs?limit=50"},
	{name: "jobs, done", path: "/jobs?limit=50&state=done"},
	{name: "jobs, parked, of a store", path: "/jobs?limit=50&state=parked&instance=shop1"},
	{name: "jobs, by a reason", path: "/jobs?limit=50&state=parked&code=unknown_product"},
	{name: "jobs, by a reason that none has", path: "/jobs?limit=50&state=failed&code=unknown_currency"},
	{name: "jobs, of an entity", path: "/jobs?limit=50&entity=customer"},
	{name: "jobs, of a record", path: "/jobs?limit=50&woo_id=77777"},
	{name: "job counts", path: "/jobs/counts"},
	{name: "job counts of a store", path: "/jobs/counts?instance=shop1"},
	{name: "logs", path: "/logs?limit=50"},
	{name: "logs, failed", path: "/logs?limit=50&status=failed"},
	{name: "logs, failed, of a store", path: "/logs?limit=50&status=failed&instance=shop1"},
	{name: "logs, of a record", path: "/logs?limit=50&woo_id=77777"},
	{name: "logs, of a record of a store", path: "/logs?limit=50&instance=shop1&woo_id=77777"},
	{name: "logs, of an entity", path: "/logs?limit=50&entity=customer"},
	{name: "logs, of a status that none has", path: "/logs?limit=50&status=unchanged&instance=shop2"},
	{name: "logs, of a day", path: "/logs?limit=50&from=2026-01-10T00:00:00Z&to=2026-01-11T00:00:00Z"},
	{name: "log chart", path: "/logs/chart?bucket=day"},
	{name: "log chart of a store", path: "/logs/chart?bucket=day&instance=shop1"},
	{name: "log chart of a week, by the hour", path: "/logs/chart?bucket=hour&from=2026-01-10T00:00:00Z&to=2026-01-17T00:00:00Z"},
	{name: "orders", path: "/orders?limit=50"},
	{name: "orders, blocked", path: "/orders?limit=50&state=blocked"},
	{name: "orders, blocked, of a store", path: "/orders?limit=50&state=blocked&instance=shop1"},
	{name: "order counts", path: "/orders/counts?instance=shop1"},
	{name: "links", path: "/links?limit=50"},
	{name: "links, by a number", path: "/links?limit=50&woo_id=77777"},
	{name: "links, by a number of the ERP", path: "/links?limit=50&erp_id=e77777"},
	{name: "links, unsynchronised", path: "/links?limit=50&state=unsynchronised"},
	{name: "links, of products", path: "/links?limit=50&entity=product"},
	{name: "search, by an order number", path: "/records/search?local_only=true&q=%23N90001"},
	{name: "search, by an id", path: "/records/search?local_only=true&q=90001"},
	{name: "search, by an SKU", path: "/records/search?local_only=true&q=SKU-90004"},
	{name: "search, by an e-mail address of 67 orders", path: "/records/search?local_only=true&q=buyer1@example.com"},
	{name: "search, by an e-mail address of one customer", path: "/records/search?local_only=true&q=person90006@example.com"},
	{name: "search, by a part of a name", path: "/records/search?local_only=true&q=example.com"},
	{name: "search, nothing found", path: "/records/search?local_only=true&q=nothing"},
	{name: "activity by day and entity", path: "/reports/activity?by=day&from=2026-01-01&to=2026-01-31"},
	{name: "orders behind a report", path: "/reports/sales/orders?limit=50"},
	{name: "orders of a product", path: "/reports/sales/orders?limit=50&product=shop1/1011"},
	{name: "orders of a country and month", path: "/reports/sales/orders?limit=50&country=FR&from=2024-03-01&to=2024-03-31"},
	{name: "orders of a rare country", path: "/reports/sales/orders?limit=50&country=PT"},
	{name: "orders of a country and gateway that none has", path: "/reports/sales/orders?limit=50&country=PT&gateway=cod"},
	{name: "sales, all", path: "/reports/sales", aim: reportAim},
	{name: "sales by day", path: "/reports/sales?by=day", aim: reportAim},
	{name: "sales by month and store", path: "/reports/sales?by=month&by=instance", aim: reportAim},
	{name: "sales by country, gateway and status", path: "/reports/sales?by=country&by=gateway&by=status", aim: reportAim},
	{name: "sales by product", path: "/reports/sales?by=product", aim: reportAim},
	{name: "sales by variant", path: "/reports/sales?by=variant", aim: reportAim},
	{name: "sales by category and year", path: "/reports/sales?by=category&by=year", aim: reportAim},
	{name: "sales by product in a month", path: "/reports/sales?by=product&from=2024-03-01&to=2024-03-31", aim: reportAim},
	{name: "sales of a product by month and country", path: "/reports/sales?by=month&by=country&product=shop1/1011", aim: reportAim},
}

// BenchmarkAPI asks the API for what the page shows, over a large installation.
func BenchmarkAPI(b *testing.B) {
	for range b.N {
		x := benchInstallation(b)
		for i := range 3 {
			post[gen.Instance](x, "/instances", gen.NewInstance{
				ID: fmt.Sprintf("shop%d", i), Name: "Shop", StoreURL: fmt.Sprintf("https://shop%d.example", i), ConsumerKey: "ck_1", ConsumerSecret: "cs_1",
			})
		}
		x.fillForBench()
		measured.api = nil
		for _, m := range apiRequests {
			if m.aim == 0 {
				m.aim = listAim
			}
			var times latencies
			for range apiRounds + 1 {
				began := time.Now()
				x.read(m.path)
				times = append(times, time.Since(began))
			}
			times = times[1:]
			slices.Sort(times)
			m.took = times.percentile(50)
			b.Logf("%-45s %6.0f ms of %d", m.name, milliseconds(m.took), m.aim.Milliseconds())
			measured.api = append(measured.api, m)
		}
		measured.printed = x.print()
	}
}

// read reads a reply to its end and gives its size.
func (x *tandem) read(path string) int64 {
	x.t.Helper()
	request, err := http.NewRequestWithContext(x.t.Context(), http.MethodGet, x.url+"/api/v1"+path, nil)
	require.NoError(x.t, err)
	request.Header.Set("Authorization", "Bearer "+x.token)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(x.t, err)
	defer answer.Body.Close()
	size, err := io.Copy(io.Discard, answer.Body)
	require.NoError(x.t, err)
	require.Equal(x.t, http.StatusOK, answer.StatusCode, path)
	return size
}

// print prints the report of about 10,000 orders, each of them listed.
func (x *tandem) print() printMeasure {
	x.t.Helper()
	const path = "/reports/sales/document?style=table&instance=shop1&from=2024-01-01&to=2024-05-11"
	orders := get[gen.SalesReport](x, "/reports/sales?instance=shop1&from=2024-01-01&to=2024-05-11").Cells
	m := printMeasure{}
	for _, cell := range orders {
		m.orders += cell.Orders
	}
	require.NoError(x.t, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", x.server.cmd.Process.Pid), []byte("5"), 0o200)) // the peak begins anew
	began := time.Now()
	require.Positive(x.t, x.read(path))
	m.took, m.peakMiB = time.Since(began), x.server.peakMiB()
	return m
}

// fillForBench lets the database make jobs, logs, runs, links, and sales of three lines each over three years.
func (x *tandem) fillForBench() {
	x.t.Helper()
	for _, s := range []struct {
		rows      int
		statement string
	}{
		{apiJobs, `INSERT INTO tandem.queue_jobs (operation, instance, entity, woo_id, state, outcome, code, reason, attempts, created_at, updated_at)
		  SELECT md5((i / 10000)::text)::uuid, 'shop' || i % 3, (ARRAY['order', 'order', 'order', 'product', 'customer'])[1 + i / 7 % 5], i,
		    CASE WHEN i % 50 = 0 THEN 'parked' WHEN i % 97 = 0 THEN 'failed' ELSE 'done' END, 'updated',
		    CASE WHEN i % 50 = 0 THEN (ARRAY['unknown_product', 'totals_differ', 'unknown_tax'])[1 + i / 50 % 3] ELSE '' END, '', 1,
		    '2026-01-01'::timestamptz + i * interval '26 seconds', '2026-01-01'::timestamptz + i * interval '26 seconds'
		  FROM generate_series(1, $1::int) i`},
		{apiLogs, `INSERT INTO tandem.logs (job, operation, instance, entity, woo_id, status, before, after, steps, duration_us, error_kind, code, message,
		    workflow_id, run_id, at)
		  SELECT i / 10, md5((i / 100000)::text)::uuid, 'shop' || i % 3, (ARRAY['order', 'order', 'order', 'product', 'customer'])[1 + i / 7 % 5],
		    i / 10, CASE WHEN i % 50 = 0 THEN 'parked' WHEN i % 97 = 0 THEN 'failed' ELSE 'updated' END, md5(i::text), md5(i::text), '{mapped,written}',
		    1200, '', '', '', 'operation/x', 'r', '2026-01-01'::timestamptz + i * interval '2.6 seconds'
		  FROM generate_series(1, $1::int) i`},
		{apiJobs, `INSERT INTO tandem.order_runs (instance, woo_id, erp_id, state, step, plan)
		  SELECT 'shop' || i % 3, i, 'e' || i, CASE WHEN i % 200 = 0 THEN 'blocked' ELSE 'done' END, 'ship', '{"workflow": "default", "steps": []}'
		  FROM generate_series(1, $1::int) i`},
		{apiLines / 3, `INSERT INTO tandem.sales (instance, woo_id, kind, order_id, number, at, currency, status, gateway, country, customer, units, goods,
		    shipping, fees, credit, discount, tax, digest)
		  SELECT 'shop' || i % 3, CASE WHEN i % 20 = 0 THEN i - 3 || '/' || i ELSE i::text END, CASE WHEN i % 20 = 0 THEN 'refund' ELSE 'order' END,
		    CASE WHEN i % 20 = 0 THEN i - 3 ELSE i END, i, '2023-01-01'::timestamptz + i * (interval '1095 days' / $1),
		    (ARRAY['EUR', 'EUR', 'EUR', 'USD'])[1 + i % 4], (ARRAY['completed', 'processing', 'refunded', 'cancelled'])[1 + i / 7 % 4],
		    (ARRAY['bacs', 'stripe', 'paypal'])[1 + i / 5 % 3], CASE WHEN i % 5003 = 0 THEN 'PT' ELSE (ARRAY['FR', 'DE', 'ES', 'IT', 'NL'])[1 + i / 3 % 5] END, (i::bigint * 7919) % 20000,
		    6, 60.40, 4.90, 0, 0, 1.50, 13.06, ''
		  FROM generate_series(1, $1::int) i`},
		{3, `INSERT INTO tandem.sale_lines (sale, line, kind, product, variant, name, leads, units, net, discount, tax)
		  SELECT s.id, n, CASE n WHEN $1 THEN 'shipping' ELSE 'product' END, CASE n WHEN 3 THEN '' ELSE p::text END, CASE n WHEN 3 THEN '' ELSE p || '1' END,
		    'Thing', CASE n WHEN 1 THEN 3 ELSE 2 END, CASE n WHEN 3 THEN 0 ELSE 3 END, CASE n WHEN 3 THEN 4.90 ELSE 30.20 END,
		    CASE n WHEN 3 THEN 0 ELSE 0.75 END, CASE n WHEN 3 THEN 0.98 ELSE 6.04 END
		  FROM tandem.sales s, generate_series(1, $1::int) n, LATERAL (
		    SELECT 1000 + (s.id * 31 + n * CASE s.id % 4 WHEN 0 THEN 40 ELSE 17 END) % 1200 AS p) sold`},
		{2, `INSERT INTO tandem.sale_taxes (sale, line, tax, label, rate, amount)
		  SELECT sale, line, '1', 'VAT', (ARRAY[20, 5.5])[1 + sale % $1::int], tax FROM tandem.sale_lines`},
		{1199, `INSERT INTO tandem.sold_products (instance, woo_id, name, sku, category, category_name)
		  SELECT 'shop' || s, 1000 + p, 'Thing ' || p, '', p % 40, 'Category ' || p % 40 FROM generate_series(0, 2) s, generate_series(0, $1::int) p`},
		{apiNames, `INSERT INTO tandem.raw_records (instance, entity, woo_id, digest, raw, type, status, names)
		  SELECT 'shop' || i % 3, (ARRAY['order', 'product', 'customer'])[1 + i / 3 % 3], i, sha256(i::text::bytea), '{}', '', '', CASE i / 3 % 3
		    WHEN 0 THEN ARRAY['n' || i, 'buyer' || i % 5000 || '@example.com'] WHEN 1 THEN ARRAY['sku-' || i] ELSE ARRAY['person' || i || '@example.com'] END
		  FROM generate_series(1, $1::int) i`},
		{50, `INSERT INTO tandem.links (instance, entity, woo_id, woo_type, erp_id, state, digest)
		  SELECT instance, kind, woo_id, '', 'e' || woo_id, CASE WHEN id % $1 = 0 THEN 'unsynchronised' ELSE 'synchronised' END, '' FROM tandem.sales`},
	} {
		_, err := x.database.ExecContext(x.t.Context(), s.statement, s.rows)
		require.NoError(x.t, err)
	}
	x.fillFigures()
	_, err := x.database.ExecContext(x.t.Context(), `VACUUM ANALYZE`)
	require.NoError(x.t, err)
}

// fillFigures makes what reports add up of the sales, as the migrations do.
func (x *tandem) fillFigures() {
	x.t.Helper()
	for _, part := range []struct{ file, from, to string }{
		{"0070_figures.sql", "INSERT INTO", "CREATE INDEX"}, {"0075_category_orders.sql", "UPDATE", "-- "},
	} {
		migration, err := os.ReadFile("../schema/tandem/" + part.file)
		require.NoError(x.t, err)
		_, statements, _ := strings.Cut(string(migration), "\n"+part.from)
		statements, _, _ = strings.Cut(statements, "\n"+part.to)
		_, err = x.database.ExecContext(x.t.Context(), part.from+statements)
		require.NoError(x.t, err)
	}
}

func describeAPI(w io.Writer, all []apiMeasure, printed printMeasure) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## API\n\n%d queue jobs, %d log lines, %d orders with a sale workflow, %d order lines and %d records with names, in three stores. The median of %d requests, each asked for once before.\n\n"+
		"| request | took | aim |\n|---|---|---|\n", apiJobs, apiLogs, apiJobs, apiLines, apiNames, apiRounds)
	for _, m := range all {
		fmt.Fprintf(w, "| %s | %.0f ms | < %.0f ms |\n", m.name, milliseconds(m.took), milliseconds(m.aim))
	}
	fmt.Fprintf(w, "\nA printed report that lists %d orders took %.1f s (aim < 5 s) and %d MiB at most (aim < 200 MiB, all of the process).\n",
		printed.orders, printed.took.Seconds(), printed.peakMiB)
}

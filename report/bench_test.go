package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/report"
)

// benchLines is how many lines of orders the benchmark adds up.
const benchLines = 1_000_000

// fillSales writes orders of three lines each over three years, of which one in twenty is given back, made by the database.
func fillSales(b *testing.B, raw *sqlx.DB, lines int) {
	b.Helper()
	for _, statement := range []string{
		`INSERT INTO tandem.sales (instance, woo_id, kind, order_id, number, at, currency, status, gateway, country, customer, units, goods,
		   shipping, fees, credit, discount, tax, digest)
		 SELECT 'shop' || i % 3, CASE WHEN i % 21 = 0 THEN i - 1 || '/' || i ELSE i::text END, CASE WHEN i % 21 = 0 THEN 'refund' ELSE 'order' END,
		   i, i, '2023-01-01'::timestamptz + i * (interval '1095 days' / $1), (ARRAY['EUR', 'EUR', 'EUR', 'USD'])[1 + i % 4],
		   (ARRAY['completed', 'processing', 'refunded', 'cancelled'])[1 + i / 7 % 4], (ARRAY['bacs', 'stripe', 'paypal'])[1 + i / 5 % 3],
		   (ARRAY['FR', 'DE', 'ES', 'IT', 'NL'])[1 + i / 3 % 5], (i::bigint * 7919) % 20000, 6, 60.40, 4.90, 0, 0, 1.50, 13.06, ''
		 FROM generate_series(1, $1) i`,
		`INSERT INTO tandem.sale_lines (sale, line, kind, product, variant, name, leads, units, net, discount, tax)
		 SELECT s.id, n, CASE n WHEN 3 THEN 'shipping' ELSE 'product' END, CASE n WHEN 3 THEN '' ELSE p::text END, CASE n WHEN 3 THEN '' ELSE p || '1' END,
		   'Thing', CASE n WHEN 1 THEN 3 ELSE 2 END, CASE n WHEN 3 THEN 0 ELSE 3 END, CASE n WHEN 3 THEN 4.90 ELSE 30.20 END,
		   CASE n WHEN 3 THEN 0 ELSE 0.75 END, CASE n WHEN 3 THEN 0.98 ELSE 6.04 END
		 FROM tandem.sales s, generate_series(1, 3) n, LATERAL (SELECT 1000 + (s.id * 31 + n * 17) % 1200 AS p) sold
		 WHERE $1 > 0`,
		`INSERT INTO tandem.sale_taxes (sale, line, tax, label, rate, amount)
		 SELECT sale, line, '1', 'VAT', (ARRAY[20, 5.5])[1 + sale % 2], tax FROM tandem.sale_lines WHERE $1 > 0`,
		`INSERT INTO tandem.sold_products (instance, woo_id, name, sku, category, category_name)
		 SELECT 'shop' || s, p, 'Thing ' || p, '', p % 40, 'Category ' || p % 40 FROM generate_series(0, 2) s, generate_series(1000, 2199) p WHERE $1 > 0`,
	} {
		_, err := raw.Exec(statement, lines/3)
		require.NoError(b, err)
	}
	fillFigures(b, raw)
	_, err := raw.Exec(`VACUUM ANALYZE`)
	require.NoError(b, err)
}

// BenchmarkSales adds up a million lines of orders in the ways that people ask for, in a database that has read them before.
func BenchmarkSales(b *testing.B) {
	d, raw := openDB(b)
	fillSales(b, raw, benchLines)
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(b, err)
	var zones []report.Zone
	for i := range 3 {
		zones = append(zones, report.Zone{Instance: fmt.Sprintf("shop%d", i), Location: paris})
	}
	for _, by := range [][]report.Dimension{
		{}, {report.Day}, {report.Month, report.Instance}, {report.Country, report.Gateway, report.Status}, {report.Product},
		{report.Year, report.Category}, {report.Variant},
	} {
		name := "everything"
		if len(by) > 0 {
			name = strings.Trim(strings.ReplaceAll(fmt.Sprint(by), " ", "×"), "[]")
		}
		b.Run(name, func(b *testing.B) {
			request := report.Request{Dimensions: by}
			read := func() {
				sales, err := report.ReadSales(b.Context(), d, zones, request)
				require.NoError(b, err)
				require.NotEmpty(b, sales.Cells)
			}
			read()
			for b.Loop() {
				read()
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/report")
		})
	}
}

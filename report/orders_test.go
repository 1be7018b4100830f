package report_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/stretchr/testify/require"

	"tandem/report"
)

// The list says what looking at each line of each order says, whatever is filtered by, page by page.
func TestListsOfOrdersAreThoseOfTheirLines(t *testing.T) {
	s := openShop(t, fullShop())
	s.pullCatalogue()
	s.pullLanding("order")
	s.pull("refund")
	zone, err := time.LoadLocation("Asia/Kolkata")
	require.NoError(t, err)
	pick := func(statement string) (values []string) {
		require.NoError(t, s.raw.Select(&values, statement))
		return append(values, "")
	}
	products := pick(`SELECT DISTINCT 'demo/' || product FROM tandem.sale_lines WHERE product <> '' ORDER BY 1`)
	categories := pick(`SELECT DISTINCT 'demo/' || category FROM tandem.sold_products WHERE category <> '' ORDER BY 1`)
	customers := pick(`SELECT DISTINCT 'demo/' || customer FROM tandem.sales WHERE customer <> '' ORDER BY 1`)
	statuses, countries := pick(`SELECT DISTINCT status FROM tandem.sales ORDER BY 1`), pick(`SELECT DISTINCT country FROM tandem.sales ORDER BY 1`)
	random, seen := rand.New(rand.NewPCG(3, 3)), 0
	some := func(chance int, values []string) (chosen []string) {
		for random.IntN(10) < chance {
			chosen = append(chosen, values[random.IntN(len(values))])
		}
		return chosen
	}
	for range 60 {
		f := report.Filter{Statuses: some(3, statuses), Countries: some(2, countries), Customers: some(2, customers), Products: some(3, products),
			Categories: some(2, categories)}
		if random.IntN(3) == 0 {
			f.From = time.Date(2024, time.Month(1+random.IntN(30)), 1+random.IntN(28), 0, 0, 0, 0, time.UTC)
		}
		var plain []string
		require.NoError(t, s.raw.Select(&plain, `
			SELECT s.woo_id FROM tandem.sales s
			WHERE CASE WHEN cardinality($1::text[]) = 0 THEN s.status NOT IN ('pending', 'failed', 'cancelled') ELSE s.status = ANY ($1) END
			  AND (cardinality($2::text[]) = 0 OR s.country = ANY ($2))
			  AND (cardinality($3::text[]) = 0 OR CASE s.customer WHEN '' THEN '' ELSE 'demo/' || s.customer END = ANY ($3))
			  AND s.at >= $6 AND (cardinality($4::text[]) + cardinality($5::text[]) = 0 OR EXISTS (
			    SELECT FROM tandem.sales x LEFT JOIN tandem.sale_lines l ON l.sale = x.id LEFT JOIN tandem.sold_products p ON p.woo_id = l.product
			    WHERE x.id = s.id
			      AND (cardinality($4::text[]) = 0 OR CASE coalesce(l.product, '') WHEN '' THEN '' ELSE 'demo/' || l.product END = ANY ($4))
			      AND (cardinality($5::text[]) = 0 OR CASE coalesce(p.category, '') WHEN '' THEN '' ELSE 'demo/' || p.category END = ANY ($5))))
			ORDER BY s.at DESC, s.id DESC`,
			pq.Array(orEmpty(f.Statuses)), pq.Array(orEmpty(f.Countries)), pq.Array(orEmpty(f.Customers)), pq.Array(orEmpty(f.Products)),
			pq.Array(orEmpty(f.Categories)), time.Date(f.From.Year(), f.From.Month(), f.From.Day(), 0, 0, 0, 0, zone)))
		var listed []string
		for after, first := "", true; first || after != ""; first = false {
			var page []report.Order
			page, after, err = report.ReadOrders(t.Context(), s.db, []report.Zone{{Instance: "demo", Location: zone}}, f, after, 1+random.IntN(40))
			require.NoError(t, err)
			for _, o := range page {
				listed = append(listed, o.WooID)
			}
		}
		require.Equal(t, fmt.Sprint(plain), fmt.Sprint(listed), "%+v", f)
		seen += len(plain)
	}
	require.Greater(t, seen, 1000)
}

func orEmpty(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}

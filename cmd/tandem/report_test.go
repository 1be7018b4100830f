package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

func TestReportSales(t *testing.T) {
	stub := startAPI(t, gen.SalesReport{By: []gen.SalesDimension{"month", "product"}, Cells: []gen.SalesCell{
		{Currency: "EUR", Keys: map[string]string{"month": "2026-03", "product": "shop/12"}, Labels: map[string]string{"product": "Mug"}, Orders: 2,
			Units: "4", Net: "20", Tax: "4", Gross: "24", Average: "12", Refunds: "0"},
		{Currency: "EUR", Keys: map[string]string{"month": "2026-03"}, TotalOver: []gen.SalesDimension{"product"}, Gross: "hidden"},
		{Currency: "EUR", Keys: map[string]string{}, TotalOver: []gen.SalesDimension{"month", "product"}, Orders: 2, Units: "4", Net: "20", Tax: "4", Gross: "24", Average: "12", Refunds: "0"},
	}})
	out, err := command(t, "", "report", "sales", "--by", "month,product", "--from", "2026-03-01", "--instance", "shop,other", "--status", "any")
	require.NoError(t, err)
	require.Equal(t, "GET /reports/sales", stub.path)
	asked, err := url.ParseQuery(stub.query)
	require.NoError(t, err)
	require.Equal(t, url.Values{"by": {"month", "product"}, "from": {"2026-03-01"}, "instance": {"shop", "other"}, "status": {"any"}}, asked)
	require.Regexp(t, `CURRENCY +MONTH +PRODUCT +ORDERS`, out)
	require.Regexp(t, `EUR +2026-03 +shop/12 Mug +2 +4 +20 +4 +24 +12 +0`, out)
	require.Regexp(t, `EUR +all +all +2`, out)
	require.NotContains(t, out, "hidden")
	text, _, code := program(t, "report", "sales", "--json")
	require.Zero(t, code)
	document(t, text)
	stub.refuse("GET /reports/sales", http.StatusUnprocessableEntity, fault.Invalid, "the report has more than 5000 cells")
	_, err = command(t, "", "report", "sales")
	require.ErrorContains(t, err, "more than 5000 cells")
}

func TestReportSalesAsFile(t *testing.T) {
	stub := startAPI(t, nil)
	stub.replies["GET /reports/sales"] = func(w http.ResponseWriter) { _, _ = w.Write([]byte("currency,orders\n")) }
	file := filepath.Join(t.TempDir(), "sales.csv")
	out, err := command(t, "", "report", "sales", "--csv", file)
	require.NoError(t, err)
	require.Empty(t, out)
	require.Equal(t, "format=csv", stub.query)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "currency,orders\n", string(written))
	_, err = command(t, "", "report", "sales", "--xlsx", file, "--by", "month")
	require.NoError(t, err)
	require.Equal(t, "by=month&format=xlsx", stub.query)
	out, err = command(t, "", "report", "sales", "--csv", "-")
	require.NoError(t, err)
	require.Equal(t, "currency,orders\n", out)
}

func TestReportOrders(t *testing.T) {
	stub := startAPI(t, gen.SalesOrderPage{Items: []gen.SalesOrder{{Instance: "shop", WooID: "1310/1312", Number: "S-1310/1312", Kind: "refund",
		At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Status: "refunded", Currency: "EUR", Net: "10", Tax: "2", Gross: "12"}}})
	out, err := command(t, "", "report", "orders", "--product", "shop/12", "--limit", "5")
	require.NoError(t, err)
	require.Equal(t, "limit=5&product=shop%2F12", stub.query)
	require.Regexp(t, `2026-03-02T09:00:00Z +shop +1310/1312 +S-1310/1312 +refund +refunded +EUR +10 +2 +12`, out)
}

func TestReportActivity(t *testing.T) {
	stub := startAPI(t, gen.ActivityReport{By: "week",
		Queued: []gen.QueuedCount{{Period: "2026-W13", Instance: "shop", Entity: "order", Direction: "import", Done: 3, Waiting: 1, InProgress: 1},
			{Period: "2026-W13", Instance: "other", Entity: "order", Direction: "import", Done: 4, Parked: 2, Failed: 1}},
		Now:    []gen.EntityStanding{{Instance: "shop", Entity: "order", Synchronised: 7, Waiting: 2}},
		Totals: []gen.EntityStanding{{Entity: "order", Synchronised: 7, Waiting: 2}}})
	out, err := command(t, "", "report", "activity", "--by", "week", "--from", "2026-03-01", "--instance", "shop,other", "--entity", "order")
	require.NoError(t, err)
	require.Equal(t, "by=week&entity=order&from=2026-03-01&instance=shop&instance=other", stub.query)
	require.Regexp(t, `2026-W13 +order +import +2 +7 +2 +1`, out)
	require.Regexp(t, `shop +order +7 +0 +2`, out)
	require.Regexp(t, `all +order +7 +0 +2`, out)
}

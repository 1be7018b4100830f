package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/report/fact"
)

// soldOrder is the outcome of an order of 12.00, 2.00 of it tax, that landed.
func soldOrder(t testing.TB, id string) flow.Result {
	t.Helper()
	facts, err := json.Marshal(fact.Facts{
		Products: []fact.SoldProduct{{ID: "4012", Name: "=Mug"}},
		Sale: &fact.Sale{
			ID: id, Kind: fact.Order, Order: id, Number: "D-" + id, At: time.Date(2026, 3, 29, 10, 0, 0, 0, time.UTC), Currency: "EUR",
			Status: "processing", Gateway: "bacs", Country: "FR", Customer: "7", Lines: []fact.Line{{
				ID: "1", Kind: fact.Product, Product: "4012", Variant: "4012", Name: "Mug", Units: decimal.NewFromInt(2), Net: decimal.NewFromInt(10),
				Taxes: []fact.Tax{{Key: "1", Label: "VAT", Rate: decimal.NewFromInt(20), Amount: decimal.NewFromInt(2)}},
			}},
		},
	})
	require.NoError(t, err)
	return flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{
		Status: flow.Created, ID: "91", After: "d1", Key: keys("demo/order/" + id)[0], Facts: facts,
	}}
}

func TestSalesAreReported(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", soldOrder(t, "77"), soldOrder(t, "78"))

	got := decode[gen.SalesReport](h.call("GET", "/reports/sales?by=product&by=month&from=2026-03-01&to=2026-03-31&instance=demo", nil).is(http.StatusOK))
	require.Len(t, got.Cells, 4)
	require.Equal(t, []gen.SalesDimension{"product", "month"}, got.By)
	require.Equal(t, map[string]string{"product": "demo/4012", "month": "2026-03"}, got.Cells[0].Keys)
	require.Equal(t, map[string]string{"product": "=Mug"}, got.Cells[0].Labels)
	require.Equal(t, []gen.SalesDimension{"month"}, got.Cells[1].TotalOver)
	require.Equal(t, []gen.SalesDimension{"product", "month"}, got.Cells[3].TotalOver)
	for _, c := range got.Cells {
		require.Equal(t, []any{2, "4", "20", "4", "24", "12"}, []any{c.Orders, c.Units, c.Net, c.Tax, c.Gross, c.Average})
		require.Equal(t, []gen.SalesTax{{Label: "VAT", Rate: "20", Amount: "4"}}, c.Taxes)
	}
	require.Equal(t, "2026-03", got.Periods[0].Name)

	empty := decode[gen.SalesReport](h.call("GET", "/reports/sales?from=2027-01-01", nil).is(http.StatusOK))
	require.Empty(t, empty.Cells)
	for _, path := range []string{"/reports/sales?by=colour", "/reports/sales?by=day&by=month", "/reports/sales?by=day&by=status&by=country&by=gateway"} {
		h.call("GET", path, nil).problem(http.StatusUnprocessableEntity)
	}
	h.call("GET", "/reports/sales?instance=nope", nil).fields(http.StatusUnprocessableEntity, "instance")
	h.call("GET", "/reports/sales?product=4012", nil).fields(http.StatusUnprocessableEntity, "product")
}

func TestSalesAsCSV(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", soldOrder(t, "77"))
	for _, ask := range [][]string{{"&format=csv"}, {"", "Accept", "text/csv;q=0.9, */*"}} {
		answer := h.call("GET", "/reports/sales?by=product"+ask[0], nil, ask[1:]...).is(http.StatusOK)
		require.Equal(t, "text/csv", answer.Header().Get("Content-Type"))
		lines := strings.Split(answer.Body.String(), "\n")
		require.True(t, strings.HasPrefix(lines[1], "EUR,demo/4012,'=Mug,1,2,10,"), lines[1])
	}
	require.Equal(t, "application/json", h.call("GET", "/reports/sales", nil, "Accept", "text/html").is(http.StatusOK).Header().Get("Content-Type"))
}

func TestOrdersBehindAReportAreListed(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", soldOrder(t, "77"), soldOrder(t, "78"))
	page := decode[gen.SalesOrderPage](h.call("GET", "/reports/sales/orders?product=demo/4012&limit=1", nil).is(http.StatusOK))
	require.Equal(t, []string{"78", "order", "12", "demo/7"}, []string{page.Items[0].WooID, page.Items[0].Kind, page.Items[0].Gross, page.Items[0].Customer})
	rest := decode[gen.SalesOrderPage](h.call("GET", "/reports/sales/orders?product=demo/4012&limit=1&after="+page.Next, nil).is(http.StatusOK))
	require.Equal(t, "77", rest.Items[0].WooID)
	require.Empty(t, rest.Next)
	h.call("GET", "/reports/sales/orders?after=x", nil).fields(http.StatusUnprocessableEntity, "after")
}

func TestSalesAsWorkbook(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", soldOrder(t, "77"))
	const media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	for _, ask := range [][]string{{"?format=xlsx"}, {"", "Accept", media}} {
		request := h.request("GET", "/reports/sales"+ask[0], nil, ask[1:]...)
		answer := httptest.NewRecorder()
		h.handler.ServeHTTP(answer, request)
		require.Equal(t, http.StatusOK, answer.Code)
		require.Equal(t, media, answer.Header().Get("Content-Type"))
		require.True(t, strings.HasPrefix(answer.Body.String(), "PK"))
	}
}

func TestActivityIsCounted(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", soldOrder(t, "77"), parkedOrder("78", "order_edited"))
	today := time.Now().UTC().Format(time.DateOnly)
	got := decode[gen.ActivityReport](h.call("GET", "/reports/activity?entity=order&from="+today, nil).is(http.StatusOK))
	require.Equal(t, "day", got.By)
	require.Equal(t, []gen.QueuedCount{{Period: today, Instance: "demo", Entity: "order", Direction: "import", Done: 1, Parked: 1}}, got.Queued)
	require.Equal(t, []gen.EntityStanding{{Instance: "demo", Entity: "order", Synchronised: 1, Parked: 1}}, got.Now)
	require.Equal(t, []gen.EntityStanding{{Entity: "order", Synchronised: 1, Parked: 1}}, got.Totals)
	require.Len(t, decode[gen.ActivityReport](h.call("GET", "/reports/activity", nil).is(http.StatusOK)).Periods, 30)
	h.call("GET", "/reports/activity?instance=nope", nil).fields(http.StatusUnprocessableEntity, "instance")
	h.call("GET", "/reports/activity?entity=nope", nil).fields(http.StatusUnprocessableEntity, "entity")
	h.call("GET", "/reports/activity?by=hour", nil).fields(http.StatusUnprocessableEntity, "by")
}

func walkReports(h *harness) {
	h.landed(h.importAll("order"), "order", soldOrder(h.t, "79"))
	for _, path := range []string{"/reports/sales?by=week", "/reports/sales/orders", "/reports/activity"} {
		h.call("GET", path, nil).is(http.StatusOK)
	}
}

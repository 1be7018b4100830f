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

	"tandem/api"
	"tandem/api/gen"
	"tandem/db"
	"tandem/flow"
	"tandem/mail"
	"tandem/mail/mailtest"
	"tandem/report/fact"
	"tandem/report/pdf/pdftest"
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

// pixel is a PNG of one pixel.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

// What is printed is what the figures say.
func TestSalesArePrinted(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", soldOrder(t, "77"), soldOrder(t, "78"))
	figures := decode[gen.SalesReport](h.call("GET", "/reports/sales?instance=demo&from=2026-03-01&to=2026-03-31", nil).is(http.StatusOK)).Cells[0]
	layout := decode[gen.ReportLayout](h.call("POST", "/reports/layouts", map[string]any{"name": "Ours", "style": "table", "logo": pixel}).is(http.StatusCreated))

	print := func(query string) (text string, answer reply) {
		answer = h.call("GET", "/reports/sales/document?instance=demo&from=2026-03-01&to=2026-03-31"+query, nil).is(http.StatusOK)
		require.Equal(t, "application/pdf", answer.Header().Get("Content-Type"))
		return strings.Join(pdftest.Text(t, answer.Body.Bytes()), ""), answer
	}
	text, answer := print("&language=en")
	require.Equal(t, `inline; filename="sales-demo-2026-03-01-2026-03-31.pdf"`, answer.Header().Get("Content-Disposition"))
	for name, amount := range map[string]string{"Net": figures.Net, "Tax": figures.Tax, "Gross": figures.Gross, "Average order": figures.Average} {
		require.Contains(t, text, name+"\n"+amount+".00\n")
	}
	require.Contains(t, text, "=Mug")
	require.Contains(t, text, "29 Mar 2026")
	listed, answer := print("&download=true&language=de&layout=" + layout.ID)
	require.Contains(t, answer.Header().Get("Content-Disposition"), "attachment")
	require.Contains(t, listed, "D-77\nBestellung\nprocessing\nFrankreich\nbacs\n2\n10,00\n2,00\n12,00\n")
	require.Contains(t, listed, "Summe\n4\n20,00\n4,00\n24,00\n")

	preview := map[string]any{"instance": "demo", "from": "2026-03-29", "to": "2026-03-29", "layout": map[string]any{"style": "compact", "language": "fr", "logo": pixel}}
	require.Contains(t, pdftest.Text(t, h.call("POST", "/reports/sales/document/preview", preview).is(http.StatusOK).Body.Bytes())[0], "Rapport des ventes")

	h.call("GET", "/reports/sales/document?instance=nope&from=2026-03-01&to=2026-03-31", nil).fields(http.StatusUnprocessableEntity, "instance")
	h.call("GET", "/reports/sales/document?instance=demo&from=2026-04-01&to=2026-03-31", nil).fields(http.StatusUnprocessableEntity, "to")
	h.call("GET", "/reports/sales/document?instance=demo&from=2026-03-01&to=2026-03-31&accent=red", nil).fields(http.StatusUnprocessableEntity, "accent")
	h.call("GET", "/reports/sales/document?instance=demo&from=2026-03-01&to=2026-03-31&layout=nope", nil).fields(http.StatusUnprocessableEntity, "layout")
}

func TestReportLayouts(t *testing.T) {
	h := newHarness(t)
	h.connected()
	made := decode[gen.ReportLayout](h.call("POST", "/reports/layouts", map[string]any{"name": "Ours", "instance": "demo", "font": "serif", "logo": pixel}).is(http.StatusCreated))
	require.Equal(t, []any{"summary", "serif", "A4", "#1f4e79", true}, []any{made.Style, made.Font, made.Page, made.Accent, made.HasLogo})
	h.call("POST", "/reports/layouts", map[string]any{"name": "Ours", "instance": "demo"}).problem(http.StatusConflict)
	h.call("POST", "/reports/layouts", map[string]any{"name": "Ours"}).is(http.StatusCreated)
	h.call("POST", "/reports/layouts", map[string]any{"name": "Other", "instance": "nope"}).fields(http.StatusUnprocessableEntity, "instance")
	h.call("POST", "/reports/layouts", map[string]any{"name": "Other", "logo": "aGVsbG8="}).fields(http.StatusUnprocessableEntity, "logo")
	h.call("POST", "/reports/layouts", map[string]any{"name": "Other", "logo": "%"}).fields(http.StatusUnprocessableEntity, "logo")
	require.Len(t, decode[gen.ReportLayoutList](h.call("GET", "/reports/layouts?instance=demo", nil).is(http.StatusOK)).Items, 2)

	path := "/reports/layouts/" + made.ID
	changed := decode[gen.ReportLayout](h.call("PUT", path, map[string]any{"name": "House", "style": "table"}).is(http.StatusOK))
	require.Equal(t, []any{"", "table", "sans", true}, []any{changed.Instance, changed.Style, changed.Font, changed.HasLogo}[:4], "the logo stays")
	require.NotEmpty(t, decode[gen.ReportLayout](h.call("GET", path, nil).is(http.StatusOK)).Logo)
	require.False(t, decode[gen.ReportLayout](h.call("PUT", path, map[string]any{"name": "Mine", "logo": ""}).is(http.StatusOK)).HasLogo)
	h.call("DELETE", path, nil).is(http.StatusNoContent)
	h.call("GET", path, nil).problem(http.StatusNotFound)
	h.call("PUT", path, map[string]any{"name": "Mine"}).problem(http.StatusNotFound)
	h.call("DELETE", path, nil).problem(http.StatusNotFound)
}

func TestMailSettings(t *testing.T) {
	h := newHarness(t)
	h.call("GET", "/mail-settings", nil).problem(http.StatusNotFound)
	h.call("POST", "/mail-settings/test", map[string]any{"to": "boss@shop.example"}).problem(http.StatusConflict)
	set := map[string]any{"host": "smtp.example.com", "username": "u", "password": "secret", "sender": "tandem@shop.example"}
	got := h.call("PUT", "/mail-settings", set).is(http.StatusOK)
	require.NotContains(t, got.Body.String(), "secret")
	require.Equal(t, []any{465, "tls"}, []any{decode[gen.MailSettings](got).Port, decode[gen.MailSettings](got).Security})
	delete(set, "password")
	h.call("PUT", "/mail-settings", set).is(http.StatusOK)
	require.NotContains(t, h.call("GET", "/mail-settings", nil).is(http.StatusOK).Body.String(), "secret")
	set["host"] = "evil.example.com"
	h.call("PUT", "/mail-settings", set).fields(http.StatusUnprocessableEntity, "password")
	for field, value := range map[string]any{"security": "none", "sender": "Tandem <a@b.example>"} {
		bad := map[string]any{"host": "smtp.example.com", "username": "u", "password": "secret", "sender": "tandem@shop.example"}
		bad[field] = value
		h.call("PUT", "/mail-settings", bad).fields(http.StatusUnprocessableEntity, field)
	}
	h.call("POST", "/mail-settings/test", map[string]any{"to": "boss"}).fields(http.StatusUnprocessableEntity, "to")
	h.call("DELETE", "/mail-settings", nil).is(http.StatusNoContent)
	h.call("GET", "/mail-settings", nil).problem(http.StatusNotFound)
}

func TestATestMailIsSent(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{ImplicitTLS: true, User: "u", Password: "p", Refuse: map[string]string{"nobody@shop.example": "550 no such user"}})
	h := newHarness(t, func(o *api.Options) { o.Mail = mail.Sender{Roots: server.Roots} })
	set := map[string]any{"host": server.Host, "port": server.Port, "username": "u", "password": "p", "sender": "tandem@shop.example"}
	h.call("PUT", "/mail-settings", set).is(http.StatusOK)
	sent := decode[gen.TestMailSent](h.call("POST", "/mail-settings/test", map[string]any{"to": "boss@shop.example"}).is(http.StatusOK))
	require.Contains(t, sent.Answer, "250 2.0.0 queued as 1")
	require.Len(t, server.Mails(), 1)
	require.Contains(t, h.call("POST", "/mail-settings/test", map[string]any{"to": "nobody@shop.example"}).problem(http.StatusUnprocessableEntity).Detail, "550 no such user")
	set["password"] = "wrong"
	h.call("PUT", "/mail-settings", set).is(http.StatusOK)
	require.Contains(t, h.call("POST", "/mail-settings/test", map[string]any{"to": "boss@shop.example"}).problem(http.StatusUnprocessableEntity).Detail, "535")
}

func TestReportsAreSentAndListed(t *testing.T) {
	h := newHarness(t)
	h.active()
	send := map[string]any{"instance": "demo", "period": "2026-03-29"}
	h.call("POST", "/reports/mails", send).fields(http.StatusUnprocessableEntity, "instance")
	h.call("POST", "/schedules", map[string]any{"instance": "demo", "kind": "daily_report"}).fields(http.StatusUnprocessableEntity, "instance")
	h.exec(`UPDATE tandem.instances SET config = jsonb_set(config, '{email,recipients}', '["a@shop.example", "b@shop.example"]')`)
	h.call("POST", "/reports/mails", send).is(http.StatusAccepted)
	send["again"] = true
	h.call("POST", "/reports/mails", send).is(http.StatusAccepted)
	require.Equal(t, []string{"send demo 2026-03-29 false", "send demo 2026-03-29 true"}, h.runs.calls)
	// A report that is sent before its day is over would count as sent, and the daily one would leave the day out.
	for _, period := range []string{"yesterday", "2999-01-01", time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly), time.Now().UTC().AddDate(0, 0, 1).Format("2006-01")} {
		h.call("POST", "/reports/mails", map[string]any{"instance": "demo", "period": period}).fields(http.StatusUnprocessableEntity, "period")
	}

	id, left, err := h.db.BeginReportMail(t.Context(), db.ReportMail{Instance: "demo", Period: "2026-03-29"}, []string{"a@shop.example", "b@shop.example"}, "run", false)
	require.NoError(t, err)
	require.NoError(t, h.db.RecordReportDelivery(t.Context(), left[0], db.MailSent, 1, "250 ok"))
	require.NoError(t, h.db.RecordReportDelivery(t.Context(), left[1], db.MailFailed, 8, "the mail server said: 450"))
	_, _, err = h.db.EndReportMail(t.Context(), id)
	require.NoError(t, err)
	page := decode[gen.ReportMailPage](h.call("GET", "/reports/mails?instance=demo", nil).is(http.StatusOK))
	require.Equal(t, "failed", page.Items[0].State)
	require.Equal(t, []any{"b@shop.example", "failed", 8}, []any{page.Items[0].Deliveries[1].Recipient, page.Items[0].Deliveries[1].State, page.Items[0].Deliveries[1].Attempts})
	require.Contains(t, decode[gen.Instance](h.call("GET", "/instances/demo", nil).is(http.StatusOK)).Problem, "did not reach 1 of 2 recipients: the mail server said: 450")

	made := decode[gen.Schedule](h.call("POST", "/schedules", map[string]any{"instance": "demo", "kind": "daily_report"}).is(http.StatusCreated))
	require.Equal(t, []string{"06:00"}, made.Calendar.Times)
	h.call("PUT", "/schedules/"+made.ID, map[string]any{"every_seconds": 3600}).fields(http.StatusUnprocessableEntity, "every_seconds")
	h.call("POST", "/schedules/"+made.ID+"/run", nil).is(http.StatusAccepted)
}

func walkReports(h *harness) {
	h.exec(`UPDATE tandem.instances SET config = jsonb_set(config, '{email,recipients}', '["a@shop.example"]') WHERE id = 'demo'`)
	h.call("POST", "/reports/mails", map[string]any{"instance": "demo", "period": "2026-03-29"}).is(http.StatusAccepted)
	h.call("GET", "/reports/mails", nil).is(http.StatusOK)
	server := mailtest.Start(h.t, mailtest.Options{})
	h.call("PUT", "/mail-settings", map[string]any{"host": server.Host, "port": server.Port, "security": "none", "sender": "tandem@shop.example"}).is(http.StatusOK)
	h.call("GET", "/mail-settings", nil).is(http.StatusOK)
	h.call("POST", "/mail-settings/test", map[string]any{"to": "boss@shop.example"}).is(http.StatusOK)
	h.call("DELETE", "/mail-settings", nil).is(http.StatusNoContent)
	layout := decode[gen.ReportLayout](h.call("POST", "/reports/layouts", map[string]any{"name": "Walked"}).is(http.StatusCreated))
	h.call("GET", "/reports/layouts", nil).is(http.StatusOK)
	h.call("GET", "/reports/layouts/"+layout.ID, nil).is(http.StatusOK)
	h.call("PUT", "/reports/layouts/"+layout.ID, map[string]any{"name": "Walked"}).is(http.StatusOK)
	h.call("DELETE", "/reports/layouts/"+layout.ID, nil).is(http.StatusNoContent)
	h.call("GET", "/reports/sales/document?instance=demo&from=2026-03-01&to=2026-03-31", nil).is(http.StatusOK)
	h.call("POST", "/reports/sales/document/preview", map[string]any{"instance": "demo", "from": "2026-03-01", "to": "2026-03-31", "layout": map[string]any{}}).is(http.StatusOK)
	h.landed(h.importAll("order"), "order", soldOrder(h.t, "79"))
	for _, path := range []string{"/reports/sales?by=week", "/reports/sales/orders", "/reports/activity", "/reports/comparison"} {
		h.call("GET", path, nil).is(http.StatusOK)
	}
}

func TestStoreAndERPAreCompared(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", soldOrder(t, "77"), soldOrder(t, "78"))
	path := "/reports/comparison?from=2026-03-29&to=2026-03-29&instance=demo"
	got := decode[gen.Comparison](h.call("GET", path, nil).is(http.StatusOK))
	require.Len(t, got.Days, 1)
	require.Equal(t, 2, got.Days[0].Sales+got.Days[0].Incomplete)
	require.Equal(t, []string{"2026-03-29", "EUR", "demo"}, []string{got.Days[0].Day.String(), got.Days[0].Currency, got.Days[0].Instance})
	require.Empty(t, decode[gen.Comparison](h.call("GET", "/reports/comparison", nil).is(http.StatusOK)).Days)
	h.call("GET", "/reports/comparison?instance=other", nil).is(http.StatusUnprocessableEntity)
}

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

func TestReportPDF(t *testing.T) {
	stub := startAPI(t, nil)
	stub.replies["GET /reports/sales/document"] = func(w http.ResponseWriter) { _, _ = w.Write([]byte("%PDF-1.3")) }
	file := filepath.Join(t.TempDir(), "march.pdf")
	_, err := command(t, "", "report", "pdf", file, "--instance", "shop", "--from", "2026-03-01", "--to", "2026-03-31", "--layout", "l1", "--page", "Letter")
	require.NoError(t, err)
	require.Equal(t, "from=2026-03-01&instance=shop&layout=l1&page=Letter&to=2026-03-31", stub.query)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "%PDF-1.3", string(written))
}

func TestReportLayoutsCommands(t *testing.T) {
	stub := startAPI(t, gen.ReportLayout{ID: "l1", Name: "Ours", Instance: "shop", Style: "table", Font: "sans", Page: "A4", Accent: "#111111", Ink: "#222222"})
	logo := filepath.Join(t.TempDir(), "logo.png")
	require.NoError(t, os.WriteFile(logo, []byte("png"), 0o600))
	out, err := command(t, "", "report", "layouts", "add", "Ours", "--instance", "shop", "--style", "table", "--logo", logo)
	require.NoError(t, err)
	require.Equal(t, "POST /reports/layouts", stub.path)
	require.JSONEq(t, `{"name":"Ours","instance":"shop","style":"table","logo":"cG5n"}`, string(stub.body))
	require.Contains(t, out, "l1: Ours")
	_, err = command(t, "", "report", "layouts", "set", "l1", "--font", "mono", "--logo", "")
	require.NoError(t, err)
	require.Equal(t, "PUT /reports/layouts/l1", stub.path)
	require.JSONEq(t, `{"name":"Ours","instance":"shop","style":"table","font":"mono","page":"A4","accent":"#111111","ink":"#222222","logo":""}`, string(stub.body))
	_, err = command(t, "", "report", "layouts", "show", "l1")
	require.NoError(t, err)
	_, err = command(t, "", "report", "layouts", "delete", "l1")
	require.NoError(t, err)
	require.Equal(t, "DELETE /reports/layouts/l1", stub.path)
	_, err = command(t, "", "report", "layouts", "add", "Ours", "--logo", filepath.Join(t.TempDir(), "none.png"))
	require.ErrorContains(t, err, "cannot read")
}

func TestReportLayoutsList(t *testing.T) {
	startAPI(t, gen.ReportLayoutList{Items: []gen.ReportLayout{{ID: "l1", Name: "Ours", Style: "table", Font: "sans", Page: "A4", Accent: "#111111", Ink: "#222222"}}})
	out, err := command(t, "", "report", "layouts", "list", "--instance", "shop")
	require.NoError(t, err)
	require.Regexp(t, `l1 +Ours +all +table +sans +A4 +#111111 +#222222 +- +no`, out)
}

func TestReportMailsAndSend(t *testing.T) {
	stub := startAPI(t, gen.ReportMailPage{Items: []gen.ReportMail{{Instance: "shop", Period: "2026-03-29", State: "sent",
		Deliveries: []gen.ReportDelivery{{Recipient: "boss@shop.example", State: "sent", Attempts: 2, Answer: "250 ok"}}}}})
	out, err := command(t, "", "report", "mails", "--instance", "shop")
	require.NoError(t, err)
	require.Regexp(t, `shop +2026-03-29 +boss@shop.example +sent +2 +250 ok`, out)
	_, err = command(t, "", "report", "send", "shop", "2026-03-29", "--again")
	require.NoError(t, err)
	require.Equal(t, "POST /reports/mails", stub.path)
	require.JSONEq(t, `{"instance":"shop","period":"2026-03-29","again":true}`, string(stub.body))
}

func TestMailCommands(t *testing.T) {
	stub := startAPI(t, gen.MailSettings{Host: "smtp.example.com", Port: 465, Security: "tls", Sender: "tandem@shop.example"})
	out, err := command(t, "secret\n", "mail", "set", "--host", "smtp.example.com", "--username", "u", "--sender", "tandem@shop.example")
	require.NoError(t, err)
	require.Equal(t, "PUT /mail-settings", stub.path)
	require.JSONEq(t, `{"host":"smtp.example.com","security":"tls","username":"u","password":"secret","sender":"tandem@shop.example"}`, string(stub.body))
	require.NotContains(t, out, "secret")
	out, err = command(t, "", "mail", "show")
	require.NoError(t, err)
	require.Regexp(t, `smtp.example.com +465 +tls`, out)
	_, err = command(t, "", "mail", "delete")
	require.NoError(t, err)
	require.Equal(t, "DELETE /mail-settings", stub.path)
	_, err = command(t, "", "mail", "test", "boss@shop.example")
	require.NoError(t, err)
	require.JSONEq(t, `{"to":"boss@shop.example"}`, string(stub.body))
}

func TestReportComparison(t *testing.T) {
	stub := startAPI(t, gen.Comparison{
		Days:   []gen.ComparedDay{{Instance: "shop", Currency: "EUR", Sales: 3, Store: "30", ERP: "26.5", Difference: "-3.5", Differing: 1}},
		Orders: []gen.ComparedOrder{{Instance: "shop", WooID: "77", Kind: "order", Number: "D-77", Currency: "EUR", Store: "15.5", ERP: "12", Difference: "-3.5"}},
	})
	out, err := command(t, "", "report", "comparison", "--from", "2026-03-29", "--instance", "shop")
	require.NoError(t, err)
	require.Equal(t, []string{"GET /reports/comparison", "from=2026-03-29&instance=shop"}, []string{stub.path, stub.query})
	require.Regexp(t, `shop +EUR +3 +30 +26\.5 +-3\.5 +1 +0`, out)
	require.Regexp(t, `shop +order +77 +D-77 +EUR +15\.5 +12 +-3\.5`, out)
}

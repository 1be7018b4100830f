package main

import (
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newReport() *cobra.Command {
	return remoteGroup("report", "Add up what was sold", newReportSales(), newReportOrders(), newReportPDF(), newReportLayouts(), newReportSend(), newReportMails(), newReportActivity(), newReportComparison())
}

// salesFlags pick what a report of sales is about.
type salesFlags struct {
	from, to string
	lists    map[string]*[]string // by the name of the API's parameter
}

func (f *salesFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.from, "from", "", "the first day, in each store's time zone, e.g. 2026-03-01")
	c.Flags().StringVar(&f.to, "to", "", "the last day, included")
	f.lists = map[string]*[]string{}
	for _, flag := range []struct{ name, help string }{
		{"instance", "only of these stores"},
		{"status", "only of orders in these statuses, any for all; by default all but pending, failed and cancelled"},
		{"currency", "only in these currencies"},
		{"country", "only of orders whose goods went to these countries"},
		{"gateway", "only of orders paid by these payment gateways"},
		{"customer", "only of these customers, as the report names them, e.g. myshop/12"},
		{"product", "only of these products, as the report names them"},
		{"variant", "only of these variants, as the report names them"},
		{"category", "only of products in these categories, as the report names them"},
	} {
		f.lists[flag.name] = c.Flags().StringSlice(flag.name, nil, flag.help)
	}
	completingFlag(c, "instance", instanceIDs)
}

// query gives the flags as the API takes them.
func (f *salesFlags) query() url.Values {
	q := given("from", f.from, "to", f.to)
	for name, values := range f.lists {
		if len(*values) > 0 {
			q[name] = *values
		}
	}
	return q
}

func newReportSales() *cobra.Command {
	var flags salesFlags
	var by []string
	var csvFile, xlsxFile string
	c := remoteCommand("sales", "Add up what was sold, by period, store, product and more", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		q := flags.query()
		if len(by) > 0 {
			q["by"] = by
		}
		for format, file := range map[string]string{"csv": csvFile, "xlsx": xlsxFile} {
			if file != "" {
				q.Set("format", format)
				return download(c, "/reports/sales", q, fileOrOutput(file))
			}
		}
		var report gen.SalesReport
		if err := remote().Get(c.Context(), "/reports/sales", q, &report); err != nil {
			return err
		}
		return answer(c, report, func(w io.Writer) error { return printSales(w, report) })
	})
	c.Flags().StringSliceVar(&by, "by", nil, "up to three of day, week, month, quarter, year, instance, product, variant, category, customer, country, status, gateway")
	c.Flags().StringVar(&csvFile, "csv", "", "write the single cells as CSV to this file, - for standard output")
	c.Flags().StringVar(&xlsxFile, "xlsx", "", "write the single cells as a workbook to this file, - for standard output")
	c.MarkFlagsMutuallyExclusive("csv", "xlsx")
	c.Long += `

Amounts are kept apart by currency, and nothing is converted. docs/reports.md says what each of them is.`
	c.Example = `  tandem report sales --by month                                 each month, and the total
  tandem report sales --by product --from 2026-03-01 --to 2026-03-31
  tandem report sales --by week,country --instance myshop --csv march.csv`
	flags.register(c)
	completingFlag(c, "by", words("day", "week", "month", "quarter", "year", "instance", "product", "variant", "category", "customer", "country", "status", "gateway"))
	return c
}

// fileOrOutput names the file to write; "" is standard output.
func fileOrOutput(file string) string {
	if file == "-" {
		return ""
	}
	return file
}

// printSales prints the single cells and the totals over everything.
func printSales(w io.Writer, report gen.SalesReport) error {
	head := []any{"CURRENCY"}
	for _, d := range report.By {
		head = append(head, strings.ToUpper(string(d)))
	}
	head = append(head, "ORDERS", "UNITS", "NET", "TAX", "GROSS", "AVERAGE", "REFUNDS")
	var rows [][]any
	for _, c := range report.Cells {
		if len(c.TotalOver) > 0 && len(c.TotalOver) < len(report.By) {
			continue
		}
		row := []any{c.Currency}
		for _, d := range report.By {
			row = append(row, salesKey(c, d))
		}
		rows = append(rows, append(row, c.Orders, c.Units, c.Net, c.Tax, c.Gross, orDash(c.Average), c.Refunds))
	}
	if err := printTable(w, head, rows, "nothing was sold"); err != nil {
		return err
	}
	for _, u := range report.Uncounted {
		err := say(w, "not counted: %[2]d orders and refunds of %[1]s that landed before there were reports; tandem sync %[1]s --entities order,refund", u.Instance, u.Sales)
		if err != nil {
			return err
		}
	}
	return nil
}

// salesKey is what people read of a cell's value.
func salesKey(c gen.SalesCell, d gen.SalesDimension) string {
	if slices.Contains(c.TotalOver, d) {
		return "all"
	}
	key := orDash(c.Keys[string(d)])
	if label := c.Labels[string(d)]; label != "" {
		key += " " + cut(label, 40)
	}
	return key
}

func newReportOrders() *cobra.Command {
	var flags salesFlags
	var limit int
	c := remoteCommand("orders", "List the orders and refunds behind a report", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		q := flags.query()
		q.Set("limit", strconv.Itoa(limit))
		var page gen.SalesOrderPage
		if err := remote().Get(c.Context(), "/reports/sales/orders", q, &page); err != nil {
			return err
		}
		return answer(c, page, func(w io.Writer) error { return printSalesOrders(w, page) })
	})
	flags.register(c)
	limitFlag(c, &limit)
	return c
}

func printSalesOrders(w io.Writer, page gen.SalesOrderPage) error {
	rows := make([][]any, len(page.Items))
	for i, o := range page.Items {
		rows[i] = []any{o.At.Format(time.RFC3339), o.Instance, o.WooID, o.Number, o.Kind, o.Status, o.Currency, o.Net, o.Tax, o.Gross}
	}
	return printTable(w, []any{"AT", "INSTANCE", "ID", "NUMBER", "KIND", "STATUS", "CURRENCY", "NET", "TAX", "GROSS"}, rows, "no orders")
}

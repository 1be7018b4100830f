package main

import (
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newReportComparison() *cobra.Command {
	var from, to string
	var instances []string
	c := remoteCommand("comparison", "Compare the money of synced orders and refunds in the store and in the ERP, day by day", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		q := given("from", from, "to", to)
		if len(instances) > 0 {
			q["instance"] = instances
		}
		var report gen.Comparison
		if err := remote().Get(c.Context(), "/reports/comparison", q, &report); err != nil {
			return err
		}
		return answer(c, report, func(w io.Writer) error { return printComparison(w, report) })
	})
	c.Flags().StringVar(&from, "from", "", "the first day, in each store's time zone; by default two weeks ago")
	c.Flags().StringVar(&to, "to", "", "the last day, included; by default today")
	c.Flags().StringSliceVar(&instances, "instance", nil, "only of these stores")
	completingFlag(c, "instance", instanceIDs)
	return c
}

// printComparison prints the days, and then the orders and refunds that differ.
func printComparison(w io.Writer, report gen.Comparison) error {
	rows := make([][]any, len(report.Days))
	for i, d := range report.Days {
		rows[i] = []any{d.Day.String(), d.Instance, d.Currency, d.Sales, d.Store, d.ERP, d.Difference, d.Differing, d.Incomplete}
	}
	heads := []any{"DAY", "INSTANCE", "CURRENCY", "SALES", "STORE", "ERP", "DIFFERENCE", "DIFFERING", "NOT KEPT"}
	if err := printTable(w, heads, rows, "no orders or refunds in that time"); err != nil || len(report.Orders) == 0 {
		return err
	}
	rows = nil
	for _, o := range report.Orders {
		rows = append(rows, []any{o.At.UTC().Format(atLayout), o.Instance, o.Kind, o.WooID, o.Number, o.Currency, o.Store, o.ERP, o.Difference})
	}
	return printTable(w, []any{"AT", "INSTANCE", "KIND", "ID", "NUMBER", "CURRENCY", "STORE", "ERP", "DIFFERENCE"}, rows, "")
}

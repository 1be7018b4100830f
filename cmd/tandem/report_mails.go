package main

import (
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newReportMails() *cobra.Command {
	var instance string
	var limit int
	c := remoteCommand("mails", "List the reports and notices that were sent, and what became of each recipient", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		q := given("instance", instance)
		q.Set("limit", strconv.Itoa(limit))
		var page gen.ReportMailPage
		if err := remote().Get(c.Context(), "/reports/mails", q, &page); err != nil {
			return err
		}
		return answer(c, page, func(w io.Writer) error {
			var rows [][]any
			for _, m := range page.Items {
				for _, d := range m.Deliveries {
					rows = append(rows, []any{m.CreatedAt.Format(time.RFC3339), m.Instance, m.Period, d.Recipient, d.State, d.Attempts, cut(d.Answer, 80)})
				}
			}
			return printTable(w, []any{"AT", "INSTANCE", "PERIOD", "RECIPIENT", "STATE", "ATTEMPTS", "ANSWER"}, rows, "nothing was sent")
		})
	})
	c.Flags().StringVar(&instance, "instance", "", "only of this store")
	completingFlag(c, "instance", instanceIDs)
	limitFlag(c, &limit)
	return c
}

func newReportSend() *cobra.Command {
	var in gen.ReportSending
	c := remoteCommand("send INSTANCE PERIOD", "Send a sales report by e-mail to those who have not got it", cobra.ExactArgs(2), func(c *cobra.Command, args []string) error {
		in.Instance, in.Period = args[0], args[1]
		var sending gen.ReportSending
		if err := remote().Post(c.Context(), "/reports/mails", in, &sending); err != nil {
			return err
		}
		return told(c, sending, "it is being sent: tandem report mails --instance %s", in.Instance)
	})
	c.Flags().BoolVar(&in.Again, "again", false, "also to those who have it")
	c.Example = `  tandem report send myshop 2026-03-29       a day
  tandem report send myshop 2026-W13         a week
  tandem report send myshop 2026-03 --again  a month, also to those who have it`
	return completing(c, instanceIDs)
}

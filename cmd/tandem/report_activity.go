package main

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newReportActivity() *cobra.Command {
	var by, from, to string
	var instances, entities []string
	c := remoteCommand("activity", "Count what was queued over time, and what is linked and waits now", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		q := given("by", by, "from", from, "to", to)
		if len(instances) > 0 {
			q["instance"] = instances
		}
		if len(entities) > 0 {
			q["entity"] = entities
		}
		var report gen.ActivityReport
		if err := remote().Get(c.Context(), "/reports/activity", q, &report); err != nil {
			return err
		}
		return answer(c, report, func(w io.Writer) error { return printActivity(w, report) })
	})
	c.Flags().StringVar(&by, "by", "day", "day, week, month, quarter or year")
	c.Flags().StringVar(&from, "from", "", "the first day, in each store's time zone; by default thirty days, the last one included")
	c.Flags().StringVar(&to, "to", "", "the last day, included; by default today")
	c.Flags().StringSliceVar(&instances, "instance", nil, "only of these stores")
	c.Flags().StringSliceVar(&entities, "entity", nil, "only of these kinds, e.g. order")
	completingFlag(c, "by", words("day", "week", "month", "quarter", "year"))
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "entity", entityNames)
	return c
}

// printActivity prints what was queued in each period over all stores, and then what there is now.
func printActivity(w io.Writer, report gen.ActivityReport) error {
	var rows [][]any
	for _, q := range overInstances(report.Queued) {
		rows = append(rows, []any{q.Period, q.Entity, q.Direction, q.Waiting + q.InProgress, q.Done, q.Parked, q.Failed})
	}
	if err := printTable(w, []any{"PERIOD", "ENTITY", "DIRECTION", "WAITING", "DONE", "PARKED", "FAILED"}, rows, "nothing was queued"); err != nil {
		return err
	}
	rows = nil
	for _, n := range append(slices.Clone(report.Now), report.Totals...) {
		rows = append(rows, []any{orAll(n.Instance), n.Entity, n.Synchronised, n.Unsynchronised, n.Waiting, n.Parked, n.Failed})
	}
	return printTable(w, []any{"INSTANCE", "ENTITY", "SYNCHRONISED", "UNSYNCHRONISED", "WAITING", "PARKED", "FAILED"}, rows, "nothing is linked or waits")
}

// overInstances adds up what was queued over all stores.
func overInstances(queued []gen.QueuedCount) []gen.QueuedCount {
	var sums []gen.QueuedCount
	for _, q := range queued {
		at := slices.IndexFunc(sums, func(s gen.QueuedCount) bool {
			return s.Period == q.Period && s.Entity == q.Entity && s.Direction == q.Direction
		})
		if at < 0 {
			q.Instance = ""
			sums = append(sums, q)
			continue
		}
		s := &sums[at]
		s.Waiting, s.InProgress, s.Done = s.Waiting+q.Waiting, s.InProgress+q.InProgress, s.Done+q.Done
		s.Parked, s.Failed = s.Parked+q.Parked, s.Failed+q.Failed
	}
	return sums
}

// orAll names all stores where none is named.
func orAll(instance string) string {
	if instance == "" {
		return "all"
	}
	return instance
}

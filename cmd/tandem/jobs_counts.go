package main

import (
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newJobsCounts() *cobra.Command {
	filter := map[string]*string{}
	c := remoteCommand("counts", "Count the queue jobs that are parked or failed, by reason", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		query := url.Values{}
		for name, value := range filter {
			if *value != "" {
				query.Set(name, *value)
			}
		}
		var counts gen.JobCounts
		if err := remote().Get(c.Context(), "/jobs/counts", query, &counts); err != nil {
			return err
		}
		return answer(c, counts, func(w io.Writer) error { return printJobGroups(w, counts.Groups) })
	})
	filter["instance"] = c.Flags().String("instance", "", "only of this store")
	filter["entity"] = c.Flags().String("entity", "", "only of this entity, e.g. order")
	filter["operation"] = c.Flags().String("operation", "", "only of this operation")
	completingFlag(c, "instance", instanceIDs)
	return c
}

func printJobGroups(w io.Writer, groups []gen.JobGroup) error {
	rows := make([][]any, len(groups))
	for i, g := range groups {
		rows[i] = []any{g.Count, g.Instance, g.Entity, g.Direction, g.State, orDash(g.Code)}
	}
	return printTable(w, []any{"JOBS", "INSTANCE", "ENTITY", "DIRECTION", "STATE", "CODE"}, rows, "no job is parked or failed")
}

package main

import (
	"fmt"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newStatus() *cobra.Command {
	return remoteCommand("status [INSTANCE]", "Show stores, what is linked, queued and under way", cobra.MaximumNArgs(1), func(c *cobra.Command, args []string) error {
		api := remote()
		var list gen.InstanceList
		if err := api.Get(c.Context(), "/instances", nil, &list); err != nil {
			return err
		}
		rows := []string{}
		for _, in := range list.Items {
			if len(args) == 1 && in.ID != args[0] {
				continue
			}
			var counters gen.Counters
			if err := api.Get(c.Context(), "/instances/"+url.PathEscape(in.ID)+"/counters", nil, &counters); err != nil {
				return err
			}
			rows = append(rows, strings.Join([]string{
				in.ID, string(in.State), counts(counters.Links), counts(counters.Jobs), counts(counters.Orders)}, "\t"))
		}
		return printTable(c.OutOrStdout(), "ID\tSTATE\tLINKED\tJOBS\tSALE WORKFLOWS", rows, "no such store")
	})
}

// counts writes "order 500, product 320", ordered by name.
func counts(m map[string]int) string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, m[name])
	}
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, ", ")
}

// listFlags are what lists of jobs and logs are filtered by.
type listFlags struct {
	instance, entity, state, wooID string
	limit                          int
	json                           *bool
}

func (f *listFlags) register(c *cobra.Command, stateFlag, stateHelp string) {
	c.Flags().StringVar(&f.instance, "instance", "", "only of this store")
	c.Flags().StringVar(&f.entity, "entity", "", "only of this kind, e.g. order")
	c.Flags().StringVar(&f.state, stateFlag, "", stateHelp)
	c.Flags().StringVar(&f.wooID, "id", "", "only of this record, by the store's id")
	c.Flags().IntVar(&f.limit, "limit", 50, "how many, newest first, 1 to 200")
	f.json = jsonFlag(c)
}

func (f *listFlags) query(stateName string) url.Values {
	q := url.Values{"limit": {strconv.Itoa(f.limit)}}
	for name, value := range map[string]string{"instance": f.instance, "entity": f.entity, stateName: f.state, "woo_id": f.wooID} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func newJobs() *cobra.Command {
	var f listFlags
	c := remoteCommand("jobs", "List queue jobs: one per record and operation", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var page gen.JobPage
		if err := remote().Get(c.Context(), "/jobs", f.query("state"), &page); err != nil {
			return err
		}
		if *f.json {
			return printJSON(c.OutOrStdout(), page.Items)
		}
		rows := make([]string, len(page.Items))
		for i, j := range page.Items {
			rows[i] = fmt.Sprintf("%d\t%s\t%s\t%s\t%s\t%s\t%s", j.ID, j.Instance, j.Entity, j.WooID, j.State, j.Outcome, j.Reason)
		}
		return printTable(c.OutOrStdout(), "JOB\tINSTANCE\tENTITY\tID\tSTATE\tOUTCOME\tREASON", rows, "no such jobs")
	})
	f.register(c, "state", "only in this state: waiting, in_progress, done, failed, parked")
	c.AddCommand(remoteCommand("process JOB", "Process one record now", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var op gen.Operation
		if err := remote().Post(c.Context(), "/jobs/"+url.PathEscape(args[0])+"/process", nil, &op); err != nil {
			return err
		}
		op, err := watchOperation(c.Context(), remote(), op.ID, c.ErrOrStderr())
		if err != nil {
			return err
		}
		return summarise(c, op)
	}))
	return c
}

func newLogs() *cobra.Command {
	var f listFlags
	c := remoteCommand("logs", "List what was tried with which record, and how it went", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var page gen.LogPage
		if err := remote().Get(c.Context(), "/logs", f.query("status"), &page); err != nil {
			return err
		}
		if *f.json {
			return printJSON(c.OutOrStdout(), page.Items)
		}
		rows := make([]string, len(page.Items))
		for i, l := range page.Items {
			rows[i] = fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%.0f ms\t%s",
				l.At.Format("2006-01-02 15:04:05"), l.Instance, l.Entity, l.WooID, l.Status, l.DurationMS, l.Message)
		}
		return printTable(c.OutOrStdout(), "AT (UTC)\tINSTANCE\tENTITY\tID\tSTATUS\tTOOK\tMESSAGE", rows, "no such logs")
	})
	f.register(c, "status", "only with this status: created, updated, unchanged, parked, failed")
	return c
}

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/flow"
)

func newJobs() *cobra.Command {
	var f listFlags
	var code string
	c := remoteCommand("jobs", "List queue jobs: one per record and operation", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		query := f.query("state")
		if code != "" {
			query.Set("code", code)
		}
		var page gen.JobPage
		if err := remote().Get(c.Context(), "/jobs", query, &page); err != nil {
			return err
		}
		return answer(c, page.Items, func(w io.Writer) error { return printJobs(w, page.Items) })
	})
	f.register(c, "state", "only in this state: waiting, in_progress, done, failed, parked", "waiting", "in_progress", "done", "failed", "parked")
	c.Flags().StringVar(&code, "code", "", "only with this reason, e.g. unknown_currency")
	c.AddCommand(newJobsCounts(), newJobsProcess(), newJobsDecide())
	return c
}

func newJobsDecide() *cobra.Command {
	var wanted gen.JobSelection
	var yes bool
	c := remoteCommand("decide [JOB] [CHOICE]", "Choose what becomes of a parked record, or of all that are parked with one code", cobra.RangeArgs(1, 2), func(c *cobra.Command, args []string) error {
		switch {
		case wanted.Instance != "" || wanted.Code != "":
			return decideMany(c, wanted, args, yes)
		case len(args) == 1:
			return showChoices(c, args[0])
		}
		var op gen.Operation
		if err := remote().Post(c.Context(), address("jobs", args[0], "decide"), gen.JobDecision{Choice: args[1]}, &op); err != nil {
			return err
		}
		return followToEnd(c, op)
	})
	c.Long += `

Some records are parked until a person chooses what becomes of them, such as an order that the store changed after it was confirmed or
cancelled after it was invoiced, a refund that the store deleted after it was booked, or a product whose price both sides changed, where
"ask" owns it. Without a choice, the command shows in what the
ERP and the store differ, and what may be chosen.` + exitHelp
	c.Example = `  tandem jobs decide 4711            what may be chosen
  tandem jobs decide 4711 reverse
  tandem jobs decide 4712 erp        of a record that both sides changed: write the ERP's values into the store
  tandem jobs decide --instance myshop --code order_edited accept       says how many there are, and asks`
	c.Flags().StringVar(&wanted.Instance, "instance", "", "all jobs of this store that are parked with --code")
	c.Flags().StringVar(&wanted.Code, "code", "", "with --instance: the code, e.g. order_edited")
	c.Flags().BoolVar(&yes, "yes", false, "with --instance: do not ask")
	c.MarkFlagsRequiredTogether("instance", "code")
	completingFlag(c, "instance", instanceIDs)
	return completing(c, openJobs, words("accept", "reverse", "credit_note", "keep", "store", "erp"))
}

// decideMany chooses the same for all records of a store that are parked with one code.
func decideMany(c *cobra.Command, wanted gen.JobSelection, args []string, yes bool) error {
	if len(args) != 1 {
		return fault.New(fault.Invalid, "name a job and a choice, or with --instance and --code the choice alone")
	}
	wanted.Choice = args[0]
	return processMany(c, wanted, yes)
}

// showChoices lists what may be chosen for a job.
func showChoices(c *cobra.Command, id string) error {
	var job gen.Job
	if err := remote().Get(c.Context(), address("jobs", id), nil, &job); err != nil {
		return err
	}
	return answer(c, job, func(w io.Writer) error {
		if err := printDifferences(w, job.Differences); err != nil {
			return err
		}
		rows := make([][]any, len(job.Choices))
		for i, choice := range job.Choices {
			rows[i] = []any{choice.Name, choice.Means}
		}
		return printTable(w, []any{"CHOICE", "MEANS"}, rows, "there is nothing to choose for this job")
	})
}

// printDifferences shows in what the ERP's record and the store's differ; nothing when that is not known.
func printDifferences(w io.Writer, differences []flow.Difference) error {
	if len(differences) == 0 {
		return nil
	}
	rows := make([][]any, len(differences))
	for i, d := range differences {
		rows[i] = []any{d.Field, orDash(d.ERP), orDash(d.Store)}
	}
	if err := printTable(w, []any{"FIELD", "ERP", "STORE"}, rows, ""); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

func printJobs(w io.Writer, jobs []gen.Job) error {
	rows := make([][]any, len(jobs))
	for i, j := range jobs {
		rows[i] = []any{j.ID, j.Instance, j.Entity, j.WooID, j.State, orDash(j.Code), j.Reason}
	}
	return printTable(w, []any{"JOB", "INSTANCE", "ENTITY", "ID", "STATE", "CODE", "REASON"}, rows, "no jobs found")
}

func newLogs() *cobra.Command {
	var f listFlags
	c := remoteCommand("logs", "List what was tried with which record, and how it went", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var page gen.LogPage
		if err := remote().Get(c.Context(), "/logs", f.query("status"), &page); err != nil {
			return err
		}
		return answer(c, page.Items, func(w io.Writer) error { return printLogs(w, page.Items) })
	})
	f.register(c, "status", "only with this status: created, updated, unchanged, parked, failed, gone; of an order's steps: done, retrying, blocked",
		"created", "updated", "unchanged", "parked", "failed", "gone", "done", "retrying", "blocked")
	return c
}

func printLogs(w io.Writer, logs []gen.Log) error {
	rows := make([][]any, len(logs))
	for i, l := range logs {
		rows[i] = []any{l.At.Format(atLayout), l.Instance, l.Entity, l.WooID, l.Status, milliseconds(l.DurationMS), l.Message}
	}
	return printTable(w, []any{"AT (UTC)", "INSTANCE", "ENTITY", "ID", "STATUS", "TOOK", "MESSAGE"}, rows, "no log lines found")
}

package main

import (
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
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
	c.AddCommand(newJobsProcess())
	return c
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

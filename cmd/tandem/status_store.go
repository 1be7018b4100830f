package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newInstanceShow() *cobra.Command {
	c := remoteCommand("show ID", "Show a store: its problem, its schedules, and how far each kind of record has come", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var in gen.Instance
		if err := remote().Get(c.Context(), address("instances", args[0]), nil, &in); err != nil {
			return err
		}
		return answer(c, in, func(w io.Writer) error { return printInstance(w, in) })
	})
	return completing(c, instanceIDs)
}

func printInstance(w io.Writer, in gen.Instance) error {
	lines := [][2]string{
		{"store", in.ID}, {"name", in.Name}, {"address", in.StoreURL}, {"ERP", in.Backend}, {"state", string(in.State)},
		{"problem", orDash(in.Problem)}, {"last mail", mailText(in.LastMail)},
	}
	for _, schedule := range in.Schedules {
		lines = append(lines, [2]string{"schedule", scheduleState(schedule)})
	}
	if err := sayAll(w, lines); err != nil {
		return err
	}
	return printImports(w, in.Imports)
}

// scheduleState says how often a schedule runs, and when next or why not.
func scheduleState(s gen.Schedule) string {
	text := fmt.Sprintf("%s %s, %s", s.Kind, timingText(s), s.State)
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	if !s.NextRunAt.IsZero() {
		text += ", next at " + s.NextRunAt.UTC().Format(atLayout)
	}
	return text
}

func printImports(w io.Writer, imports []gen.EntityImport) error {
	rows := make([][]any, len(imports))
	for i, e := range imports {
		rows[i] = []any{e.Entity, timeOr(e.LastImportAt, "never"), timeOr(e.SeenUntil, "-")}
	}
	return printTable(w, []any{"ENTITY", "LAST IMPORT", "READ UP TO"}, rows, "nothing can be imported")
}

// timeOr writes a time in UTC, or a word where there is none.
func timeOr(at time.Time, none string) string {
	if at.IsZero() {
		return none
	}
	return at.UTC().Format(atLayout)
}

func printStatus(w io.Writer, s storeStatus) error {
	lines := [][2]string{
		{"store", s.ID}, {"state", s.State}, {"last import", lastImport(s)}, {"problem", orDash(s.Problem)},
		{"last mail", mailText(s.LastMail)}, {"linked", counts(s.Counters.Links)}, {"queue jobs", counts(s.Counters.Jobs)}, {"sale workflows", counts(s.Counters.Orders)},
	}
	for _, schedule := range s.Schedules {
		lines = append(lines, [2]string{"schedule", scheduleState(schedule)})
	}
	if err := sayAll(w, lines); err != nil {
		return err
	}
	return printImports(w, s.Imports)
}

// mailText says which report or notice was sent last, and what of it failed.
func mailText(m gen.ReportMail) string {
	if m.Period == "" {
		return "-"
	}
	text := fmt.Sprintf("%s, %s at %s", m.Period, m.State, m.CreatedAt.UTC().Format(atLayout))
	for _, d := range m.Deliveries {
		if d.State == "failed" {
			text += fmt.Sprintf("; not to %s: %s", d.Recipient, cut(d.Answer, problemWidth))
		}
	}
	return text
}

// sayAll writes names and values below each other.
func sayAll(w io.Writer, lines [][2]string) error {
	for _, line := range lines {
		if err := say(w, "%-15s %s", line[0], line[1]); err != nil {
			return err
		}
	}
	return nil
}

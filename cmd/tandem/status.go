package main

import (
	"context"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/client"
	"tandem/api/gen"
)

// atLayout is how times are shown, in UTC.
const atLayout = "2006-01-02 15:04:05"

// problemWidth keeps a line of status within 100 columns.
const problemWidth = 44

// storeStatus is what a person on call wants to know of a store.
type storeStatus struct {
	ID         string         `json:"id"`
	State      string         `json:"state"`
	LastImport *time.Time     `json:"last_import,omitempty"` // when an import last ended well, UTC
	Schedules  []gen.Schedule `json:"schedules"`
	Problem    string         `json:"problem,omitempty"`
	Counters   gen.Counters   `json:"counters"`
}

func newStatus() *cobra.Command {
	c := remoteCommand("status [INSTANCE]", "Show how the stores are: last import, schedule, problem", cobra.MaximumNArgs(1), func(c *cobra.Command, args []string) error {
		stores, err := readStores(c.Context(), args)
		if err != nil {
			return err
		}
		all := make([]storeStatus, len(stores))
		for i, in := range stores {
			if all[i], err = readStatus(c.Context(), remote(), in); err != nil {
				return err
			}
		}
		return answer(c, all, func(w io.Writer) error {
			if len(args) == 1 {
				return printStatus(w, all[0])
			}
			return printStatuses(w, all)
		})
	})
	return completing(c, instanceIDs)
}

func readStores(ctx context.Context, args []string) ([]gen.Instance, error) {
	if len(args) == 1 {
		var in gen.Instance
		err := remote().Get(ctx, address("instances", args[0]), nil, &in)
		return []gen.Instance{in}, err
	}
	var list gen.InstanceList
	err := remote().Get(ctx, "/instances", nil, &list)
	return list.Items, err
}

func readStatus(ctx context.Context, api *client.Client, in gen.Instance) (storeStatus, error) {
	s := storeStatus{ID: in.ID, State: string(in.State)}
	if err := api.Get(ctx, address("instances", in.ID, "counters"), nil, &s.Counters); err != nil {
		return s, err
	}
	var schedules gen.ScheduleList
	if err := api.Get(ctx, "/schedules", given("instance", in.ID), &schedules); err != nil {
		return s, err
	}
	s.Schedules = schedules.Items
	var done gen.OperationPage
	if err := api.Get(ctx, "/operations", given("instance", in.ID, "state", "done", "limit", "1"), &done); err != nil {
		return s, err
	}
	if len(done.Items) > 0 {
		s.LastImport = &done.Items[0].FinishedAt
	}
	var running gen.OperationPage
	if err := api.Get(ctx, "/operations", given("instance", in.ID, "state", "running"), &running); err != nil {
		return s, err
	}
	if s.Problem = waitingFor(running.Items, in.ID); s.Problem == "" {
		s.Problem = problemOf(in, s)
	}
	return s, nil
}

// waitingFor says why an import under way does not get on; empty when all do.
func waitingFor(running []gen.Operation, instance string) string {
	for _, op := range running {
		for _, p := range op.Progress {
			if !p.Waiting.Since.IsZero() && p.Instance == instance {
				return p.Entity + " waits: " + waitingText(p.Waiting)
			}
		}
	}
	return ""
}

// problemOf picks what a person should see to first.
func problemOf(in gen.Instance, s storeStatus) string {
	if in.ERP.Problem != "" {
		return in.ERP.Problem
	}
	for _, schedule := range s.Schedules {
		if schedule.State == gen.ScheduleStatePaused {
			return string(schedule.Kind) + " is paused: " + schedule.Reason
		}
	}
	var waiting []string
	for _, state := range []string{"failed", "parked"} {
		if n := s.Counters.Jobs[state]; n > 0 {
			waiting = append(waiting, fmt.Sprintf("%d %s", n, state))
		}
	}
	if n := s.Counters.Orders["blocked"]; n > 0 {
		waiting = append(waiting, fmt.Sprintf("%d orders blocked", n))
	}
	if skew := in.Store.ClockSkewSeconds; skew != 0 {
		waiting = append(waiting, fmt.Sprintf("the store's clock is %s off: set it", (time.Duration(skew)*time.Second).Abs()))
	}
	if len(waiting) > 0 || len(in.Warnings) == 0 {
		return strings.Join(waiting, ", ")
	}
	return in.Warnings[0]
}

func printStatuses(w io.Writer, all []storeStatus) error {
	rows := make([][]any, len(all))
	for i, s := range all {
		rows[i] = []any{cut(s.ID, 16), s.State, lastImport(s), cut(scheduleText(s.Schedules), 14), cut(orDash(s.Problem), problemWidth)}
	}
	return printTable(w, []any{"ID", "STATE", "LAST IMPORT", "SCHEDULE", "PROBLEM"}, rows, "no stores yet; add one with: tandem instance add")
}

// lastImport is to the minute: the line is short.
func lastImport(s storeStatus) string {
	if s.LastImport == nil {
		return "never"
	}
	return s.LastImport.UTC().Format("01-02 15:04")
}

// scheduleText says how often a store is imported, the orders first.
func scheduleText(schedules []gen.Schedule) string {
	if len(schedules) == 0 {
		return "none"
	}
	var texts []string
	for i := range schedules {
		s := schedules[len(schedules)-1-i]
		text := strings.TrimSuffix(strings.TrimSuffix((time.Duration(s.EverySeconds)*time.Second).String(), "0s"), "0m")
		if s.State == gen.ScheduleStatePaused {
			text = "paused"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

func printStatus(w io.Writer, s storeStatus) error {
	lines := [][2]string{
		{"store", s.ID}, {"state", s.State}, {"last import", lastImport(s)}, {"problem", orDash(s.Problem)},
		{"linked", counts(s.Counters.Links)}, {"queue jobs", counts(s.Counters.Jobs)}, {"sale workflows", counts(s.Counters.Orders)},
	}
	for _, schedule := range s.Schedules {
		every := time.Duration(schedule.EverySeconds) * time.Second
		text := fmt.Sprintf("%s every %s, %s", schedule.Kind, every, schedule.State)
		if schedule.Reason != "" {
			text += ": " + schedule.Reason
		}
		lines = append(lines, [2]string{"schedule", text})
	}
	for _, line := range lines {
		if err := say(w, "%-15s %s", line[0], line[1]); err != nil {
			return err
		}
	}
	return nil
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
	return orDash(strings.Join(names, ", "))
}

func milliseconds(ms float64) string { return fmt.Sprintf("%.0f ms", ms) }

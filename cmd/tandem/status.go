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
	ID         string             `json:"id"`
	State      string             `json:"state"`
	LastImport *time.Time         `json:"last_import,omitempty"` // of any entity, UTC
	Imports    []gen.EntityImport `json:"imports"`
	Schedules  []gen.Schedule     `json:"schedules"`
	Problem    string             `json:"problem,omitempty"`
	LastMail   gen.ReportMail     `json:"last_mail,omitzero"`
	Counters   gen.Counters       `json:"counters"`
}

func newStatus() *cobra.Command {
	c := remoteCommand("status [INSTANCE]", "Show how the stores are: last import, schedule, problem", cobra.MaximumNArgs(1), func(c *cobra.Command, args []string) error {
		ids, err := namedStores(c.Context(), args)
		if err != nil {
			return err
		}
		all := make([]storeStatus, len(ids))
		for i, id := range ids {
			if all[i], err = readStatus(c.Context(), remote(), id); err != nil {
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

// namedStores returns the id that was given, or those of all stores.
func namedStores(ctx context.Context, args []string) ([]string, error) {
	if len(args) == 1 {
		return args, nil
	}
	var list gen.InstanceList
	err := remote().Get(ctx, "/instances", nil, &list)
	ids := make([]string, len(list.Items))
	for i, in := range list.Items {
		ids[i] = in.ID
	}
	return ids, err
}

func readStatus(ctx context.Context, api *client.Client, id string) (storeStatus, error) {
	var in gen.Instance
	if err := api.Get(ctx, address("instances", id), nil, &in); err != nil {
		return storeStatus{}, err
	}
	s := storeStatus{ID: in.ID, State: string(in.State), Imports: in.Imports, Schedules: in.Schedules, Problem: in.Problem, LastMail: in.LastMail}
	for _, i := range in.Imports {
		if s.LastImport == nil || i.LastImportAt.After(*s.LastImport) {
			s.LastImport = &i.LastImportAt
		}
	}
	return s, api.Get(ctx, address("instances", id, "counters"), nil, &s.Counters)
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
	if s.LastImport == nil || s.LastImport.IsZero() {
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
		if len(s.Calendar.Times) > 0 {
			text = strings.Join(s.Calendar.Times, "+")
		}
		if s.State == gen.ScheduleStatePaused {
			text = "paused"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
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

package main

import (
	"cmp"
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/entity"
	"tandem/fault"
	"tandem/instance"
)

func newSchedule() *cobra.Command {
	return remoteGroup("schedule", "Import a store regularly", newScheduleAdd(), newScheduleList(), newScheduleSet(),
		scheduleCommand("run", "Run a schedule now", "told to run: see tandem operations list"),
		scheduleCommand("pause", "Pause a schedule", "paused"),
		scheduleCommand("resume", "Let a paused schedule go on", "goes on"),
		newScheduleDelete())
}

func newScheduleAdd() *cobra.Command {
	var every time.Duration
	c := remoteCommand("add INSTANCE [KIND]", "Import what is new and changed from now on", cobra.RangeArgs(1, 2), func(c *cobra.Command, args []string) error {
		kind := instance.OrderImport
		if len(args) == 2 {
			kind = args[1]
		}
		var made gen.Schedule
		err := remote().Post(c.Context(), "/schedules", gen.NewSchedule{
			Instance: args[0], Kind: gen.ScheduleKind(kind), EverySeconds: int(interval(every, kind).Seconds()),
		}, &made)
		if err != nil {
			return err
		}
		return told(c, made, "%s", scheduleLine(made))
	})
	c.Long += kindHelp
	c.Flags().DurationVar(&every, "every", 0, "interval, a minute to a week; by default what suits the kind: 1h for catalogue_import, 1m for stock_push, 5m for the others")
	return completing(c, instanceIDs, scheduleKinds)
}

const kindHelp = `

Kinds:
  order_import       new and changed orders; the default
  catalogue_import   what changed of everything else: products and their stock, customers, taxes, terms
  catalogue_export   what changed in the ERP of terms, products, customers and coupons, as far as their export is switched on
  order_status_push  how far orders have come in the ERP, as their status in the store; needs order.auto_status_update
  stock_push         what is free of products whose stock moved in the ERP; needs stock.auto_update`

// interval is what was given, or what suits a kind.
func interval(given time.Duration, kind string) time.Duration {
	return cmp.Or(given, entity.ScheduleOf(kind).Every)
}

// scheduleLine says what a schedule does, and why it does not.
func scheduleLine(s gen.Schedule) string {
	line := s.Instance + " " + string(s.Kind) + " every " + (time.Duration(s.EverySeconds) * time.Second).String() + ": " + string(s.State)
	if s.Reason != "" {
		line += " (" + s.Reason + ")"
	}
	return line
}

func newScheduleList() *cobra.Command {
	c := remoteCommand("list [INSTANCE]", "List the schedules", cobra.MaximumNArgs(1), func(c *cobra.Command, args []string) error {
		list, err := schedules(c.Context(), args)
		if err != nil {
			return err
		}
		return answer(c, list, func(w io.Writer) error {
			rows := make([][]any, len(list))
			for i, s := range list {
				rows[i] = []any{s.Instance, s.Kind, time.Duration(s.EverySeconds) * time.Second, s.State, cmp.Or(s.Reason, s.Note, "-")}
			}
			return printTable(w, []any{"INSTANCE", "KIND", "EVERY", "STATE", "NOTE"}, rows, "no schedules yet; add one with: tandem schedule add")
		})
	})
	return completing(c, instanceIDs)
}

// schedules lists those of one store, or of all.
func schedules(ctx context.Context, args []string) ([]gen.Schedule, error) {
	var list gen.ScheduleList
	query := given()
	if len(args) > 0 {
		query = given("instance", args[0])
	}
	err := remote().Get(ctx, "/schedules", query, &list)
	return list.Items, err
}

// findSchedule finds a schedule by its store and kind, or by its id. The kind may be left out where a store has one only.
func findSchedule(ctx context.Context, args []string) (gen.Schedule, error) {
	list, err := schedules(ctx, nil)
	if err != nil {
		return gen.Schedule{}, err
	}
	var found []gen.Schedule
	for _, s := range list {
		if s.ID == args[0] || s.Instance == args[0] && (len(args) == 1 || string(s.Kind) == args[1]) {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return gen.Schedule{}, fault.New(fault.NotFound, "schedule not found: tandem schedule list shows them all")
	default:
		return gen.Schedule{}, fault.New(fault.Invalid, "%s has several schedules: name the kind too, e.g. order_import", args[0])
	}
}

func newScheduleSet() *cobra.Command {
	var every time.Duration
	c := remoteCommand("set INSTANCE [KIND]", "Change a schedule's interval", cobra.RangeArgs(1, 2), func(c *cobra.Command, args []string) error {
		s, err := findSchedule(c.Context(), args)
		if err != nil {
			return err
		}
		change := gen.ScheduleChange{EverySeconds: int(every.Seconds()), Note: s.Note}
		if err := remote().Put(c.Context(), address("schedules", s.ID), change, &s); err != nil {
			return err
		}
		return told(c, s, "%s", scheduleLine(s))
	})
	c.Flags().DurationVar(&every, "every", 0, "interval, a minute to a week (required)")
	_ = c.MarkFlagRequired("every")
	return completing(c, instanceIDs, scheduleKinds)
}

func scheduleCommand(command, short, done string) *cobra.Command {
	c := remoteCommand(command+" INSTANCE [KIND]", short, cobra.RangeArgs(1, 2), func(c *cobra.Command, args []string) error {
		s, err := findSchedule(c.Context(), args)
		if err != nil {
			return err
		}
		if err := remote().Post(c.Context(), address("schedules", s.ID, command), nil, &s); err != nil {
			return err
		}
		return told(c, s, "%s of %s: %s", s.Kind, s.Instance, done)
	})
	return completing(c, instanceIDs, scheduleKinds)
}

func newScheduleDelete() *cobra.Command {
	c := remoteCommand("delete INSTANCE [KIND]", "Delete a schedule; a run under way goes on to its end", cobra.RangeArgs(1, 2), func(c *cobra.Command, args []string) error {
		s, err := findSchedule(c.Context(), args)
		if err != nil {
			return err
		}
		if err := remote().Delete(c.Context(), address("schedules", s.ID), nil); err != nil {
			return err
		}
		return told(c, s, "%s of %s: deleted", s.Kind, s.Instance)
	})
	return completing(c, instanceIDs, scheduleKinds)
}

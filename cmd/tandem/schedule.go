package main

import (
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/entity"
	"tandem/fault"
	"tandem/instance"
)

func newSchedule() *cobra.Command {
	return remoteGroup("schedule", "Import a store regularly", newScheduleAdd(), newScheduleList(), newScheduleSet(),
		scheduleCommand("run", "Run a schedule now", "started: see tandem operations list"),
		scheduleCommand("pause", "Pause a schedule", "paused"),
		scheduleCommand("resume", "Let a paused schedule go on", "goes on"),
		newScheduleDelete())
}

func newScheduleAdd() *cobra.Command {
	var when timingFlags
	c := remoteCommand("add INSTANCE [KIND]", "Import what is new and changed from now on", cobra.RangeArgs(1, 2), func(c *cobra.Command, args []string) error {
		kind := instance.OrderImport
		if len(args) == 2 {
			kind = args[1]
		}
		if err := when.check(); err != nil {
			return err
		}
		var made gen.Schedule
		err := remote().Post(c.Context(), "/schedules", gen.NewSchedule{
			Instance: args[0], Kind: gen.ScheduleKind(kind), EverySeconds: when.seconds(entity.ScheduleOf(kind).Every), Calendar: when.calendar(),
		}, &made)
		if err != nil {
			return err
		}
		return told(c, made, "%s", scheduleLine(made))
	})
	c.Long += kindHelp
	when.register(c, "interval, a minute to a week; by default what suits the kind: 1h for catalogue_import, 1m for stock_push and tracking_push, 5m for the others")
	c.Example = `  tandem schedule add myshop                              orders, every five minutes
  tandem schedule add myshop catalogue_import --at 06:30,18:00 --on mon,tue,wed,thu,fri --time-zone Europe/Paris`
	return completing(c, instanceIDs, scheduleKinds)
}

const kindHelp = `

Kinds:
  order_import       new and changed orders; the default
  catalogue_import   what changed of everything else: products and their stock, customers, taxes, terms
  catalogue_export   what changed in the ERP of terms, products, customers and coupons, as far as their export is switched on
  order_status_push  how far orders have come in the ERP, as their status in the store; needs order.auto_status_update
  price_push         the prices of products that changed in the ERP, nothing else of them; needs export.products
  stock_push         what is free of products whose stock moved in the ERP; needs stock.auto_update
  tracking_push      carrier and tracking number of what the ERP has shipped; needs export.tracking
  daily_report       the sales of the day before, by e-mail, at 06:00 unless --at says otherwise; needs email.recipients and "tandem mail set"
  weekly_report      those of the last whole week, likewise
  monthly_report     those of the last whole month, likewise`

// timingFlags say when a schedule runs.
type timingFlags struct {
	every time.Duration
	at    []string
	on    []string
	zone  string
}

func (f *timingFlags) register(c *cobra.Command, everyHelp string) {
	flags := c.Flags()
	flags.DurationVar(&f.every, "every", 0, everyHelp)
	flags.StringSliceVar(&f.at, "at", nil, "instead of an interval: times of day, e.g. 06:30,18:00")
	flags.StringSliceVar(&f.on, "on", nil, "with --at: weekdays, e.g. mon,fri; all by default")
	flags.StringVar(&f.zone, "time-zone", "", "with --at: an IANA name, e.g. Europe/Paris; the store's by default")
	c.MarkFlagsMutuallyExclusive("every", "at")
}

func (f *timingFlags) check() error {
	if len(f.at) == 0 && (len(f.on) > 0 || f.zone != "") {
		return fault.Field("--at", "is missing: --on and --time-zone say on which days and in which zone these times are")
	}
	return nil
}

// seconds is the interval that was given, or a usual one; 0 for times of day.
func (f *timingFlags) seconds(usual time.Duration) int {
	if len(f.at) > 0 {
		return 0
	}
	return int(cmp.Or(f.every, usual).Seconds())
}

func (f *timingFlags) calendar() instance.Calendar {
	return instance.Calendar{Times: f.at, Weekdays: f.on, TimeZone: f.zone}
}

// timingText says when a schedule runs: "every 5m0s", or "at 06:30, 18:00 on mon, fri (Europe/Paris)".
func timingText(s gen.Schedule) string {
	if len(s.Calendar.Times) == 0 {
		return "every " + (time.Duration(s.EverySeconds) * time.Second).String()
	}
	text := "at " + strings.Join(s.Calendar.Times, ", ")
	if len(s.Calendar.Weekdays) > 0 {
		text += " on " + strings.Join(s.Calendar.Weekdays, ", ")
	}
	return text + " (" + s.Calendar.TimeZone + ")"
}

// scheduleLine says what a schedule does, and why it does not.
func scheduleLine(s gen.Schedule) string {
	line := s.Instance + " " + string(s.Kind) + " " + timingText(s) + ": " + string(s.State)
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
				rows[i] = []any{s.Instance, s.Kind, timingText(s), s.State, cmp.Or(s.Reason, s.Note, "-")}
			}
			return printTable(w, []any{"INSTANCE", "KIND", "RUNS", "STATE", "NOTE"}, rows, "no schedules yet; add one with: tandem schedule add")
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
	var when timingFlags
	c := remoteCommand("set INSTANCE [KIND]", "Change when a schedule runs", cobra.RangeArgs(1, 2), func(c *cobra.Command, args []string) error {
		if err := when.check(); err != nil {
			return err
		}
		s, err := findSchedule(c.Context(), args)
		if err != nil {
			return err
		}
		change := gen.ScheduleChange{EverySeconds: when.seconds(0), Calendar: when.calendar(), Note: s.Note}
		if err := remote().Put(c.Context(), address("schedules", s.ID), change, &s); err != nil {
			return err
		}
		return told(c, s, "%s", scheduleLine(s))
	})
	when.register(c, "interval, a minute to a week")
	c.MarkFlagsOneRequired("every", "at")
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

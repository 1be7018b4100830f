package main

import (
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newSchedule() *cobra.Command {
	c := &cobra.Command{Use: "schedule", Short: "Import a store's orders regularly", Long: "Import a store's orders regularly." + remoteHelp}
	c.AddCommand(newScheduleAdd(), newScheduleList(),
		scheduleCommand("run", "Run a schedule now"),
		scheduleCommand("pause", "Pause a schedule"),
		scheduleCommand("resume", "Let a paused schedule go on"),
		newScheduleDelete())
	return c
}

func newScheduleAdd() *cobra.Command {
	var every time.Duration
	c := remoteCommand("add INSTANCE", "Import new and changed orders from now on", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var made gen.Schedule
		err := remote().Post(c.Context(), "/schedules", gen.NewSchedule{
			Instance: args[0], Kind: "order_import", EverySeconds: int(every.Seconds()),
		}, &made)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), made.ID)
		return err
	})
	c.Flags().DurationVar(&every, "every", 5*time.Minute, "interval, a minute to a week")
	return c
}

func newScheduleList() *cobra.Command {
	var asJSON *bool
	c := remoteCommand("list", "List the schedules", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var list gen.ScheduleList
		if err := remote().Get(c.Context(), "/schedules", nil, &list); err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), list.Items)
		}
		rows := make([]string, len(list.Items))
		for i, s := range list.Items {
			rows[i] = fmt.Sprintf("%s\t%s\t%s\t%s\t%t\t%s", s.ID, s.Instance, s.Kind, time.Duration(s.EverySeconds)*time.Second, s.Active, s.Note)
		}
		return printTable(c.OutOrStdout(), "ID\tINSTANCE\tKIND\tEVERY\tACTIVE\tNOTE", rows, "no schedules yet; add one with: tandem schedule add")
	})
	asJSON = jsonFlag(c)
	return c
}

func scheduleCommand(command, short string) *cobra.Command {
	return remoteCommand(command+" ID", short, cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		return remote().Post(c.Context(), "/schedules/"+url.PathEscape(args[0])+"/"+command, nil, nil)
	})
}

func newScheduleDelete() *cobra.Command {
	return remoteCommand("delete ID", "Delete a schedule", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		return remote().Delete(c.Context(), "/schedules/"+url.PathEscape(args[0]))
	})
}

package main

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newOperations() *cobra.Command {
	return remoteGroup("operations", "List, watch and steer imports",
		newOperationsList(), newOperationsShow(), newOperationsWatch(),
		operationCommand("pause", "Pause an operation; the page in hand is finished first", "paused"),
		operationCommand("resume", "Let a paused operation go on", "told to go on"),
		operationCommand("cancel", "Stop an operation; what has landed stays", "told to stop"))
}

func newOperationsList() *cobra.Command {
	var instance, state, trigger string
	var limit int
	c := remoteCommand("list", "List operations, newest first", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		query := given("instance", instance, "state", state, "trigger", trigger, "limit", strconv.Itoa(limit))
		var page gen.OperationPage
		if err := remote().Get(c.Context(), "/operations", query, &page); err != nil {
			return err
		}
		return answer(c, page.Items, func(w io.Writer) error { return printOperations(w, page.Items) })
	})
	c.Flags().StringVar(&instance, "instance", "", "only of this store")
	c.Flags().StringVar(&state, "state", "", "only in this state: waiting, running, paused, done, failed, cancelled")
	c.Flags().StringVar(&trigger, "trigger", "", "only those that this asked for: api, cli, schedule, wake, process, webhook")
	limitFlag(c, &limit)
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "state", words("waiting", "running", "paused", "done", "failed", "cancelled"))
	completingFlag(c, "trigger", words("api", "cli", "schedule", "wake", "process", "webhook"))
	return c
}

func printOperations(w io.Writer, list []gen.Operation) error {
	rows := make([][]any, len(list))
	for i, op := range list {
		read, parked, failed := 0, 0, 0
		for _, p := range op.Progress {
			read, parked, failed = read+p.Read, parked+p.Parked, failed+p.Failed
		}
		rows[i] = []any{op.ID, op.CreatedAt.UTC().Format(atLayout), strings.Join(op.Instances, ","), op.Trigger, op.State, read, parked, failed}
	}
	return printTable(w, []any{"OPERATION", "ASKED FOR (UTC)", "INSTANCES", "TRIGGER", "STATE", "READ", "PARKED", "FAILED"}, rows, "no operations found")
}

func newOperationsShow() *cobra.Command {
	c := remoteCommand("show OPERATION", "Show an operation with its progress", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var op gen.Operation
		if err := remote().Get(c.Context(), address("operations", args[0]), nil, &op); err != nil {
			return err
		}
		return answer(c, op, func(w io.Writer) error {
			if err := say(w, "%s is %s %s", op.ID, op.State, op.Error); err != nil {
				return err
			}
			if op.TemporalURL != "" {
				if err := say(w, "in the Temporal UI: %s", op.TemporalURL); err != nil {
					return err
				}
			}
			return printProgress(w, op)
		})
	})
	return completing(c, operationIDs)
}

func newOperationsWatch() *cobra.Command {
	c := remoteCommand("watch OPERATION", "Watch an operation to its end", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var op gen.Operation
		if err := remote().Get(c.Context(), address("operations", args[0]), nil, &op); err != nil {
			return err
		}
		return followToEnd(c, op)
	})
	c.Long += exitHelp
	return completing(c, operationIDs)
}

func operationCommand(command, short, done string) *cobra.Command {
	c := remoteCommand(command+" OPERATION", short, cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var op gen.Operation
		if err := remote().Post(c.Context(), address("operations", args[0], command), nil, &op); err != nil {
			return err
		}
		return told(c, op, "operation %s: %s", op.ID, done)
	})
	return completing(c, operationIDs)
}

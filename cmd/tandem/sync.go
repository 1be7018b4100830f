package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/flow"
)

func newSync() *cobra.Command {
	var entities, ids []string
	var from, to, direction string
	var changes, detach bool
	c := remoteCommand("sync INSTANCE...", "Import or export records and watch it happen", cobra.MinimumNArgs(1), func(c *cobra.Command, args []string) error {
		filter, err := parseFilter(changes, from, to, ids)
		if err != nil {
			return err
		}
		api := remote()
		var op gen.Operation
		if err := api.Post(c.Context(), "/operations", gen.NewOperation{
			Instances: args, Entities: entities, Filter: filter, Direction: gen.NewOperationDirection(direction),
		}, &op); err != nil {
			return err
		}
		if detach {
			return told(c, op, "%s", op.ID)
		}
		return followToEnd(c, op)
	})
	completing(c, instanceIDs)
	completingFlag(c, "entities", entityNames)
	c.Long += exitHelp
	c.Example = `  tandem sync myshop                                    everything
  tandem sync myshop --entities product,order --changes   what changed since the last import
  tandem sync myshop --entities order --ids 6979,6980     single orders
  tandem sync myshop --entities order --from 2026-01-01 --to 2026-02-01
  tandem sync myshop --direction export --entities product   from the ERP into the store, once config.export.products is true`
	c.Flags().StringSliceVar(&entities, "entities", nil, "what to sync, e.g. product,customer,order; everything by default; of an export, what is switched on")
	c.Flags().StringSliceVar(&ids, "ids", nil, "only these records, by the ids of where they come from: the store's, of an export the ERP's")
	c.Flags().StringVar(&from, "from", "", "only records created from this day or RFC 3339 time on (UTC)")
	c.Flags().StringVar(&to, "to", "", "only records created before this day or RFC 3339 time (UTC)")
	c.Flags().BoolVar(&changes, "changes", false, "only what changed since the last complete one")
	c.Flags().StringVar(&direction, "direction", "import", "import: from the store into the ERP; export: from the ERP into the store")
	completingFlag(c, "direction", words("import", "export"))
	c.Flags().BoolVar(&detach, "detach", false, "print the operation's id and do not wait for it")
	c.MarkFlagsMutuallyExclusive("ids", "from", "changes")
	c.MarkFlagsMutuallyExclusive("ids", "to", "changes")
	return c
}

func parseFilter(changes bool, from, to string, ids []string) (flow.Filter, error) {
	switch {
	case len(ids) > 0:
		return flow.Filter{Kind: flow.IDs, IDs: ids}, nil
	case changes:
		return flow.Filter{Kind: flow.Changes}, nil
	case from == "" && to == "":
		return flow.Filter{Kind: flow.All}, nil
	}
	filter := flow.Filter{Kind: flow.Range}
	var err error
	if filter.From, err = parseTime("from", from); err != nil {
		return filter, err
	}
	filter.To, err = parseTime("to", to)
	return filter, err
}

func parseTime(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault.Field("--"+flag, "%q is neither a day (2026-01-31) nor a time (2026-01-31T08:00:00Z)", text)
}

// followToEnd shows an operation's progress until it has ended, and then how it went. The operation does not depend on
// being watched: who stops watching is told how to go on.
func followToEnd(c *cobra.Command, op gen.Operation) error {
	w := c.ErrOrStderr()
	if err := announce(w, op); err != nil {
		return err
	}
	ended, err := watchOperation(c.Context(), remote(), op.ID, w)
	if errors.Is(err, context.Canceled) {
		return errors.Join(err, say(w, "\nthe operation goes on without being watched; to watch it: tandem operations watch %s, to stop it: "+
			"tandem operations cancel %s", op.ID, op.ID))
	}
	if err != nil {
		return err
	}
	return summarise(c, ended)
}

// announce says what is watched, and where else it can be seen.
func announce(w io.Writer, op gen.Operation) error {
	if err := say(w, "operation %s", op.ID); err != nil || op.TemporalURL == "" {
		return err
	}
	return say(w, "in the Temporal UI: %s", op.TemporalURL)
}

// summarise prints how an operation ended. One that failed is an error, and so are records that wait for a person.
func summarise(c *cobra.Command, op gen.Operation) error {
	if err := answer(c, op, func(w io.Writer) error { return printProgress(w, op) }); err != nil {
		return err
	}
	switch {
	case op.State != gen.OperationStateDone:
		return fault.New(fault.Kind(op.ErrorKind), "the operation is %s: %s", op.State, op.Error)
	case inTrouble(op):
		return errTrouble
	default:
		return nil
	}
}

func inTrouble(op gen.Operation) bool {
	return slices.ContainsFunc(op.Progress, func(p gen.Progress) bool { return p.Parked+p.Failed > 0 })
}

func printProgress(w io.Writer, op gen.Operation) error {
	rows := make([][]any, len(op.Progress))
	for i, p := range op.Progress {
		rows[i] = []any{p.Instance, p.Entity, p.State, p.Read, p.Created, p.Updated, p.Unchanged, p.Parked, p.Failed}
	}
	head := []any{"INSTANCE", "ENTITY", "STATE", "READ", "CREATED", "UPDATED", "UNCHANGED", "PARKED", "FAILED"}
	if err := printTable(w, head, rows, "nothing was read"); err != nil || !inTrouble(op) {
		return err
	}
	for _, id := range op.Instances {
		err := say(w, "\nwhat is parked or failed, and why: tandem jobs --instance %s --state parked (or failed)\n"+
			"once the cause is mended:          tandem jobs process --instance %s --code CODE", id, id)
		if err != nil {
			return err
		}
	}
	return nil
}

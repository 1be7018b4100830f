package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/instance"
)

func newInstance() *cobra.Command {
	return remoteGroup("instance", "Add, configure, connect and activate stores",
		newInstanceAdd(), newInstanceList(), newInstanceShow(), newInstanceSet(), newInstanceOptions(), newInstanceConfigure(), newInstanceCredentials(), newInstanceAuthorize(),
		newInstanceERPCredentials(), newInstanceConnect(), newInstanceActivate(), newInstanceDeactivate(), newInstanceReset(), newInstanceRemove())
}

func newInstanceList() *cobra.Command {
	return remoteCommand("list", "List the stores", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var list gen.InstanceList
		if err := remote().Get(c.Context(), "/instances", nil, &list); err != nil {
			return err
		}
		return answer(c, list.Items, func(w io.Writer) error {
			rows := make([][]any, len(list.Items))
			for i, in := range list.Items {
				rows[i] = []any{in.ID, in.Name, in.State, in.Backend, in.StoreURL}
			}
			return printTable(w, []any{"ID", "NAME", "STATE", "BACKEND", "STORE"}, rows, "no stores yet; add one with: tandem instance add")
		})
	})
}

func newInstanceConnect() *cobra.Command {
	c := remoteCommand("connect ID", "Try a store's keys and the ERP's, and say what was found", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in, err := moveInstance(c, args[0], "connect", nil)
		if err != nil {
			return err
		}
		return answer(c, in, func(w io.Writer) error {
			if err := printConnected(w, in); err != nil || in.State != instance.Active {
				return err
			}
			return printPaused(c.Context(), w, in.ID)
		})
	})
	c.Long += "\n\nAn active store stays active: for it this is a check, after a key was replaced for example."
	return completing(c, instanceIDs)
}

func printConnected(w io.Writer, in gen.Instance) error {
	lines := []string{fmt.Sprintf("%s is %s: WooCommerce %s, WordPress %s, %s, prices with tax: %t",
		in.ID, in.State, in.Store.WooCommerce, in.Store.WordPress, in.Store.Currency, in.Store.PricesIncludeTax)}
	if in.Store.Tracking != "" {
		lines = append(lines, "it can keep shipments as: "+strings.ReplaceAll(in.Store.Tracking, ",", ", "))
	}
	lines = append(lines, erpLines(in.ERP)...)
	for _, warning := range in.Warnings {
		lines = append(lines, "warning: "+warning)
	}
	if len(in.Missing) > 0 {
		lines = append(lines, "before it can be activated, fill in: "+strings.Join(in.Missing, ", "))
	}
	return say(w, "%s", strings.Join(lines, "\n"))
}

// printPaused names the schedules that stand still though their store is active: those that were paused because of a key
// do not go on without a word.
func printPaused(ctx context.Context, w io.Writer, id string) error {
	list, err := schedules(ctx, []string{id})
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.State != gen.ScheduleStatePaused {
			continue
		}
		if err := say(w, "%s is paused: %s\nto resume it: tandem schedule resume %s %s", s.Kind, s.Reason, id, s.Kind); err != nil {
			return err
		}
	}
	return nil
}

// erpLines say what ERP was found, and what to look after there.
func erpLines(found instance.ERPInfo) []string {
	lines := []string{fmt.Sprintf("the ERP is %s %s, company %s", found.Name, found.Version, found.Company)}
	for _, warning := range found.Warnings {
		lines = append(lines, "warning: "+warning)
	}
	return lines
}

func newInstanceActivate() *cobra.Command {
	var body gen.Activation
	c := remoteCommand("activate ID", "Let a store's schedules run", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in, err := moveInstance(c, args[0], "activate", body)
		if err != nil {
			return err
		}
		return told(c, in, "%s is active; to import it: tandem sync %s, and then regularly: tandem schedule add %s, "+
			"tandem schedule add %s catalogue_import", in.ID, in.ID, in.ID, in.ID)
	})
	c.Flags().BoolVar(&body.AllowSameStore, "allow-same-store", false, "even if another instance imports the same store into the same ERP")
	return completing(c, instanceIDs)
}

func newInstanceDeactivate() *cobra.Command {
	c := remoteCommand("deactivate ID", "Pause a store's schedules; nothing is dropped", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in, err := moveInstance(c, args[0], "deactivate", nil)
		if err != nil {
			return err
		}
		return told(c, in, "%s is deactivated; its schedules are paused", in.ID)
	})
	return completing(c, instanceIDs)
}

func newInstanceRemove() *cobra.Command {
	var yes bool
	c := remoteCommand("remove ID", "Remove a store; what it landed in the ERP stays", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		path := address("instances", args[0])
		err := remote().Delete(c.Context(), path, nil)
		if fault.Is(err, fault.Conflict) && strings.Contains(err.Error(), "confirm=") {
			if refused := confirm(c, yes, explained(err)); refused != nil {
				return refused
			}
			err = remote().Delete(c.Context(), path+"?confirm="+url.QueryEscape(args[0]), nil)
		}
		if err != nil {
			return err
		}
		return told(c, map[string]string{"removed": args[0]}, "removed %s; what it landed in the ERP stays", args[0])
	})
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return completing(c, instanceIDs)
}

// explained gives the API's explanation of a removal without how to confirm it over the API.
func explained(err error) string {
	text, _, _ := strings.Cut(err.Error(), " To go on, confirm")
	return "remove the store: " + text
}

func moveInstance(c *cobra.Command, id, command string, body any) (gen.Instance, error) {
	var in gen.Instance
	err := remote().Post(c.Context(), address("instances", id, command), body, &in)
	return in, err
}

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newLinksChecks() *cobra.Command {
	c := remoteCommand("checks INSTANCE", "Say how old the states of links are, and why", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		list, err := linkChecks(c, args[0])
		if err != nil {
			return err
		}
		return answer(c, list.Items, func(w io.Writer) error {
			rows := make([][]any, len(list.Items))
			for i, check := range list.Items {
				rows[i] = []any{check.Entity, timeText(check.CheckedAt), timeText(check.TriedAt), orDash(check.Problem)}
			}
			return printTable(w, []any{"ENTITY", "CHANGES KNOWN UNTIL", "ASKED", "PROBLEM"}, rows, "nothing is linked yet, or nothing was looked at so far")
		})
	})
	c.Long += "\n\nWhat people change in the ERP is looked at more than once a minute, whether or not it is exported."
	return completing(c, instanceIDs)
}

func linkChecks(c *cobra.Command, instance string) (list gen.LinkCheckList, err error) {
	return list, remote().Get(c.Context(), address("instances", instance, "link-checks"), nil, &list)
}

// warnOfOldStates says on standard error why the states of a store's links may be old.
func warnOfOldStates(c *cobra.Command, instance, entity string) error {
	if instance == "" {
		return nil
	}
	list, err := linkChecks(c, instance)
	if err != nil {
		return err
	}
	for _, check := range list.Items {
		if check.Problem == "" || entity != "" && entity != check.Entity {
			continue
		}
		if err := say(c.ErrOrStderr(), "%s: states are of %s: %s", check.Entity, timeText(check.CheckedAt), check.Problem); err != nil {
			return err
		}
	}
	return nil
}

// changeOf says which side changed, and when that became known.
func changeOf(l gen.Link) string {
	at := l.ERPChangedAt
	if at.IsZero() {
		at = l.StoreChangedAt
	}
	if l.ChangedIn == "" {
		return "-"
	}
	return fmt.Sprintf("in the %s, %s", map[string]string{"both": "ERP and the store", "erp": "ERP", "store": "store"}[l.ChangedIn], timeText(at))
}

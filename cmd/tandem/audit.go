package main

import (
	"cmp"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

func newAudit() *cobra.Command {
	var actor, action, instance, from, to string
	var limit int
	c := remoteCommand("audit", "List who changed or started what, when and from where, newest first", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		for flag, value := range map[string]string{"from": from, "to": to} {
			if _, err := time.Parse(time.RFC3339, value); value != "" && err != nil {
				return fault.New(fault.Invalid, "--%s is not a time such as 2026-01-31T08:00:00Z", flag)
			}
		}
		q := given("actor", actor, "action", action, "instance", instance, "from", from, "to", to)
		q.Set("limit", strconv.Itoa(limit))
		var page gen.AuditPage
		if err := remote().Get(c.Context(), "/audit", q, &page); err != nil {
			return err
		}
		return answer(c, page, func(w io.Writer) error {
			rows := make([][]any, len(page.Items))
			for i, e := range page.Items {
				status := "-"
				if e.Status != 0 {
					status = strconv.Itoa(e.Status)
				}
				rows[i] = []any{at(e.At, ""), e.ActorKind, cmp.Or(e.Actor, "-"), cmp.Or(e.Address, "-"), e.Action, e.Target, status}
			}
			return printTable(w, []any{"AT (UTC)", "KIND", "WHO", "FROM", "ACTION", "TARGET", "STATUS"}, rows, "no entries")
		})
	})
	c.Flags().StringVar(&actor, "actor", "", "only of this user or token, by id or name")
	c.Flags().StringVar(&action, "action", "", "only this operation of the API, e.g. ActivateInstance")
	c.Flags().StringVar(&instance, "instance", "", "only about this store")
	c.Flags().StringVar(&from, "from", "", "only from this time on, e.g. 2026-01-31T08:00:00Z")
	c.Flags().StringVar(&to, "to", "", "only before this time")
	limitFlag(c, &limit)
	completingFlag(c, "instance", instanceIDs)
	return c
}

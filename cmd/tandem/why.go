package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newWhy() *cobra.Command {
	var local bool
	c := remoteCommand("why TEXT", "Say what became of an order, a product or a customer, or why it is not here", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var found gen.RecordSearch
		query := given("q", args[0])
		if local {
			query.Set("local_only", "true")
		}
		if err := remote().Get(c.Context(), "/records/search", query, &found); err != nil {
			return err
		}
		return answer(c, found, func(w io.Writer) error { return printWhy(w, found) })
	})
	c.Long += "\n\nTEXT is an order's number, a SKU, an e-mail address, a coupon's code or a store id. Where nothing is known of it, the store is asked."
	c.Flags().BoolVar(&local, "local", false, "ask no store")
	return c
}

func printWhy(w io.Writer, found gen.RecordSearch) error {
	rows := make([][]any, len(found.Items))
	for i, r := range found.Items {
		rows[i] = []any{r.Instance, r.Entity, r.WooID, cut(orDash(r.Label), 40), strings.ReplaceAll(string(r.State), "_", " "), orDash(r.ERPID), whyText(r)}
	}
	if err := printTable(w, []any{"INSTANCE", "ENTITY", "ID", "NAME", "STATE", "IN THE ERP", "WHY"}, rows, "nothing is known by that name"); err != nil {
		return err
	}
	if found.More {
		if err := say(w, "and more: give the store's id"); err != nil {
			return err
		}
	}
	for _, id := range found.NotInStore {
		if err := say(w, "the store of %s has nothing of that name", id); err != nil {
			return err
		}
	}
	for _, u := range found.Unanswered {
		if err := say(w, "the store of %s did not answer: %s", u.Instance, u.Reason); err != nil {
			return err
		}
	}
	if len(found.NotAsked) > 0 {
		return say(w, "not asked: the stores of %s", strings.Join(found.NotAsked, ", "))
	}
	return nil
}

// whyText says why a record is as it is, and which setting says so.
func whyText(r gen.FoundRecord) string {
	switch {
	case r.Field != "":
		return r.Reason + " (" + r.Field + ")"
	case r.Reason != "":
		return r.Reason
	default:
		return orDash(r.Code)
	}
}

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

// bulk tells all orders that a filter picks, in portions, after it has said how many there are.
func (p orderPick) bulk(c *cobra.Command, instance string) error {
	wanted := gen.OrderSelection{Instance: instance, States: []string{p.state}, Code: p.code, DryRun: true}
	path := "/orders/" + p.command
	var found gen.OrderCommands
	if err := remote().Post(c.Context(), path, wanted, &found); err != nil {
		return err
	}
	if found.Matched == 0 {
		return told(c, found, "no orders found: nothing to %s", p.command)
	}
	if err := confirm(c, p.yes, fmt.Sprintf("%s %d orders of %s", p.command, found.Matched, instance)); err != nil {
		return err
	}
	wanted.DryRun = false
	all := gen.OrderCommands{Matched: found.Matched, Refused: []gen.OrderRefusal{}}
	for {
		var portion gen.OrderCommands
		if err := remote().Post(c.Context(), path, wanted, &portion); err != nil {
			return err
		}
		all.Accepted, all.Remaining = all.Accepted+portion.Accepted, portion.Remaining
		all.Refused = append(all.Refused, portion.Refused...)
		if portion.Remaining == 0 || portion.Accepted == 0 {
			return p.sum(c, instance, all)
		}
	}
}

// sum says how many orders took the command, and why the others did not.
func (p orderPick) sum(c *cobra.Command, instance string, all gen.OrderCommands) error {
	err := answer(c, all, func(w io.Writer) error {
		for _, refused := range all.Refused {
			if err := say(w, "order %s: %s", refused.WooID, refused.Reason); err != nil {
				return err
			}
		}
		return say(w, "%d of %d orders of %s: %s", all.Accepted, all.Matched, instance, p.done)
	})
	if err == nil && all.Accepted < all.Matched {
		return errTrouble
	}
	return err
}

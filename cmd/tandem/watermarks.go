package main

import (
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newInstanceReset() *cobra.Command {
	c := remoteCommand("reset ID [ENTITY]", "Have the next import of changes read everything", cobra.RangeArgs(1, 2), func(c *cobra.Command, args []string) error {
		path := address("instances", args[0], "watermarks")
		if len(args) == 2 {
			path += "?" + given("entity", args[1]).Encode()
		}
		var reset gen.ResetWatermarks
		if err := remote().Delete(c.Context(), path, &reset); err != nil {
			return err
		}
		if len(reset.Entities) == 0 {
			return told(c, reset, "the next import of changes reads everything anyway")
		}
		return told(c, reset, "the next import of changes reads everything of %s; to do it now: tandem sync %s --changes",
			strings.Join(reset.Entities, ", "), args[0])
	})
	c.Long += "\n\nIt forgets up to when records were read: use it when changes were missed. A schedule's next run reads everything too. " +
		"What the ERP holds already stays as it is."
	return completing(c, instanceIDs, entityNames)
}

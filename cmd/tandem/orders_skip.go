package main

import (
	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/erp"
)

func newOrdersSkip() *cobra.Command {
	var asked gen.OrderSkip
	var step string
	c := remoteCommand("skip INSTANCE ORDER", "Let a blocked order go on without a step", cobra.ExactArgs(2), func(c *cobra.Command, args []string) error {
		asked.Step = erp.Step(step)
		var o gen.Order
		if err := remote().Post(c.Context(), address("orders", args[0], args[1], "skip"), asked, &o); err != nil {
			return err
		}
		return told(c, o, "%s of %s goes on without %s", args[1], args[0], step)
	})
	c.Long += `

For what was done elsewhere, or is not to be done. The ERP still shows what is left of it: "invoice" (and with it "pay") leaves the
order to be invoiced, "pay" the invoice open, "ship" the delivery open with its goods set aside: cancel or validate that there. The
reason is kept with the order, and the skip holds when it is imported again.`
	c.Flags().StringVar(&step, "step", "", "invoice, pay or ship")
	c.Flags().StringVar(&asked.Reason, "reason", "", "why, for those who look at the order later")
	_ = c.MarkFlagRequired("step") // both flags are there
	_ = c.MarkFlagRequired("reason")
	completingFlag(c, "step", words("invoice", "pay", "ship"))
	return completing(c, instanceIDs, words())
}

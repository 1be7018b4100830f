package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

// confirmAbove is how many records are moved without asking.
const confirmAbove = 20

// transfer is a push or a pull.
type transfer struct {
	gen.Transfer
	command      string // "push" or "pull", which is its path as well
	state        string
	parts        []string
	limit        int // of records that a plan shows
	yes, dryOnly bool
	planOnly     bool
}

func newPush() *cobra.Command {
	t := &transfer{command: "push"}
	c := newTransfer(t, "Write records of the ERP into stores", `
Those that a store does not have are created there, when they are named by --erp-ids. Of products, --parts says what is written:
basic, price, image, stock, status. What is left out is not sent. --plan says field by field what would be written.
What the store owns (config.ownership) stays as the store has it; --plan says what that is, and --force writes it all the same.`,
		`  tandem push myshop --entity product --erp-ids 17,18
  tandem push myshop othershop --entity product --erp-ids 17       into several stores
  tandem push myshop --entity product --state unsynchronised       all that was edited in the ERP
  tandem push myshop --entity product --state unsynchronised --parts price,stock
  tandem push myshop --entity product --state unsynchronised --plan
  tandem push myshop --entity customer --ids 7 --dry-run           says how many, and which cannot be`)
	c.Flags().StringSliceVar(&t.parts, "parts", nil, "what of products is written: "+strings.Join(pushParts, ", ")+"; all that is switched on when left out")
	completingFlag(c, "parts", words(pushParts...))
	return c
}

// pushParts are the parts of products that a push may be limited to.
var pushParts = []string{"basic", "price", "image", "stock", "status"}

func newPull() *cobra.Command {
	return newTransfer(&transfer{command: "pull"}, "Read records of stores into the records of the ERP that they are linked to", `
The ERP gets what the store has, also of records that were edited in the ERP only. --plan says field by field what would be written.
What the ERP owns (config.ownership) stays as the ERP has it; --plan says what that is, and --force writes it all the same.
A record that is not linked is not made in the ERP: it is named, and the others are pulled.`,
		`  tandem pull myshop --entity product --ids 4012,4013
  tandem pull myshop --entity product --ids 4012 --plan
  tandem pull myshop --entity customer --state unsynchronised`)
}

func newTransfer(t *transfer, short, more, example string) *cobra.Command {
	c := remoteCommand(t.command+" INSTANCE...", short, cobra.MinimumNArgs(1), func(c *cobra.Command, args []string) error {
		t.Instances, t.State = args, gen.LinkState(t.state)
		for _, part := range t.parts {
			t.Parts = append(t.Parts, gen.PushPart(part))
		}
		if t.planOnly {
			return t.plan(c)
		}
		return t.run(c)
	})
	c.Long += "\n" + more + fmt.Sprintf(" More than %d are confirmed first.", confirmAbove) + exitHelp
	c.Example = example
	c.Flags().StringVar(&t.Entity, "entity", "", "what they are, e.g. product")
	c.Flags().StringSliceVar(&t.WooIds, "ids", nil, "these records, by the store's ids")
	c.Flags().StringSliceVar(&t.ERPIds, "erp-ids", nil, "these records, by the ERP's ids")
	c.Flags().StringVar(&t.state, "state", "", "all whose link is in this state: synchronised, unsynchronised")
	c.Flags().BoolVar(&t.dryOnly, "dry-run", false, "say how many there are and which cannot be moved, and move none")
	c.Flags().BoolVar(&t.Force, "force", false, "write all that differs, whoever owns it")
	c.Flags().BoolVar(&t.planOnly, "plan", false, "say field by field what would be written, and write nothing")
	c.Flags().IntVar(&t.limit, "limit", planShown, "how many records of each store a plan shows")
	c.Flags().BoolVar(&t.yes, "yes", false, "do not ask")
	c.MarkFlagsMutuallyExclusive("plan", "dry-run")
	_ = c.MarkFlagRequired("entity") // which exists
	c.MarkFlagsOneRequired("ids", "erp-ids", "state")
	c.MarkFlagsMutuallyExclusive("ids", "erp-ids", "state")
	completingFlag(c, "entity", entityNames)
	completingFlag(c, "state", words("synchronised", "unsynchronised"))
	return completing(c, instanceIDs)
}

// run counts the records first, and moves them once a person has agreed to many.
func (t transfer) run(c *cobra.Command) error {
	t.DryRun = true
	var found gen.Transfers
	if err := remote().Post(c.Context(), "/"+t.command, t.Transfer, &found); err != nil {
		return err
	}
	if err := printOwners(c.ErrOrStderr(), found); err != nil {
		return err
	}
	if t.dryOnly || found.Count == 0 {
		return t.tell(c, found)
	}
	if found.Count > confirmAbove {
		if err := confirm(c, t.yes, fmt.Sprintf("%s %d records", t.command, found.Count)); err != nil {
			return err
		}
	}
	t.DryRun = false
	var started gen.Transfers
	if err := remote().Post(c.Context(), "/"+t.command, t.Transfer, &started); err != nil {
		return err
	}
	return t.follow(c, started)
}

// printOwners says beforehand what is kept back because of who owns it.
func printOwners(w io.Writer, found gen.Transfers) error {
	for _, o := range found.Owners {
		kept := "left as it is where it differs"
		if o.Owner != "store" && o.Owner != "erp" {
			kept = "left as it is where the other side changed it, and held where both did"
		}
		if err := say(w, "%s: %s belongs to %q and is %s (--plan says what, --force writes it)", o.Instance, o.Part, o.Owner, kept); err != nil {
			return err
		}
	}
	return nil
}

func (t transfer) tell(c *cobra.Command, found gen.Transfers) error {
	err := answer(c, found, func(w io.Writer) error {
		if err := printRefused(w, found); err != nil {
			return err
		}
		return say(w, "%d records to %s, %d that cannot be", found.Count, t.command, len(found.Refused))
	})
	if err == nil && len(found.Refused) > 0 {
		return errTrouble
	}
	return err
}

func printRefused(w io.Writer, found gen.Transfers) error {
	for _, r := range found.Refused {
		if err := say(w, "%s: %s", r.Instance, r.Reason); err != nil {
			return err
		}
	}
	return nil
}

// follow watches the operations, one after another, and then says what could not be moved.
func (t transfer) follow(c *cobra.Command, started gen.Transfers) error {
	for i, op := range started.Operations {
		if err := announce(c.ErrOrStderr(), op); err != nil {
			return err
		}
		ended, err := watchOperation(c.Context(), remote(), op.ID, c.ErrOrStderr())
		if err != nil {
			return err
		}
		started.Operations[i] = ended
	}
	err := answer(c, started, func(w io.Writer) error {
		for _, op := range started.Operations {
			if err := printProgress(w, op); err != nil {
				return err
			}
		}
		return printRefused(w, started)
	})
	if err != nil {
		return err
	}
	for _, op := range started.Operations {
		if op.State != gen.OperationStateDone || inTrouble(op) {
			return errTrouble
		}
	}
	if len(started.Refused) > 0 {
		return errTrouble
	}
	return nil
}

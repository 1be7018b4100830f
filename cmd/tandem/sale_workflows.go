package main

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/instance"
)

func newSaleWorkflows() *cobra.Command {
	return remoteGroup("sale-workflows", "Manage the steps that imported orders go through",
		newSaleWorkflowsList(), newSaleWorkflowsShow(), newSaleWorkflowsSet(), newSaleWorkflowsDelete())
}

func newSaleWorkflowsList() *cobra.Command {
	return remoteCommand("list", "List the sale workflows", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var list gen.SaleWorkflowList
		if err := remote().Get(c.Context(), "/sale-workflows", nil, &list); err != nil {
			return err
		}
		return answer(c, list.Items, func(w io.Writer) error {
			rows := make([][]any, len(list.Items))
			for i, s := range list.Items {
				rows[i] = []any{s.ID, s.Name, stepsOf(s), orDash(s.PaymentJournal), orDash(s.PaymentMethod)}
			}
			return printTable(w, []any{"ID", "NAME", "STEPS", "JOURNAL", "METHOD"}, rows, "no sale workflows")
		})
	})
}

// stepsOf names the steps of a sale workflow in their order.
func stepsOf(s instance.SaleWorkflow) string {
	var steps []string
	for _, step := range []struct {
		on   bool
		name string
	}{
		{s.ValidateOrder, "validate"}, {s.CreateInvoice, "invoice"}, {s.RegisterPayment, "pay"}, {s.ConfirmShipment, "ship"},
	} {
		if step.on {
			steps = append(steps, step.name)
		}
	}
	return orDash(strings.Join(steps, ", "))
}

func newSaleWorkflowsShow() *cobra.Command {
	c := remoteCommand("show ID", "Print a sale workflow as JSON, as set takes it", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var s instance.SaleWorkflow
		if err := remote().Get(c.Context(), address("sale-workflows", args[0]), nil, &s); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), s)
	})
	return completing(c, workflowIDs)
}

func newSaleWorkflowsSet() *cobra.Command {
	var file string
	c := remoteCommand("set ID", "Create a sale workflow, or replace it", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		wanted, err := readObject(c, file)
		if err != nil {
			return err
		}
		if wanted["id"], err = json.Marshal(args[0]); err != nil {
			return err
		}
		var s instance.SaleWorkflow
		err = remote().Put(c.Context(), address("sale-workflows", args[0]), wanted, &s)
		if fault.Is(err, fault.NotFound) {
			err = remote().Post(c.Context(), "/sale-workflows", wanted, &s)
		}
		if err != nil {
			return err
		}
		return told(c, s, "%s: %s; it applies to orders that are imported from now on", s.ID, stepsOf(s))
	})
	c.Example = `  tandem sale-workflows show default > steps.json
  tandem sale-workflows set default --file steps.json
  echo '{"name":"Invoice only","validate_order":true,"create_invoice":true}' | tandem sale-workflows set invoice-only --file -`
	c.Flags().StringVar(&file, "file", "", `JSON file with the sale workflow, "-" for standard input (required)`)
	_ = c.MarkFlagRequired("file")
	return completing(c, workflowIDs)
}

func newSaleWorkflowsDelete() *cobra.Command {
	c := remoteCommand("delete ID", "Delete a sale workflow that no store uses", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		if err := remote().Delete(c.Context(), address("sale-workflows", args[0]), nil); err != nil {
			return err
		}
		return told(c, map[string]string{"deleted": args[0]}, "deleted %s", args[0])
	})
	return completing(c, workflowIDs)
}

package main

import (
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

// setting is a field of the configuration with the choices there are for it.
type setting struct {
	Field   string       `json:"field"`
	Choices []gen.Choice `json:"choices"`
}

func newInstanceOptions() *cobra.Command {
	var all bool
	c := remoteCommand("options ID", "Print what can be chosen for the settings that activation asks for", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var in gen.Instance
		if err := remote().Get(c.Context(), address("instances", args[0]), nil, &in); err != nil {
			return err
		}
		var options gen.Options
		if err := remote().Get(c.Context(), address("instances", args[0], "options"), nil, &options); err != nil {
			return err
		}
		if all {
			return printJSON(c.OutOrStdout(), options)
		}
		missing := missingSettings(in, options)
		return answer(c, missing, func(w io.Writer) error { return printSettings(w, missing) })
	})
	c.Flags().BoolVar(&all, "all", false, "print everything that the ERP offers, as JSON")
	return completing(c, instanceIDs)
}

// missingSettings pairs what activation asks for with its choices. The main currency is the store's in nearly every case.
func missingSettings(in gen.Instance, o gen.Options) []setting {
	choices := map[string][]gen.Choice{
		"config.general.warehouse": o.Warehouses, "config.payment.term": o.PaymentTerms, "config.order.sales_team": o.SalesTeams,
		"config.order.salesperson": o.Salespeople, "config.general.currency": {{ID: in.Store.Currency, Name: "the store's currency"}},
		"config.order.import_through":   {{ID: "status", Name: "Order status"}, {ID: "payment_gateway", Name: "Payment gateway"}},
		"config.order.customer_address": {{ID: "billing", Name: "Billing address"}, {ID: "shipping", Name: "Shipping address"}},
		"config.stock.field":            {{ID: "free", Name: "On hand less reserved"}, {ID: "forecast", Name: "Forecast"}},
	}
	missing := []setting{}
	for _, field := range in.Missing {
		missing = append(missing, setting{Field: field, Choices: choices[field]})
	}
	return missing
}

func printSettings(w io.Writer, missing []setting) error {
	var rows [][]any
	for _, s := range missing {
		if len(s.Choices) == 0 {
			rows = append(rows, []any{s.Field, "-", "see docs/concepts.md"})
		}
		for _, choice := range s.Choices {
			rows = append(rows, []any{s.Field, choice.ID, choice.Name})
		}
	}
	return printTable(w, []any{"SETTING", "VALUE", "NAME"}, rows, "nothing is missing; --all prints everything that can be chosen")
}

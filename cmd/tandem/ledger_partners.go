package main

import (
	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newLedgerPartners() *cobra.Command {
	c := ledgerKind[gen.LedgerPartner]{
		use: "partners", one: "a customer or company", many: "customers and companies",
		head: []any{"ID", "NAME", "E-MAIL", "COMPANY", "ADDRESSES"},
		row: func(p gen.LedgerPartner) []any {
			return []any{p.ID, cut(p.Name, 40), orDash(p.Email), yesNo(p.Company), len(p.Addresses)}
		},
		flags: partnerFlags, readOnly: []string{"guest"},
	}.group()
	c.Example = `  tandem ledger partners create --first-name Ada --last-name Lovelace --email ada@example.com
  echo '{"addresses":[{"kind":"invoice","street":"1 Road","city":"London","country":"GB"}]}' | tandem ledger partners edit 7 --file -`
	return c
}

func partnerFlags(c *cobra.Command) func(func() (gen.LedgerPartner, error)) (map[string]any, error) {
	texts := textFlags(c, [2]string{"name", "display name; first and last name by default"}, [2]string{"first_name", "first name"},
		[2]string{"last_name", "last name"}, [2]string{"email", "e-mail, by which stores know a customer"}, [2]string{"phone", "phone number"},
		[2]string{"tax_id", "VAT number"}, [2]string{"language", "language"})
	company := c.Flags().Bool("company", false, "a company rather than a person")
	return func(func() (gen.LedgerPartner, error)) (map[string]any, error) {
		said := texts()
		if c.Flags().Changed("company") {
			said["company"] = *company
		}
		return said, nil
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

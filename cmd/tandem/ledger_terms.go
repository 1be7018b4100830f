package main

import (
	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newLedgerTerms() *cobra.Command {
	c := ledgerKind[gen.LedgerTerm]{
		use: "terms", one: "a category, tag, brand, attribute or shipping class", many: "terms", under: "KIND",
		head: []any{"ID", "NAME", "CODE", "PARENT", "VALUES"},
		row: func(t gen.LedgerTerm) []any {
			return []any{t.ID, cut(t.Name, 60), orDash(t.Code), orDash(t.Parent), len(t.Values)}
		},
		flags: termFlags, words: words("category", "tag", "brand", "attribute", "shipping_class"),
	}.group()
	c.Example = `  tandem ledger terms create category --name Phones
  echo '{"name":"Colour","values":[{"name":"Red"},{"name":"Green"}]}' | tandem ledger terms create attribute --file -`
	return c
}

func termFlags(c *cobra.Command) func(func() (gen.LedgerTerm, error)) (map[string]any, error) {
	texts := textFlags(c, [2]string{"name", "name"}, [2]string{"code", "slug"}, [2]string{"description", "description"},
		[2]string{"parent", "id of the category it is in"})
	return func(func() (gen.LedgerTerm, error)) (map[string]any, error) { return texts(), nil }
}

package main

import (
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/erp"
)

func newERPs() *cobra.Command {
	return remoteCommand("erps", "List the ERPs a store can be kept in step with, and what each is connected with", cobra.NoArgs,
		func(c *cobra.Command, _ []string) error {
			var list gen.ERPList
			if err := remote().Get(c.Context(), "/erps", nil, &list); err != nil {
				return err
			}
			return answer(c, list.Items, func(w io.Writer) error { return printERPs(w, list.Items) })
		})
}

func printERPs(w io.Writer, erps []gen.ERP) error {
	var rows [][]any
	for _, e := range erps {
		if len(e.Settings) == 0 {
			rows = append(rows, []any{e.Name, "-", "", "built in: it needs no connection"})
		}
		for _, s := range e.Settings {
			needed := "optional"
			if s.Required {
				needed = "required"
			}
			rows = append(rows, []any{e.Name, "--" + erpFlag(erp.Setting{Name: s.Name}), needed, s.Help})
		}
		if e.Secret != "" {
			rows = append(rows, []any{e.Name, "ERP_SECRET", "required", e.Secret})
		}
	}
	return printTable(w, []any{"BACKEND", "SETTING", "", "WHAT IT IS"}, rows, "no ERPs found")
}

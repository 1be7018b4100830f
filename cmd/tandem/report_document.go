package main

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

// layoutFlags say what a printed report looks like, by the name of the API's parameter.
type layoutFlags map[string]*string

func (f layoutFlags) register(c *cobra.Command) {
	for _, flag := range []struct{ name, help string }{
		{"style", "summary (a chart and what sold best), compact (figures only) or table (each order and refund)"},
		{"font", "sans, serif or mono"},
		{"page", "A4 or Letter"},
		{"accent", "the colour of heads and bars, e.g. #1f4e79"},
		{"ink", "the colour of text"},
		{"language", "e.g. fr or de-CH, also of the number format; by default the store's"},
	} {
		f[flag.name] = c.Flags().String(flag.name, "", flag.help)
	}
	completingFlag(c, "style", words("summary", "compact", "table"))
	completingFlag(c, "font", words("sans", "serif", "mono"))
	completingFlag(c, "page", words("A4", "Letter"))
}

func newReportPDF() *cobra.Command {
	var instance, from, to, layout string
	flags := layoutFlags{}
	c := remoteCommand("pdf FILE", "Print the sales of a store over some days", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		q := given("instance", instance, "from", from, "to", to, "layout", layout)
		for name, value := range flags {
			if *value != "" {
				q.Set(name, *value)
			}
		}
		return download(c, "/reports/sales/document", q, fileOrOutput(args[0]))
	})
	c.Flags().StringVar(&instance, "instance", "", "the store (required)")
	c.Flags().StringVar(&from, "from", "", "the first day, in the store's time zone, e.g. 2026-03-01 (required)")
	c.Flags().StringVar(&to, "to", "", "the last day, included (required)")
	c.Flags().StringVar(&layout, "layout", "", "a saved layout, by its id; other flags take the place of what it says")
	flags.register(c)
	for _, name := range []string{"instance", "from", "to"} {
		_ = c.MarkFlagRequired(name)
	}
	c.Example = `  tandem report pdf march.pdf --instance myshop --from 2026-03-01 --to 2026-03-31
  tandem report pdf - --instance myshop --from 2026-03-01 --to 2026-03-31 --style table --page Letter > march.pdf`
	completingFlag(c, "instance", instanceIDs)
	return c
}

func newReportLayouts() *cobra.Command {
	return remoteGroup("layouts", "Manage what printed reports look like", newReportLayoutsList(), newReportLayoutsShow(), newReportLayoutsAdd(),
		newReportLayoutsSet(), newReportLayoutsDelete())
}

func newReportLayoutsList() *cobra.Command {
	var instance string
	c := remoteCommand("list", "List the saved layouts", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var list gen.ReportLayoutList
		if err := remote().Get(c.Context(), "/reports/layouts", given("instance", instance), &list); err != nil {
			return err
		}
		return answer(c, list.Items, func(w io.Writer) error {
			rows := make([][]any, len(list.Items))
			for i, l := range list.Items {
				rows[i] = []any{l.ID, l.Name, orAll(l.Instance), l.Style, l.Font, l.Page, l.Accent, l.Ink, orDash(l.Language), yesNo(l.HasLogo)}
			}
			return printTable(w, []any{"ID", "NAME", "INSTANCE", "STYLE", "FONT", "PAGE", "ACCENT", "INK", "LANGUAGE", "LOGO"}, rows, "no layouts")
		})
	})
	c.Flags().StringVar(&instance, "instance", "", "only those that this store may use")
	completingFlag(c, "instance", instanceIDs)
	return c
}

func newReportLayoutsShow() *cobra.Command {
	return remoteCommand("show ID", "Print a layout as JSON", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var l gen.ReportLayout
		if err := remote().Get(c.Context(), address("reports", "layouts", args[0]), nil, &l); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), l)
	})
}

// newReportLayoutsAdd saves a layout.
func newReportLayoutsAdd() *cobra.Command {
	var instance, logo string
	flags := layoutFlags{}
	c := remoteCommand("add NAME", "Save a layout", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in := gen.ReportLayoutInput{Name: args[0], Instance: instance}
		if err := flags.over(c, &in, logo); err != nil {
			return err
		}
		var l gen.ReportLayout
		if err := remote().Post(c.Context(), "/reports/layouts", in, &l); err != nil {
			return err
		}
		return told(c, l, "%s: %s", l.ID, l.Name)
	})
	c.Flags().StringVar(&instance, "instance", "", "the store that may use it; by default all may")
	c.Flags().StringVar(&logo, "logo", "", "a PNG or JPEG file, at most 256 KiB")
	flags.register(c)
	completingFlag(c, "instance", instanceIDs)
	return c
}

// newReportLayoutsSet changes what its flags say and leaves the rest as it is.
func newReportLayoutsSet() *cobra.Command {
	var name, instance, logo string
	flags := layoutFlags{}
	c := remoteCommand("set ID", "Change a layout: what the flags say", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var l gen.ReportLayout
		if err := remote().Get(c.Context(), address("reports", "layouts", args[0]), nil, &l); err != nil {
			return err
		}
		in := gen.ReportLayoutInput{Name: l.Name, Instance: l.Instance, Style: l.Style, Font: l.Font, Page: l.Page, Accent: l.Accent, Ink: l.Ink, Language: l.Language}
		if c.Flags().Changed("name") {
			in.Name = name
		}
		if c.Flags().Changed("instance") {
			in.Instance = instance
		}
		if err := flags.over(c, &in, logo); err != nil {
			return err
		}
		if err := remote().Put(c.Context(), address("reports", "layouts", args[0]), in, &l); err != nil {
			return err
		}
		return told(c, l, "%s: %s", l.ID, l.Name)
	})
	c.Flags().StringVar(&name, "name", "", "another name")
	c.Flags().StringVar(&instance, "instance", "", `the store that may use it, "" for all`)
	c.Flags().StringVar(&logo, "logo", "", `a PNG or JPEG file, "" for none`)
	flags.register(c)
	completingFlag(c, "instance", instanceIDs)
	return c
}

// over puts what the flags say in the place of what a layout has.
func (f layoutFlags) over(c *cobra.Command, in *gen.ReportLayoutInput, logo string) error {
	said := map[string]string{}
	for name, value := range f {
		if c.Flags().Changed(name) {
			said[name] = *value
		}
	}
	text, err := json.Marshal(said)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, in); err != nil {
		return err
	}
	if !c.Flags().Changed("logo") {
		return nil
	}
	encoded := ""
	if logo != "" {
		data, err := os.ReadFile(filepath.Clean(logo))
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "cannot read %s", logo)
		}
		encoded = base64.StdEncoding.EncodeToString(data)
	}
	in.Logo = &encoded
	return nil
}

func newReportLayoutsDelete() *cobra.Command {
	return remoteCommand("delete ID", "Delete a layout", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		if err := remote().Delete(c.Context(), address("reports", "layouts", args[0]), nil); err != nil {
			return err
		}
		return told(c, map[string]string{"deleted": args[0]}, "deleted %s", args[0])
	})
}

package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/api/linkfile"
	"tandem/fault"
)

func newLinksExport() *cobra.Command {
	var instance, entity, state, file string
	c := remoteCommand("export", "Write links as CSV", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		return download(c, "/links/csv", given("instance", instance, "entity", entity, "state", state), file)
	})
	c.Flags().StringVar(&instance, "instance", "", "only of this store")
	c.Flags().StringVar(&entity, "entity", "", "only of this kind, e.g. product")
	c.Flags().StringVar(&state, "state", "", "only in this state: synchronised, unsynchronised")
	c.Flags().StringVar(&file, "file", "", "where to write them; standard output by default")
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "entity", entityNames)
	completingFlag(c, "state", words("synchronised", "unsynchronised"))
	return c
}

// linesAtOnce is how many lines of a file are linked with one request: each is looked at in the store and in the ERP.
const linesAtOnce = 100

// linkUpload is a file being linked.
type linkUpload struct {
	dryRun, skipInvalid bool
}

func newLinksImport() *cobra.Command {
	var u linkUpload
	c := remoteCommand("import FILE", "Link the pairs of a CSV file", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		lines, problems, err := readLinks(c, args[0])
		if err != nil {
			return err
		}
		return u.run(c, lines, problems)
	})
	c.Long += `

The first line names the columns: instance, entity, woo_id and erp_id, in any order; others are not read. Both records of a line must
exist, and neither may be linked to another. Nothing is linked unless all lines can be.` + exitHelp
	c.Example = `  tandem links import links.csv --dry-run       says what is wrong, by line
  tandem links import links.csv --skip-invalid   links the lines that can be
  tandem links import - < links.csv`
	c.Flags().BoolVar(&u.dryRun, "dry-run", false, "only look, and link nothing")
	c.Flags().BoolVar(&u.skipInvalid, "skip-invalid", false, "link the lines that can be, although others cannot")
	return c
}

// readLinks reads a file, or standard input.
func readLinks(c *cobra.Command, file string) ([]linkfile.Line, []linkfile.Problem, error) {
	input := c.InOrStdin()
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return nil, nil, fault.Wrap(fault.Invalid, err, "cannot read %s", file)
		}
		defer opened.Close()
		input = opened
	}
	return linkfile.Read(input)
}

// run looks at all lines first: a file that is too long for one request must not be linked in part either.
func (u linkUpload) run(c *cobra.Command, lines []linkfile.Line, problems []linkfile.Problem) error {
	all := gen.LinkResults{Results: []gen.LinkResult{}, Operations: []string{}}
	for _, p := range problems {
		all.Results = append(all.Results, gen.LinkResult{Line: p.Line, State: gen.LinkResultStateRefused, Code: "unreadable", Reason: p.Reason})
	}
	looked, err := u.send(c, lines, true)
	if err != nil {
		return err
	}
	var valid []linkfile.Line
	for i, r := range looked.Results {
		if r.State == gen.LinkResultStateValid {
			valid = append(valid, lines[i])
		}
	}
	refused := len(problems) + looked.Refused
	if u.dryRun || refused > 0 && !u.skipInvalid {
		all.Results, all.Refused = append(all.Results, looked.Results...), refused
		return u.tell(c, all)
	}
	done, err := u.send(c, valid, false)
	all.Results = append(all.Results, done.Results...)
	for _, r := range looked.Results {
		if r.State == gen.LinkResultStateRefused {
			all.Results = append(all.Results, r)
		}
	}
	all.Linked, all.Refused, all.Woken, all.Operations = done.Linked, refused+done.Refused, done.Woken, append(all.Operations, done.Operations...)
	if told := u.tell(c, all); err == nil {
		return told
	}
	return err
}

// send links lines, portion by portion, or only looks at them. An error leaves what was done until then.
func (u linkUpload) send(c *cobra.Command, lines []linkfile.Line, dryRun bool) (gen.LinkResults, error) {
	var all gen.LinkResults
	for portion := range slices.Chunk(lines, linesAtOnce) {
		request := gen.LinkRequest{DryRun: dryRun, SkipInvalid: true}
		for _, l := range portion {
			request.Links = append(request.Links, gen.NewLink{Instance: l.Instance, Entity: l.Entity, WooID: l.WooID, ERPID: l.ERPID})
		}
		var done gen.LinkResults
		if err := remote().Post(c.Context(), "/links", request, &done); err != nil {
			return all, err
		}
		for i := range done.Results {
			done.Results[i].Line = portion[i].Number
		}
		all.Results = append(all.Results, done.Results...)
		all.Linked, all.Refused, all.Woken = all.Linked+done.Linked, all.Refused+done.Refused, all.Woken+done.Woken
		all.Operations = append(all.Operations, done.Operations...)
	}
	return all, nil
}

func (u linkUpload) tell(c *cobra.Command, all gen.LinkResults) error {
	slices.SortStableFunc(all.Results, func(a, b gen.LinkResult) int { return a.Line - b.Line })
	err := answer(c, all, func(w io.Writer) error {
		for _, r := range all.Results {
			if r.State != gen.LinkResultStateRefused {
				continue
			}
			if err := say(w, "line %d: %s", r.Line, r.Reason); err != nil {
				return err
			}
		}
		return say(w, "%s", u.summary(all))
	})
	if err == nil && all.Refused > 0 {
		return errTrouble
	}
	return err
}

func (u linkUpload) summary(all gen.LinkResults) string {
	switch {
	case u.dryRun:
		return fmt.Sprintf("%d lines can be linked, %d cannot; nothing was linked", len(all.Results)-all.Refused, all.Refused)
	case all.Refused > 0 && all.Linked == 0:
		return fmt.Sprintf("nothing was linked: %d lines cannot be; correct them, or link the others with --skip-invalid", all.Refused)
	default:
		return fmt.Sprintf("%d linked, %d refused; %d records that waited for them go on", all.Linked, all.Refused, all.Woken)
	}
}

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"tandem/api/gen"
	"tandem/fault"
)

func newJobsProcess() *cobra.Command {
	var wanted gen.JobSelection
	var state, direction string
	var yes bool
	c := remoteCommand("process [JOB]", "Process one record now, or all that a filter picks", cobra.MaximumNArgs(1), func(c *cobra.Command, args []string) error {
		if len(args) == 1 {
			return processOne(c, args[0])
		}
		if wanted.Instance == "" {
			return fault.Field("--instance", "is missing: name a job, or a store whose parked and failed jobs are meant")
		}
		if state != "" {
			wanted.States = []string{state}
		}
		if c.Flags().Changed("direction") {
			wanted.Direction = gen.JobSelectionDirection(direction)
		}
		return processMany(c, wanted, yes)
	})
	c.Example = `  tandem jobs process 4711
  tandem jobs process --instance myshop --code unknown_currency         says how many there are, and asks
  tandem jobs process --instance myshop --state failed --entity product --yes`
	c.Flags().StringVar(&wanted.Instance, "instance", "", "the store whose jobs are processed")
	c.Flags().StringVar(&direction, "direction", "import", "jobs of this direction: import or export")
	completingFlag(c, "direction", words("import", "export"))
	c.Flags().StringVar(&state, "state", "", "only in this state: parked or failed; both by default")
	c.Flags().StringVar(&wanted.Entity, "entity", "", "only of this kind, e.g. order")
	c.Flags().StringVar(&wanted.Code, "code", "", "only with this reason, e.g. unknown_currency")
	c.Flags().StringVar(&wanted.FromOperation, "operation", "", "only of this operation")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "entity", entityNames)
	completingFlag(c, "state", words("parked", "failed"))
	c.Long += exitHelp
	return completing(c, openJobs)
}

func processOne(c *cobra.Command, job string) error {
	var op gen.Operation
	if err := remote().Post(c.Context(), address("jobs", job, "process"), nil, &op); err != nil {
		return err
	}
	return followToEnd(c, op)
}

// processMany says how many jobs a filter picks before it has them processed.
func processMany(c *cobra.Command, wanted gen.JobSelection, yes bool) error {
	count := wanted
	count.DryRun = true
	var found gen.ProcessedJobs
	if err := remote().Post(c.Context(), "/jobs/process", count, &found); err != nil {
		return err
	}
	if found.Count == 0 {
		return told(c, found, "no jobs found: nothing to process")
	}
	what := "process %d jobs of %s"
	if wanted.Choice != "" {
		what = "choose " + wanted.Choice + " for %d jobs of %s"
	}
	if err := confirm(c, yes, fmt.Sprintf(what, found.Count, wanted.Instance)); err != nil {
		return err
	}
	if err := remote().Post(c.Context(), "/jobs/process", wanted, &found); err != nil {
		return err
	}
	if found.Operation == "" {
		return told(c, found, "%d jobs go on as soon as the store takes them", found.Count)
	}
	var op gen.Operation
	if err := remote().Get(c.Context(), address("operations", found.Operation), nil, &op); err != nil {
		return err
	}
	return followToEnd(c, op)
}

// confirm asks a person before much is done. Without one, the flag must say so.
func confirm(c *cobra.Command, yes bool, what string) error {
	if yes {
		return nil
	}
	input, ok := c.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(int(input.Fd())) {
		return fault.New(fault.Conflict, "this would %s: repeat with --yes to do it", what)
	}
	return ask(c.ErrOrStderr(), input, what)
}

// ask accepts only y and yes as a confirmation.
func ask(w io.Writer, input io.Reader, what string) error {
	if _, err := fmt.Fprintf(w, "%s? [y/N] ", harmless(what)); err != nil {
		return err
	}
	lines := bufio.NewScanner(input)
	if lines.Scan() {
		if text := strings.ToLower(strings.TrimSpace(lines.Text())); text == "y" || text == "yes" {
			return nil
		}
	}
	return fault.New(fault.Conflict, "not done: it was not confirmed")
}

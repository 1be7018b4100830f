// Command odoodev starts and stops a real Odoo for tests, and makes databases in a running one. See "odoodev help".
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"tandem/erp/odoo/odoodev"
	"tandem/fault"
)

// Exit codes, for scripts.
const (
	exitFailure     = 1
	exitUsage       = 2
	exitNoPackages  = 75 // EX_TEMPFAIL: the packages cannot be fetched, so there is nothing to test against
	exitNoPrivilege = 77 // EX_NOPERM: root is needed
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	err := newRoot().ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return max(exit.ExitCode(), exitFailure) // the program has said why
	}
	fmt.Fprintln(os.Stderr, "odoodev:", err)
	return exitCode(err)
}

func exitCode(err error) int {
	switch fault.KindOf(err) {
	case fault.Invalid:
		return exitUsage
	case fault.Unavailable:
		return exitNoPackages
	case fault.Unauthorized:
		return exitNoPrivilege
	default:
		return exitFailure
	}
}

func newRoot() *cobra.Command {
	var options odoodev.Options
	root := &cobra.Command{
		Use: "odoodev", Short: "A real Odoo for tests, from Debian's packages",
		SilenceUsage: true, SilenceErrors: true,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&options.Folder, "folder", ".tandem", "where everything is kept")
	flags.StringVar(&options.Version, "version", "19", "of Odoo: "+strings.Join(odoodev.Versions(), " or "))
	root.AddCommand(newInstall(&options), newUp(&options), newRun(&options), newDown(&options), newShow(&options),
		newCreate(&options), newDelete(&options))
	return root
}

func newInstall(options *odoodev.Options) *cobra.Command {
	return &cobra.Command{
		Use: "install [VERSION...]", Short: "Fetch what the versions need and make a database of each to copy, all versions by default; needs root",
		RunE: func(cmd *cobra.Command, versions []string) error {
			if len(versions) == 0 {
				versions = odoodev.Versions()
			}
			return odoodev.Install(cmd.Context(), options.Folder, versions, reporter(cmd))
		},
	}
}

// reporter tells people what takes long.
func reporter(cmd *cobra.Command) func(string) {
	return func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) }
}

func newUp(options *odoodev.Options) *cobra.Command {
	command := &cobra.Command{
		Use: "up", Short: "Start Odoo, print how to reach it as JSON, and stay until interrupted; needs root",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options.Report = reporter(cmd)
			return up(cmd.Context(), *options, cmd.OutOrStdout())
		},
	}
	command.Flags().IntVar(&options.Port, "port", 8069, "preferred port, the next free one otherwise")
	command.Flags().IntVar(&options.Workers, "workers", 0, "Odoo processes; 0 is a single one with threads")
	return command
}

func up(ctx context.Context, options odoodev.Options, out io.Writer) (err error) {
	odoo, err := odoodev.Start(ctx, options)
	if err != nil {
		return err
	}
	defer func() {
		if stopErr := odoo.Stop(); err == nil {
			err = stopErr
		}
	}()
	if err := printJSON(out, odoo.Access()); err != nil {
		return err
	}
	return odoo.Wait(ctx)
}

func newDown(options *odoodev.Options) *cobra.Command {
	return &cobra.Command{
		Use: "down", Short: "Stop the Odoo that runs in the folder; its databases stay",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			stopped, err := odoodev.StopRunning(cmd.Context(), options.Folder, options.Version)
			if err == nil && !stopped {
				fmt.Fprintf(cmd.ErrOrStderr(), "Odoo %s is not running\n", options.Version)
			}
			return err
		},
	}
}

func newShow(options *odoodev.Options) *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Print how to reach the Odoo that runs in the folder as JSON",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			access, err := odoodev.Running(cmd.Context(), options.Folder, options.Version)
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), access)
		},
	}
}

func newCreate(options *odoodev.Options) *cobra.Command {
	return &cobra.Command{
		Use: "create DATABASE", Short: "Make a database like new in the running Odoo and print how to reach it as JSON",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			access, err := odoodev.Running(cmd.Context(), options.Folder, options.Version)
			if err != nil {
				return err
			}
			if access, err = access.CreateDatabase(cmd.Context(), args[0]); err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), access)
		},
	}
}

func newDelete(options *odoodev.Options) *cobra.Command {
	return &cobra.Command{
		Use: "delete DATABASE", Short: "Remove a database of the running Odoo",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			access, err := odoodev.Running(cmd.Context(), options.Folder, options.Version)
			if err != nil {
				return err
			}
			return access.DeleteDatabase(cmd.Context(), args[0])
		},
	}
}

func printJSON(out io.Writer, access odoodev.Access) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(access)
}

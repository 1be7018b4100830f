package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tandem/erp/odoo/odoodev"
	"tandem/fault"
)

// accessVariable names the file with the access that programs under newRun are given.
const accessVariable = "TANDEM_ODOO"

// stopGrace is how long an interrupted program has to end.
const stopGrace = 10 * time.Second

func newRun(options *odoodev.Options) *cobra.Command {
	command := &cobra.Command{
		Use:   "run -- PROGRAM [ARGUMENT...]",
		Short: "Run a program with a database of its own on a running Odoo, or on one that is started for it",
		Long: "Run a program with a database of its own. The environment variable " + accessVariable + " names a file that says,\n" +
			"as JSON, how to reach it. An Odoo that runs in the folder is used and left running; otherwise one is started,\n" +
			"which needs root, and stopped afterwards. The exit code is the program's.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			options.Report = reporter(cmd)
			options.Port = 0 // any: several versions may be started at the same time
			return withOdoo(cmd.Context(), *options, func(access odoodev.Access) error { return runWith(cmd, access, args) })
		},
	}
	command.Flags().IntVar(&options.Workers, "workers", 0, "Odoo processes when it is started; 0 is a single one with threads")
	return command
}

// withOdoo does something with a running Odoo, started and stopped for it where none runs.
func withOdoo(ctx context.Context, options odoodev.Options, do func(odoodev.Access) error) error {
	access, err := odoodev.Running(ctx, options.Folder, options.Version)
	if err == nil {
		return do(access)
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	odoo, err := odoodev.Start(ctx, options)
	if err != nil {
		return err
	}
	return errors.Join(do(odoo.Access()), odoo.Stop())
}

// runWith runs the program with a fresh database, which goes with it.
func runWith(cmd *cobra.Command, access odoodev.Access, args []string) (err error) {
	ctx := cmd.Context()
	fresh, err := access.CreateDatabase(ctx, fmt.Sprintf("run_%d", os.Getpid()))
	if err != nil {
		return err
	}
	defer func() { // even when the program was interrupted
		err = errors.Join(err, access.DeleteDatabase(context.WithoutCancel(ctx), fresh.Database))
	}()
	reporter(cmd)(fmt.Sprintf("Odoo %s at %s, database %s", fresh.Version, fresh.URL, fresh.Database))
	file, err := writeAccess(fresh)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file) }()
	program := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // running what it is told is its purpose
	program.Env = append(os.Environ(), accessVariable+"="+file)
	program.Stdin, program.Stdout, program.Stderr = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	program.Cancel = func() error { return program.Process.Signal(syscall.SIGTERM) }
	program.WaitDelay = stopGrace
	return program.Run()
}

func writeAccess(access odoodev.Access) (string, error) {
	file, err := os.CreateTemp("", "odoo-*.json")
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "cannot make a file for the access")
	}
	err = errors.Join(json.NewEncoder(file).Encode(access), file.Close())
	return file.Name(), err
}

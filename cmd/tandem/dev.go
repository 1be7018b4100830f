package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tandem/api/client"
	"tandem/devstack"
	"tandem/fault"
)

// errDiffers says that the store and the ERP do not agree; what differs has been printed.
var errDiffers = errors.New("the store and the ERP do not agree")

// devOptions are the flags of "tandem dev".
type devOptions struct {
	folder       string
	once, json   bool
	noInstall    bool
	apiPort      int
	storePort    int
	postgresPort int
	temporalPort int
	uiPort       int
	products     int
	customers    int
	orders       int
	seed         int64
}

func newDev() *cobra.Command {
	var o devOptions
	c := &cobra.Command{
		Use: "dev", Short: "Run everything on this machine, with a demo store", Args: cobra.NoArgs,
		Long: `Start a private PostgreSQL, a Temporal dev server with its UI, a demo store, API and worker; connect and activate the
demo store, import it, take its processing and completed orders through the sale workflow, and compare both sides.
Everything lives in one folder; the next start goes on with the same data. Ctrl-C stops it all.

Exit codes: 0 both sides agree · 1 something did not work · 2 wrong usage · 3 the sides differ

Environment:
  DATABASE_URL       use this PostgreSQL instead of starting one
  TEMPORAL_ADDRESS   use this Temporal instead of starting one
  TEMPORAL_CLI       use this Temporal CLI instead of building one
  TANDEM_PUBLIC_URL  where stores reach the API, for webhooks, images and keys that a store makes; its own address by default`,
		RunE: func(c *cobra.Command, _ []string) error { return runDev(c, o) },
	}
	f := c.Flags()
	f.StringVar(&o.folder, "folder", ".tandem", "where everything is kept")
	f.BoolVar(&o.once, "once", false, "stop after the import and the comparison")
	f.BoolVar(&o.json, "json", false, "print one JSON object on standard output; the rest goes to standard error")
	f.BoolVar(&o.noInstall, "no-install", false, "never install PostgreSQL, fail instead")
	f.IntVar(&o.apiPort, "api-port", 8080, "preferred port of the API")
	f.IntVar(&o.storePort, "store-port", 8090, "preferred port of the demo store")
	f.IntVar(&o.postgresPort, "postgres-port", devstack.DefaultPostgresPort, "preferred port of PostgreSQL")
	f.IntVar(&o.temporalPort, "temporal-port", devstack.DefaultTemporalPort, "preferred port of Temporal")
	f.IntVar(&o.uiPort, "temporal-ui-port", devstack.DefaultTemporalUIPort, "preferred port of the Temporal UI")
	f.IntVar(&o.products, "products", 320, "products in the demo store")
	f.IntVar(&o.customers, "customers", 200, "customers in the demo store")
	f.IntVar(&o.orders, "orders", 500, "orders in the demo store")
	f.Int64Var(&o.seed, "seed", 1, "another seed gives another demo store")
	return c
}

// dev is one "tandem dev" under way.
type dev struct {
	devOptions
	out     io.Writer // for people: standard error when standard output is for JSON
	log     *slog.Logger
	stack   *devstack.Stack
	process *process
	store   demoStore
	apiURL  string
}

func runDev(c *cobra.Command, o devOptions) (err error) {
	folder, err := filepath.Abs(o.folder)
	if err != nil {
		return err
	}
	o.folder = folder
	d := &dev{devOptions: o, out: c.OutOrStdout()}
	if o.json {
		d.out = c.ErrOrStderr()
	}
	ctx, cancel := context.WithCancelCause(c.Context())
	defer cancel(nil)
	if err := d.startStack(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.stopStack()) }()
	logFile, err := d.openLog()
	if err != nil {
		return err
	}
	defer logFile.Close()
	services, err := d.startServices(ctx, cancel)
	if err != nil {
		return err
	}
	defer services.stop()
	return d.work(ctx, c)
}

// work imports the demo store, says how it went, and stays up unless it was asked for once.
func (d *dev) work(ctx context.Context, c *cobra.Command) error {
	summary, err := d.importDemo(ctx)
	if err != nil {
		return explain(ctx, err)
	}
	if d.json {
		err = printJSONLine(c.OutOrStdout(), summary)
	} else {
		err = summary.print(d.out)
	}
	if err != nil {
		return err
	}
	if d.once {
		if !summary.OK {
			return errDiffers
		}
		return nil
	}
	d.printAddresses()
	<-ctx.Done()
	fmt.Fprintln(d.out, "\nstopping …")
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

func (d *dev) importDemo(ctx context.Context) (summary, error) {
	demo := demo{api: client.New(d.apiURL, ""), storeURL: d.store.url(), out: d.out}
	op, orders, err := demo.run(ctx)
	if err != nil {
		return summary{}, err
	}
	return d.compare(ctx, op, orders)
}

// explain prefers the reason why everything stopped to what that stopped.
func explain(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, context.Canceled) {
		return cause
	}
	return err
}

func (d *dev) startStack(ctx context.Context) (err error) {
	d.stack, err = devstack.Start(ctx, devstack.Options{
		Folder: d.folder, Report: func(line string) { fmt.Fprintln(d.out, line) },
		DatabaseURL: os.Getenv("DATABASE_URL"), PostgresPort: d.postgresPort, NoInstall: d.noInstall,
		TemporalAddress: os.Getenv("TEMPORAL_ADDRESS"), TemporalPort: d.temporalPort, TemporalUIPort: d.uiPort,
		TemporalNamespace: os.Getenv("TEMPORAL_NAMESPACE"), TemporalCLI: os.Getenv("TEMPORAL_CLI"),
	})
	return err
}

func (d *dev) stopStack() error {
	err := d.stack.Stop()
	fmt.Fprintln(d.out, "stopped")
	return err
}

// openLog sends the program's own log to a file, so that the terminal stays readable.
func (d *dev) openLog() (*os.File, error) {
	folder := filepath.Join(d.folder, "logs")
	err := os.MkdirAll(folder, 0o755) // a stack that starts no server makes none
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot make the folder %s", folder)
	}
	file, err := os.OpenFile(filepath.Join(folder, "tandem.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot write to the folder %s", d.folder)
	}
	d.log = slog.New(slog.NewTextHandler(file, nil))
	slog.SetDefault(d.log)
	return file, nil
}

func (d *dev) printAddresses() {
	fmt.Fprintf(d.out, "\nAPI and its documentation   %s/docs\n", d.apiURL)
	if d.apiURL != defaultURL {
		fmt.Fprintf(d.out, "for tandem's commands       export TANDEM_URL=%s\n", d.apiURL)
	}
	if d.stack.Temporal != nil {
		fmt.Fprintf(d.out, "Temporal UI                 %s\n", d.stack.Temporal.UIURL())
		fmt.Fprintf(d.out, "Temporal CLI                %s --address %s\n", d.stack.Temporal.CLI(), d.stack.TemporalAddress)
	}
	fmt.Fprintf(d.out, "demo store                  %s\n", d.store.url())
	fmt.Fprintf(d.out, "logs                        %s\n", filepath.Join(d.folder, "logs"))
	if d.apiURL != "http://127.0.0.1:8080" {
		fmt.Fprintf(d.out, "\nfor the other commands: export TANDEM_URL=%s\n", d.apiURL)
	}
	fmt.Fprintln(d.out, "\nrunning; Ctrl-C stops everything, the data stays")
}

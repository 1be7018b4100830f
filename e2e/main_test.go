// Package e2e runs the real program against a real Temporal dev server, a real PostgreSQL and a simulated store, and looks
// at it from outside: through its API, in its database and in Temporal's histories.
package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"tandem/devstack"
)

// update makes the tests write the histories they have seen to workflows/testdata/replay.
var update = flag.Bool("update", false, "write the recorded workflow histories")

// atOnce is how many tests run at the same time: more than that keep each other, and Temporal, waiting on two cores.
const atOnce = "4"

// prepareTimeout includes building the Temporal CLI, which is done once per machine.
const prepareTimeout = 10 * time.Minute

// bench is what all tests share: the program and the servers it needs. Each test has a database and a Temporal namespace
// of its own on them.
type bench struct {
	folder   string
	binary   string
	postgres *devstack.Postgres
	temporal *devstack.Temporal
	names    atomic.Int64
}

var shared bench

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if testing.Short() {
		fmt.Println("the end-to-end tests take minutes: none is run with -short")
		return 0
	}
	_ = flag.Set("test.parallel", atOnce) // the flag exists
	err := shared.prepare()
	code := 1
	if err == nil {
		code = m.Run()
	}
	if err := errors.Join(err, writeTable(), shared.tearDown()); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	return code
}

// prepare builds and starts everything at the same time.
func (b *bench) prepare() (err error) {
	if b.folder, err = newFolder(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), prepareTimeout)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return b.build(ctx) })
	group.Go(func() (err error) {
		b.postgres, err = startPostgres(ctx, b.folder)
		return err
	})
	group.Go(func() (err error) {
		b.temporal, err = devstack.StartTemporal(ctx, devstack.TemporalOptions{
			Folder: b.folder, CLI: os.Getenv("TEMPORAL_CLI"), Report: report,
		})
		return err
	})
	return group.Wait()
}

func (b *bench) build(ctx context.Context) error {
	b.binary = filepath.Join(b.folder, "tandem")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", b.binary, "tandem/cmd/tandem").CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

func (b *bench) tearDown() error {
	var errs []error
	if b.temporal != nil {
		errs = append(errs, b.temporal.Stop())
	}
	if b.postgres != nil {
		errs = append(errs, b.postgres.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(b.folder))...)
}

// newFolder makes a folder for servers. Started by root, PostgreSQL runs as another user, who must be able to enter it.
func newFolder() (string, error) {
	dir, err := os.MkdirTemp("", "tandem-e2e-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755) //nolint:gosec // the data folder inside is private
}

// startPostgres starts a server that gives up durability for speed: its data does not outlive the tests.
func startPostgres(ctx context.Context, folder string) (*devstack.Postgres, error) {
	server, err := devstack.StartPostgres(ctx, devstack.PostgresOptions{Folder: folder, Report: report})
	if err != nil {
		return nil, err
	}
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		if err := execute(ctx, server.DSN(), "ALTER SYSTEM SET "+setting+" = off"); err != nil {
			return nil, errors.Join(err, server.Stop())
		}
	}
	return server, execute(ctx, server.DSN(), "SELECT pg_reload_conf()")
}

func report(line string) { fmt.Fprintln(os.Stderr, line) }

// name gives a name nobody else in this run has.
func (b *bench) name() string { return fmt.Sprintf("e2e_%d", b.names.Add(1)) }

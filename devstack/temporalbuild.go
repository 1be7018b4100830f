package devstack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"tandem/devstack/process"
	"tandem/fault"
)

// buildNews is how often a build says how far it is.
const buildNews = 15 * time.Second

// buildOnce builds the CLI unless another process has just done so.
func buildOnce(ctx context.Context, path string, options TemporalOptions) error {
	lock, err := process.TryLock(path + ".lock")
	if fault.Is(err, fault.Conflict) {
		options.report("Waiting for another process that builds the Temporal CLI " + temporalVersion + " …")
		lock, err = process.WaitLock(ctx, path+".lock")
	}
	if err != nil {
		return err
	}
	defer lock.Release()
	if isFile(path) {
		return nil
	}
	options.report("Building the Temporal CLI " + temporalVersion + " into " + filepath.Dir(path) +
		": about 3 minutes on two cores, once on this machine …")
	begin := time.Now()
	if err := buildCLI(ctx, path, options); err != nil {
		return err
	}
	options.report("Built the Temporal CLI in " + time.Since(begin).Round(time.Second).String())
	return nil
}

// buildCLI builds the CLI aside and moves it to its place in one step, so that an interrupted build leaves nothing there.
func buildCLI(ctx context.Context, path string, options TemporalOptions) error {
	log, err := openLog(options.Folder, "temporal-build")
	if err != nil {
		return err
	}
	defer log.Close()
	aside := path + ".build"
	defer func() { _ = os.RemoveAll(aside) }() // the next build writes over what stays
	if err := writeModule(aside); err != nil {
		return err
	}
	ended := make(chan struct{})
	defer close(ended)
	go tellProgress(ended, log, options.report)
	if err := buildCommand(ctx, aside, log).Run(); err != nil {
		return buildFailed(err, log)
	}
	if err := os.Rename(filepath.Join(aside, "temporal"), path); err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot move the Temporal CLI to %s", path)
	}
	return nil
}

// writeModule writes the module that the CLI is built from.
func writeModule(dir string) error {
	if err := makeDir(dir, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{"go.mod": temporalModule, "go.sum": temporalSums} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil { //nolint:gosec // nothing secret
			return fault.Wrap(fault.Unavailable, err, "cannot write to the folder %s", dir)
		}
	}
	return nil
}

// buildCommand returns the command that builds the CLI in the module's folder. It shares the flags of `make build`, and
// with them the standard library in Go's build cache. No C compiler is needed, and settings for building something else
// (another system, a vendor folder) do not apply.
func buildCommand(ctx context.Context, dir string, log *process.Log) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", "build", "-mod=readonly", "-v", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w", "-o", "temporal", temporalPackage)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // lets go end its compilers
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off",
		"GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	cmd.Stdout, cmd.Stderr = log, log
	return cmd
}

// buildFailed says what went wrong and what to do about it.
func buildFailed(err error, log *process.Log) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fault.Wrap(fault.NotFound, err, "the Temporal CLI is built with Go, which is not installed: install Go, "+
			"set TEMPORAL_CLI to a Temporal CLI, or TEMPORAL_ADDRESS to a running server")
	}
	return fault.Wrap(fault.Unavailable, err, "building the Temporal CLI failed (%v); %s", err, log.Tail())
}

// tellProgress says every now and then how far the build is, until it has ended.
func tellProgress(ended <-chan struct{}, log *process.Log, report func(string)) {
	news := time.NewTicker(buildNews)
	defer news.Stop()
	for begin := time.Now(); ; {
		select {
		case <-ended:
			return
		case <-news.C:
			elapsed := time.Since(begin).Round(time.Second)
			report(fmt.Sprintf("  building the Temporal CLI … %s, %s", elapsed, buildProgress(log.Text())))
		}
	}
}

// buildProgress counts what go says with -v: a line for each module it downloads and each package it compiles.
func buildProgress(output []byte) string {
	modules, packages := 0, 0
	for line := range bytes.Lines(output) {
		if bytes.HasPrefix(line, []byte("go: downloading ")) {
			modules++
		} else {
			packages++
		}
	}
	if packages == 0 {
		return fmt.Sprintf("%d modules downloaded", modules)
	}
	return fmt.Sprintf("%d packages compiled", packages)
}

package devstack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"tandem/fault"
)

// The Temporal CLI is pinned, because the dev server inside it decides how workflows behave.
const (
	temporalPackage = "github.com/temporalio/cli/cmd/temporal"
	temporalVersion = "v1.5.1"
)

// temporalCLI gives the path of the CLI: the given one, or the pinned one in <folder>/bin, built there when missing. The
// version is part of the file's name, so that a new pin builds anew.
func temporalCLI(ctx context.Context, options TemporalOptions) (string, error) {
	if options.CLI != "" {
		path, err := exec.LookPath(options.CLI)
		if err != nil {
			return "", fault.Wrap(fault.NotFound, err, "the Temporal CLI %s does not exist or is not executable", options.CLI)
		}
		return path, nil
	}
	bin := filepath.Join(options.Folder, "bin")
	if err := makeDir(bin, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(bin, "temporal-"+temporalVersion)
	if isFile(path) {
		return path, nil
	}
	return path, buildOnce(ctx, path, options)
}

// isFile reports whether the path is a file.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// buildOnce builds the CLI unless another process has just done so.
func buildOnce(ctx context.Context, path string, options TemporalOptions) error {
	lock, err := waitLock(ctx, path+".lock")
	if err != nil {
		return err
	}
	defer lock.release()
	if isFile(path) {
		return nil
	}
	options.report("Building the Temporal CLI " + temporalVersion + ": about 3 minutes, this first time only …")
	begin := time.Now()
	if err := buildCLI(ctx, path, options.Folder); err != nil {
		return err
	}
	options.report(fmt.Sprintf("Built the Temporal CLI in %s", time.Since(begin).Round(time.Second)))
	return nil
}

// buildCLI builds the CLI aside and moves it to its place in one step, so that an interrupted build leaves nothing there.
func buildCLI(ctx context.Context, path, folder string) error {
	log, err := openLog(folder, "temporal-build")
	if err != nil {
		return err
	}
	defer log.file.Close()
	aside := path + ".build"
	defer func() { _ = os.RemoveAll(aside) }() // the next build writes over what stays
	cmd := exec.CommandContext(ctx, "go", "install", "-trimpath", "-ldflags=-s -w", temporalPackage+"@"+temporalVersion)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // lets go end its compilers
	cmd.Dir = folder
	// No C compiler is needed, and settings for building something else (another system, a vendor folder) do not apply.
	cmd.Env = append(os.Environ(), "GOBIN="+aside, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off",
		"GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	cmd.Stdout, cmd.Stderr = log.file, log.file
	if err := cmd.Run(); err != nil {
		return fault.Wrap(fault.Unavailable, err, "building the Temporal CLI failed (%v); %s", err, log.tail())
	}
	if err := os.Rename(filepath.Join(aside, "temporal"), path); err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot move the Temporal CLI to %s", path)
	}
	return nil
}

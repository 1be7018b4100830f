package devstack

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/devstack/process"
)

// testFolder gives a folder that every user may enter, unlike t.TempDir, so that root's tests exercise the usual case.
func testFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

// waitLimit is far beyond what anything here takes on a machine whose cores are all busy with other work.
const waitLimit = 3 * time.Minute

// eventually waits until ok, and fails the test when that takes too long.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, waitLimit, 10*time.Millisecond, what)
}

// receive waits for a value.
func receive[T any](t *testing.T, from <-chan T, what string) (value T) {
	t.Helper()
	select {
	case value = <-from:
	case <-time.After(waitLimit):
		require.Fail(t, "waited too long for "+what)
	}
	return value
}

// testContext ends long before the test binary's own limit.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	t.Cleanup(cancel)
	return ctx
}

// startShell runs a shell script as a child.
func startShell(t *testing.T, body string) *process.Process {
	t.Helper()
	log, err := openLog(t.TempDir(), "shell")
	require.NoError(t, err)
	child, err := process.Start("shell", exec.Command("sh", "-c", body), log)
	require.NoError(t, err)
	t.Cleanup(func() { _ = child.Stop(process.Ending{Ask: syscall.SIGKILL, Force: syscall.SIGKILL}) })
	return child
}

func always(context.Context) error { return nil }

// lines collects what is reported.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all, "\n")
}

// script writes an executable shell script.
func script(t *testing.T, path, body string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755))
}

// testCLI returns the Temporal CLI: the one in TEMPORAL_CLI, or else the one `make run` uses, built when missing.
func testCLI(t *testing.T) string {
	t.Helper()
	path, err := temporalCLI(t.Context(), TemporalOptions{Folder: t.TempDir(), CLI: os.Getenv("TEMPORAL_CLI")})
	require.NoError(t, err)
	return path
}

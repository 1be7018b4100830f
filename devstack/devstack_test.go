package devstack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// parentMarker turns the test binary into a program that starts one child and then waits to be killed.
const parentMarker = "DEVSTACK_TEST_PARENT"

func TestMain(m *testing.M) {
	if folder := os.Getenv(parentMarker); folder != "" {
		beParent(folder)
	}
	os.Exit(m.Run())
}

// beParent starts a child, prints its id and never returns.
func beParent(folder string) {
	log, err := openLog(folder, "child")
	if err != nil {
		panic(err)
	}
	child, err := startProcess("child", exec.Command("sleep", "60"), log)
	if err != nil {
		panic(err)
	}
	fmt.Println(child.cmd.Process.Pid)
	select {}
}

// testFolder gives a folder that every user may enter, unlike t.TempDir, so that root's tests exercise the usual case.
func testFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

// testContext ends long before the test binary's own limit.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

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

// testCLI gives the Temporal CLI: the one in TEMPORAL_CLI, or else the one `make run` uses, built when missing.
func testCLI(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs("../.tandem")
	require.NoError(t, err)
	path, err := temporalCLI(t.Context(), TemporalOptions{Folder: folder, CLI: os.Getenv("TEMPORAL_CLI")})
	require.NoError(t, err)
	return path
}

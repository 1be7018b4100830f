package devstack

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/devstack/process"
	"tandem/fault"
)

// hasty takes a server for dead sooner than a real one may be.
var hasty = patience{every: time.Millisecond, failures: 3}

// fakeServer keeps a shell script up until the end of the test. The server answers while there is no
// file "silent" in its folder, which each start removes.
type fakeServer struct {
	*server
	folder string
	lines  lines
	failed chan error
}

func startFake(t *testing.T, body string) *fakeServer {
	t.Helper()
	f := &fakeServer{folder: t.TempDir(), failed: make(chan error, 1)}
	f.server = &server{
		name: "Shell", launch: func(ctx context.Context) (*process.Process, error) { return f.run(ctx, body) }, check: f.ask,
		ending: process.Ending{Ask: syscall.SIGINT, Grace: waitLimit, Force: syscall.SIGKILL}, report: f.lines.add, failed: func(err error) { f.failed <- err }, patience: hasty,
	}
	require.NoError(t, f.start(testContext(t)))
	t.Cleanup(func() { require.NoError(t, f.stop()) })
	return f
}

func (f *fakeServer) run(ctx context.Context, body string) (*process.Process, error) {
	// Not left to the script, which may be slower than the test that makes the file.
	if err := os.RemoveAll(f.silent()); err != nil {
		return nil, err
	}
	log, err := openLog(f.folder, "shell")
	if err != nil {
		return nil, err
	}
	child, err := process.Start("Shell", exec.Command("sh", "-c", body), log)
	if err != nil {
		return nil, err
	}
	return child, child.WaitReady(ctx, always)
}

func (f *fakeServer) silent() string { return filepath.Join(f.folder, "silent") }

func (f *fakeServer) ask(context.Context) error {
	if isFile(f.silent()) {
		return errors.New("interrupted (9)")
	}
	return nil
}

// replaced waits until another process has taken the place of this one.
func (f *fakeServer) replaced(t *testing.T, before *process.Process) *process.Process {
	t.Helper()
	eventually(t, "another process", func() bool { return f.current() != before })
	return f.current()
}

func TestServerThatDiesIsRestarted(t *testing.T) {
	f := startFake(t, "exec sleep 60")
	first := f.current()
	first.Signal(syscall.SIGKILL)
	f.replaced(t, first)
	require.Contains(t, f.lines.text(), "Shell ended unexpectedly (signal: killed): restarting it")
	require.Contains(t, f.lines.text(), "Shell is up again after")
	log, err := os.ReadFile(filepath.Join(f.folder, "logs", "shell.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "restarting it", "the log says it, too")
}

func TestServerThatStopsAnsweringIsRestarted(t *testing.T) {
	f := startFake(t, "exec sleep 60")
	first := f.current()
	require.NoError(t, os.WriteFile(f.silent(), nil, 0o600))
	f.replaced(t, first)
	receive(t, first.Done(), "the end of the first process")
	require.Contains(t, f.lines.text(), "Shell stopped answering (3 checks failed, the last one with: interrupted (9)): restarting it")
}

// TestServerThatRecovers fails checks, but never enough of them in a row.
func TestServerThatRecovers(t *testing.T) {
	child := startShell(t, "exec sleep 60")
	checks := 0
	s := &server{name: "Shell", running: t.Context(), patience: hasty, check: func(context.Context) error {
		switch checks++; {
		case checks > 30:
			child.Signal(syscall.SIGKILL) // ends the test
			return nil
		case checks%hasty.failures == 0:
			return nil
		}
		return errors.New("busy")
	}}
	require.ErrorContains(t, s.trouble(child), "ended unexpectedly")
}

func TestServerThatDiesAgainAndAgain(t *testing.T) {
	f := startFake(t, "exec sleep 60")
	for range restartsMost {
		child := f.current()
		child.Signal(syscall.SIGKILL)
		f.replaced(t, child)
	}
	f.current().Signal(syscall.SIGKILL)
	err := receive(t, f.failed, "word of the end")
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "was restarted 5 times before; see "+filepath.Join(f.folder, "logs", "shell.log"))
	require.Equal(t, restartsMost, strings.Count(f.lines.text(), "restarting it"))
}

func TestStoppedServerStaysDown(t *testing.T) {
	f := startFake(t, "exec sleep 60")
	child := f.process
	require.NoError(t, f.stop())
	require.NoError(t, f.replace(child, child.Died()))
	require.Nil(t, f.current())
	require.Empty(t, f.lines.text())
}

func TestRestartOnRequestIsNoTrouble(t *testing.T) {
	f := startFake(t, "trap 'exit 0' INT; while :; do sleep 0.02; done")
	first := f.current()
	require.NoError(t, f.restart(testContext(t)))
	require.NoError(t, f.replace(first, first.Died()), "what the watch does when it sees the end")
	require.NotSame(t, first, f.current())
	require.Empty(t, f.lines.text())
}

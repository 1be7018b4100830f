package devstack

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// startShell runs a shell script as a child.
func startShell(t *testing.T, body string) *process {
	t.Helper()
	log, err := openLog(t.TempDir(), "shell")
	require.NoError(t, err)
	child, err := startProcess("shell", exec.Command("sh", "-c", body), log)
	require.NoError(t, err)
	t.Cleanup(func() { _ = child.stop(0, syscall.SIGKILL) })
	return child
}

func never(context.Context) error  { return errors.New("not yet") }
func always(context.Context) error { return nil }

func TestStartOfAProgramThatDoesNotExist(t *testing.T) {
	log, err := openLog(t.TempDir(), "x")
	require.NoError(t, err)
	_, err = startProcess("Nothing", exec.Command("/does/not/exist"), log)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "cannot start Nothing (/does/not/exist)")
}

func TestWaitReadyShowsWhyItEnded(t *testing.T) {
	child := startShell(t, "echo the port is taken >&2; exit 3")
	err := child.waitReady(testContext(t), never)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "exit status 3")
	require.ErrorContains(t, err, "| the port is taken")
}

func TestWaitReadyIsNotFooledBySomebodyElse(t *testing.T) {
	child := startShell(t, "exit 1")
	<-child.done
	require.Error(t, child.waitReady(testContext(t), always))
}

func TestWaitReadyEndsWithItsContext(t *testing.T) {
	child := startShell(t, "sleep 60")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, child.waitReady(ctx, never), context.DeadlineExceeded)
}

func TestStopIsGentleFirst(t *testing.T) {
	child := startShell(t, "trap 'echo bye; exit 0' INT; echo up; while :; do sleep 0.02; done")
	require.Eventually(t, func() bool { return strings.Contains(child.log.tail(), "up") }, 5*time.Second, 5*time.Millisecond)
	require.NoError(t, child.stop(5*time.Second, syscall.SIGKILL))
	require.Contains(t, child.log.tail(), "bye")
	require.NoError(t, child.stop(time.Second, syscall.SIGKILL), "a second stop does nothing")
}

func TestStopForcesWhatWillNotEnd(t *testing.T) {
	child := startShell(t, "trap '' INT; echo up; while :; do sleep 0.02; done")
	require.Eventually(t, func() bool { return strings.Contains(child.log.tail(), "up") }, 5*time.Second, 5*time.Millisecond)
	require.ErrorContains(t, child.stop(50*time.Millisecond, syscall.SIGKILL), "was forced to")
}

func TestWatchTellsOfAnEndNobodyAskedFor(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(*process)
		told bool
	}{
		"died":    {func(p *process) { p.signal(syscall.SIGKILL) }, true},
		"stopped": {func(p *process) { _ = p.stop(time.Second, syscall.SIGKILL) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			child := startShell(t, "sleep 60")
			test.end(child)
			var told error
			child.watch(func(err error) { told = err })
			require.Equal(t, test.told, told != nil, "%v", told)
		})
	}
}

func TestChildHasItsOwnProcessGroup(t *testing.T) {
	child := startShell(t, "sleep 60")
	group, err := syscall.Getpgid(child.cmd.Process.Pid)
	require.NoError(t, err)
	require.Equal(t, child.cmd.Process.Pid, group, "a Ctrl-C for this program must not reach the child")
}

// TestChildEndsWithAKilledParent holds on Linux; elsewhere the next start cleans up, see TestEndOrphan.
func TestChildEndsWithAKilledParent(t *testing.T) {
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentMarker+"="+t.TempDir())
	out, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)
	require.True(t, runs(pid, "sleep"))

	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait() // killed, as wanted

	if runtime.GOOS != "linux" {
		require.NoError(t, endProcess(testContext(t), pid, "sleep"))
	}
	require.Eventually(t, func() bool { return !runs(pid, "sleep") }, 5*time.Second, 5*time.Millisecond)
}

package process

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
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
func startShell(t *testing.T, body string) *Process {
	t.Helper()
	log, err := OpenLog(filepath.Join(t.TempDir(), "shell.log"))
	require.NoError(t, err)
	child, err := Start("shell", exec.Command("sh", "-c", body), log)
	require.NoError(t, err)
	t.Cleanup(func() { _ = child.Stop(killing(0)) })
	return child
}

// startTrappingShell runs a shell script that says "up" once its traps are set, and waits for that.
func startTrappingShell(t *testing.T, body string) *Process {
	t.Helper()
	child := startShell(t, body)
	eventually(t, "the script to be up", func() bool { return strings.Contains(child.log.Tail(), "up") })
	return child
}

// killing asks for an interrupt, and kills after the grace period.
func killing(grace time.Duration) Ending {
	return Ending{Ask: syscall.SIGINT, Grace: grace, Force: syscall.SIGKILL}
}

func never(context.Context) error  { return errors.New("not yet") }
func always(context.Context) error { return nil }

func TestStopKillsWhatHandlesNoSignal(t *testing.T) {
	// Interrupts are ignored: one that is pending together with a stop is delivered first, and would end the shell.
	child := startTrappingShell(t, "trap '' INT; echo up; exec sleep 60")
	child.Signal(syscall.SIGSTOP)
	require.ErrorContains(t, child.Stop(killing(0)), "was forced to")
	require.Equal(t, "signal: killed", child.cmd.ProcessState.String())
}

func TestStartOfAProgramThatDoesNotExist(t *testing.T) {
	log, err := OpenLog(filepath.Join(t.TempDir(), "x.log"))
	require.NoError(t, err)
	_, err = Start("Nothing", exec.Command("/does/not/exist"), log)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "cannot start Nothing (/does/not/exist)")
}

func TestWaitReadyShowsWhyItEnded(t *testing.T) {
	child := startShell(t, "echo the port is taken >&2; exit 3")
	err := child.WaitReady(testContext(t), never)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "exit status 3")
	require.ErrorContains(t, err, "| the port is taken")
}

func TestWaitReadyIsNotFooledBySomebodyElse(t *testing.T) {
	child := startShell(t, "exit 1")
	<-child.done
	require.Error(t, child.WaitReady(testContext(t), always))
}

func TestWaitReadyEndsWithItsContext(t *testing.T) {
	child := startShell(t, "sleep 60")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, child.WaitReady(ctx, never), context.DeadlineExceeded)
}

func TestStopIsGentleFirst(t *testing.T) {
	child := startTrappingShell(t, "trap 'echo bye; exit 0' INT; echo up; while :; do sleep 0.02; done")
	require.NoError(t, child.Stop(killing(waitLimit)))
	require.Contains(t, child.log.Tail(), "bye")
	require.NoError(t, child.Stop(killing(time.Second)), "a second stop does nothing")
}

func TestStopForcesWhatWillNotEnd(t *testing.T) {
	child := startTrappingShell(t, "trap '' INT; echo up; while :; do sleep 0.02; done")
	require.ErrorContains(t, child.Stop(killing(50*time.Millisecond)), "was forced to")
}

func TestChildHasItsOwnProcessGroup(t *testing.T) {
	child := startShell(t, "sleep 60")
	group, err := syscall.Getpgid(child.cmd.Process.Pid)
	require.NoError(t, err)
	require.Equal(t, child.cmd.Process.Pid, group, "a Ctrl-C for this program must not reach the child")
}

// TestChildEndsWithAKilledParent holds on Linux; elsewhere the next start of a stack cleans up.
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
	require.Contains(t, CommandLine(pid), "sleep")

	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait() // killed, as wanted

	if runtime.GOOS != "linux" {
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	}
	eventually(t, "the child to end", func() bool { return !strings.Contains(CommandLine(pid), "sleep") })
}

package odoodev

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/devstack/process"
	"tandem/fault"
)

// startHolder starts a process that holds the lock.
func startHolder(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), standInVariable+"=lock", "LOCK="+path)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // most have ended by then
	said, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "<nil>\n", said)
	return cmd
}

func TestLockNamesTheProcessThatRunsIt(t *testing.T) {
	p := newTestPlace(t, "19")
	held, err := p.lock()
	require.NoError(t, err)
	defer held.Release()
	_, err = p.lock()
	require.True(t, fault.Is(err, fault.Conflict))
	require.ErrorContains(t, err, fmt.Sprintf("process %d runs this Odoo already", os.Getpid()))
}

func TestKilledHolderFreesTheLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	cmd := startHolder(t, path)
	require.Equal(t, cmd.Process.Pid, process.Holder(path))
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	held, err := process.TryLock(path)
	require.NoError(t, err)
	held.Release()
}

func TestStopRunning(t *testing.T) {
	p := newTestPlace(t, "19")
	cmd := startHolder(t, p.lockFile())
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()

	stopped, err := StopRunning(ctx, p.folder, "14")
	require.NoError(t, err)
	require.False(t, stopped, "the other version is left alone")
	stopped, err = StopRunning(ctx, p.folder, "19")
	require.NoError(t, err)
	require.True(t, stopped)
	require.NoError(t, cmd.Wait(), "it was asked to end and not killed")

	stopped, err = StopRunning(ctx, p.folder, "19")
	require.NoError(t, err)
	require.False(t, stopped)
}

func TestStopRunningRefusesUnknownVersions(t *testing.T) {
	_, err := StopRunning(t.Context(), t.TempDir(), "7")
	require.True(t, fault.Is(err, fault.Invalid))
}

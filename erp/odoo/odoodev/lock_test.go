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

func TestLockIsExclusive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	require.Zero(t, holder(path))
	first, err := tryLock(path)
	require.NoError(t, err)
	require.Equal(t, os.Getpid(), holder(path))

	_, err = tryLock(path)
	require.True(t, fault.Is(err, fault.Conflict))
	require.ErrorContains(t, err, fmt.Sprint(os.Getpid()))

	first.release()
	require.Zero(t, holder(path), "the number in the file is not believed without the lock")
	second, err := tryLock(path)
	require.NoError(t, err)
	second.release()
}

func TestKilledHolderFreesTheLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	cmd := startHolder(t, path)
	require.Equal(t, cmd.Process.Pid, holder(path))
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	held, err := tryLock(path)
	require.NoError(t, err)
	held.release()
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

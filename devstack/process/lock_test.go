package process

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestLockIsExclusive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	require.Zero(t, Holder(path))
	first, err := TryLock(path)
	require.NoError(t, err)
	require.Equal(t, os.Getpid(), Holder(path))

	_, err = TryLock(path)
	require.True(t, fault.Is(err, fault.Conflict), "%v", err)
	require.ErrorContains(t, err, path)
	require.ErrorContains(t, err, "process "+strconv.Itoa(os.Getpid()))

	first.Release()
	require.Zero(t, Holder(path), "the id in the file means nothing without the lock")
	second, err := TryLock(path)
	require.NoError(t, err)
	second.Release()
}

func TestLockOverAFileOfADeadProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	require.NoError(t, os.WriteFile(path, []byte("123456789\n"), 0o644))

	lock, err := TryLock(path)

	require.NoError(t, err)
	defer lock.Release()
	require.Equal(t, os.Getpid(), Holder(path))
}

func TestLockInAFolderThatDoesNotExist(t *testing.T) {
	_, err := TryLock(filepath.Join(t.TempDir(), "missing", "lock"))
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
}

func TestWaitLockTakesOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "build.lock")
	first, err := TryLock(path)
	require.NoError(t, err)
	time.AfterFunc(20*time.Millisecond, first.Release)

	second, err := WaitLock(testContext(t), path)

	require.NoError(t, err)
	second.Release()
}

func TestWaitLockEndsWithItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "build.lock")
	first, err := TryLock(path)
	require.NoError(t, err)
	defer first.Release()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()

	_, err = WaitLock(ctx, path)

	require.ErrorIs(t, err, context.DeadlineExceeded)
}

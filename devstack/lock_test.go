package devstack

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

func TestLockFolderNamesTheProcessThatHasIt(t *testing.T) {
	folder := t.TempDir()
	lock, err := lockFolder(folder)
	require.NoError(t, err)

	_, err = lockFolder(folder)
	require.True(t, fault.Is(err, fault.Conflict), "%v", err)
	require.ErrorContains(t, err, folder)
	require.ErrorContains(t, err, "process "+strconv.Itoa(os.Getpid()))

	lock.release()
	again, err := lockFolder(folder)
	require.NoError(t, err)
	again.release()
}

func TestLockOverAFileOfADeadProcess(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "lock"), []byte("123456789\n"), 0o644))

	lock, err := lockFolder(folder)

	require.NoError(t, err)
	defer lock.release()
	require.Equal(t, strconv.Itoa(os.Getpid()), holder(folder))
}

func TestLockFolderThatDoesNotExist(t *testing.T) {
	_, err := lockFolder(filepath.Join(t.TempDir(), "missing"))
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
}

func TestHolderBeforeItSigned(t *testing.T) {
	require.Equal(t, "unknown", holder(t.TempDir()))
}

func TestWaitLockTakesOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "build.lock")
	first, err := tryLock(path)
	require.NoError(t, err)
	time.AfterFunc(20*time.Millisecond, first.release)

	second, err := waitLock(testContext(t), path)

	require.NoError(t, err)
	second.release()
}

func TestWaitLockEndsWithItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "build.lock")
	first, err := tryLock(path)
	require.NoError(t, err)
	defer first.release()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()

	_, err = waitLock(ctx, path)

	require.ErrorIs(t, err, context.DeadlineExceeded)
}

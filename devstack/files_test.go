package devstack

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

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

	lock.Release()
	again, err := lockFolder(folder)
	require.NoError(t, err)
	again.Release()
}

func TestRemoveFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, removeFile(filepath.Join(dir, "none")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	require.Error(t, removeFile(dir), "a folder with something in it")
}

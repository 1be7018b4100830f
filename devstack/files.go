package devstack

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"tandem/devstack/process"
	"tandem/fault"
)

// openLog opens <folder>/logs/<name>.log.
func openLog(folder, name string) (*process.Log, error) {
	return process.OpenLog(filepath.Join(folder, "logs", name+".log"))
}

// lockFolder keeps a second stack out of the folder. The error is fault.Conflict and names the process that has it.
func lockFolder(folder string) (*process.Lock, error) {
	path := filepath.Join(folder, "lock")
	lock, err := process.TryLock(path)
	if !fault.Is(err, fault.Conflict) {
		return lock, err
	}
	return nil, fault.Wrap(fault.Conflict, err,
		"%s is in use by process %d: stop that one first, or choose another folder", folder, process.Holder(path))
}

// makeDir makes a folder and those above it.
func makeDir(path string, mode os.FileMode) error {
	if err := os.MkdirAll(path, mode); err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot make the folder %s", path)
	}
	return nil
}

// removeFile removes a file that need not exist.
func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(fault.Unavailable, err, "cannot remove %s", path)
	}
	return nil
}

package devstack

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tandem/fault"
)

// lockFile is a file locked by this process. The kernel drops the lock with the process, however that ends; the file
// itself stays, because removing it would let two processes lock two files of the same name.
type lockFile struct{ file *os.File }

// lockFolder keeps a second stack out of the folder. The error is fault.Conflict and names the process that has it.
func lockFolder(folder string) (*lockFile, error) {
	lock, err := tryLock(filepath.Join(folder, "lock"))
	if !fault.Is(err, fault.Conflict) {
		return lock, err
	}
	return nil, fault.Wrap(fault.Conflict, err,
		"%s is in use by process %s: stop that one first, or choose another folder", folder, holder(folder))
}

// holder gives the process id written in the folder's lock file, "unknown" in the instant before it is written.
func holder(folder string) string {
	text, err := os.ReadFile(filepath.Join(folder, "lock"))
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return pid
	}
	return "unknown"
}

// waitLock takes the lock when its holder lets go of it, or gives up with the context.
func waitLock(ctx context.Context, path string) (*lockFile, error) {
	for {
		lock, err := tryLock(path)
		if !fault.Is(err, fault.Conflict) {
			return lock, err
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// tryLock takes the lock at once or fails with fault.Conflict.
func tryLock(path string) (*lockFile, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot open %s for writing", path)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fault.Wrap(fault.Conflict, err, "%s is locked by another process", path)
		}
		return nil, fault.Wrap(fault.Unavailable, err, "cannot lock %s", path)
	}
	lock := &lockFile{file: file}
	return lock, lock.sign()
}

// sign writes this process's id into the file, for whoever finds it locked.
func (l *lockFile) sign() error {
	err := l.file.Truncate(0)
	if err == nil {
		_, err = io.WriteString(l.file, strconv.Itoa(os.Getpid())+"\n")
	}
	if err != nil {
		l.release()
		return fault.Wrap(fault.Unavailable, err, "cannot write %s", l.file.Name())
	}
	return nil
}

// release lets the next process have the lock.
func (l *lockFile) release() { l.file.Close() }

// pause waits, unless the context ends first.
func pause(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return fault.Wrap(fault.Unavailable, ctx.Err(), "stopped while waiting")
	case <-time.After(wait):
		return nil
	}
}

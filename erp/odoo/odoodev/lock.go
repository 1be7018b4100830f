package odoodev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"tandem/fault"
)

// lock keeps a version of one folder to one process. The kernel drops it when its holder dies, however it dies; the file
// stays and holds the number of the last holder.
type lock struct{ file *os.File }

// tryLock takes the lock at once or fails with fault.Conflict.
func tryLock(path string) (*lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "cannot open %s for writing", path)
	}
	if err := flock(file, syscall.LOCK_EX); err != nil {
		file.Close()
		return nil, fault.Wrap(fault.Conflict, err, "process %d runs this Odoo already (or stops it): see %s", holder(path), path)
	}
	err = file.Truncate(0)
	if err == nil {
		_, err = fmt.Fprintln(file, os.Getpid())
	}
	if err != nil {
		file.Close()
		return nil, fault.Wrap(fault.Internal, err, "cannot write %s", path)
	}
	return &lock{file: file}, nil
}

// holder gives the process that has the lock, 0 when nobody has. It needs no right but to read the file.
func holder(path string) int {
	file, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer file.Close()
	if err := flock(file, syscall.LOCK_SH); !errors.Is(err, syscall.EWOULDBLOCK) {
		return 0
	}
	var pid int
	if _, err := fmt.Fscan(io.LimitReader(file, 32), &pid); err != nil {
		return 0
	}
	return pid
}

func flock(file *os.File, how int) error {
	return syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
}

// release lets the next process have the lock.
func (l *lock) release() { l.file.Close() }

// StopRunning asks the process that runs the version in this folder to stop it, and waits until it has. It reports false
// when none does. Nothing is signalled but the process that holds the lock.
func StopRunning(ctx context.Context, folder, version string) (bool, error) {
	p, err := newPlace(folder, version)
	if err != nil {
		return false, err
	}
	pid := holder(p.lockFile())
	if pid == 0 {
		return false, nil
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return false, fault.Wrap(fault.Unauthorized, err, "may not stop process %d, which runs Odoo %s", pid, version)
	}
	for holder(p.lockFile()) == pid {
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return false, fault.Wrap(fault.Internal, err, "process %d has not stopped Odoo %s yet", pid, version)
		}
	}
	return true, nil
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

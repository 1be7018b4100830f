package process

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

// lockPause is the time between two tries to get a lock that another process holds.
const lockPause = 200 * time.Millisecond

// Lock is a file locked by this process. The kernel drops the lock with the process, however that ends; the file
// itself stays, because removing it would let two processes lock two files of the same name. It holds the id of the last
// process that had the lock.
type Lock struct{ file *os.File }

// TryLock takes the lock at once or fails with fault.Conflict, which names the process that has it.
func TryLock(path string) (*Lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot open %s for writing", path)
	}
	if err := flock(file, syscall.LOCK_EX); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fault.Wrap(fault.Conflict, err, "%s is locked by process %d", path, Holder(path))
		}
		return nil, fault.Wrap(fault.Unavailable, err, "cannot lock %s", path)
	}
	lock := &Lock{file: file}
	return lock, lock.sign()
}

// WaitLock takes the lock when its holder lets go of it, or gives up with the context.
func WaitLock(ctx context.Context, path string) (*Lock, error) {
	for {
		lock, err := TryLock(path)
		if !fault.Is(err, fault.Conflict) {
			return lock, err
		}
		if err := Pause(ctx, lockPause); err != nil {
			return nil, err
		}
	}
}

// Holder returns the id of the process that has the lock, 0 when none has, or in the instant before it is written. It needs
// no right but to read the file.
func Holder(path string) int {
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

// sign writes this process's id into the file, for whoever finds it locked.
func (l *Lock) sign() error {
	err := l.file.Truncate(0)
	if err == nil {
		_, err = fmt.Fprintln(l.file, os.Getpid())
	}
	if err != nil {
		l.Release()
		return fault.Wrap(fault.Unavailable, err, "cannot write %s", l.file.Name())
	}
	return nil
}

// Release lets the next process have the lock.
func (l *Lock) Release() { l.file.Close() }

// Pause waits, unless the context ends first.
func Pause(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return fault.Wrap(fault.Unavailable, ctx.Err(), "stopped while waiting")
	case <-time.After(wait):
		return nil
	}
}

package odoodev

import (
	"context"
	"errors"
	"syscall"
	"time"

	"tandem/devstack/process"
	"tandem/fault"
)

// lock keeps a version of one folder to one process. It fails with fault.Conflict when another process has it.
func (p place) lock() (*process.Lock, error) {
	held, err := process.TryLock(p.lockFile())
	switch {
	case fault.Is(err, fault.Conflict):
		return nil, fault.Wrap(fault.Conflict, err, "process %d runs this Odoo already (or stops it): see %s",
			process.Holder(p.lockFile()), p.lockFile())
	case err != nil:
		return nil, internal(err)
	}
	return held, nil
}

// StopRunning asks the process that runs the version in this folder to stop it, and waits until it has. It reports false
// when none does. Nothing is signalled but the process that holds the lock.
func StopRunning(ctx context.Context, folder, version string) (bool, error) {
	p, err := newPlace(folder, version)
	if err != nil {
		return false, err
	}
	pid := process.Holder(p.lockFile())
	if pid == 0 {
		return false, nil
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return false, fault.Wrap(fault.Unauthorized, err, "may not stop process %d, which runs Odoo %s", pid, version)
	}
	for process.Holder(p.lockFile()) == pid {
		if err := process.Pause(ctx, 50*time.Millisecond); err != nil {
			return false, fault.Wrap(fault.Internal, err, "process %d has not stopped Odoo %s yet", pid, version)
		}
	}
	return true, nil
}

package devstack

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tandem/devstack/process"
	"tandem/fault"
)

// orphanGrace is how long a server left behind gets to shut down before it is killed.
const orphanGrace = 30 * time.Second

// endOrphan ends the server that a killed run left behind, so that two never work on the same data. The pid file's
// first line names it; the marker (a path among its arguments) proves that the process is that server and not another
// program that was given the same number since. In that case, common after a reboot or in a container, the file is
// removed, because PostgreSQL itself would take the stranger for a running server and refuse to start.
func endOrphan(ctx context.Context, pidFile, marker string) error {
	text, err := os.ReadFile(pidFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot read %s", pidFile)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	switch {
	case err != nil || pid <= 0:
		return removeFile(pidFile)
	case runs(pid, marker):
		return endProcess(ctx, pid, marker)
	case exists(pid):
		return removeFile(pidFile)
	default:
		return nil // nobody has that number: PostgreSQL sees so too, after checking that no backend of it is left
	}
}

// endProcess interrupts a process that is no child of this one and waits until it is gone.
func endProcess(ctx context.Context, pid int, marker string) error {
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fault.Wrap(fault.Conflict, err, "process %d still works on %s and cannot be stopped: stop it first", pid, marker)
	}
	for deadline := time.Now().Add(orphanGrace); runs(pid, marker); {
		if time.Now().After(deadline) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // an error means it is gone, which the loop checks
		}
		if err := process.Pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// runs reports whether the process exists and has the marker among its arguments.
func runs(pid int, marker string) bool {
	return strings.Contains(process.CommandLine(pid), marker)
}

// exists reports whether any process has the number.
func exists(pid int) bool {
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

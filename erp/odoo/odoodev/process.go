package odoodev

import (
	"context"
	"os/exec"
	"syscall"
	"time"

	"tandem/devstack/process"
	"tandem/fault"
)

// How the programs are stopped: asked first, and killed with all they started after a grace period.
var (
	odooEnding     = process.Ending{Ask: syscall.SIGTERM, Grace: 10 * time.Second, Force: syscall.SIGKILL}
	postgresEnding = process.Ending{Ask: syscall.SIGINT, Grace: 30 * time.Second, Force: syscall.SIGKILL}
)

// startLimit bounds the start of a program on a busy machine. Odoo loads no database yet.
const startLimit = 2 * time.Minute

// start starts a program that stays, and waits until it is ready. It returns the program also when that fails, so that it
// is stopped with the others.
func start(ctx context.Context, name string, cmd *exec.Cmd, logPath string, check func(context.Context) error) (*process.Process, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	log, err := process.OpenLog(logPath)
	if err != nil {
		return nil, internal(err)
	}
	p, err := process.Start(name, cmd, log)
	if err != nil {
		return nil, internal(err)
	}
	return p, internal(p.WaitReady(ctx, check))
}

// internal classifies what is wrong with a program that was installed here: it has no excuse.
func internal(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Internal, err, "%v", err)
}

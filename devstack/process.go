package devstack

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"tandem/fault"
)

const (
	pingPause = 25 * time.Millisecond // between two questions whether a server is ready
	pingLimit = 3 * time.Second       // for one such question
)

// process is one child program. It has a process group of its own, so that a Ctrl-C meant for this program does not
// stop the servers before their users are done, and it is told to end when this program dies (see tieToParent).
type process struct {
	name  string
	cmd   *exec.Cmd
	log   *logFile
	asked atomic.Bool   // somebody wants it to end, so its end is no failure
	done  chan struct{} // closed when it has ended
	err   error         // how it ended; to be read after done
}

// startProcess starts the command with its output going to the log, which it closes at the end.
func startProcess(name string, cmd *exec.Cmd, log *logFile) (*process, error) {
	cmd.Stdout, cmd.Stderr = log.file, log.file
	setProcessGroup(cmd)
	tieToParent(cmd)
	p := &process{name: name, cmd: cmd, log: log, done: make(chan struct{})}
	started := make(chan error)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot start %s (%s)", name, cmd.Path)
	}
	return p, nil
}

// run holds on to its thread until the child has ended: the kernel sends the parent-death signal when the thread that
// forked ends, not the process.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer p.log.file.Close()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

// waitReady asks again and again until the process answers. The error shows the last lines of its log.
func (p *process) waitReady(ctx context.Context, ping func(context.Context) error) error {
	for {
		err := p.try(ctx, ping)
		select {
		case <-p.done:
			return fault.Wrap(fault.Unavailable, p.err, "%s ended while starting (%s); %s",
				p.name, p.cmd.ProcessState, p.log.tail())
		case <-ctx.Done():
			return fault.Wrap(fault.Unavailable, errors.Join(ctx.Err(), err), "%s did not answer before its start was given up; %s",
				p.name, p.log.tail())
		case <-time.After(pingPause):
		}
		if err == nil {
			return nil
		}
	}
}

// try asks once; a server that accepts a connection and then keeps silent is asked anew.
func (p *process) try(ctx context.Context, ping func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	return ping(ctx)
}

// watch calls failed when the process ends without having been asked to.
func (p *process) watch(failed func(error)) {
	<-p.done
	if !p.asked.Load() && failed != nil {
		failed(p.died())
	}
}

// died describes an end nobody asked for.
func (p *process) died() error {
	return fault.Wrap(fault.Unavailable, p.err, "%s ended by itself (%s); see %s",
		p.name, p.cmd.ProcessState, p.log.file.Name())
}

// stop asks the process to end, forces it to after the grace period, and waits until it has ended. It reports an end
// that had to be forced. Stopping what has ended already does nothing.
func (p *process) stop(grace time.Duration, force syscall.Signal) error {
	p.asked.Store(true)
	p.signal(os.Interrupt)
	select {
	case <-p.done:
		return nil
	case <-time.After(grace):
		p.signal(force)
		<-p.done
		return fault.New(fault.Unavailable, "%s did not stop within %s and was forced to", p.name, grace)
	}
}

// signal ignores the error: it says that the process has ended, which done says as well.
func (p *process) signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// setProcessGroup gives the command a process group of its own.
func setProcessGroup(cmd *exec.Cmd) {
	attributes(cmd).Setpgid = true
}

// attributes gives the command's system attributes, made on first use.
func attributes(cmd *exec.Cmd) *syscall.SysProcAttr {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	return cmd.SysProcAttr
}

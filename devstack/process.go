package devstack

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"tandem/fault"
)

const (
	pingPause = 25 * time.Millisecond // between two questions whether a server is ready
	pingLimit = 10 * time.Second      // for one such question

	forceGrace = 10 * time.Second // for the signal that forces an end, before the kernel does
)

// errPortTaken says that a server could not listen on its port. The text is how every server puts it in its log.
var errPortTaken = errors.New("address already in use")

// process is one child program. It has a process group of its own, so that a Ctrl-C meant for this program does not
// stop the servers before their users are done, and it is told to end when this program dies (see tieToParent).
type process struct {
	name string
	cmd  *exec.Cmd
	log  *logFile
	done chan struct{} // closed when it has ended
	err  error         // how it ended; to be read after done
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
			return fault.Wrap(fault.Unavailable, p.cause(), "%s ended while starting (%s); %s",
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

// cause returns how the process ended, with errPortTaken when its log says so.
func (p *process) cause() error {
	if strings.Contains(strings.ToLower(p.log.tail()), errPortTaken.Error()) {
		return errors.Join(errPortTaken, p.err)
	}
	return p.err
}

// try asks once; a server that accepts a connection and then keeps silent is asked again.
func (p *process) try(ctx context.Context, ping func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	return ping(ctx)
}

// died describes an end that was not asked for.
func (p *process) died() error {
	return fault.Wrap(fault.Unavailable, p.err, "%s ended unexpectedly (%s)", p.name, p.cmd.ProcessState)
}

// stop asks the process to end, forces it to after the grace period, and waits until it has ended. It reports an end
// that had to be forced. Stopping what has ended already does nothing.
func (p *process) stop(grace time.Duration, force syscall.Signal) error {
	p.signal(os.Interrupt)
	if p.endsWithin(grace) {
		return nil
	}
	p.signal(force)
	if !p.endsWithin(forceGrace) {
		p.signal(syscall.SIGKILL) // also ends a process that was stopped and handles no signal
		<-p.done
	}
	return fault.New(fault.Unavailable, "%s did not stop within %s and was forced to", p.name, grace)
}

// endsWithin waits for the end of the process and reports whether it came in time.
func (p *process) endsWithin(limit time.Duration) bool {
	select {
	case <-p.done:
		return true
	case <-time.After(limit):
		return false
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

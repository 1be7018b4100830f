// Package process runs the programs that a development stack is made of: each is watched until it is ready, writes to a log
// of its own, ends with this program however that ends, and is stopped in good order first and by force afterwards.
package process

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
	checkPause   = 25 * time.Millisecond // between two checks whether a program is ready
	checkTimeout = 10 * time.Second      // for one of them

	forceGrace = 10 * time.Second // for the signal that forces an end, before the kernel does
)

// ErrPortTaken says that a server could not listen on its port. The text is how every server puts it in its log.
var ErrPortTaken = errors.New("address already in use")

// Process is one child program. It has a process group of its own, so that a Ctrl-C meant for this program does not
// stop the servers before their users are done, and it is told to end when this program dies (see tieToParent).
type Process struct {
	name string
	cmd  *exec.Cmd
	log  *Log
	done chan struct{} // closed when it has ended
	err  error         // how it ended; to be read after done
}

// Start starts the command with its output going to the log, which it closes at the end.
func Start(name string, cmd *exec.Cmd, log *Log) (*Process, error) {
	cmd.Stdout, cmd.Stderr = log.file, log.file
	SetGroup(cmd)
	tieToParent(cmd)
	p := &Process{name: name, cmd: cmd, log: log, done: make(chan struct{})}
	started := make(chan error)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot start %s (%s)", name, cmd.Path)
	}
	return p, nil
}

// run holds on to its thread until the child has ended: the kernel sends the parent-death signal when the thread that
// forked ends, not the process.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer p.log.Close()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

// WaitReady asks again and again until the process answers. The error shows the last lines of its log.
func (p *Process) WaitReady(ctx context.Context, check func(context.Context) error) error {
	for {
		err := Check(ctx, check)
		select {
		case <-p.done:
			return fault.Wrap(fault.Unavailable, p.cause(), "%s ended while starting (%s); %s",
				p.name, p.cmd.ProcessState, p.log.Tail())
		case <-ctx.Done():
			return fault.Wrap(fault.Unavailable, errors.Join(ctx.Err(), err), "%s did not answer before its start was given up; %s",
				p.name, p.log.Tail())
		case <-time.After(checkPause):
		}
		if err == nil {
			return nil
		}
	}
}

// cause returns how the process ended, with ErrPortTaken when its log says so.
func (p *Process) cause() error {
	if strings.Contains(strings.ToLower(p.log.Tail()), ErrPortTaken.Error()) {
		return errors.Join(ErrPortTaken, p.err)
	}
	return p.err
}

// Check asks once, and gives up on a server that accepts a connection and then keeps silent.
func Check(ctx context.Context, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	return check(ctx)
}

// Done is closed when the program has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// PID returns the id of the program.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Log returns the log that the program writes to.
func (p *Process) Log() *Log { return p.log }

// Died describes an end that was not asked for; it may be called once Done is closed.
func (p *Process) Died() error {
	return fault.Wrap(fault.Unavailable, p.err, "%s ended unexpectedly (%s)", p.name, p.cmd.ProcessState)
}

// Ending is how a program is stopped.
type Ending struct {
	Ask   syscall.Signal // makes it end in good order
	Grace time.Duration  // how long that may take
	Force syscall.Signal // what comes after
}

// Stop asks the program to end, forces it to after the grace period, and waits until it has ended. It reports an end
// that had to be forced. Stopping what has ended already, or was never started, does nothing.
func (p *Process) Stop(e Ending) error {
	if p == nil {
		return nil
	}
	p.Signal(e.Ask)
	if p.endsWithin(e.Grace) {
		return nil
	}
	p.Signal(e.Force)
	if !p.endsWithin(forceGrace) {
		p.Signal(syscall.SIGKILL) // also ends a process that was stopped and handles no signal
		<-p.done
	}
	return fault.New(fault.Unavailable, "%s did not stop within %s and was forced to", p.name, e.Grace)
}

// endsWithin waits for the end of the process and reports whether it came in time.
func (p *Process) endsWithin(limit time.Duration) bool {
	select {
	case <-p.done:
		return true
	case <-time.After(limit):
		return false
	}
}

// Signal sends a signal. It ignores the error: it says that the process has ended, which done says as well.
func (p *Process) Signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// SetGroup gives the command a process group of its own.
func SetGroup(cmd *exec.Cmd) {
	Attributes(cmd).Setpgid = true
}

// Attributes returns the command's system attributes, made on first use.
func Attributes(cmd *exec.Cmd) *syscall.SysProcAttr {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	return cmd.SysProcAttr
}

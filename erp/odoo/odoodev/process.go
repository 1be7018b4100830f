package odoodev

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"tandem/fault"
)

const (
	pingPause = 100 * time.Millisecond // between two questions whether a program is ready
	pingLimit = 5 * time.Second        // for one such question
)

// process is one program that stays. A nil one has never been started and stops at once.
type process struct {
	name string
	log  string // path
	cmd  *exec.Cmd
	ask  syscall.Signal // what makes it end in good order
	done chan struct{}  // closed when it has ended
	err  error          // how it ended; to be read after done
}

// startProcess starts the command with its output going to the log; the log of the run before stays beside it.
func startProcess(name string, cmd *exec.Cmd, ask syscall.Signal, log string) (*process, error) {
	file, err := openLog(log)
	if err != nil {
		return nil, err
	}
	p := &process{name: name, log: log, cmd: cmd, ask: ask, done: make(chan struct{})}
	started := make(chan error)
	go p.run(file, started)
	if err := <-started; err != nil {
		return nil, fault.Wrap(fault.Internal, err, "cannot start %s: %v", name, err)
	}
	return p, nil
}

// run is to a program that stays what the function run is to one that ends.
func (p *process) run(log *os.File, started chan<- error) {
	defer log.Close()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p.cmd.Stdout, p.cmd.Stderr = log, log
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

// waitReady asks again and again until the program answers.
func (p *process) waitReady(ctx context.Context, ping func(context.Context) error) error {
	for {
		err := try(ctx, ping)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return p.died()
		case <-ctx.Done():
			return fault.Wrap(fault.Internal, err, "%s did not answer before its start was given up; see %s", p.name, p.log)
		case <-time.After(pingPause):
		}
	}
}

// try asks once; a server that accepts a connection and then keeps silent is asked again.
func try(ctx context.Context, ping func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	return ping(ctx)
}

// died describes an end nobody asked for.
func (p *process) died() error {
	return fault.Wrap(fault.Internal, p.err, "%s ended unexpectedly (%s); see %s", p.name, p.cmd.ProcessState, p.log)
}

// stop asks the process to end, kills it and all it started after the grace period, and waits until it is gone.
func (p *process) stop(grace time.Duration) error {
	if p == nil {
		return nil
	}
	_ = p.cmd.Process.Signal(p.ask) // an error says that it has ended, which done says as well
	select {
	case <-p.done:
		return nil
	case <-time.After(grace):
		_ = p.cmd.Process.Kill()
		<-p.done
		return fault.New(fault.Internal, "%s did not stop within %s and was killed", p.name, grace)
	}
}

// openLog opens an empty log and keeps the one before as <path>.1.
func openLog(path string) (*os.File, error) {
	_ = os.Rename(path, path+".1") // there is none before the first start
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "cannot open %s for writing", path)
	}
	return file, nil
}

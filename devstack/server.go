package devstack

import (
	"context"
	"sync"
	"time"

	"tandem/devstack/process"
	"tandem/fault"
)

// patience says when a running server is taken for dead.
type patience struct {
	every    time.Duration // between two checks
	failures int           // so many failed checks in a row are too many
}

// usualPatience restarts a server that refuses every query after half a minute, and one that keeps silent after one and a
// half (see process.Check). Both are far beyond what a busy machine makes a living server take for one small query.
var usualPatience = patience{every: 5 * time.Second, failures: 6}

const (
	restartTries = 5                // for one restart: ports and locks of the server before may need a moment to be free
	restartPause = 2 * time.Second  // between two of them
	restartsMost = 5                // restarts within restartsSpan: more of them help no further
	restartsSpan = 10 * time.Minute // a server that ran for so long is as good as new
)

// server is a child program that is kept up: started, watched, and started again when it ends or stops answering.
type server struct {
	name   string
	launch func(context.Context) (*process.Process, error) // starts the program and waits until it is ready
	check  func(context.Context) error                     // asks it something that takes all that its users rely on
	ending process.Ending
	report func(string) // told of each restart
	failed func(error)  // told, once, when the server cannot be kept up; may be nil

	patience patience
	restarts int
	since    time.Time // of the latest start

	running context.Context // ends with stop
	end     context.CancelFunc

	mu      sync.Mutex // guards process, and is held while one process replaces another
	process *process.Process
}

// start starts the program and its watch. The context bounds the start only.
func (s *server) start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.end = context.WithCancel(context.Background())
	if err := s.begin(ctx); err != nil {
		return err
	}
	go s.watch()
	return nil
}

// begin starts the program; the lock is held.
func (s *server) begin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	child, err := s.launch(ctx)
	if err != nil {
		return err
	}
	s.process, s.since = child, time.Now()
	return nil
}

// stop ends the program for good. The error says that it had to be forced.
func (s *server) stop() error {
	s.end() // of a restart under way, too
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process.Stop(s.ending)
}

// restart stops the program and starts it again.
func (s *server) restart(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.process.Stop(s.ending); err != nil {
		return err
	}
	return s.begin(ctx)
}

// watch keeps the program up until it is stopped or cannot be kept up.
func (s *server) watch() {
	for {
		child := s.current()
		if child == nil {
			return
		}
		if err := s.replace(child, s.trouble(child)); err != nil {
			if s.failed != nil {
				s.failed(err)
			}
			return
		}
	}
}

// current returns the running process, nil after the end.
func (s *server) current() *process.Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running.Err() != nil {
		return nil
	}
	return s.process
}

// pid returns the id of the latest process.
func (s *server) pid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process.PID()
}

// trouble waits until the process has ended or has failed too many checks in a row, and returns what happened.
func (s *server) trouble(child *process.Process) error {
	for failures := 0; ; {
		select {
		case <-child.Done():
			return child.Died()
		case <-time.After(s.patience.every):
		}
		err := process.Check(s.running, s.check)
		if err == nil {
			failures = 0
			continue
		}
		if failures++; failures >= s.patience.failures {
			return fault.Wrap(fault.Unavailable, err, "%s stopped answering (%d checks failed, the last one with: %v)",
				s.name, failures, err)
		}
	}
}

// replace starts another process in the place of one that is no longer any good, unless that has been stopped or replaced
// meanwhile.
func (s *server) replace(child *process.Process, trouble error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running.Err() != nil || s.process != child {
		return nil
	}
	if time.Since(s.since) > restartsSpan {
		s.restarts = 0
	}
	if s.restarts++; s.restarts > restartsMost {
		return fault.Wrap(fault.Unavailable, trouble, "%v, and was restarted %d times before; see %s",
			trouble, restartsMost, child.Log().Path())
	}
	return s.revive(child, trouble)
}

// revive ends what is left of the process and starts another; the lock is held.
func (s *server) revive(child *process.Process, trouble error) error {
	s.tell(trouble.Error()+": restarting it …", child.Log())
	begin := time.Now()
	_ = child.Stop(s.ending) // that it had to be forced is no news here
	var err error
	for range restartTries {
		if err = s.begin(s.running); err == nil {
			s.tell(s.name+" is up again after "+time.Since(begin).Round(time.Second).String(), child.Log())
			return nil
		}
		_ = process.Pause(s.running, restartPause) // stop ends it early
		if s.running.Err() != nil {
			return nil //nolint:nilerr // it was asked to stop, which is not a failure to restart
		}
	}
	return fault.Wrap(fault.Unavailable, err, "%v, and could not be restarted: %v", trouble, err)
}

// tell says something to the user and to whoever reads the server's log.
func (s *server) tell(line string, log *process.Log) {
	s.report(line)
	log.Note(line)
}

// Package devstack brings up what a developer's Tandem needs on a machine where nothing is prepared: a private
// PostgreSQL and a Temporal dev server, both on 127.0.0.1, with all that they keep in one folder:
//
//	postgres/  the database cluster        temporal/  Temporal's database file
//	logs/      one log per program
//
// Only the Temporal CLI is kept elsewhere, in the user's cache folder, because it takes minutes to build.
//
// It is no way to run anything in production. It needs Linux or another Unix.
package devstack

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"

	"tandem/devstack/process"
	"tandem/fault"
)

// The ports preferred by default. PostgreSQL's is not its usual 5432, where a system's own server would be.
const (
	DefaultPostgresPort   = 15432
	DefaultTemporalPort   = 7233
	DefaultTemporalUIPort = 8233
)

// loopback is the only address anything here listens on.
const loopback = "127.0.0.1"

// Options say what to start and where. A port is the preferred one; a busy one gives way to the next free one, and 0
// takes any.
type Options struct {
	Folder string       // made when missing; one stack at a time can use it
	Report func(string) // told each step and what turned out differently, one line at a time; may be nil

	DatabaseURL  string // used instead of starting PostgreSQL when set
	PostgresPort int
	NoInstall    bool // fail instead of installing PostgreSQL

	TemporalAddress   string // used instead of starting Temporal when set
	TemporalPort      int
	TemporalUIPort    int
	TemporalCLI       string            // see TemporalOptions.CLI
	TemporalNamespace string            // "" is "default"
	SearchAttributes  map[string]string // see TemporalOptions.SearchAttributes; only for a Temporal started here
}

// Stack is what Start brought up.
type Stack struct {
	DatabaseURL     string    // holds the password: never log it
	TemporalAddress string    // host:port
	Postgres        *Postgres // nil when a DatabaseURL was given
	Temporal        *Temporal // nil when a TemporalAddress was given

	lock   *process.Lock
	failed chan error
}

// Start brings up what the options do not give, and waits until all of it answers. It fails with fault.Conflict when
// another process uses the folder. The context bounds the start only; Stop ends what was started.
func Start(ctx context.Context, options Options) (*Stack, error) {
	folder, err := filepath.Abs(options.Folder)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "cannot tell where the folder %s is", options.Folder)
	}
	options.Folder = folder
	options.Report = oneAtATime(options.Report)
	if err := makeDir(folder, 0o755); err != nil {
		return nil, err
	}
	lock, err := lockFolder(folder)
	if err != nil {
		return nil, err
	}
	s := &Stack{
		DatabaseURL: options.DatabaseURL, TemporalAddress: options.TemporalAddress,
		lock: lock, failed: make(chan error, 8),
	}
	if err := s.start(ctx, options); err != nil {
		_ = s.Stop() // the first error tells more
		return nil, err
	}
	return s, nil
}

// oneAtATime makes the callback safe for the two starts that run at the same time.
func oneAtATime(report func(string)) func(string) {
	if report == nil {
		return func(string) {}
	}
	var mu sync.Mutex
	return func(line string) {
		mu.Lock()
		defer mu.Unlock()
		report(line)
	}
}

// start starts both at the same time, because either may have to be installed first.
func (s *Stack) start(ctx context.Context, options Options) error {
	group, ctx := errgroup.WithContext(ctx)
	if options.DatabaseURL == "" {
		group.Go(func() error { return s.startPostgres(ctx, options) })
	}
	if options.TemporalAddress == "" {
		group.Go(func() error { return s.startTemporal(ctx, options) })
	}
	return group.Wait()
}

func (s *Stack) startPostgres(ctx context.Context, options Options) error {
	started, err := StartPostgres(ctx, PostgresOptions{
		Folder: options.Folder, Port: options.PostgresPort, NoInstall: options.NoInstall,
		Report: options.Report, Failed: s.fail,
	})
	if err != nil {
		return err
	}
	s.Postgres, s.DatabaseURL = started, started.DSN()
	options.Report("PostgreSQL is ready on port " + strconv.Itoa(started.Port()))
	return nil
}

func (s *Stack) startTemporal(ctx context.Context, options Options) error {
	started, err := StartTemporal(ctx, TemporalOptions{
		Folder: options.Folder, Port: options.TemporalPort, UIPort: options.TemporalUIPort,
		CLI: options.TemporalCLI, Namespace: options.TemporalNamespace, SearchAttributes: options.SearchAttributes,
		Report: options.Report, Failed: s.fail,
	})
	if err != nil {
		return err
	}
	s.Temporal, s.TemporalAddress = started, started.Address()
	options.Report("Temporal is ready on " + started.Address() + ", its UI on " + started.UIURL())
	return nil
}

// fail passes on that a server cannot be kept up; there is one for each at most.
func (s *Stack) fail(err error) {
	select {
	case s.failed <- err:
	default:
	}
}

// Failed returns an error for each server that is down and cannot be restarted.
func (s *Stack) Failed() <-chan error { return s.failed }

// Stop ends what Start brought up and frees the folder. Stop the users of the servers first. The error says what had to
// be forced; no data is lost by that.
func (s *Stack) Stop() error {
	var group sync.WaitGroup
	var errPostgres, errTemporal error
	if s.Postgres != nil {
		group.Go(func() { errPostgres = s.Postgres.Stop() })
	}
	if s.Temporal != nil {
		group.Go(func() { errTemporal = s.Temporal.Stop() })
	}
	group.Wait()
	s.lock.Release()
	return errors.Join(errPostgres, errTemporal)
}

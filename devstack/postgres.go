package devstack

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/lib/pq" // also the driver "postgres"

	"tandem/devstack/process"
	"tandem/fault"
)

const (
	// startLimit bounds a server's start, crash recovery after a big import included.
	startLimit = 2 * time.Minute
	// DefaultFallbackFolder is where clusters live whose own folder the server's user cannot enter.
	DefaultFallbackFolder = "/var/lib/tandem"
)

// postgresEnding asks for a fast shutdown, which writes all dirty pages.
var postgresEnding = process.Ending{Ask: syscall.SIGINT, Grace: 30 * time.Second, Force: syscall.SIGQUIT}

// postgresSettings suit bulk imports on a developer's machine. What makes a commit durable stays as it is. The log never
// shows statements or the values of offending rows, since those hold customers' data.
var postgresSettings = []string{
	"listen_addresses=" + loopback, "unix_socket_directories=", "max_connections=200",
	"shared_buffers=256MB", "work_mem=16MB", "maintenance_work_mem=128MB", "max_wal_size=2GB", "wal_compression=on",
	"checkpoint_timeout=15min", "random_page_cost=1.1", "jit=off",
	"timezone=UTC", "log_timezone=UTC", "lc_messages=C",
	"log_error_verbosity=terse", "log_min_error_statement=panic",
}

// PostgresOptions say where a private PostgreSQL lives.
type PostgresOptions struct {
	Folder string       // holds postgres/ (the data) and logs/; made when missing
	Port   int          // preferred port, the next free one otherwise; 0 takes any
	Report func(string) // told what takes long or turns out differently; may be nil
	Failed func(error)  // told, from another goroutine, when the server is down and restarts do not help; may be nil

	NoInstall      bool     // fail instead of installing PostgreSQL
	SearchDirs     []string // folders to look for the server programs in; nil takes the usual ones
	FallbackFolder string   // "" is DefaultFallbackFolder; see Postgres
}

// Postgres is a private PostgreSQL server on 127.0.0.1 with a database "tandem". Its data stays for the next start. A server
// that dies or stops answering is restarted.
//
// Started by root it runs as the user postgres (or nobody). When that user cannot enter Folder, as under /root, the data
// lives below FallbackFolder and <Folder>/postgres links to it.
type Postgres struct {
	options  PostgresOptions
	cluster  cluster
	programs programs
	port     int
	password string
	server   *server
}

// StartPostgres starts the server, after installing PostgreSQL and making the cluster when they are missing, and waits
// until it answers. A server that a killed run left behind is stopped first. The context bounds the start only.
func StartPostgres(ctx context.Context, options PostgresOptions) (*Postgres, error) {
	options, err := options.complete()
	if err != nil {
		return nil, err
	}
	p := &Postgres{options: options}
	if err := p.provide(ctx); err != nil {
		return nil, err
	}
	p.server = &server{
		name: "PostgreSQL", launch: p.launch, check: p.check, ending: postgresEnding,
		report: options.report, failed: options.Failed, patience: usualPatience,
	}
	if err := startOnFreePorts(p.choosePort, func() error { return p.server.start(ctx) }); err != nil {
		return nil, err
	}
	if err := p.createDatabase(ctx); err != nil {
		_ = p.Stop() // the first error tells more
		return nil, err
	}
	return p, nil
}

// complete fills in the defaults.
func (o PostgresOptions) complete() (PostgresOptions, error) {
	folder, err := filepath.Abs(o.Folder)
	if err != nil {
		return o, fault.Wrap(fault.Invalid, err, "cannot tell where the folder %s is", o.Folder)
	}
	o.Folder = folder
	if o.FallbackFolder == "" {
		o.FallbackFolder = DefaultFallbackFolder
	}
	return o, makeDir(o.Folder, 0o755)
}

func (o PostgresOptions) report(line string) {
	if o.Report != nil {
		o.Report(line)
	}
}

// provide sees to programs and data: found, installed or made, and used by nobody. Programs come first, because their package brings the
// user that the data belongs to.
func (p *Postgres) provide(ctx context.Context) error {
	major, err := cluster{dir: filepath.Join(p.options.Folder, "postgres")}.major()
	if err != nil {
		return err
	}
	if p.programs, err = resolvePrograms(p.options, major); err != nil {
		return err
	}
	if p.cluster, err = placeCluster(p.options.Folder, p.options.FallbackFolder); err != nil {
		return err
	}
	if major == 0 {
		p.options.report("Making a PostgreSQL " + strconv.Itoa(p.programs.major) + " cluster in " + p.cluster.dir + " …")
		if err := p.cluster.init(ctx, p.programs); err != nil {
			return err
		}
	}
	if p.password, err = p.cluster.password(); err != nil {
		return err
	}
	return endOrphan(ctx, filepath.Join(p.cluster.data(), "postmaster.pid"), p.cluster.data())
}

// choosePort takes a free port.
func (p *Postgres) choosePort() (err error) {
	if p.port, err = FreePort(p.options.Port); err == nil {
		reportPort("PostgreSQL", p.options.Port, p.port, p.options.report)
	}
	return err
}

// launch starts the server program and waits until it answers.
func (p *Postgres) launch(ctx context.Context) (*process.Process, error) {
	log, err := openLog(p.options.Folder, "postgres")
	if err != nil {
		return nil, err
	}
	child, err := process.Start("PostgreSQL", p.command(), log)
	if err != nil {
		return nil, err
	}
	if err := child.WaitReady(ctx, p.ping); err != nil {
		_ = child.Stop(postgresEnding) // the first error tells more
		return nil, err
	}
	return child, nil
}

// command gives the server's command line. Settings are arguments, so that a newer version of this program applies its
// own to older data.
func (p *Postgres) command() *exec.Cmd {
	cmd := exec.Command(p.programs.path("postgres"), "-D", p.cluster.data(), "-c", "port="+strconv.Itoa(p.port))
	for _, setting := range postgresSettings {
		cmd.Args = append(cmd.Args, "-c", setting)
	}
	p.cluster.prepare(cmd)
	return cmd
}

// DSN gives the address of the database, password included: never log it.
func (p *Postgres) DSN() string { return p.dsn("tandem") }

// Port gives the port the server listens on.
func (p *Postgres) Port() int { return p.port }

// PID returns the id of the running server process.
func (p *Postgres) PID() int { return p.server.pid() }

// DataFolder gives the folder that holds everything of this cluster.
func (p *Postgres) DataFolder() string { return p.cluster.dir }

func (p *Postgres) dsn(database string) string {
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, p.password), Path: "/" + database,
		Host: net.JoinHostPort(loopback, strconv.Itoa(p.port)), RawQuery: "sslmode=disable",
	}
	return address.String()
}

// ping reports whether the server accepts connections.
func (p *Postgres) ping(ctx context.Context) error {
	db, err := sql.Open("postgres", p.dsn("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// check is ping for a server that has been ready: one that refuses a connection, because it has too many or recovers from a
// crash, is alive and finds its own way.
func (p *Postgres) check(ctx context.Context) error {
	err := p.ping(ctx)
	if refused := new(pq.Error); errors.As(err, &refused) {
		return nil
	}
	return err
}

// createDatabase makes the database unless it is there.
func (p *Postgres) createDatabase(ctx context.Context) error {
	db, err := sql.Open("postgres", p.dsn("postgres"))
	if err != nil {
		return fault.Wrap(fault.Internal, err, "cannot use the PostgreSQL driver")
	}
	defer db.Close()
	var found bool
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'tandem')`).Scan(&found)
	if err == nil && !found {
		_, err = db.ExecContext(ctx, `CREATE DATABASE tandem`)
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot create the database tandem in %s", p.cluster.dir)
	}
	return nil
}

// Stop shuts the server down: it ends open sessions, writes everything and leaves nothing to recover. The error says
// that it had to be forced, which costs a recovery at the next start and no data.
func (p *Postgres) Stop() error { return p.server.stop() }

// Restart stops the server and starts it again under the same address.
func (p *Postgres) Restart(ctx context.Context) error { return p.server.restart(ctx) }

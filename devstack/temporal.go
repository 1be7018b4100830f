package devstack

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"tandem/devstack/process"
	"tandem/fault"
)

// temporalEnding is how the dev server is stopped.
var temporalEnding = process.Ending{Ask: syscall.SIGINT, Grace: 15 * time.Second, Force: syscall.SIGKILL}

// temporalSettings are SQLite pragmas that let the one database file keep up: a write-ahead log, which is flushed to disk
// at checkpoints only. A killed server loses nothing by that; a machine without power may lose the last seconds.
var temporalSettings = []string{"journal_mode=WAL", "synchronous=NORMAL"}

// TemporalOptions say where a Temporal dev server lives and what it knows.
type TemporalOptions struct {
	Folder string       // holds temporal/ (the database) and logs/; made when missing
	Port   int          // preferred port of the frontend, the next free one otherwise; 0 takes any
	UIPort int          // the same for the web UI
	Report func(string) // told what takes long or turns out differently; may be nil
	Failed func(error)  // told, from another goroutine, when the server is down and restarts do not help; may be nil

	CLI              string            // path of a ready Temporal CLI; "" takes the pinned one in Cache, built when missing
	Cache            string            // folder for built CLIs; "" is "tandem" in the user's cache folder
	Namespace        string            // made when missing; "" is "default"
	SearchAttributes map[string]string // name to type (Text, Keyword, Int, Double, Bool, Datetime, KeywordList)

	patience patience // the zero value is usualPatience
}

// Temporal is a Temporal dev server on 127.0.0.1 with its web UI. Its database file stays for the next start. A server that
// dies or stops answering is restarted on the same ports; running workflows go on where they were.
type Temporal struct {
	options TemporalOptions
	cli     string
	port    int
	uiPort  int
	server  *server
}

// StartTemporal starts the dev server, after building the Temporal CLI when it is missing (some minutes, once), and waits
// until its frontend answers and every search attribute is registered. A server that a killed run left behind is stopped
// first. The context bounds the start only.
func StartTemporal(ctx context.Context, options TemporalOptions) (*Temporal, error) {
	options, err := options.complete()
	if err != nil {
		return nil, err
	}
	t := &Temporal{options: options}
	if t.cli, err = temporalCLI(ctx, options); err != nil {
		return nil, err
	}
	if err := endOrphan(ctx, t.path("pid"), t.database()); err != nil {
		return nil, err
	}
	t.server = &server{
		name: "Temporal", launch: t.launch, check: t.check, ending: temporalEnding,
		report: options.report, failed: options.Failed, patience: options.patience,
	}
	if err := startOnFreePorts(t.choosePorts, func() error { return t.server.start(ctx) }); err != nil {
		return nil, err
	}
	return t, nil
}

// complete fills in the defaults and makes the folders.
func (o TemporalOptions) complete() (TemporalOptions, error) {
	folder, err := filepath.Abs(o.Folder)
	if err != nil {
		return o, fault.Wrap(fault.Invalid, err, "cannot tell where the folder %s is", o.Folder)
	}
	o.Folder = folder
	if o.Namespace == "" {
		o.Namespace = "default"
	}
	if o.patience == (patience{}) {
		o.patience = usualPatience
	}
	return o, makeDir(filepath.Join(folder, "temporal"), 0o700)
}

func (o TemporalOptions) report(line string) {
	if o.Report != nil {
		o.Report(line)
	}
}

// choosePorts takes two different free ports.
func (t *Temporal) choosePorts() error {
	ports, err := freePorts(t.options.Port, t.options.UIPort)
	if err != nil {
		return err
	}
	t.port, t.uiPort = ports[0], ports[1]
	reportPort("Temporal", t.options.Port, t.port, t.options.report)
	reportPort("the Temporal UI", t.options.UIPort, t.uiPort, t.options.report)
	return nil
}

func (t *Temporal) path(name string) string { return filepath.Join(t.options.Folder, "temporal", name) }
func (t *Temporal) database() string        { return t.path("temporal.db") }

// prepareDatabase removes a database whose first start was interrupted: the server would take the file for a complete
// one. The file "unfinished" marks it until the server has answered for the first time; until then it holds nothing.
func (t *Temporal) prepareDatabase() error {
	if _, err := os.Stat(t.path("unfinished")); err == nil {
		for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
			if err := removeFile(t.database() + suffix); err != nil {
				return err
			}
		}
	}
	if _, err := os.Stat(t.database()); err == nil {
		return nil
	}
	return (*account)(nil).writeFile(t.path("unfinished"), "")
}

// launch starts the server program, writes down its id, and waits until it is ready.
func (t *Temporal) launch(ctx context.Context) (*process.Process, error) {
	if err := t.prepareDatabase(); err != nil {
		return nil, err
	}
	log, err := openLog(t.options.Folder, "temporal")
	if err != nil {
		return nil, err
	}
	child, err := process.Start("Temporal", t.command(), log)
	if err != nil {
		return nil, err
	}
	err = (*account)(nil).writeFile(t.path("pid"), strconv.Itoa(child.PID())+"\n")
	if err == nil {
		err = t.becomeReady(ctx, child)
	}
	if err == nil {
		err = removeFile(t.path("unfinished"))
	}
	if err != nil {
		_ = child.Stop(temporalEnding) // the first error tells more
		return nil, err
	}
	return child, nil
}

// command gives the server's command line. With a home and an environment of its own, it does not see what the user has
// configured for the CLI otherwise.
func (t *Temporal) command() *exec.Cmd {
	args := []string{
		"server", "start-dev", "--ip", loopback, "--port", strconv.Itoa(t.port), "--ui-port", strconv.Itoa(t.uiPort),
		"--db-filename", t.database(), "--namespace", t.options.Namespace,
	}
	for _, setting := range temporalSettings {
		args = append(args, "--sqlite-pragma", setting)
	}
	cmd := exec.Command(t.cli, args...)
	cmd.Env = []string{"HOME=" + t.path("")}
	return cmd
}

// becomeReady waits for the frontend and adds the search attributes. Those that the server takes as arguments would not
// do: it looks at them when it makes the namespace and ignores them ever after.
func (t *Temporal) becomeReady(ctx context.Context, child *process.Process) error {
	dialled, err := newFrontend(t.Address(), t.options.Namespace)
	if err != nil {
		return err
	}
	defer dialled.close()
	if err := child.WaitReady(ctx, dialled.ping); err != nil {
		return err
	}
	return dialled.addSearchAttributes(ctx, t.options.SearchAttributes)
}

// check asks the server to query its database, over a connection of its own: one that was broken would say nothing about
// the server.
func (t *Temporal) check(ctx context.Context) error {
	dialled, err := newFrontend(t.Address(), t.options.Namespace)
	if err != nil {
		return err
	}
	defer dialled.close()
	return dialled.query(ctx)
}

// Address gives host and port of the frontend, as a Temporal client wants them.
func (t *Temporal) Address() string { return net.JoinHostPort(loopback, strconv.Itoa(t.port)) }

// PID returns the id of the running server process.
func (t *Temporal) PID() int { return t.server.pid() }

// CLI returns the path of the Temporal CLI that the server runs from.
func (t *Temporal) CLI() string { return t.cli }

// UIURL gives the address of the web UI.
func (t *Temporal) UIURL() string {
	return "http://" + net.JoinHostPort(loopback, strconv.Itoa(t.uiPort))
}

// Stop ends the server. The error says that it had to be forced; its database survives that.
func (t *Temporal) Stop() error { return t.server.stop() }

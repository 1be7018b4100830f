package e2e

import (
	"context"
	"log/slog"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the driver "postgres"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	temporal "go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"google.golang.org/protobuf/types/known/durationpb"

	"tandem/api/client"
	"tandem/devstack"
	"tandem/erp"
	"tandem/erp/open"
	"tandem/fault"
)

// applicationName tells the tests' own database sessions from the program's.
const applicationName = "e2e"

// tandem is an installation of its own: a database, a Temporal namespace, and the API once it was started.
type tandem struct {
	t           testing.TB
	env         []string
	server      *child // what serve started
	postgres    *devstack.Postgres
	namespace   string
	frontend    string // address of Temporal
	api         *client.Client
	url, token  string // of the API
	database    *sqlx.DB
	databaseURL string
	backend     erp.Backend     // reads the ledger directly
	temporal    temporal.Client // reads histories directly
}

// install sets up a database on the given server and a namespace, with nothing running yet.
func install(t testing.TB, server *devstack.Postgres) *tandem {
	t.Helper()
	return installOn(t, server, shared.temporal)
}

// installOn is install with a Temporal of its own.
func installOn(t testing.TB, server *devstack.Postgres, frontend *devstack.Temporal) *tandem {
	t.Helper()
	name := shared.name()
	x := &tandem{
		t: t, postgres: server, frontend: frontend.Address(), namespace: strings.ReplaceAll(name, "_", "-"),
		databaseURL: newDatabase(t, server.DSN(), name),
	}
	x.env = []string{
		"DATABASE_URL=" + x.databaseURL, "TEMPORAL_ADDRESS=" + x.frontend, "TEMPORAL_NAMESPACE=" + x.namespace,
		secretKeyVariable + newSecretKey(), "TANDEM_LISTEN=127.0.0.1:0",
	}
	x.openTemporal()
	x.command("migrate")
	x.token = strings.TrimSpace(x.command("token", "create", "e2e"))
	x.openDatabase()
	return x
}

// serve installs on the shared servers and runs API and worker in one process.
func serve(t testing.TB) *tandem {
	t.Helper()
	x := install(t, shared.postgres)
	x.serve()
	return x
}

// serve runs API and worker in one process.
func (x *tandem) serve() {
	x.t.Helper()
	x.server = start(x.t, x.env, "serve")
	x.server.logLine("worker started")
	x.reach(x.server)
}

// stop ends what serve started.
func (x *tandem) stop() { x.server.stop() }

// reach uses the API of a process.
func (x *tandem) reach(process *child) {
	x.t.Helper()
	address, _ := process.logLine("API started")["address"].(string)
	x.url = "http://" + address
	x.api = client.New(x.url, x.token)
}

// command runs the program to its end and gives what it printed.
func (x *tandem) command(args ...string) string {
	x.t.Helper()
	cmd := exec.CommandContext(x.t.Context(), shared.binary, args...)
	cmd.Env = append(cmd.Environ(), x.env...)
	out, err := cmd.Output()
	require.NoError(x.t, err, "tandem %s: %s", strings.Join(args, " "), stderrOf(err))
	return string(out)
}

func stderrOf(err error) string {
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // os/exec gives it bare
		return string(exit.Stderr)
	}
	return ""
}

func (x *tandem) openDatabase() {
	x.t.Helper()
	database, err := sqlx.Open("postgres", x.databaseURL+"&application_name="+applicationName)
	require.NoError(x.t, err)
	x.t.Cleanup(func() { _ = database.Close() })
	x.database = database
	x.backend, err = open.Drivers().Open(x.t.Context(), "ledger", erp.Access{Host: open.Host(database)})
	require.NoError(x.t, err)
}

// openTemporal makes the namespace and waits until it may be used.
func (x *tandem) openTemporal() {
	x.t.Helper()
	var err error
	x.temporal, err = temporal.NewLazyClient(x.temporalOptions())
	require.NoError(x.t, err)
	x.t.Cleanup(x.temporal.Close)
	x.t.Cleanup(x.deleteSchedules)
	x.registerNamespace()
	eventually(x.t, "the Temporal namespace", func() bool {
		_, err := x.temporal.ListWorkflow(x.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{PageSize: 1})
		return err == nil
	})
}

// registerNamespace is what an operator does before the first start, and after Temporal's database was lost.
// deleteSchedules ends what would go on in the namespace once the test has ended: schedules that no worker serves keep the server
// busy.
func (x *tandem) deleteSchedules() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	list, err := x.temporal.ScheduleClient().List(ctx, temporal.ScheduleListOptions{PageSize: 100})
	for err == nil && list.HasNext() {
		var entry *temporal.ScheduleListEntry
		if entry, err = list.Next(); err == nil {
			err = x.temporal.ScheduleClient().GetHandle(ctx, entry.ID).Delete(ctx)
		}
	}
	if err != nil {
		x.t.Logf("schedules of %s are left: %v", x.namespace, err) // as where its Temporal has been stopped
	}
}

func (x *tandem) registerNamespace() {
	x.t.Helper()
	names, err := temporal.NewNamespaceClient(x.temporalOptions())
	require.NoError(x.t, err)
	defer names.Close()
	require.NoError(x.t, names.Register(x.t.Context(), &workflowservice.RegisterNamespaceRequest{
		Namespace: x.namespace, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	}))
}

func (x *tandem) temporalOptions() temporal.Options {
	return temporal.Options{
		HostPort: x.frontend, Namespace: x.namespace, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	}
}

// newDatabase makes an empty database, which goes with its server.
func newDatabase(t testing.TB, serverURL, name string) string {
	t.Helper()
	require.NoError(t, execute(t.Context(), serverURL, "CREATE DATABASE "+name))
	address, err := url.Parse(serverURL)
	require.NoError(t, err)
	address.Path = "/" + name
	return address.String()
}

// execute runs one statement over a connection of its own.
func execute(ctx context.Context, databaseURL, statement string) error {
	database, err := sqlx.Open("postgres", databaseURL)
	if err != nil {
		return err
	}
	defer database.Close()
	_, err = database.ExecContext(ctx, statement)
	return err
}

// get reads from the API.
func get[T any](x *tandem, path string) T {
	x.t.Helper()
	var out T
	require.NoError(x.t, x.api.Get(x.t.Context(), path, nil, &out))
	return out
}

// post sends to the API and gives its answer.
func post[T any](x *tandem, path string, in any) T {
	x.t.Helper()
	var out T
	require.NoError(x.t, x.api.Post(x.t.Context(), path, in, &out))
	return out
}

// steer posts a command to a run. An API that did not hear from the run in time is asked again; that the command is
// refused then means that it had been taken.
func (x *tandem) steer(path string) {
	x.t.Helper()
	asked := false
	eventually(x.t, path+" to be taken", func() bool {
		err := x.api.Post(x.t.Context(), path, nil, nil)
		if err == nil || asked && fault.Is(err, fault.Conflict) {
			return true
		}
		require.Equal(x.t, fault.Unavailable, fault.KindOf(err), "%s: %v", path, err)
		asked = true
		return false
	})
}

// number reads one number from the database.
func (x *tandem) number(query string, args ...any) int {
	x.t.Helper()
	var n int
	require.NoError(x.t, x.database.GetContext(x.t.Context(), &n, query, args...))
	return n
}

package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/devstack"
	"tandem/woo/wootest"
	"tandem/workflows"
)

// restoredStore is enough to be interrupted in, and little enough to be imported several times in a test.
func restoredStore() wootest.Options {
	o := wootest.Sized(40, 40, 120)
	o.Seed = 3
	return o
}

// calmly imports a store in peace, and gives the ledger that must come of it whatever happens on the way.
func calmly(t *testing.T, store *shop) map[string][]string {
	t.Helper()
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)
	x.salesMoved()
	x.stop()
	return dump(x)
}

// settled waits until all work is over, that of an operation which took another's place included, and checks the ledger.
func (x *tandem) settled(t *testing.T, want map[string][]string) {
	t.Helper()
	eventually(t, "the work to be settled", func() bool {
		return x.number(`SELECT (SELECT count(*) FROM tandem.operations WHERE state IN ('waiting', 'running', 'paused'))
		  + (SELECT count(*) FROM tandem.order_runs WHERE state NOT IN ('done', 'cancelled'))`) == 0
	})
	x.refundsBooked()
	requireSame(t, want, dump(x))
	requireNothingTwice(t, x)
	requireGapless(t, x)
	require.Zero(t, x.number(`SELECT count(*) FROM tandem.order_runs WHERE state <> 'done'`))
}

// stepsDone waits until sale workflows have done so many steps.
func (x *tandem) stepsDone(n int) {
	x.t.Helper()
	eventually(x.t, "steps of sale workflows", func() bool {
		return x.number(`SELECT count(*) FROM tandem.order_steps WHERE state = 'done'`) >= n
	})
}

// TestTemporalLost takes Temporal's database away while orders are on their way. The workers are not restarted: they set
// Temporal up again, and finish what it has lost.
func TestTemporalLost(t *testing.T) {
	t.Parallel()
	store := openShop(t, restoredStore())
	want := calmly(t, store)

	server := ownTemporal(t)
	x := installOn(t, shared.postgres, server.Temporal)
	x.serve()
	x.connect(store.URL)
	schedule := post[gen.Schedule](x, "/schedules", gen.NewSchedule{Instance: instanceID, Kind: "order_import", EverySeconds: 3600})
	x.begin(everything)
	x.stepsDone(25)
	server.lose(t)
	x.registerNamespace()

	x.server.logLine("Temporal had lost what Tandem sets up there; it was set up again")
	x.settled(t, want)
	eventually(t, "the schedule", func() bool {
		var told gen.Schedule
		return x.api.Post(t.Context(), "/schedules/"+schedule.ID+"/run", nil, &told) == nil
	})
	require.Equal(t, "done", string(x.importAll(everything, "order").State))
	select {
	case <-x.server.done:
		require.Fail(t, "the process ended", x.server.tail(40))
	default:
	}
}

// losable is a Temporal dev server of one test.
type losable struct {
	*devstack.Temporal
	folder string
}

func ownTemporal(t *testing.T) *losable {
	t.Helper()
	folder, err := newFolder()
	require.NoError(t, err)
	s := &losable{folder: folder}
	s.start(t, 0)
	t.Cleanup(func() { require.NoError(t, errors.Join(s.Stop(), os.RemoveAll(folder))) })
	return s
}

func (s *losable) start(t *testing.T, port int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), prepareTimeout)
	defer cancel()
	server, err := devstack.StartTemporal(ctx, devstack.TemporalOptions{
		Folder: s.folder, CLI: os.Getenv("TEMPORAL_CLI"), Port: port, Report: report,
	})
	require.NoError(t, err)
	s.Temporal = server
}

// lose stops the server, deletes its database and starts it again at the same address.
func (s *losable) lose(t *testing.T) {
	t.Helper()
	address, err := url.Parse("http://" + s.Address())
	require.NoError(t, err)
	var port int
	_, err = fmt.Sscan(address.Port(), &port)
	require.NoError(t, err)
	require.NoError(t, s.Stop())
	require.NoError(t, os.RemoveAll(s.folder+"/temporal"))
	s.start(t, port)
	require.Contains(t, s.Address(), address.Port())
}

// TestPostgresSetBack restores the database as it was in the middle of an import, while Temporal stays where it is.
func TestPostgresSetBack(t *testing.T) {
	t.Parallel()
	store := openShop(t, restoredStore())
	want := calmly(t, store)

	x := serve(t)
	x.connect(store.URL)
	op := x.begin(everything)
	x.stepsDone(25)
	x.server.kill()
	x.copyDatabase(x.databaseURL, "_backup")
	x.serve()
	require.Equal(t, "done", string(x.ended(op.ID).State))
	x.salesMoved()
	x.server.kill()
	x.copyDatabase(backupOf(x.databaseURL), "")

	x.serve()
	x.settled(t, want)
	require.Equal(t, "failed", string(get[gen.Operation](x, "/operations/"+op.ID).State), "its workflow had ended")
}

// TestPostgresSetBackDuringImport restores the database while the import goes on in Temporal: what it has landed of the products
// and of the first page of orders is gone, and lies before where its workflow stands.
func TestPostgresSetBackDuringImport(t *testing.T) {
	t.Parallel()
	store := openShop(t, restoredStore())
	products := newGate(func(r *http.Request) bool { return path.Base(r.URL.Path) == "variations" })
	orders := newGate(func(r *http.Request) bool {
		offset, err := strconv.Atoi(r.URL.Query().Get("offset"))
		return path.Base(r.URL.Path) == "orders" && err == nil && offset > 0
	})
	openGatedShop(t, store, products, orders)

	x := serve(t)
	x.connect(store.URL)
	op := x.begin(everything)
	<-products.reached
	x.server.kill()
	x.copyDatabase(x.databaseURL, "_backup")
	products.open()
	x.serve()
	<-orders.reached
	eventually(t, "the orders' place to be known to Temporal", func() bool {
		for _, pending := range x.pendingActivities(workflows.EntitySyncID(op.ID, instanceID, "order")) {
			if pending.HeartbeatDetails != nil && strings.Contains(pending.HeartbeatDetails.String(), "landed") {
				return true
			}
		}
		return false
	})
	x.server.kill()
	x.copyDatabase(backupOf(x.databaseURL), "")
	orders.open()

	x.serve()
	x.settled(t, calmly(t, store))
	require.Equal(t, "failed", string(get[gen.Operation](x, "/operations/"+op.ID).State), "another took its place")
}

const backupSuffix = "_backup"

func backupOf(databaseURL string) string {
	name := nameOf(databaseURL)
	return strings.Replace(databaseURL, "/"+name, "/"+name+backupSuffix, 1)
}

func nameOf(databaseURL string) string {
	address, _ := url.Parse(databaseURL)
	return strings.TrimPrefix(address.Path, "/")
}

// copyDatabase makes the database, or with a suffix another beside it, a copy of the one at from.
func (x *tandem) copyDatabase(from, suffix string) {
	x.t.Helper()
	to := nameOf(x.databaseURL) + suffix
	for _, statement := range []string{
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + nameOf(from) + "'",
		"DROP DATABASE IF EXISTS " + to + " WITH (FORCE)",
		"CREATE DATABASE " + to + " TEMPLATE " + nameOf(from),
	} {
		require.NoError(x.t, execute(x.t.Context(), shared.postgres.DSN(), statement))
	}
}

// TestTwoWorkers runs sale workflows on two workers. One is stopped in the middle of its steps until the other has done all
// there is, and goes on then; one is killed on the way.
func TestTwoWorkers(t *testing.T) {
	t.Parallel()
	store := openShop(t, restoredStore())
	want := calmly(t, store)

	x := install(t, shared.postgres)
	first, second := start(t, x.env, "worker"), start(t, x.env, "worker")
	first.logLine("worker started")
	second.logLine("worker started")
	x.reach(start(t, x.env, "api"))
	x.connect(store.URL)
	x.importAll(everything)
	x.stepsDone(25)
	first.signal(syscall.SIGSTOP)
	second.kill()
	third := start(t, x.env, "worker")
	third.logLine("worker started")
	x.settled(t, want)
	first.signal(syscall.SIGCONT)

	third.stop() // what comes now is done by the worker that slept
	x.importAll(everything, "order")
	x.settled(t, want)
}

package e2e

import (
	"errors"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"

	"tandem/woo/wootest"
)

// faultyStore has enough of everything to be interrupted at, and little enough to be imported twice in a test.
func faultyStore() wootest.Options {
	o := wootest.Sized(110, 120, 220)
	o.Seed, o.PageLatency = 7, 150*time.Millisecond
	return o
}

// fifth is one reply in five gone wrong, in every way there is. The client's own time-out is a minute; a store that hangs
// up sooner looks the same to it.
var fifth = wootest.Faults{
	Rate429: 0.04, Rate500: 0.04, RateCut: 0.04, RateHTML: 0.04, RateTimeout: 0.04,
	TimeoutAfter: time.Second, Seed: 11,
}

// TestFaults imports one store twice: in peace, and with a fifth of all replies broken, a worker that is killed three
// times and a database that is restarted. Both must end in the same ledger.
func TestFaults(t *testing.T) {
	t.Parallel()
	store := openShop(t, faultyStore())
	calm := serve(t)
	calm.connect(store.URL)
	calm.importAll(everything)
	calm.salesMoved()
	calm.stop()

	rough := newRough(t, store)
	rough.run()
	for kind, n := range rough.storeFaults() {
		require.Positive(t, n, "the store never answered with %s", kind)
	}
	want, got := dump(calm), dump(rough.tandem)
	require.Len(t, want["orders"], len(store.orders()))
	requireSame(t, want, got)
	require.Positive(t, rough.interrupted(), "no kill interrupted anything")
	requireNothingTwice(t, rough.tandem)
	requireGapless(t, rough.tandem)
}

// rough is an import that is disturbed all the time.
type rough struct {
	*tandem
	t       *testing.T
	store   *shop
	worker  *child
	random  *rand.Rand
	restart func() // of PostgreSQL
	before  wootest.Stats
}

// newRough prepares an installation on a PostgreSQL of its own, with API and worker in processes of their own.
func newRough(t *testing.T, store *shop) *rough {
	t.Helper()
	folder, err := newFolder()
	require.NoError(t, err)
	server, err := startPostgres(t.Context(), folder)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, errors.Join(server.Stop(), os.RemoveAll(folder))) })
	r := &rough{
		tandem: install(t, server), t: t, store: store, random: rand.New(rand.NewPCG(7, 0)), //nolint:gosec // no secret
		restart: func() { require.NoError(t, server.Restart(t.Context())) },
	}
	r.startWorker()
	r.reach(start(t, r.env, "api"))
	r.connect(store.URL)
	return r
}

func (r *rough) startWorker() {
	r.worker = start(r.t, r.env, "worker")
	r.worker.logLine("worker started")
}

// run imports, with one disturbance in each phase of the work, and waits for the end.
func (r *rough) run() {
	r.before = r.store.Stats()
	r.store.SetFaults(fifth)
	op := r.begin(everything)

	const variations = "GET /products/#/variations" // a request for each of the twenty variable products
	r.reached(variations, 1+r.random.IntN(8))
	r.killWorker()
	r.reached(variations, r.asked(variations)+1+r.random.IntN(5))
	r.restart()
	r.reached("GET /orders", 1+r.random.IntN(3))
	r.killWorker()
	r.stepsDone(1 + r.random.IntN(300))
	r.killWorker()

	done := r.ended(op.ID)
	require.Equal(r.t, "done", string(done.State), "the import failed: %s", done.Error)
	states := r.salesMoved()
	require.Len(r.t, states, 1, "%v", states)
	r.store.SetFaults(wootest.Faults{})
}

// reached waits until the store was asked for something this often since the beginning.
func (r *rough) reached(route string, times int) {
	eventually(r.t, "requests "+route, func() bool { return r.asked(route) >= times })
}

// asked counts the requests of a route since the beginning.
func (r *rough) asked(route string) int { return r.store.requests(route) - r.before.Requests[route] }

// killWorker kills the worker in the middle of an activity and starts another. The worker is held first: what it is at
// could end while that is looked up.
func (r *rough) killWorker() {
	eventually(r.t, "the worker to be at work", func() bool {
		select {
		case <-r.worker.done:
			require.Fail(r.t, "the worker ended unexpectedly", r.worker.tail(40))
		default:
		}
		r.worker.signal(syscall.SIGSTOP)
		if r.atWork() {
			return true
		}
		r.worker.signal(syscall.SIGCONT)
		return false
	})
	r.worker.kill()
	r.startWorker()
}

// atWork reports whether any workflow has an activity that a worker has begun.
func (r *rough) atWork() bool {
	for _, e := range r.executions() {
		for _, pending := range r.pendingActivities(e.WorkflowId) {
			if pending.State == enums.PENDING_ACTIVITY_STATE_STARTED {
				return true
			}
		}
	}
	return false
}

// interrupted counts the activities that were done again because their worker was gone.
func (r *rough) interrupted() int {
	n := 0
	for _, e := range r.executions() {
		for _, event := range r.history(e.WorkflowId, e.RunId).Events {
			if event.GetActivityTaskStartedEventAttributes().GetLastFailure().GetTimeoutFailureInfo() != nil {
				n++
			}
		}
	}
	return n
}

// storeFaults counts what the store spoilt, by kind.
func (r *rough) storeFaults() map[string]int {
	counts := map[string]int{"429": 0, "500": 0, "cut": 0, "html": 0, "timeout": 0}
	for kind := range counts {
		counts[kind] = r.store.Stats().Faults[kind] - r.before.Faults[kind]
	}
	return counts
}

// requireNothingTwice checks that each record of the store became one record, found by one key, and went through each step
// of its sale once.
func requireNothingTwice(t *testing.T, x *tandem) {
	t.Helper()
	for what, query := range map[string]string{
		"orders without a key":     `SELECT count(*) FROM ledger.orders o WHERE NOT EXISTS (SELECT FROM ledger.external_ids WHERE model = 'order' AND record_id = o.id)`,
		"orders of the same name":  `SELECT count(*) FROM (SELECT number FROM ledger.orders GROUP BY number HAVING count(*) > 1) d`,
		"orders with two invoices": `SELECT count(*) FROM (SELECT order_id FROM ledger.journal_entries WHERE kind = 'invoice' GROUP BY 1 HAVING count(*) > 1) d`,
		"orders shipped twice":     `SELECT count(*) FROM (SELECT order_id FROM ledger.deliveries WHERE state = 'done' GROUP BY 1 HAVING count(*) > 1) d`,
		"customers of one e-mail":  `SELECT count(*) FROM (SELECT email_key FROM ledger.partners WHERE email_key <> '' GROUP BY 1 HAVING count(*) > 1) d`,
		"links of one record":      `SELECT count(*) FROM (SELECT entity, erp_id FROM tandem.links WHERE entity IN ('product', 'order') GROUP BY 1, 2 HAVING count(*) > 1) d`,
	} {
		require.Zero(t, x.number(query), what)
	}
}

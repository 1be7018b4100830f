package db

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// wokenEntities are those that woken records are asked for of.
var wokenEntities = []string{"tag", "coupon", "product", "order"}

// parkPage parks records of instance "demo" that all wait for the same keys.
func parkPage(t testing.TB, d *DB, operation, entity string, waits []string, ids ...string) {
	t.Helper()
	page := startPage(t, d, operation, entity, ids...)
	for _, id := range ids {
		page.Results = append(page.Results, flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_product", Waits: keys(waits...)}})
	}
	require.NoError(t, d.FinishPage(t.Context(), page))
}

func TestWhatLandsWakesWhatWaits(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	parkPage(t, d, op, "order", []string{"demo/product/7", "demo/product/71"}, "1")
	parkPage(t, d, op, "order", []string{"demo/product/8"}, "2")

	page := startPage(t, d, op, "product", "7")
	page.Results = []flow.Result{{Record: flow.Record{ID: "7"}, Outcome: flow.Outcome{Status: flow.Created, ID: "x", Key: keys("demo/product/7")[0], Also: keys("demo/product/71")}}}
	require.NoError(t, d.FinishPage(t.Context(), page))

	require.Equal(t, JobWaiting, jobOf(t, d, op, "1").State)
	require.Equal(t, JobParked, jobOf(t, d, op, "2").State)
	woken, err := d.WokenJobs(t.Context(), flow.Import, "demo", wokenEntities, 10)
	require.NoError(t, err)
	require.Len(t, woken, 1)
	require.Equal(t, "1", woken[0].WooID)
}

func TestWhatDoesNotLandWakesNothing(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	parkPage(t, d, op, "order", []string{"demo/product/7"}, "1")

	page := startPage(t, d, op, "product", "7")
	page.Results = []flow.Result{{Record: flow.Record{ID: "7"}, Outcome: flow.Outcome{Status: flow.Failed}}}
	require.NoError(t, d.FinishPage(t.Context(), page))

	require.Equal(t, JobParked, jobOf(t, d, op, "1").State)
}

// A product whose stock was refused is there: orders can be sold of it and its variations.
func TestWhatIsThereWithoutItsStockWakesWhatWaits(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	parkPage(t, d, op, "order", []string{"demo/product/7"}, "1")
	parkPage(t, d, op, "order", []string{"demo/product/71"}, "2")

	page := startPage(t, d, op, "product", "7")
	page.Results = []flow.Result{{Record: flow.Record{ID: "7"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "not_tracked", Also: keys("demo/product/7", "demo/product/71")}}}
	require.NoError(t, d.FinishPage(t.Context(), page))

	require.Equal(t, JobFailed, jobOf(t, d, op, "7").State)
	for _, order := range []string{"1", "2"} {
		require.Equal(t, JobWaiting, jobOf(t, d, op, order).State)
	}
}

func TestAKeyOnTheSamePageWakes(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "category")
	page := startPage(t, d, op, "category", "1", "2")
	page.Results = []flow.Result{
		{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Parked, Waits: keys("demo/category/2")}},
		{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Created, ID: "x", Key: keys("demo/category/2")[0]}},
	}
	require.NoError(t, d.FinishPage(t.Context(), page))

	require.Equal(t, JobWaiting, jobOf(t, d, op, "1").State)
}

func TestAKeyThatLandedMeanwhileWakes(t *testing.T) {
	d := newDB(t)
	orders, products := newOperation(t, d, "order"), newOperation(t, d, "product")
	page := startPage(t, d, orders, "order", "1", "2") // mapped now: product 7 is not there
	landPage(t, d, products, "product", Created, "7")  // lands before the order's page is finished

	page.Results = []flow.Result{
		{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Parked, Waits: keys("demo/product/7")}},
		{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Parked, Waits: keys("demo/customer/7")}},
	}
	require.NoError(t, d.FinishPage(t.Context(), page))

	require.Equal(t, JobWaiting, jobOf(t, d, orders, "1").State)
	require.Equal(t, JobParked, jobOf(t, d, orders, "2").State, "no customer landed meanwhile")
}

func TestPagesThatParkExcludeOthersOfTheirInstance(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	parking := startPage(t, d, op, "order", "1")
	parking.Results = []flow.Result{{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Parked, Waits: keys("demo/product/7")}}}

	tx, err := d.pool.BeginTxx(t.Context(), nil) // a page that lands is about to commit
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), lockLanding, "demo")
	require.NoError(t, err)

	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.Error(t, d.FinishPage(ctx, parking), "it must wait")

	landing := startPage(t, d, op, "product", "7")
	landing.Results = []flow.Result{{Record: flow.Record{ID: "7"}, Outcome: flow.Outcome{Status: flow.Created, ID: "x", Key: keys("demo/product/7")[0]}}}
	require.NoError(t, d.FinishPage(t.Context(), landing), "pages that land do not wait for each other")
	require.NoError(t, tx.Commit())
	require.NoError(t, d.FinishPage(t.Context(), parking))
}

func TestWakeByHand(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	parkPage(t, d, op, "order", []string{"demo/product/7"}, "1", "2")
	parkPage(t, d, op, "order", []string{"other/product/7"}, "3")

	for _, tt := range []struct {
		instance string
		keys     []string
		woken    int
	}{
		{"demo", nil, 0},
		{"demo", []string{"demo/product/8"}, 0},
		{"other", []string{"other/product/7"}, 0}, // the job is demo's
		{"demo", []string{"demo/product/7", "demo/product/8"}, 2},
		{"demo", []string{"demo/product/7"}, 0}, // they are awake
	} {
		woken, err := d.Wake(t.Context(), tt.instance, tt.keys)
		require.NoError(t, err)
		require.Equal(t, tt.woken, woken, tt)
	}
}

func TestClaimReadyJobsHandsEachJobToOneOperation(t *testing.T) {
	d := newDB(t)
	first, second, third := newOperation(t, d, "order"), newOperation(t, d, "order"), newOperation(t, d, "order")
	parkPage(t, d, first, "order", []string{"demo/product/7"}, "1", "2")
	parkPage(t, d, first, "coupon", []string{"demo/product/7"}, "3")
	_, err := d.Wake(t.Context(), "demo", []string{"demo/product/7"})
	require.NoError(t, err)

	want := map[string][]string{"order": {"1", "2"}, "coupon": {"3"}}
	for range 2 { // the reply may be lost
		taken, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: second, Instance: "demo", Entities: wokenEntities})
		require.NoError(t, err)
		require.Equal(t, want, taken)
	}
	taken, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: third, Instance: "demo", Entities: wokenEntities})
	require.NoError(t, err)
	require.Empty(t, taken)
	woken, err := d.WokenJobs(t.Context(), flow.Import, "demo", wokenEntities, 10)
	require.NoError(t, err)
	require.Empty(t, woken)

	require.NoError(t, d.SetOperationState(t.Context(), second, OperationFailed, "internal", "died"))
	taken, err = d.ClaimReadyJobs(t.Context(), Claimant{Operation: third, Instance: "demo", Entities: wokenEntities})
	require.NoError(t, err)
	require.Equal(t, want, taken, "an operation that ended gives back what it took")
}

func TestWokenRecordsOfOtherEntitiesGoOnWaiting(t *testing.T) {
	d := newDB(t)
	first, second := newOperation(t, d, "order"), newOperation(t, d, "order")
	parkPage(t, d, first, "order", []string{"demo/product/7"}, "1")
	parkPage(t, d, first, "coupon", []string{"demo/product/7"}, "2")
	_, err := d.Wake(t.Context(), "demo", []string{"demo/product/7"})
	require.NoError(t, err)

	woken, err := d.WokenJobs(t.Context(), flow.Import, "demo", []string{"coupon"}, 1)
	require.NoError(t, err)
	require.Equal(t, "2", woken[0].WooID)
	taken, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: second, Instance: "demo", Entities: []string{"coupon"}})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"coupon": {"2"}}, taken)
	woken, err = d.WokenJobs(t.Context(), flow.Import, "demo", wokenEntities, 10)
	require.NoError(t, err)
	require.Equal(t, "1", woken[0].WooID, "the order is still there to be taken")
}

func TestInstancesWithWoken(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	newInstance(t, d, "idle")
	first, second := newOperation(t, d, "order"), newOperation(t, d, "order")
	woken := func() []string {
		ids, err := d.InstancesWithWoken(t.Context())
		require.NoError(t, err)
		return ids
	}
	parkPage(t, d, first, "order", []string{"demo/product/7"}, "1", "2")
	require.Empty(t, woken(), "what is parked still waits")

	_, err := d.Wake(t.Context(), "demo", []string{"demo/product/7"})
	require.NoError(t, err)
	require.Equal(t, []string{"demo"}, woken())

	_, err = d.ClaimReadyJobs(t.Context(), Claimant{Operation: second, Instance: "demo", Entities: wokenEntities})
	require.NoError(t, err)
	require.Empty(t, woken(), "an operation carries them")

	require.NoError(t, d.FailUnfinished(t.Context(), second, "internal", "its workflow is gone"))
	require.Equal(t, []string{"demo"}, woken())
}

func TestATakenJobIsFinishedByItsNewOperation(t *testing.T) {
	d := newDB(t)
	first, second := newOperation(t, d, "order"), newOperation(t, d, "order")
	parkPage(t, d, first, "order", []string{"demo/product/7"}, "1")
	_, err := d.Wake(t.Context(), "demo", []string{"demo/product/7"})
	require.NoError(t, err)
	_, err = d.ClaimReadyJobs(t.Context(), Claimant{Operation: second, Instance: "demo", Entities: wokenEntities})
	require.NoError(t, err)

	landPage(t, d, second, "order", Created, "1")

	job := jobOf(t, d, second, "1")
	require.Equal(t, JobDone, job.State)
	require.Equal(t, Created, job.Outcome)
	require.Equal(t, 2, job.Attempts)
	require.Empty(t, job.Waits)
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.queue_jobs`))
	p := progressOf(t, d, second)
	require.Equal(t, [2]int{1, 1}, [2]int{p.Read, p.Created})
	require.Equal(t, 1, progressOf(t, d, first).Parked, "what the first operation saw stays on its record")
}

func TestClaimReadyJobsLeavesARecordItsOperationHasAlready(t *testing.T) {
	d := newDB(t)
	first, second := newOperation(t, d, "order"), newOperation(t, d, "order")
	startPage(t, d, second, "order", "1")
	parkPage(t, d, first, "order", []string{"demo/product/7"}, "1")
	_, err := d.Wake(t.Context(), "demo", []string{"demo/product/7"})
	require.NoError(t, err)

	taken, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: second, Instance: "demo", Entities: wokenEntities})

	require.NoError(t, err)
	require.Empty(t, taken)
}

func TestClaimReadyJobsIsBounded(t *testing.T) {
	d := newDB(t)
	first, second := newOperation(t, d, "order"), newOperation(t, d, "order")
	var ids []string
	for i := range takeLimit + 5 {
		ids = append(ids, fmt.Sprint(i))
	}
	parkPage(t, d, first, "order", []string{"demo/product/7"}, ids...)
	_, err := d.Wake(t.Context(), "demo", []string{"demo/product/7"})
	require.NoError(t, err)

	for range 2 {
		taken, err := d.ClaimReadyJobs(t.Context(), Claimant{Operation: second, Instance: "demo", Entities: wokenEntities})
		require.NoError(t, err)
		require.Len(t, taken["order"], takeLimit)
	}
	woken, err := d.WokenJobs(t.Context(), flow.Import, "demo", wokenEntities, 10)
	require.NoError(t, err)
	require.Len(t, woken, 5)
}

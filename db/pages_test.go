package db

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

// startPage starts a page of instance "demo" and gives the empty result that belongs to it.
func startPage(t testing.TB, d *DB, operation, entity string, ids ...string) PageResult {
	t.Helper()
	start := PageStart{Operation: operation, Instance: "demo", Entity: entity, Total: len(ids)}
	for _, id := range ids {
		start.Records = append(start.Records, flow.Record{ID: id, Raw: []byte(`{"id":` + id + `}`), Type: "simple", Status: "publish"})
	}
	started := beginPage(t, d, start)
	require.Empty(t, started.Older)
	return PageResult{Operation: operation, Instance: "demo", Entity: entity, Started: started}
}

// key is the external key of one of the page's records.
func (p PageResult) key(wooID string) string { return p.Instance + "/" + p.Entity + "/" + wooID }

// beginPage starts any page.
func beginPage(t testing.TB, d *DB, start PageStart) PageStarted {
	t.Helper()
	started, err := d.StartPage(t.Context(), start)
	require.NoError(t, err)
	return started
}

// landPage starts and finishes a page in which every record has the same status.
func landPage(t testing.TB, d *DB, operation, entity, status string, ids ...string) {
	t.Helper()
	page := startPage(t, d, operation, entity, ids...)
	for _, id := range ids {
		o := flow.Outcome{Status: flow.Status(status), ID: "erp-" + id, After: "sha256:" + id, Key: keys(page.key(id))[0]}
		if !o.Landed() {
			o.ID, o.After, o.Code, o.Reason = "", "", "unknown", "what is wrong"
		}
		page.Results = append(page.Results, flow.Result{Record: flow.Record{ID: id}, Outcome: o})
	}
	require.NoError(t, d.FinishPage(t.Context(), page))
}

// jobOf finds a record's job in an operation.
func jobOf(t testing.TB, d *DB, operation, wooID string) Job {
	t.Helper()
	jobs, _, err := d.Jobs(t.Context(), JobFilter{Operation: operation, WooID: wooID}, Page{})
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	return jobs[0]
}

// progressOf gives the only progress of an operation.
func progressOf(t testing.TB, d *DB, operation string) Progress {
	t.Helper()
	o, err := d.Operation(t.Context(), operation)
	require.NoError(t, err)
	require.Len(t, o.Progress, 1)
	return o.Progress[0]
}

func TestAPageFromStartToFinish(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "product")
	modified := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)

	page := startPage(t, d, op, "product", "1", "2", "3", "4", "5")
	require.Equal(t, 5, number(t, d, `SELECT count(*) FROM tandem.queue_jobs WHERE state = 'in_progress'`))
	require.Equal(t, 5, progressOf(t, d, op).Total)

	page.Requests, page.Duration = 3, 50*time.Millisecond
	page.WorkflowID, page.RunID = "sync/x", "run-1"
	page.Results = []flow.Result{
		{Record: flow.Record{ID: "1", Type: "simple", Modified: modified}, Outcome: flow.Outcome{Status: flow.Created, ID: "11", After: "sha256:a", Steps: []string{"price set"}}},
		{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Updated, ID: "12", Before: "sha256:b", After: "sha256:c"}},
		{Record: flow.Record{ID: "3"}, Outcome: flow.Outcome{Status: flow.Unchanged, ID: "13", Before: "sha256:d", After: "sha256:d"}},
		{Record: flow.Record{ID: "4"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_category", Reason: "category 9 is not there yet", Waits: keys("demo/category/9")}},
		{Record: flow.Record{ID: "5"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "bad_price", Reason: "the price is not a number"}},
	}
	require.NoError(t, d.FinishPage(t.Context(), page))

	p := progressOf(t, d, op)
	require.Equal(t, [6]int{5, 1, 1, 1, 1, 1}, [6]int{p.Read, p.Created, p.Updated, p.Unchanged, p.Parked, p.Failed})
	require.EqualValues(t, 3, p.Requests)

	parked := jobOf(t, d, op, "4")
	require.Equal(t, JobParked, parked.State)
	require.Equal(t, []string{"demo/category/9"}, parked.Waits)
	require.Equal(t, "unknown_category", parked.Code)
	require.Equal(t, 10*time.Millisecond, parked.Duration, "its share of the page")
	require.Equal(t, 1, parked.Attempts)

	link, err := d.Link(t.Context(), "demo", "product", "1")
	require.NoError(t, err)
	requireRecent(t, link.LastSyncedAt)
	require.Equal(t, Link{
		Instance: "demo", Entity: "product", WooID: "1", WooType: "simple", ERPID: "11", State: Synchronised, Digest: "sha256:a",
		CreatedAt: link.CreatedAt, StoreModified: modified, LastSyncedAt: link.LastSyncedAt,
	}, link)
	require.Equal(t, 3, number(t, d, `SELECT count(*) FROM tandem.links`), "what did not land has no link")

	logs, _, err := d.Logs(t.Context(), LogFilter{WooID: "1"}, Page{})
	require.NoError(t, err)
	require.Len(t, logs, 1)
	requireRecent(t, logs[0].At)
	require.Equal(t, Log{
		ID: logs[0].ID, JobID: jobOf(t, d, op, "1").ID, Operation: op, Instance: "demo", Entity: "product", Direction: flow.Import, WooID: "1",
		Status: Created, After: "sha256:a", Steps: []string{"price set"}, Duration: 10 * time.Millisecond,
		WorkflowID: "sync/x", RunID: "run-1", At: logs[0].At,
	}, logs[0])
}

func TestRepeatingAPageCountsNothingTwice(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	landPage(t, d, op, "tag", Created, "1", "2")

	landPage(t, d, op, "tag", Unchanged, "1", "2") // the reply to FinishPage was lost

	p := progressOf(t, d, op)
	require.Equal(t, [3]int{2, 0, 2}, [3]int{p.Read, p.Created, p.Unchanged})
	require.Equal(t, 2, jobOf(t, d, op, "1").Attempts)
	require.Equal(t, 2, number(t, d, `SELECT count(*) FROM tandem.queue_jobs`))
	require.Equal(t, 4, number(t, d, `SELECT count(*) FROM tandem.logs`), "every attempt is a line")
	require.Equal(t, 2, number(t, d, `SELECT count(*) FROM tandem.links`))
}

func TestFinishPageStoresAllOrNothing(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	page := startPage(t, d, op, "tag", "1")
	page.Results = []flow.Result{{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "11"}}, {Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Created, ID: "12"}}}

	requireKind(t, fault.Unavailable, d.FinishPage(t.Context(), page)) // nobody started record 2

	require.Equal(t, JobInProgress, jobOf(t, d, op, "1").State)
	require.Zero(t, number(t, d, `SELECT (SELECT count(*) FROM tandem.links) + (SELECT count(*) FROM tandem.logs)`))
	require.Zero(t, progressOf(t, d, op).Read)
}

func TestARecordThatIsTwiceOnAPage(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	beginPage(t, d, PageStart{
		Operation: op, Instance: "demo", Entity: "tag",
		Records: []flow.Record{{ID: "1", Raw: []byte("old")}, {ID: "1", Raw: []byte("new")}},
	})
	require.NoError(t, d.FinishPage(t.Context(), PageResult{
		Operation: op, Instance: "demo", Entity: "tag",
		Results: []flow.Result{{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "11"}}, {Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Updated, ID: "12"}}},
	}))

	require.Equal(t, "new", rawOf(t, d, "1"))
	require.Equal(t, Updated, jobOf(t, d, op, "1").Outcome)
	p := progressOf(t, d, op)
	require.Equal(t, [3]int{1, 0, 1}, [3]int{p.Read, p.Created, p.Updated})
}

func TestMissingRecordsHaveJobsToo(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	beginPage(t, d, PageStart{Operation: op, Instance: "demo", Entity: "tag", Missing: []flow.Missing{{ID: "404"}}})
	require.NoError(t, d.FinishPage(t.Context(), PageResult{
		Operation: op, Instance: "demo", Entity: "tag", Results: []flow.Result{{Record: flow.Record{ID: "404"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "not_in_store"}}},
	}))

	require.Equal(t, JobFailed, jobOf(t, d, op, "404").State)
	require.Equal(t, 1, progressOf(t, d, op).Failed)
}

func TestAnEmptyPage(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	page := startPage(t, d, op, "tag")
	page.Requests = 1

	require.NoError(t, d.FinishPage(t.Context(), page))

	require.EqualValues(t, 1, progressOf(t, d, op).Requests)
}

func TestRawRecords(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	bodies := []string{`{"name":"Žofie 🐈"}`, "", "not json \x00\xff", strings.Repeat("x", 100_000)}
	start := PageStart{Operation: op, Instance: "demo", Entity: "order"}
	for i, body := range bodies {
		start.Records = append(start.Records, flow.Record{ID: fmt.Sprint(i), Raw: []byte(body), Type: "shop_order", Status: "processing"})
	}
	start.Records[0].Modified = time.Date(2025, 5, 6, 7, 8, 9, 0, time.UTC)

	beginPage(t, d, start)
	for i, body := range bodies {
		require.Equal(t, body, rawOf(t, d, fmt.Sprint(i)), "every byte is kept")
	}
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.raw_records WHERE modified = '2025-05-06 07:08:09Z'`))
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.raw_records WHERE pg_column_compression(raw) = 'lz4'`))

	versions := `SELECT sum(xmin::text::bigint)::bigint % 1000000000 FROM tandem.raw_records WHERE woo_id <> '1'`
	before := number(t, d, versions)
	start.Records[1].Raw = []byte("changed")
	beginPage(t, d, start)
	require.Equal(t, "changed", rawOf(t, d, "1"))
	require.Equal(t, before, number(t, d, versions), "equal records are not written again")
}

func rawOf(t testing.TB, d *DB, wooID string) string {
	t.Helper()
	var raw []byte
	require.NoError(t, d.pool.GetContext(t.Context(), &raw, `SELECT raw FROM tandem.raw_records WHERE woo_id = $1`, wooID))
	return string(raw)
}

func TestPersonalDataIsInRawRecordsOnly(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	beginPage(t, d, PageStart{
		Operation: op, Instance: "demo", Entity: "order",
		Records: []flow.Record{{ID: "1", Raw: []byte(`{"billing":{"email":"erika@example.org"}}`)}},
	})
	landPage(t, d, op, "order", Created, "2")

	for _, table := range []string{"queue_jobs", "logs", "links", "operations", "operation_progress", "order_runs"} {
		require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.`+table+` r WHERE r::text LIKE '%erika%'`), table)
	}
	require.Contains(t, rawOf(t, d, "1"), "erika")
}

func TestUnchangedRecordsOnlyTouchTheirLink(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	landPage(t, d, op, "tag", Created, "1")
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.links SET last_synced_at = now() - interval '1 day'`)
	require.NoError(t, err)
	before, err := d.Link(t.Context(), "demo", "tag", "1")
	require.NoError(t, err)

	landPage(t, d, newOperation(t, d, "tag"), "tag", Unchanged, "1")

	after, err := d.Link(t.Context(), "demo", "tag", "1")
	require.NoError(t, err)
	require.True(t, after.LastSyncedAt.After(before.LastSyncedAt))
	before.LastSyncedAt = after.LastSyncedAt
	require.Equal(t, before, after)
}

func TestANewerResultSupersedesOlderOpenJobs(t *testing.T) {
	d := newDB(t)
	first, second := newOperation(t, d, "tag"), newOperation(t, d, "tag")
	landPage(t, d, first, "tag", Failed, "1", "2")

	landPage(t, d, second, "tag", Created, "1")

	old := jobOf(t, d, first, "1")
	require.Equal(t, JobDone, old.State)
	require.Equal(t, Superseded, old.Outcome)
	require.Equal(t, JobFailed, jobOf(t, d, first, "2").State, "another record's job stays open")
	require.Equal(t, 2, progressOf(t, d, first).Failed, "what the first operation saw stays on its record")
}

func TestPagesInParallel(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	const pages, size = 8, 25
	var group sync.WaitGroup
	errs := make(chan error, pages)
	for n := range pages {
		group.Go(func() { errs <- finishOne(t.Context(), d, op, n*size/2, size) }) // neighbours share half their records
	}
	group.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}

	p := progressOf(t, d, op)
	records := number(t, d, `SELECT count(*) FROM tandem.queue_jobs WHERE state = 'done'`)
	require.Equal(t, records, p.Read, "each record counts once")
	require.Equal(t, records, p.Created)
	require.Equal(t, records, number(t, d, `SELECT count(*) FROM tandem.links`))
}

// finishOne starts and finishes a page of records that are numbered from a number on.
func finishOne(ctx context.Context, d *DB, operation string, from, size int) error {
	start := PageStart{Operation: operation, Instance: "demo", Entity: "tag"}
	result := PageResult{Operation: operation, Instance: "demo", Entity: "tag"}
	for i := range size {
		id := fmt.Sprint(from + i)
		start.Records = append(start.Records, flow.Record{ID: id, Raw: []byte(id)})
		result.Results = append(result.Results, flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{Status: flow.Created, ID: id, Key: keys(result.key(id))[0]}})
	}
	var err error
	if result.Started, err = d.StartPage(ctx, start); err != nil {
		return err
	}
	return d.FinishPage(ctx, result)
}

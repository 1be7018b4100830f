package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// exportPage starts a page of records of the ERP in an operation of its own.
func exportPage(t *testing.T, d *DB, ids ...string) PageResult {
	t.Helper()
	op, _, err := d.CreateOperation(t.Context(), Operation{
		Kind: "export", Direction: string(flow.Export), Instances: []string{"demo"}, Entities: []string{"product"}, Trigger: "api",
		Filter: []byte(`{}`),
	})
	require.NoError(t, err)
	require.NoError(t, d.SetOperationState(t.Context(), op.ID, OperationRunning, "", ""))
	lease, err := d.ClaimProgress(t.Context(), Attempt{
		Operation: op.ID, Instance: "demo", Entity: "product", Direction: flow.Export, Started: time.Now(),
	})
	require.NoError(t, err)
	start := PageStart{Operation: op.ID, Instance: "demo", Entity: "product", Direction: flow.Export, Epoch: lease.Epoch, Total: len(ids)}
	for _, id := range ids {
		start.Records = append(start.Records, flow.Record{ID: id, Raw: []byte(`{"name":"` + id + `"}`)})
	}
	return PageResult{
		Operation: op.ID, Instance: "demo", Entity: "product", Direction: flow.Export, Epoch: lease.Epoch,
		Started: beginPage(t, d, start), Next: flow.Cursor(`{"after": 7}`),
	}
}

// exported is what becomes of a record of the ERP that the store took under an id of its own.
func exported(erpID, wooID, digest string) flow.Result {
	return flow.Result{Record: flow.Record{ID: erpID}, Outcome: flow.Outcome{
		Key: flow.Key{Instance: "demo", Entity: "product", ID: wooID}, Status: flow.Created, ID: erpID, After: digest,
		Sides: flow.Sides{Store: "s1", ERP: "e1"},
	}}
}

// An export's jobs are those of records of the ERP, of which the store may not have one yet.
func TestAnExportFromStartToFinish(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	page := exportPage(t, d, "e1", "e2")
	require.Equal(t, 2, number(t, d, `SELECT count(*) FROM tandem.queue_jobs WHERE direction = 'export' AND woo_id IS NULL`))

	page.Results = []flow.Result{exported("e1", "41", "sha256:store"), {
		Record: flow.Record{ID: "e2"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_category", Waits: keys("demo/category/9")},
	}}
	require.NoError(t, d.FinishPage(t.Context(), page))
	jobs, _, err := d.Jobs(t.Context(), JobFilter{Operation: page.Operation}, Page{})
	require.NoError(t, err)
	require.Len(t, jobs, 2)
	require.Equal(t, []string{"e2", "", JobParked}, []string{jobs[0].ERPID, jobs[0].WooID, jobs[0].State})
	require.Equal(t, []string{"e1", "41", JobDone}, []string{jobs[1].ERPID, jobs[1].WooID, jobs[1].State})
	require.Equal(t, flow.Export, jobs[0].Direction)

	link, err := d.Link(t.Context(), "demo", "product", "41")
	require.NoError(t, err)
	require.Equal(t, "e1", link.ERPID)
	require.Equal(t, []string{"sha256:store", "s1", "e1"}, []string{link.Digest, link.StoreDigest, link.ERPDigest})
	found, _, err := d.Links(t.Context(), LinkFilter{Instance: "demo", Entity: "product", ERPID: "e1"}, Page{})
	require.NoError(t, err)
	require.Len(t, found, 1)

	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.raw_records`), "the ERP keeps its records")
	progress := progressOf(t, d, page.Operation)
	require.Equal(t, []int{2, 1, 1}, []int{progress.Read, progress.Created, progress.Parked})
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.operation_progress WHERE direction = 'export' AND cursor @> '{"after": 7}'`))
}

func TestAnExportIsRepeatedAfterACrash(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	page := exportPage(t, d, "e1")
	page.Results = []flow.Result{exported("e1", "41", "a")}
	require.NoError(t, d.FinishPage(t.Context(), page))
	require.NoError(t, d.FinishPage(t.Context(), page))
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.queue_jobs`))
	require.Equal(t, 1, progressOf(t, d, page.Operation).Read)
}

// A record that was parked in one direction is not settled by what becomes of it in the other.
func TestDirectionsDoNotSupersedeEachOther(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	imported := newOperation(t, d, "product")
	landPage(t, d, imported, "product", Parked, "41")
	page := exportPage(t, d, "e1")
	page.Results = []flow.Result{exported("e1", "41", "a")}
	require.NoError(t, d.FinishPage(t.Context(), page))
	require.Equal(t, JobParked, jobOf(t, d, imported, "41").State)

	again := exportPage(t, d, "e1")
	again.Results = []flow.Result{{Record: flow.Record{ID: "e1"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "x"}}}
	require.NoError(t, d.FinishPage(t.Context(), again))
	last := exportPage(t, d, "e1")
	last.Results = []flow.Result{exported("e1", "41", "b")}
	require.NoError(t, d.FinishPage(t.Context(), last))
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.queue_jobs WHERE outcome = 'superseded' AND direction = 'export'`))
}

func TestAnImportKeepsTheDigestsOfBothSides(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "product")
	page := startPage(t, d, op, "product", "7")
	page.Results = []flow.Result{{Record: flow.Record{ID: "7"}, Outcome: flow.Outcome{
		Status: flow.Created, ID: "e7", After: "sha256:erp", Sides: flow.Sides{Store: "s7", ERP: "e7"},
	}}}
	require.NoError(t, d.FinishPage(t.Context(), page))
	link, err := d.Link(t.Context(), "demo", "product", "7")
	require.NoError(t, err)
	require.Equal(t, []string{"sha256:erp", "s7", "e7"}, []string{link.Digest, link.StoreDigest, link.ERPDigest})
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.links WHERE raw_digest = $1`, page.Started.digests["7"]))
	require.Equal(t, "e7", jobOf(t, d, op, "7").ERPID)
}

func TestEachDirectionHasItsPosition(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	scanned(t, d, "product", ScanEnd{Began: noon, Until: noon, Whole: true})
	page := exportPage(t, d)
	lease := Lease{Attempt: Attempt{Operation: page.Operation, Instance: "demo", Entity: "product", Direction: flow.Export}, Epoch: page.Epoch}
	end := ScanEnd{Began: noon.Add(time.Hour), Until: noon.Add(time.Hour), Cursor: flow.Cursor(`{"after": 9}`), Whole: true}
	require.NoError(t, d.CompleteScan(t.Context(), lease, end))

	require.Equal(t, noon, watermarkOf(t, d, "product"))
	at, err := d.Position(t.Context(), "demo", "product", flow.Export)
	require.NoError(t, err)
	require.Equal(t, noon.Add(time.Hour), at.SeenUntil)
	require.JSONEq(t, `{"after": 9}`, string(at.Cursor))

	reset, err := d.ResetWatermarks(t.Context(), "demo", "")
	require.NoError(t, err)
	require.Equal(t, []string{"product"}, reset)
	at, err = d.Position(t.Context(), "demo", "product", flow.Export)
	require.NoError(t, err)
	require.False(t, at.SeenUntil.IsZero(), "imports alone are reset")
}

// The version before this one goes on with its own table while it still runs.
func TestWatermarksOfTheVersionBeforeAreFollowed(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	old := func(query string, args ...any) {
		_, err := d.pool.ExecContext(t.Context(), query, args...)
		require.NoError(t, err)
	}
	old(`INSERT INTO tandem.watermarks (instance, entity, seen_until) VALUES ('demo', 'order', $1)`, noon)
	require.Equal(t, noon, watermarkOf(t, d, "order"))
	old(`UPDATE tandem.watermarks SET seen_until = $1`, noon.Add(time.Minute))
	require.Equal(t, noon.Add(time.Minute), watermarkOf(t, d, "order"))
	old(`DELETE FROM tandem.watermarks`)
	require.True(t, watermarkOf(t, d, "order").IsZero())
}

// The version before this one writes jobs and links without the new columns.
func TestPagesOfTheVersionBeforeStillLand(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "product")
	for range 2 {
		_, err := d.pool.ExecContext(t.Context(), `
			INSERT INTO tandem.queue_jobs AS j (operation, instance, entity, woo_id, state, attempts)
			SELECT DISTINCT $1::uuid, 'demo', 'product', '5', 'in_progress', 1
			ON CONFLICT (instance, entity, woo_id, operation) DO UPDATE SET attempts = j.attempts + 1`, op)
		require.NoError(t, err)
	}
	job := jobOf(t, d, op, "5")
	require.Equal(t, flow.Import, job.Direction)
	require.Equal(t, 2, job.Attempts)
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.queue_jobs WHERE key = 'demo/product/5'`))
}

// A webhook that is delivered twice is one row, whatever the id of its delivery.
func TestTheInboxHoldsADeliveryOnce(t *testing.T) {
	d := newDB(t)
	for range 2 {
		_, err := d.pool.ExecContext(t.Context(), `
			INSERT INTO tandem.inbox (instance, topic, woo_id, digest) VALUES ('demo', 'order.updated', '7', sha256('{"id":7}'))
			ON CONFLICT (instance, topic, woo_id, digest) DO NOTHING`)
		require.NoError(t, err)
	}
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.inbox WHERE operation IS NULL`))
}

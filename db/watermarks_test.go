package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

var noon = time.Date(2025, 1, 2, 12, 0, 0, 0, time.UTC)

// scanned ends a scan of an entity of instance "demo".
func scanned(t *testing.T, d *DB, entity string, s ScanEnd) {
	t.Helper()
	lease := claim(t, d, newOperation(t, d, entity), entity)
	require.NoError(t, d.CompleteScan(t.Context(), lease, s))
	require.Equal(t, OperationDone, progressOf(t, d, lease.Operation).State)
}

func watermarkOf(t *testing.T, d *DB, entity string) time.Time {
	t.Helper()
	at, err := d.Watermark(t.Context(), "demo", entity)
	require.NoError(t, err)
	return at
}

func TestScansForChangesMoveTheWatermarkForwardOnly(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	require.True(t, watermarkOf(t, d, "order").IsZero())
	for i, until := range []time.Time{noon.Add(-time.Hour), noon, noon.Add(-time.Minute), {}} {
		scanned(t, d, "order", ScanEnd{Began: noon.Add(time.Duration(i) * time.Hour), Until: until, Whole: i == 0})
	}
	require.Equal(t, noon, watermarkOf(t, d, "order"))
	require.True(t, watermarkOf(t, d, "product").IsZero(), "each entity has its own")
}

func TestALaterWholeScanSetsTheWatermarkBack(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	scanned(t, d, "order", ScanEnd{Began: noon, Until: noon, Whole: true})
	scanned(t, d, "order", ScanEnd{Began: noon.Add(-time.Minute), Until: noon.Add(-time.Hour), Whole: true})
	require.Equal(t, noon, watermarkOf(t, d, "order"), "it began earlier and only ended later")
	scanned(t, d, "order", ScanEnd{Began: noon.Add(time.Minute), Until: noon.Add(-time.Hour), Whole: true})
	require.Equal(t, noon.Add(-time.Hour), watermarkOf(t, d, "order"))
}

func TestAWatermarkIsNeverInTheFuture(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	scanned(t, d, "order", ScanEnd{Began: noon, Until: time.Now().Add(2 * time.Hour), Whole: true})
	require.WithinDuration(t, time.Now(), watermarkOf(t, d, "order"), time.Minute)

	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.positions SET seen_until = now() + interval '2 hours'`)
	require.NoError(t, err)
	require.True(t, watermarkOf(t, d, "order").IsZero(), "one that an older version left there is worth nothing")
}

func TestResetWatermarks(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	for _, entity := range []string{"order", "product", "tax"} {
		scanned(t, d, entity, ScanEnd{Began: noon, Until: noon, Whole: true})
	}
	reset, err := d.ResetWatermarks(t.Context(), "demo", "product")
	require.NoError(t, err)
	require.Equal(t, []string{"product"}, reset)
	require.True(t, watermarkOf(t, d, "product").IsZero())
	reset, err = d.ResetWatermarks(t.Context(), "demo", "")
	require.NoError(t, err)
	require.Equal(t, []string{"order", "tax"}, reset)
	require.True(t, watermarkOf(t, d, "order").IsZero())
}

func TestAScanForChangesUndoesNoReset(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	scanned(t, d, "order", ScanEnd{Began: noon, Until: noon, Whole: true})
	underWay := claim(t, d, newOperation(t, d, "order"), "order")
	_, err := d.ResetWatermarks(t.Context(), "demo", "order")
	require.NoError(t, err)
	require.NoError(t, d.CompleteScan(t.Context(), underWay, ScanEnd{Began: noon.Add(time.Minute), Until: noon.Add(time.Minute)}))
	require.True(t, watermarkOf(t, d, "order").IsZero())
	scanned(t, d, "order", ScanEnd{Began: noon.Add(time.Hour), Until: noon.Add(time.Hour), Whole: true})
	require.Equal(t, noon.Add(time.Hour), watermarkOf(t, d, "order"))
}

func TestASupersededAttemptEndsNoScan(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	op := newOperation(t, d, "order")
	late := claim(t, d, op, "order")
	claim(t, d, op, "order")
	requireRefused(t, CodeSuperseded, d.CompleteScan(t.Context(), late, ScanEnd{Began: noon, Until: noon}))
	require.True(t, watermarkOf(t, d, "order").IsZero())
	require.Equal(t, OperationRunning, progressOf(t, d, op).State)
}

func TestTheWatermarkOfUnknown(t *testing.T) {
	d := newDB(t)
	lease := claim(t, d, newOperation(t, d, "order"), "order")
	requireKind(t, fault.Conflict, d.CompleteScan(t.Context(), lease, ScanEnd{Began: noon, Until: noon, Whole: true}))
}

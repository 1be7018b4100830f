package db

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

// foundBy gives the keys, as text, of what a search by name or key finds.
func foundBy(t testing.TB, d *DB, name string, keys ...RecordKey) []string {
	t.Helper()
	var names []RecordName
	if name != "" {
		names = []RecordName{{Name: name}}
	}
	found, err := d.FindRecords(t.Context(), names, keys, 50)
	require.NoError(t, err)
	return collect(found, func(f FoundRecord) string { return f.Instance + "/" + f.Entity + "/" + f.WooID })
}

func TestRecordsAreFoundByNameAndKey(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order", "product")
	beginPage(t, d, PageStart{Operation: op, Instance: "demo", Entity: "order", Records: []flow.Record{
		{ID: "9", Raw: []byte(`{}`), Names: []string{"R-9", "Ann@Example.com "}},
		{ID: "10", Raw: []byte(`{}`), Names: []string{"R-10", "ann@example.com", ""}},
	}})
	beginPage(t, d, PageStart{Operation: op, Instance: "demo", Entity: "product", Records: []flow.Record{
		{ID: "12", Raw: []byte(`{}`), Names: []string{"MUG", "MUG-RED", strings.Repeat("x", 3000)}},
	}})

	require.Equal(t, []string{"demo/order/9"}, foundBy(t, d, "r-9"))
	require.Equal(t, []string{"demo/order/10", "demo/order/9"}, foundBy(t, d, "ANN@example.com"), "the newest first")
	require.Equal(t, []string{"demo/product/12"}, foundBy(t, d, "mug-red"))
	require.Empty(t, foundBy(t, d, "mug-re"), "no part of a name")
	require.Empty(t, foundBy(t, d, ""))
	require.Equal(t, []string{"demo/order/9"}, foundBy(t, d, "", RecordKey{"demo", "order", "9"}, RecordKey{"demo", "product", "9"}))

	other, err := d.FindRecords(t.Context(), []RecordName{{"other", "r-9"}, {"demo", "r-10"}}, nil, 50)
	require.NoError(t, err)
	require.Len(t, other, 1)
	require.Equal(t, "10", other[0].WooID)

	beginPage(t, d, PageStart{Operation: op, Instance: "demo", Entity: "order", Records: []flow.Record{
		{ID: "9", Raw: []byte(`{"changed":true}`), Names: []string{"R-9", "bob@example.com"}},
	}})
	require.Equal(t, []string{"demo/order/10"}, foundBy(t, d, "ann@example.com"), "names change with the record")
	require.Equal(t, []string{"demo/order/9"}, foundBy(t, d, "bob@example.com"))
}

// Records that an older version has read get their names when they are read again, even when nothing of them changed.
func TestTheNextReadingNamesRecordsWithoutNames(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	start := PageStart{Operation: op, Instance: "demo", Entity: "order", Records: []flow.Record{
		{ID: "9", Raw: []byte(`{}`), Names: []string{"R-9"}}, {ID: "10", Raw: []byte(`{}`)},
	}, ReadAt: time.Now().Add(-time.Hour)}
	beginPage(t, d, start)
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.raw_records SET names = NULL, read_at = now()`)
	require.NoError(t, err)
	require.Empty(t, foundBy(t, d, "r-9"))

	started := beginPage(t, d, start)

	require.Empty(t, started.Older, "they are not read again for that")
	require.Equal(t, []string{"demo/order/9"}, foundBy(t, d, "r-9"))
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.raw_records WHERE names IS NULL`), "a record without names counts as named")
	changes := number(t, d, `SELECT sum(xmin::text::bigint)::bigint FROM tandem.raw_records`)
	beginPage(t, d, start)
	require.Equal(t, changes, number(t, d, `SELECT sum(xmin::text::bigint)::bigint FROM tandem.raw_records`), "nothing is written twice")
}

func TestWhatIsKnownOfAFoundRecord(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order", "product")
	landPage(t, d, op, "order", Created, "9")
	landPage(t, d, op, "product", Parked, "11", "12")
	key := func(entity, id string) FoundRecord {
		found, err := d.FindRecords(t.Context(), nil, []RecordKey{{"demo", entity, id}}, 50)
		require.NoError(t, err)
		require.Len(t, found, 1)
		return found[0]
	}

	landed := key("order", "9")
	requireRecent(t, landed.LastSyncedAt)
	require.Equal(t, FoundRecord{
		RecordKey: RecordKey{"demo", "order", "9"}, ERPID: "erp-9", LinkState: Synchronised, LastSyncedAt: landed.LastSyncedAt,
		JobID: jobOf(t, d, op, "9").ID, JobState: JobDone,
	}, landed)
	require.Equal(t, "unknown", key("product", "12").JobCode)
	require.Equal(t, "what is wrong", key("product", "12").JobReason)

	parked := key("product", "11").JobID
	_, err := d.pool.ExecContext(t.Context(), `
		INSERT INTO tandem.queue_jobs (operation, instance, entity, direction, woo_id, erp_id, state, attempts)
		VALUES (gen_random_uuid(), 'demo', 'product', 'export', '11', '77', 'done', 1)`)
	require.NoError(t, err)
	require.Equal(t, parked, key("product", "11").JobID, "an open job counts before a newer one that is done")
}

// A search must cost the same in an installation with a million records.
func TestASearchGoesByIndex(t *testing.T) {
	d := newDB(t)
	d.pool.SetMaxOpenConns(1) // one session counts all
	op := newOperation(t, d, "order")
	fill(t, d, op, 20_000)
	_, err := d.pool.ExecContext(t.Context(), `ANALYZE tandem.raw_records, tandem.links, tandem.queue_jobs, tandem.order_runs`) // as autovacuum does
	require.NoError(t, err)
	beginPage(t, d, PageStart{Operation: op, Instance: "demo", Entity: "order", Records: []flow.Record{{ID: "1000000", Raw: []byte(`{}`), Names: []string{"R-9"}}}})
	var keys []RecordKey
	for i := range 500 {
		keys = append(keys, RecordKey{"demo", fmt.Sprintf("kind-%d", i), "9"})
	}
	keys = append(keys, RecordKey{"demo", "order", "1"})
	require.NoError(t, d.ReadOnly(t.Context(), "explaining", time.Minute, func(tx *sqlx.Tx) error {
		if _, err := tx.Exec(`SET LOCAL enable_seqscan = off`); err != nil {
			return err
		}
		var plan []string
		if err := tx.Select(&plan, `EXPLAIN `+findRecords, findArguments([]RecordName{{Name: "r-9"}}, keys, 50)...); err != nil {
			return err
		}
		text := strings.Join(plan, "\n")
		require.Contains(t, text, "raw_records_names")
		require.NotContains(t, text, "Seq Scan")
		return nil
	}))
	before := rowsRead(t, d)
	require.Equal(t, []string{"demo/order/1000000", "demo/order/1"}, foundBy(t, d, "r-9", keys...))
	require.Less(t, rowsRead(t, d)-before, 2_000)
}

func TestASearchSaysWhenTheDatabaseIsAway(t *testing.T) {
	d := newDB(t)
	_, err := d.pool.ExecContext(t.Context(), `ALTER SCHEMA tandem RENAME TO hidden`)
	require.NoError(t, err)
	_, err = d.FindRecords(t.Context(), []RecordName{{Name: "x"}}, nil, 50)
	requireKind(t, fault.Unavailable, err)
}

package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

func TestDeleteInstance(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	newInstance(t, d, "bystander")
	seedRuns(t, d, `{}`, "1", "2")
	for _, id := range []string{"demo", "bystander"} {
		setWatermark(t, d, id, "order")
		_, err := d.CreateSchedule(t.Context(), Schedule{Instance: id, Kind: instance.CatalogueImport, Every: time.Hour})
		require.NoError(t, err)
	}
	require.NoError(t, setRun(t, d, "1", RunBlocked, "", ""))
	blocked, err := d.UnfinishedOrderRuns(t.Context(), "demo", 5)
	require.NoError(t, err)
	require.Equal(t, []string{"1"}, blocked)

	_, lease := newMatching(t, d, flow.Match, "product")
	require.NoError(t, d.AddMatchRecords(t.Context(), lease, []MatchRecord{inStore("1", key("sku", "a"))}))

	require.NoError(t, d.DeleteInstance(t.Context(), "demo"))

	for _, table := range []string{"raw_records", "queue_jobs", "links", "order_runs", "match_records"} {
		require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.`+table+` WHERE instance = 'demo'`), table)
	}
	for _, table := range []string{"positions", "schedules"} {
		require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.`+table), table)
	}
	require.NotZero(t, number(t, d, `SELECT count(*) FROM tandem.operations`), "what was done stays to be seen")
	require.ErrorContains(t, d.DeleteInstance(t.Context(), "demo"), `there is no instance "demo"`)
	requireKind(t, fault.NotFound, d.DeleteInstance(t.Context(), "demo"))
}

func TestMissingRecordsAreNamed(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	_, err := d.Instance(t.Context(), "none")
	require.EqualError(t, err, `there is no instance "none"`)
	_, err = d.CreateInstance(t.Context(), instance.Instance{ID: "demo", Name: "x", StoreURL: "x", State: instance.Draft, Backend: "ledger"}, instance.Credentials{})
	require.ErrorContains(t, err, `"demo" already`)
	_, err = d.Job(t.Context(), 99)
	require.EqualError(t, err, "there is no queue job 99")
	_, err = d.Link(t.Context(), "demo", "product", "7")
	require.ErrorContains(t, err, "demo/product/7")
	schedule := Schedule{Instance: "demo", Kind: OrderImport, Every: time.Hour}
	_, err = d.CreateSchedule(t.Context(), schedule)
	require.NoError(t, err)
	_, err = d.CreateSchedule(t.Context(), schedule)
	require.ErrorContains(t, err, `"demo" has a schedule order_import already`)
	_, _, err = d.CreateToken(t.Context(), "x", "god", 0)
	require.EqualError(t, err, "scope: must be viewer, operator or admin")
}

// A key that cannot be opened any more must not be dropped by a change of the name.
func TestAnUnrelatedChangeLeavesTheKeys(t *testing.T) {
	d := newDB(t)
	in := newInstance(t, d, "demo")
	before := number(t, d, `SELECT hashtext(encode(credentials, 'hex')) FROM tandem.instances`)
	in.Name = "Other"
	_, err := d.UpdateInstance(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, before, number(t, d, `SELECT hashtext(encode(credentials, 'hex')) FROM tandem.instances`))
}

package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

func TestUpdateInstanceGuardsAgainstLostUpdates(t *testing.T) {
	d := newDB(t)
	first := newInstance(t, d, "demo")
	second := first

	first.Name, first.State = "First", instance.Active
	updated, err := d.UpdateInstance(t.Context(), first)
	require.NoError(t, err)
	require.Equal(t, 2, updated.Version)
	require.Equal(t, "First", updated.Name)
	require.Equal(t, instance.Active, updated.State)

	second.Name = "Second"
	_, err = d.UpdateInstance(t.Context(), second)
	requireKind(t, fault.Conflict, err)

	second.ID = "missing"
	_, err = d.UpdateInstance(t.Context(), second)
	requireKind(t, fault.NotFound, err)
}

func TestUpdateInstanceForgetsWhatIsNotTrueAnyMore(t *testing.T) {
	both, tagOnly := []string{"order", "tag"}, []string{"tag"}
	for name, tt := range map[string]struct {
		change func(*instance.Instance)
		marks  []string // entities whose watermark stays
		ofERP  bool     // links and ended runs stay
	}{
		"name":           {func(in *instance.Instance) { in.Name = "Other" }, both, true},
		"order prefix":   {func(in *instance.Instance) { in.Config.Order.Prefix = "W-" }, both, true},
		"statuses":       {func(in *instance.Instance) { in.Config.Order.Statuses = []string{"on-hold"} }, tagOnly, true},
		"cut-off":        {func(in *instance.Instance) { in.Config.Order.CutOff = "2024-01-01" }, tagOnly, true},
		"import through": {func(in *instance.Instance) { in.Config.Order.ImportThrough = instance.ThroughGateway }, tagOnly, true},
		"address":        {func(in *instance.Instance) { in.StoreURL = "https://new.example" }, nil, true},
		"ERP":            {func(in *instance.Instance) { in.Backend = "ledger" }, nil, false},
		"its address":    {func(in *instance.Instance) { in.ERPConnection["url"] = "https://erp.example" }, nil, false},
		"its database":   {func(in *instance.Instance) { in.ERPConnection["database"] = "other" }, nil, false},
		"its login":      {func(in *instance.Instance) { in.ERPConnection["login"] = "other" }, both, true},
		"its company":    {func(in *instance.Instance) { in.Config.General.Company = "2" }, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDB(t)
			in := newInstance(t, d, "demo")
			in.Backend, in.ERPConnection = "odoo", erp.Connection{"database": "acme"}
			in, err := d.UpdateInstance(t.Context(), in)
			require.NoError(t, err)
			newInstance(t, d, "bystander")
			for _, id := range []string{"demo", "bystander"} {
				for _, entity := range both {
					setWatermark(t, d, id, entity)
				}
			}
			seedRuns(t, d, `{}`, "1", "2", "3", "4")
			for wooID, state := range map[string]string{"1": RunDone, "2": RunCancelled, "3": RunBlocked} {
				require.NoError(t, setRun(t, d, wooID, state, "", ""))
			}

			tt.change(&in)
			_, err = d.UpdateInstance(t.Context(), in)
			require.NoError(t, err)

			marks := func(id string) (entities []string) {
				require.NoError(t, d.pool.SelectContext(t.Context(), &entities,
					`SELECT entity FROM tandem.positions WHERE instance = $1 ORDER BY entity`, id))
				return entities
			}
			require.Equal(t, tt.marks, marks("demo"))
			require.Equal(t, both, marks("bystander"))
			require.Equal(t, tt.ofERP, number(t, d, `SELECT count(*) FROM tandem.links`) == 4)
			counts, err := d.OrderRunCounts(t.Context(), "demo")
			require.NoError(t, err)
			if tt.ofERP {
				require.Equal(t, map[string]int{RunDone: 1, RunCancelled: 1, RunBlocked: 1, RunDue: 1}, counts)
			} else {
				require.Equal(t, map[string]int{RunBlocked: 1}, counts, "what is under way ends where it began")
				require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.links`))
			}
		})
	}
}

func TestARefusedUpdateForgetsNothing(t *testing.T) {
	d := newDB(t)
	in := newInstance(t, d, "demo")
	setWatermark(t, d, "demo", "order")
	in.Version, in.StoreURL = 7, "https://new.example"

	_, err := d.UpdateInstance(t.Context(), in)

	requireKind(t, fault.Conflict, err)
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.positions`))
}

func TestSetERPInfo(t *testing.T) {
	d := newDB(t)
	in := newInstance(t, d, "demo")
	in.ERP = instance.ERPInfo{Name: "Odoo", Problem: "the key ran out", CheckedAt: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	kept, err := d.SetERPInfo(t.Context(), in)
	require.NoError(t, err)
	require.True(t, kept)
	got, err := d.Instance(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, in, got, "neither version nor time of change move")

	_, err = d.UpdateInstance(t.Context(), got)
	require.NoError(t, err)
	in.ERP.Problem = "of another ERP"
	kept, err = d.SetERPInfo(t.Context(), in)
	require.NoError(t, err)
	require.False(t, kept, "the instance was changed meanwhile")
	got, err = d.Instance(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, "the key ran out", got.ERP.Problem)
}

func setWatermark(t *testing.T, d *DB, id, entity string) {
	t.Helper()
	_, err := d.pool.ExecContext(t.Context(), `INSERT INTO tandem.positions (instance, entity, seen_until) VALUES ($1, $2, now())`, id, entity)
	require.NoError(t, err)
}

func TestSetClockSkew(t *testing.T) {
	d := newDB(t)
	in := newInstance(t, d, "demo")
	for _, skew := range []time.Duration{2 * time.Hour, -2 * time.Hour, 0} {
		require.NoError(t, d.SetClockSkew(t.Context(), "demo", skew))
		now, err := d.Instance(t.Context(), "demo")
		require.NoError(t, err)
		require.Equal(t, int(skew.Seconds()), now.Store.ClockSkewSeconds)
		require.Equal(t, in.Version, now.Version)
	}
}

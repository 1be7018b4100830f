package worker

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/odoo"
	"tandem/fault"
	"tandem/instance"
)

// probedERP is an ERP that is only ever asked who it is.
type probedERP struct {
	erp.Backend
	info erp.Info
	err  error
}

func (p *probedERP) Probe(context.Context) (erp.Info, error) { return p.info, p.err }

// looker returns a worker for which every Odoo is this ERP, and its log.
func looker(d *db.DB, found *probedERP) (*Worker, *bytes.Buffer) {
	driver := odoo.Driver()
	found.Backend = ledger.Open(nil) // whose steps are never asked for
	driver.Open = func(context.Context, erp.Access) (erp.Backend, error) { return found, nil }
	c := NewConnections(d, erp.Drivers{driver}, erp.Host{}, "test")
	var log bytes.Buffer
	return &Worker{db: d, connections: c, log: slog.New(slog.NewTextHandler(&log, nil))}, &log
}

func TestERPsAreLookedAtOnceADay(t *testing.T) {
	d := newDB(t, instance.Draft) // demo is not at work
	addOdoo(t, d, "shop", "https://erp.example.com")
	w, log := looker(d, &probedERP{info: erp.Info{
		Name: "Odoo", Version: "19.0", Company: "Acme", Warnings: []string{"an API key of the user ends soon"},
	}})
	require.NoError(t, w.checkERPs(t.Context()))
	found, err := d.Instance(t.Context(), "shop")
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), found.ERP.CheckedAt, time.Minute)
	checked := found.ERP.CheckedAt
	found.ERP.CheckedAt = time.Time{}
	require.Equal(t, instance.ERPInfo{
		Name: "Odoo", Version: "19.0", Company: "Acme", Warnings: []string{"an API key of the user ends soon"},
	}, found.ERP)
	require.Contains(t, log.String(), "an API key of the user ends soon")
	require.Equal(t, 1, found.Version, "whoever edits the configuration is not disturbed")
	demo, err := d.Instance(t.Context(), "demo")
	require.NoError(t, err)
	require.Zero(t, demo.ERP)

	log.Reset()
	require.NoError(t, w.checkERPs(t.Context()))
	require.Empty(t, log.String(), "once a day is enough")
	found.ERP.CheckedAt = checked.Add(-checkInterval)
	require.True(t, dueForCheck(found))
}

func TestAnERPWithAProblemIsReported(t *testing.T) {
	d := newDB(t, instance.Draft)
	inst := addOdoo(t, d, "shop", "https://erp.example.com")
	inst.ERP = instance.ERPInfo{Name: "Odoo", Version: "18.0", CheckedAt: time.Now().Add(-25 * time.Hour)}
	_, err := d.UpdateInstance(t.Context(), inst)
	require.NoError(t, err)
	behind := &probedERP{err: fault.New(fault.Unauthorized, "Odoo does not accept the API key")}
	w, log := looker(d, behind)

	require.NoError(t, w.checkERPs(t.Context()))
	found, err := d.Instance(t.Context(), "shop")
	require.NoError(t, err)
	require.Equal(t, "Odoo does not accept the API key", found.ERP.Problem)
	require.Equal(t, "unauthorized", found.ERP.ProblemCode)
	require.Equal(t, "18.0", found.ERP.Version, "what was known stays")
	require.Equal(t, instance.Active, found.State, "its schedules decide for themselves")
	require.Contains(t, log.String(), "Odoo does not accept the API key")

	require.False(t, dueForCheck(found))
	found.ERP.CheckedAt = time.Now().Add(-recheckInterval)
	require.True(t, dueForCheck(found), "a problem is looked at again sooner")
	behind.info, behind.err = erp.Info{Name: "Odoo", Version: "19.0"}, nil
	require.NoError(t, w.checkERP(t.Context(), found))
	found, err = d.Instance(t.Context(), "shop")
	require.NoError(t, err)
	require.Empty(t, found.ERP.Problem)
	require.Equal(t, "19.0", found.ERP.Version)
}

func TestAnERPThatCannotBeOpenedHasAProblem(t *testing.T) {
	d := newDB(t, instance.Draft)
	odoo := startOdoo(t)
	odoo.version.Store("13.0")
	addOdoo(t, d, "shop", odoo.URL)
	w := &Worker{db: d, connections: newConnections(d), log: slog.New(slog.DiscardHandler)}
	require.NoError(t, w.checkERPs(t.Context()))
	found, err := d.Instance(t.Context(), "shop")
	require.NoError(t, err)
	require.Contains(t, found.ERP.Problem, "Odoo 13 is too old")
}

package worker

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/odoo"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// watchedERP is an ERP with one tag and one product, which tells all of them as changed.
type watchedERP struct {
	erp.Backend
	erp.RecordReader
	tag, product string // their names
	err          error
	asked        int
}

func (w *watchedERP) ListTerms(context.Context, erp.TermKind, erp.RecordQuery) (erp.RecordPage[erp.Term], error) {
	w.asked++
	return erp.RecordPage[erp.Term]{Next: "1", Done: true, Records: []erp.Held[erp.Term]{{ID: "11", Record: erp.Term{Name: w.tag}}}}, w.err
}

func (w *watchedERP) ListProducts(context.Context, erp.RecordQuery) (erp.RecordPage[erp.Product], error) {
	w.asked++
	return erp.RecordPage[erp.Product]{Next: "1", Done: true, Records: []erp.Held[erp.Product]{{ID: "12", Record: erp.Product{Name: w.product}}}}, w.err
}

// linked makes links as an import does.
func linked(t *testing.T, d *db.DB, entity, wooID, erpID string) {
	t.Helper()
	op, _, err := d.CreateOperation(t.Context(), db.Operation{
		ID: uuid.NewString(), Kind: "import", Direction: "import", Instances: []string{"shop"}, Entities: []string{entity}, Filter: []byte(`{}`), Trigger: "api",
	})
	require.NoError(t, err)
	record := flow.Record{ID: wooID, Raw: []byte(`{}`)}
	started, err := d.StartPage(t.Context(), db.PageStart{Operation: op.ID, Instance: "shop", Entity: entity, Records: []flow.Record{record}})
	require.NoError(t, err)
	require.NoError(t, d.FinishPage(t.Context(), db.PageResult{
		Operation: op.ID, Instance: "shop", Entity: entity, Started: started,
		Results: []flow.Result{{Record: record, Outcome: flow.Outcome{Status: flow.Created, ID: erpID, After: "x"}}},
	}))
}

func stateOf(t *testing.T, d *db.DB, entity, wooID string) string {
	t.Helper()
	link, err := d.Link(t.Context(), "shop", entity, wooID)
	require.NoError(t, err)
	return link.State + " " + link.ChangedIn()
}

// S33: what a person edits in the ERP shows at the link, and an ERP that is away says why the states are old.
func TestEditsInTheERPShowAtTheirLinks(t *testing.T) {
	d := newDB(t, instance.Draft)
	addOdoo(t, d, "shop", "https://erp.example.com")
	linked(t, d, "tag", "1", "11")
	linked(t, d, "product", "2", "12")
	watched := &watchedERP{Backend: ledger.Open(nil), tag: "New", product: "Lamp"}
	driver := odoo.Driver()
	driver.Open = func(context.Context, erp.Access) (erp.Backend, error) { return watched, nil }
	w := &Worker{db: d, connections: NewConnections(d, erp.Drivers{driver}, erp.Host{}, "test")}

	require.NoError(t, w.checkLinks(t.Context()))
	require.Equal(t, 2, watched.asked, "only what is linked is looked at")
	require.Equal(t, []string{"synchronised ", "synchronised "}, []string{stateOf(t, d, "tag", "1"), stateOf(t, d, "product", "2")})
	watched.product = "Better lamp"
	require.NoError(t, w.checkLinks(t.Context()))
	require.Equal(t, []string{"synchronised ", "unsynchronised erp"}, []string{stateOf(t, d, "tag", "1"), stateOf(t, d, "product", "2")})

	watched.err, watched.asked = fault.New(fault.Unavailable, "Odoo does not answer"), 0
	require.NoError(t, w.checkLinks(t.Context()))
	require.Equal(t, 1, watched.asked, "one that is away is not asked for every kind")
	checks, err := d.LinkChecks(t.Context(), "shop")
	require.NoError(t, err)
	require.Len(t, checks, 2)
	for _, check := range checks {
		require.Equal(t, "Odoo does not answer", check.Problem)
		require.False(t, check.CheckedAt.IsZero())
	}
	watched.err, watched.product = nil, "Lamp"
	require.NoError(t, w.checkLinks(t.Context()))
	require.Equal(t, "synchronised ", stateOf(t, d, "product", "2"), "the edit was undone")
}

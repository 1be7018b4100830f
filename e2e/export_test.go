package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo/wootest"
)

// exportedKinds is everything that goes into the store.
var exportedKinds = []string{"category", "tag", "brand", "attribute", "shipping_class", "product", "customer", "coupon"}

func (x *tandem) export(filter flow.Filter, entities ...string) gen.Operation {
	x.t.Helper()
	op := post[gen.Operation](x, "/operations", gen.NewOperation{
		Instances: []string{instanceID}, Entities: entities, Filter: filter, Direction: gen.NewOperationDirectionExport,
	})
	op = x.ended(op.ID)
	require.Equal(x.t, "done", string(op.State), "the export failed: %s", op.Error)
	require.Equal(x.t, gen.OperationDirection("export"), op.Direction)
	return op
}

// TestExport takes a store's records into the ledger and back. Nothing is written until a person allows it, nor what nobody edited; an
// edit in the ledger makes both sides equal and comes back from neither.
func TestExport(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(40, 20, 10))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)

	request := gen.NewOperation{Instances: []string{instanceID}, Filter: everything, Direction: gen.NewOperationDirectionExport}
	err := x.api.Post(t.Context(), "/operations", request, nil)
	require.Equal(t, fault.Invalid, fault.KindOf(err), "nothing is exported until it is switched on: %v", err)
	x.allowExports()

	written := store.requests("POST /products/batch") + store.requests("POST /customers/batch")
	for _, p := range x.export(everything, exportedKinds...).Progress {
		require.Equal(t, p.Read, p.Unchanged, "%s", p.Entity)
	}
	require.Equal(t, written, store.requests("POST /products/batch")+store.requests("POST /customers/batch"))

	_, err = x.database.ExecContext(t.Context(), `
		UPDATE ledger.products SET name = 'Renamed in the ledger' WHERE id IN (SELECT id FROM ledger.products ORDER BY id LIMIT 3)`)
	require.NoError(t, err)
	op := x.export(changed, "product")
	require.Equal(t, 3, op.Progress[0].Updated)
	require.Equal(t, 3, x.number(`SELECT count(*) FROM tandem.logs WHERE operation = $1 AND direction = 'export' AND status = 'updated' AND erp_id <> ''`, op.ID))
	require.Equal(t, 3, x.number(`SELECT count(*) FROM tandem.queue_jobs WHERE operation = $1 AND direction = 'export' AND state = 'done'`, op.ID))

	again := x.importAll(changed, exportedKinds...)
	var echoes []string
	require.NoError(t, x.database.SelectContext(t.Context(), &echoes, `
		SELECT entity || ' ' || woo_id || ' ' || status || ': ' || array_to_string(steps, ', ')
		FROM tandem.logs WHERE operation = $1 AND status <> 'unchanged' ORDER BY id LIMIT 5`, again.ID))
	require.Empty(t, echoes, "what was written comes back as no change")
	require.Zero(t, x.export(changed, "product").Progress[0].Updated, "no echo")
	x.exportedOnSchedule()
}

// exportedOnSchedule edits a tag and a product, of which only the export of terms is left on, and runs a schedule.
func (x *tandem) exportedOnSchedule() {
	x.t.Helper()
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+instanceID, map[string]any{"config": map[string]any{
		"export": map[string]bool{"products": false, "customers": false, "coupons": false}}}, nil))
	schedule := post[gen.Schedule](x, "/schedules", gen.NewSchedule{Instance: instanceID, Kind: "catalogue_export", EverySeconds: 3600})
	for _, statement := range []string{
		`UPDATE ledger.products SET name = 'Renamed again' WHERE id = (SELECT min(id) FROM ledger.products)`,
		`UPDATE ledger.terms SET name = 'Renamed tag' WHERE id = (SELECT min(id) FROM ledger.terms WHERE kind = 'tag')`,
	} {
		_, err := x.database.ExecContext(x.t.Context(), statement)
		require.NoError(x.t, err)
	}
	runs := 0
	eventually(x.t, "the tag to be exported", func() bool { // the ledger tells a change late while older ones are still being written
		runs++
		op := x.runSchedule(schedule, runs)
		require.Equal(x.t, "done", string(op.State), op.Error)
		require.Zero(x.t, progressOf(op, "product").Read, "what is switched off is left out")
		return progressOf(op, "tag").Updated == 1
	})
}

// allowExports turns all switches on.
func (x *tandem) allowExports() {
	x.t.Helper()
	x.allowExportsOf(instanceID)
}

func (x *tandem) allowExportsOf(id string) {
	x.t.Helper()
	on := map[string]bool{"terms": true, "products": true, "customers": true, "coupons": true}
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+id, map[string]any{"config": map[string]any{"export": on}}, nil))
}

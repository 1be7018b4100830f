package convergetest

import (
	"maps"
	"slices"

	"github.com/stretchr/testify/require"

	"tandem/activities"
	"tandem/db"
	"tandem/entity"
	"tandem/flow"
)

// moveSome runs an operation, in whichever direction and by whichever filter.
func (w *world) moveSome() {
	w.t.Helper()
	d := []flow.Direction{flow.Import, flow.Export}[w.rand.IntN(2)]
	switch w.rand.IntN(5) {
	case 0:
		w.operate(d, flow.Filter{Kind: flow.All})
	case 1:
		entity := w.entities()[w.rand.IntN(len(w.entities()))]
		var ids []string
		for _, r := range w.records {
			if r.kind.Entity == entity && !r.trashed && r.store != nil && r.erp != nil && w.rand.IntN(3) == 0 {
				ids = append(ids, r.idOf(d))
			}
		}
		if len(ids) > 0 {
			w.operateOn(d, entity, ids)
		}
	default:
		w.operate(d, flow.Filter{Kind: flow.Changes})
	}
}

// idOf gives the id by which a direction's source knows the record.
func (r *record) idOf(d flow.Direction) string {
	if d == flow.Export {
		return r.erpID
	}
	return r.wooID
}

func (w *world) operateOn(d flow.Direction, entity string, ids []string) {
	w.t.Helper()
	w.check(d, flow.Filter{Kind: flow.IDs}, w.operation(d, []string{entity}, flow.Filter{Kind: flow.IDs, IDs: ids}))
}

// operate moves all kinds in a direction, and holds both sides to what that has to do.
func (w *world) operate(d flow.Direction, f flow.Filter) {
	w.t.Helper()
	if w.books.Await != nil {
		w.books.Await()
	}
	if !w.o.Named || d == flow.Import { // the store has no others
		w.check(d, f, w.operation(d, w.entities(), f))
		return
	}
	for _, name := range w.entities() {
		var ids []string
		for _, r := range w.records {
			if r.kind.Entity == name && !r.trashed && r.idOf(d) != "" {
				ids = append(ids, r.idOf(d))
			}
		}
		if len(ids) > 0 {
			w.operateOn(d, name, ids)
		}
	}
}

// operation runs one as its workflow does.
func (w *world) operation(d flow.Direction, entities []string, f flow.Filter) []db.Job {
	w.t.Helper()
	ctx := w.t.Context()
	w.tick()
	if d == flow.Import {
		entities = append([]string{"tax_class"}, entities...)
	}
	op, _, err := w.db.CreateOperation(ctx, db.Operation{
		Kind: string(d), Direction: string(d), Instances: []string{w.o.Instance}, Entities: entities, Trigger: "api", State: db.OperationRunning,
	})
	require.NoError(w.t, err)
	levels, err := entity.Plan(d, entities)
	require.NoError(w.t, err)
	for _, level := range levels {
		for _, name := range level {
			filter := f
			if name == "tax_class" {
				filter = flow.Filter{Kind: flow.All}
			}
			w.chunks(op.ID, d, name, filter)
		}
	}
	for range 3 {
		woken, err := w.db.ClaimReadyJobs(ctx, db.Claimant{Operation: op.ID, Instance: w.o.Instance, Direction: d, Entities: w.entities()})
		require.NoError(w.t, err)
		for _, name := range slices.Sorted(maps.Keys(woken)) {
			w.chunks(op.ID, d, name, flow.Filter{Kind: flow.IDs, IDs: woken[name]})
		}
	}
	require.NoError(w.t, w.db.FinishOperation(ctx, op.ID))
	var jobs []db.Job
	for page := (db.Page{Limit: 500}); ; {
		list, next, err := w.db.Jobs(ctx, db.JobFilter{Operation: op.ID}, page)
		require.NoError(w.t, err)
		jobs = append(jobs, list...)
		if page.After = next; next == "" {
			return jobs
		}
	}
}

func (w *world) chunks(op string, d flow.Direction, name string, f flow.Filter) {
	w.t.Helper()
	in := activities.ChunkInput{Operation: op, Instance: w.o.Instance, Entity: name, Direction: d, Filter: f, MaxPages: 200}
	for !in.From.Done {
		value, err := w.env.ExecuteActivity(w.sync.SyncChunk, in)
		require.NoError(w.t, err, "%s of %s (%s)", d, name, w.seed())
		require.NoError(w.t, value.Get(&in.From))
	}
}

package convergetest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/instance"
)

// setOwners writes owners into a configuration, as people do.
func setOwners(config *instance.Config, owners map[string]map[string]instance.Owner) error {
	text, err := json.Marshal(owners)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &config.Ownership)
}

// check does in the model what an operation had to do to the records that it read, and holds both sides to it.
func (w *world) check(d flow.Direction, f flow.Filter, jobs []db.Job) {
	w.t.Helper()
	w.takeLinks()
	owners := w.owners()
	for _, job := range jobs {
		r := w.recordOf(job)
		if r == nil {
			continue // a tax class
		}
		own := owners.Of(r.kind.Entity)
		if f.Kind == flow.Changes && d == flow.Export && r.erpAtEqual != nil && maps.Equal(r.erp, r.erpAtEqual) && !r.due(d, own) {
			continue // the ERP has not changed it
		}
		if job.State == db.JobParked && w.waits(r, d) {
			continue // it goes on when what it names has landed
		}
		r.sync(d, own, w.clock.Unix())
		r.tell("%d %s (%s) with owners %v: %s %s, so that the store has %v and the ERP %v", w.clock.Unix(), d, f.Kind, owners.Chosen(r.kind.Entity), job.State, job.Outcome, r.store, r.erp)
		w.checkJob(r, job)
		r.gone = r.gone && (r.trashed || job.State != db.JobDone)
	}
	for _, r := range w.records {
		// What is kept back is read whether or not it changed.
		missed := len(jobs) > 0 && f.Kind == flow.Changes && r.store != nil && r.erp != nil && !r.gone && r.due(d, owners.Of(r.kind.Entity))
		require.False(w.t, missed, "the %s of changes did not move what is kept back of %s (%s)\n%s", d, r, w.seed(), r.past())
	}
	w.checkSides()
}

// waits reports whether a record names one that the other side does not have yet.
func (w *world) waits(r *record, d flow.Direction) bool {
	held := r.store
	if d == flow.Export {
		held = r.erp
	}
	return slices.ContainsFunc(numbers(held[FieldID{Name: categoriesField}]), func(n int) bool {
		return w.records[n].wooID == "" || w.records[n].erpID == ""
	})
}

// checkJob holds a job to what it had to become.
func (w *world) checkJob(r *record, job db.Job) {
	w.t.Helper()
	if r.trashed && job.State != db.JobDone {
		return
	}
	code := ""
	if r.conflict != nil {
		code = mapping.BothChanged
	}
	require.Equal(w.t, code, job.Code, "%s of %s: %s %v (%s)\n%s", job.Direction, r, job.Reason, job.Differences, w.seed(), r.past())
	if r.conflict == nil {
		require.Equal(w.t, db.JobDone, job.State, "%s of %s (%s)", job.Direction, r, w.seed())
		return
	}
	require.Len(w.t, job.Differences, len(r.conflict.fields), "%s of %s: %v (%s)", job.Direction, r, job.Differences, w.seed())
	for _, f := range r.conflict.fields {
		if f.Name == categoriesField {
			continue // each side has its own ids
		}
		want := []string{r.store[f.id()], r.erp[f.id()]}
		require.True(w.t, slices.ContainsFunc(job.Differences, func(d flow.Difference) bool {
			return strings.Contains(d.Store, want[0]) && strings.Contains(d.ERP, want[1])
		}), "%s of %s: %s of both sides is %q, but the job has %v (%s)", job.Direction, r, f.id(), want, job.Differences, w.seed())
	}
}

// recordOf gives the record that a job is of; nil for one that nobody edits.
func (w *world) recordOf(job db.Job) *record {
	for _, r := range w.records {
		if r.kind.Entity == job.Entity && (job.WooID != "" && r.wooID == job.WooID || job.ERPID != "" && r.erpID == job.ERPID) {
			return r
		}
	}
	return nil
}

// takeLinks notes what each side calls the records that the other one made.
func (w *world) takeLinks() {
	w.t.Helper()
	for _, r := range w.records {
		if r.wooID != "" && r.erpID != "" {
			continue
		}
		var woo, erp []string
		if r.wooID != "" {
			woo = []string{r.wooID}
		} else {
			erp = []string{r.erpID}
		}
		links, err := w.db.LinksOf(w.t.Context(), w.o.Instance, r.kind.Entity, woo, erp)
		require.NoError(w.t, err)
		if len(links) > 0 {
			r.wooID, r.erpID = links[0].WooID, links[0].ERPID
		}
	}
}

// checkSides holds all that both sides have to what they have to have.
func (w *world) checkSides() {
	w.t.Helper()
	for _, kind := range w.o.Kinds {
		inStore := w.inStore(kind)
		var ids []string
		for _, r := range w.records {
			if r.kind == kind && r.erp != nil {
				ids = append(ids, r.erpID)
			}
		}
		inERP := w.books.Values(kind, ids)
		for _, r := range w.records {
			if r.kind != kind {
				continue
			}
			if r.store != nil && !r.trashed {
				require.Empty(w.t, differences(r.store, inStore[r.wooID]), "the store's %s (%s)\n%s", r, w.seed(), r.past())
			}
			if r.erp != nil {
				require.Empty(w.t, differences(r.erp, w.numbered(inERP[r.erpID])), "the ERP's %s (%s)\n%s", r, w.seed(), r.past())
			}
		}
	}
}

// numbered gives values of the ERP with the numbers of the records that they name.
func (w *world) numbered(v Values) Values {
	for id, value := range v {
		if id.Name != categoriesField {
			continue
		}
		var list []int
		for _, r := range w.records {
			if r.kind.Entity == "category" && r.erpID != "" && slices.Contains(strings.Split(value, ","), r.erpID) {
				list = append(list, r.n)
			}
		}
		v[id] = joined(list)
	}
	return v
}

// parked are the jobs about which a person has to decide, the newest of each record.
func (w *world) parked() []db.Job {
	w.t.Helper()
	var open []db.Job
	seen := map[*record]bool{}
	for page := (db.Page{Limit: 500}); ; {
		list, next, err := w.db.Jobs(w.t.Context(), db.JobFilter{State: db.JobParked, Code: mapping.BothChanged}, page)
		require.NoError(w.t, err)
		for _, job := range list {
			if r := w.recordOf(job); !seen[r] {
				seen[r] = true
				open = append(open, job)
			}
		}
		if page.After = next; next == "" {
			return open
		}
	}
}

// decideSome decides one in so many of what people are asked about, and has it written.
func (w *world) decideSome(oneIn int) {
	w.t.Helper()
	due := map[flow.Direction]map[string][]string{flow.Import: {}, flow.Export: {}}
	for _, job := range w.parked() {
		r := w.recordOf(job)
		if r.trashed || w.rand.IntN(oneIn) > 0 {
			continue
		}
		choice, d := mapping.TakeStore, flow.Import
		if w.rand.IntN(2) == 0 {
			choice, d = mapping.TakeERP, flow.Export
		}
		require.NoError(w.t, w.db.Decide(w.t.Context(), job, choice, "a person"))
		if r.conflict != nil {
			r.decide(choice)
		}
		due[d][r.kind.Entity] = append(due[d][r.kind.Entity], r.idOf(d))
	}
	for _, d := range []flow.Direction{flow.Import, flow.Export} {
		for _, name := range slices.Sorted(maps.Keys(due[d])) {
			w.operateOn(d, name, due[d][name])
		}
	}
}

// converge moves all in both directions, decides what is asked, and checks that both sides are equal then and nothing more is written.
func (w *world) converge() {
	w.t.Helper()
	for _, r := range w.records {
		if r.trashed {
			w.restore(r, w.tick())
		}
	}
	w.round()
	for _, r := range w.records {
		require.True(w.t, r.conflict != nil || maps.Equal(r.store, r.erp), "%s differs, and nobody is asked: %v %v (%s)", r, r.store, r.erp, w.seed())
	}
	w.decideSome(1)
	w.round()
	for _, r := range w.records {
		require.Nil(w.t, r.conflict, "%s (%s)", r, w.seed())
		require.Equal(w.t, r.store, r.erp, "%s (%s)", r, w.seed())
	}
	written, inERP := w.writes(), w.books.Changes()
	w.round()
	require.Equal(w.t, written, w.writes(), "requests that wrote into the store though both sides are equal (%s)", w.seed())
	require.Equal(w.t, inERP, w.books.Changes(), "the ERP was written though both sides are equal (%s)", w.seed())
}

// round is each direction twice: what one wrote may be the other's to answer.
func (w *world) round() {
	w.t.Helper()
	for range 2 {
		w.operate(flow.Import, flow.Filter{Kind: flow.Changes})
		w.operate(flow.Export, flow.Filter{Kind: flow.Changes})
	}
}

// writes counts the requests that changed the store, or could have.
func (w *world) writes() int {
	n := 0
	for route, count := range w.shop.Stats().Requests {
		if !strings.HasPrefix(route, "GET ") {
			n += count
		}
	}
	return n
}

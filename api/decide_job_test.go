package api_test

import (
	"maps"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/flow"
)

// TestDecideWhatBecomesOfAParkedRecord chooses for an order that the store cancelled after it was invoiced: the choice is kept and the
// record processed. What is not offered is refused.
func TestDecideWhatBecomesOfAParkedRecord(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order", parkedOrder("1", "cancel_needs_person"), parkedOrder("2", "totals_differ"))
	path := map[string]string{}
	for _, job := range decode[gen.JobPage](h.call("GET", "/jobs?entity=order", nil).is(http.StatusOK)).Items {
		path[job.WooID] = "/jobs/" + strconv.FormatInt(job.ID, 10)
	}
	shown := decode[gen.Job](h.call("GET", path["1"], nil).is(http.StatusOK))
	require.Equal(t, []string{"credit_note", "keep"}, []string{shown.Choices[0].Name, shown.Choices[1].Name})

	h.call("POST", path["1"]+"/decide", gen.JobDecision{Choice: "reverse"}).fields(http.StatusUnprocessableEntity, "choice")
	h.call("POST", path["2"]+"/decide", gen.JobDecision{Choice: "keep"}).problem(http.StatusConflict)
	op := decode[gen.Operation](h.call("POST", path["1"]+"/decide", gen.JobDecision{Choice: "keep"}).is(http.StatusAccepted))
	require.Equal(t, []string{"1"}, op.Filter.IDs)
	decided, err := h.db.Decisions(t.Context(), "demo", "order", []string{"1", "2"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"1": "keep"}, decided)
}

// TestDecideAboutAnEditOfAnOrder shows what an edit of a confirmed order changes, and keeps the decision about that edit alone.
func TestDecideAboutAnEditOfAnOrder(t *testing.T) {
	h := newHarness(t)
	h.active()
	edited := parkedOrder("1", "order_edited")
	edited.Outcome.Subject, edited.Outcome.Differences = "edit 1", []flow.Difference{{Field: "line 7 quantity", ERP: "2", Store: "3"}}
	h.landed(h.importAll("order"), "order", edited)
	listed := decode[gen.JobPage](h.call("GET", "/jobs?code=order_edited", nil).is(http.StatusOK)).Items
	require.Len(t, listed, 1)
	require.Equal(t, edited.Outcome.Differences, listed[0].Differences)
	require.Equal(t, []string{"accept", "keep"}, []string{listed[0].Choices[0].Name, listed[0].Choices[1].Name})

	path := "/jobs/" + strconv.FormatInt(listed[0].ID, 10) + "/decide"
	h.call("POST", path, gen.JobDecision{Choice: "accept"}).is(http.StatusAccepted)
	decided, err := h.db.ChangeDecisions(t.Context(), "demo", "order", []string{"1"})
	require.NoError(t, err)
	require.Equal(t, map[string]flow.Decision{"1": {Choice: "accept", Subject: "edit 1"}}, decided)
}

// TestDecideAboutAllThatArePickedByACode chooses the same for each of them, about the edit of each.
func TestDecideAboutAllThatArePickedByACode(t *testing.T) {
	h := newHarness(t)
	h.active()
	first, second := parkedOrder("1", "order_edited"), parkedOrder("2", "order_edited")
	first.Outcome.Subject, second.Outcome.Subject = "edit 1", "edit 2"
	h.landed(h.importAll("order"), "order", first, second, parkedOrder("3", "cancel_needs_person"))
	pick := func(change map[string]any) map[string]any {
		body := map[string]any{"instance": "demo", "code": "order_edited", "choice": "keep"}
		maps.Copy(body, change)
		return body
	}
	h.call("POST", "/jobs/process", pick(map[string]any{"choice": "reverse"})).fields(http.StatusUnprocessableEntity, "choice")
	h.call("POST", "/jobs/process", pick(map[string]any{"code": ""})).fields(http.StatusUnprocessableEntity, "code")
	h.call("POST", "/jobs/process", pick(map[string]any{"code": "totals_differ"})).fields(http.StatusUnprocessableEntity, "code")
	require.Equal(t, 2, decode[gen.ProcessedJobs](h.call("POST", "/jobs/process", pick(map[string]any{"dry_run": true})).is(http.StatusAccepted)).Count)
	decided := func() map[string]flow.Decision {
		found, err := h.db.ChangeDecisions(t.Context(), "demo", "order", []string{"1", "2", "3"})
		require.NoError(t, err)
		return found
	}
	require.Empty(t, decided())

	require.Equal(t, 2, decode[gen.ProcessedJobs](h.call("POST", "/jobs/process", pick(nil)).is(http.StatusAccepted)).Count)
	require.Equal(t, map[string]flow.Decision{"1": {Choice: "keep", Subject: "edit 1"}, "2": {Choice: "keep", Subject: "edit 2"}}, decided())
}

// TestDecideForAllWhoseValuesCount writes what a person chose for many records in the direction in which it goes, in one operation.
func TestDecideForAllWhoseValuesCount(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"export": map[string]any{"products": true}}}).is(http.StatusOK)
	var held []flow.Result
	for _, id := range []string{"1", "2"} {
		job := parkedOrder(id, "both_changed")
		job.Outcome.ID, job.Outcome.Subject = "5"+id, "prices"
		held = append(held, job)
	}
	h.landed(h.importAll("product"), "product", held...)
	done := decode[gen.ProcessedJobs](h.call("POST", "/jobs/process",
		map[string]any{"instance": "demo", "entity": "product", "code": "both_changed", "choice": "erp"}).is(http.StatusAccepted))
	require.Equal(t, 2, done.Count)
	op := decode[gen.Operation](h.call("GET", "/operations/"+done.Operation, nil).is(http.StatusOK))
	require.Equal(t, gen.OperationDirection("export"), op.Direction)
	woken, err := h.db.ClaimReadyJobs(t.Context(), db.Claimant{Operation: op.ID, Instance: "demo", Direction: flow.Export, Entities: []string{"product"}})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"product": {"51", "52"}}, woken)
}

// TestDecideWhoseValuesCount writes what a person chose in the direction in which it goes, and closes what was asked in the other.
func TestDecideWhoseValuesCount(t *testing.T) {
	h := newHarness(t)
	h.active()
	held := parkedOrder("1", "both_changed")
	held.Outcome.ID, held.Outcome.Subject = "51", "prices"
	held.Outcome.Differences = []flow.Difference{{Field: "Regular price", ERP: "2", Store: "3"}}
	h.landed(h.importAll("product"), "product", held)
	parked := func() []gen.Job {
		return decode[gen.JobPage](h.call("GET", "/jobs?code=both_changed&state=parked", nil).is(http.StatusOK)).Items
	}
	jobs := parked()
	require.Len(t, jobs, 1)
	require.Equal(t, []string{"store", "erp"}, []string{jobs[0].Choices[0].Name, jobs[0].Choices[1].Name})
	path := "/jobs/" + strconv.FormatInt(jobs[0].ID, 10)
	require.Contains(t, h.call("POST", path+"/decide", gen.JobDecision{Choice: "erp"}).problem(http.StatusConflict).Detail, "config.export.products")
	require.Len(t, parked(), 1, "nothing is decided that cannot be done")

	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"export": map[string]any{"products": true}}}).is(http.StatusOK)
	op := decode[gen.Operation](h.call("POST", path+"/decide", gen.JobDecision{Choice: "erp"}).is(http.StatusAccepted))
	require.Equal(t, []any{gen.OperationDirection("export"), []string{"51"}}, []any{op.Direction, op.Filter.IDs})
	require.Empty(t, parked())
	closed := decode[gen.Job](h.call("GET", path, nil).is(http.StatusOK))
	require.Equal(t, []any{gen.JobState("done"), 0}, []any{closed.State, len(closed.Differences)}, "the values are not kept")
	decided, err := h.db.ChangeDecisions(t.Context(), "demo", "product", []string{"1"})
	require.NoError(t, err)
	require.Equal(t, map[string]flow.Decision{"1": {Choice: "erp", Subject: "prices"}}, decided)

	h.landed(h.importAll("product"), "product", held)
	path = "/jobs/" + strconv.FormatInt(parked()[0].ID, 10)
	op = decode[gen.Operation](h.call("POST", path+"/decide", gen.JobDecision{Choice: "store"}).is(http.StatusAccepted))
	require.Equal(t, []any{gen.OperationDirection("import"), []string{"1"}}, []any{op.Direction, op.Filter.IDs})
}

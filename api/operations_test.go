package api_test

import (
	"errors"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/flow"
)

func TestOperationRefusalsNameTheField(t *testing.T) {
	h := newHarness(t)
	h.connected()
	draft := newInstance()
	draft["id"] = "draft"
	h.call("POST", "/instances", draft).is(http.StatusCreated)
	for name, c := range map[string]struct {
		instances, entities []string
		filter              map[string]any
		fields              []string
	}{
		"unknown instance":       {[]string{"demo", "none"}, []string{"product"}, map[string]any{"kind": "all"}, []string{"instances[1]"}},
		"draft":                  {[]string{"draft"}, []string{"product"}, map[string]any{"kind": "all"}, []string{"instances[0]"}},
		"unknown entity":         {[]string{"demo"}, []string{"product", "planet"}, map[string]any{"kind": "all"}, []string{"entities[1]"}},
		"no dates for customers": {[]string{"demo"}, []string{"order", "customer"}, map[string]any{"kind": "range", "from": "2026-01-01T00:00:00Z"}, []string{"entities[1]"}},
		"ids missing":            {[]string{"demo"}, []string{"product"}, map[string]any{"kind": "ids"}, []string{"filter.ids"}},
		"ids with all":           {[]string{"demo"}, []string{"product"}, map[string]any{"kind": "all", "ids": []string{"1"}}, []string{"filter.ids"}},
		"ids of two stores":      {[]string{"demo", "demo2"}, []string{"product"}, map[string]any{"kind": "ids", "ids": []string{"1"}}, []string{"instances"}},
		"ids of two entities":    {[]string{"demo"}, []string{"product", "order"}, map[string]any{"kind": "ids", "ids": []string{"1"}}, []string{"entities"}},
		"ids of everything":      {[]string{"demo"}, nil, map[string]any{"kind": "ids", "ids": []string{"1"}}, []string{"entities"}},
		"too many instances":     {manyInstances(51), []string{"product"}, map[string]any{"kind": "all"}, []string{"instances"}},
		"range without dates":    {[]string{"demo"}, []string{"order"}, map[string]any{"kind": "range"}, []string{"filter.from"}},
		"range backwards":        {[]string{"demo"}, []string{"order"}, map[string]any{"kind": "range", "from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, []string{"filter.to"}},
		"dates with changes":     {[]string{"demo"}, []string{"order"}, map[string]any{"kind": "changes", "from": "2026-02-01T00:00:00Z"}, []string{"filter.from"}},
	} {
		t.Run(name, func(t *testing.T) {
			body := map[string]any{"instances": c.instances, "filter": c.filter}
			if c.entities != nil {
				body["entities"] = c.entities
			}
			h.in(t).call("POST", "/operations", body).fields(http.StatusUnprocessableEntity, c.fields...)
		})
	}
	require.Empty(t, h.runs.calls)
}

func manyInstances(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = "shop" + strconv.Itoa(i)
	}
	return ids
}

func TestAFilterIsRefusedWithTheEntitysReason(t *testing.T) {
	h := newHarness(t)
	h.connected()
	entities := decode[gen.EntityList](h.call("GET", "/entities", nil).is(http.StatusOK)).Items
	reasons := map[string]string{}
	for _, e := range entities {
		require.Len(t, e.Filters, 4)
		for _, f := range e.Filters {
			require.Equal(t, f.Accepted, f.Reason == "", "%s %s", e.Name, f.Kind)
			reasons[e.Name+" "+string(f.Kind)] = f.Reason
		}
	}
	require.Empty(t, reasons["order range"])
	require.NotEmpty(t, reasons["customer range"])
	body := map[string]any{"instances": []string{"demo"}, "entities": []string{"customer"}, "filter": map[string]any{"kind": "range", "from": "2026-01-01T00:00:00Z"}}
	p := h.call("POST", "/operations", body).problem(http.StatusUnprocessableEntity)
	require.Contains(t, p.Errors[0].Message, reasons["customer range"])
}

func TestOrdersWaitForTheirConfiguration(t *testing.T) {
	h := newHarness(t)
	h.connected()
	body := map[string]any{"instances": []string{"demo"}, "filter": map[string]any{"kind": "all"}}
	refused := h.call("POST", "/operations", body)
	refused.fields(http.StatusUnprocessableEntity, "instances[0]")
	require.Contains(t, refused.Body.String(), "activate it first")
	body["entities"] = []string{"product", "order"}
	h.call("POST", "/operations", body).fields(http.StatusUnprocessableEntity, "instances[0]")
	body["entities"] = []string{"product"}
	h.call("POST", "/operations", body).is(http.StatusAccepted)
	h.call("PATCH", "/instances/demo", map[string]any{"config": complete()}).is(http.StatusOK)
	h.call("POST", "/instances/demo/activate", nil).is(http.StatusOK)
	body["entities"] = []string{"order"}
	h.call("POST", "/operations", body).is(http.StatusAccepted)
}

func TestOperationOfEverything(t *testing.T) {
	h := newHarness(t)
	h.active()
	reply := h.call("POST", "/operations", map[string]any{"instances": []string{"demo"}, "filter": map[string]any{"kind": "all"}}).is(http.StatusAccepted)
	op := decode[gen.Operation](reply)
	require.Equal(t, "/operations/"+op.ID, reply.location())
	require.Contains(t, op.Entities, "tax")
	require.Equal(t, "refund", op.Entities[len(op.Entities)-1], "in dependency order")
	require.Len(t, op.Progress, len(op.Entities))
	require.Equal(t, "test admin", op.RequestedBy)
	require.Equal(t, "http://127.0.0.1:8233/namespaces/default/workflows/operation%2F"+op.ID, op.TemporalURL)
	require.Equal(t, []string{"start " + op.ID}, h.runs.calls)
}

func TestAnAcceptedOperationOutlivesTemporal(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.runs.err = fault.Wrap(fault.Unavailable, errors.New("dial shop@example.com"), "Temporal is away")
	op := h.importAll("product")
	require.Equal(t, gen.OperationState("waiting"), op.State)
	require.Contains(t, h.log.String(), "the operation waits for Temporal")
	require.Contains(t, h.log.String(), `"kind":"unavailable","cause":"*errors.errorString"`)
	require.NotContains(t, h.log.String(), "shop@example.com")
	h.call("GET", "/health/ready", nil).problem(http.StatusServiceUnavailable)
}

func TestCommandsToOperations(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	at := "/operations/" + op.ID
	for _, command := range []string{"pause", "resume", "cancel"} {
		reply := h.call("POST", at+"/"+command, nil).is(http.StatusAccepted)
		require.Equal(t, at, reply.location())
	}
	require.Equal(t, []string{"start " + op.ID, "pause " + op.ID, "resume " + op.ID, "cancel " + op.ID}, h.runs.calls)

	h.runs.err = fault.New(fault.Conflict, "the operation is paused already")
	require.Equal(t, "the operation is paused already", h.call("POST", at+"/pause", nil).problem(http.StatusConflict).Detail)
	h.call("POST", "/operations/0192d3c1-0000-7000-8000-000000000000/pause", nil).problem(http.StatusNotFound)
}

func TestCancellingWhatNeverBegan(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	h.runs.err = fault.New(fault.NotFound, "it is not running")
	cancelled := decode[gen.Operation](h.call("POST", "/operations/"+op.ID+"/cancel", nil).is(http.StatusAccepted))
	require.Equal(t, gen.OperationState("cancelled"), cancelled.State)
	h.call("POST", "/operations/"+op.ID+"/cancel", nil).problem(http.StatusConflict)
	h.call("POST", "/operations/"+op.ID+"/pause", nil).problem(http.StatusConflict)
}

func TestListsArePaged(t *testing.T) {
	h := newHarness(t)
	h.connected()
	var made []string
	for range 5 {
		made = append(made, h.importAll("product").ID)
	}
	var seen []string
	next := "/operations?limit=2&instance=demo"
	for pages := 0; next != ""; pages++ {
		require.Less(t, pages, 3)
		reply := h.call("GET", next, nil).is(http.StatusOK)
		page := decode[gen.OperationPage](reply)
		for _, op := range page.Items {
			seen = append([]string{op.ID}, seen...)
		}
		next = linkTo(reply)
		require.Equal(t, page.Next != "", next != "")
	}
	require.Equal(t, made, seen, "newest first, none twice, none missing")
}

func TestProcessingOneRecord(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.landed(h.importAll("product"), "product", flow.Result{Record: flow.Record{ID: "8"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "x", Reason: "y"}})
	jobs := decode[gen.JobPage](h.call("GET", "/jobs?state=failed&entity=product&woo_id=8", nil).is(http.StatusOK)).Items
	require.Len(t, jobs, 1)
	require.InDelta(t, 10, jobs[0].DurationMS, 0.001)
	reply := h.call("POST", "/jobs/"+decimalText(jobs[0].ID)+"/process", nil).is(http.StatusAccepted)
	op := decode[gen.Operation](reply)
	require.Equal(t, "/operations/"+op.ID, reply.location())
	require.Equal(t, []string{"8"}, op.Filter.IDs)
	require.Equal(t, gen.Trigger("process"), op.Trigger)
	h.call("POST", "/jobs/999999/process", nil).problem(http.StatusNotFound)
}

// Nothing is written into a store before a person allows it (U06). An export that names no entities is of those that are allowed.
func TestAnExportOfEverythingIsOfWhatIsSwitchedOn(t *testing.T) {
	h := newHarness(t)
	h.active()
	everything := map[string]any{"instances": []string{"demo"}, "direction": "export", "filter": map[string]any{"kind": "all"}}
	refused := h.call("POST", "/operations", everything).problem(http.StatusUnprocessableEntity)
	require.Contains(t, refused.Errors[0].Message, "config.export.terms")
	require.Empty(t, h.runs.calls)

	h.call("PATCH", "/instances/demo", config("export", "terms", true)).is(http.StatusOK)
	h.call("PATCH", "/instances/demo", config("order", "auto_status_update", true)).is(http.StatusOK)
	op := decode[gen.Operation](h.call("POST", "/operations", everything).is(http.StatusAccepted))
	require.Equal(t, []string{"category", "tag", "brand", "attribute", "shipping_class", "order_status"}, op.Entities)
	require.Equal(t, "export", string(op.Direction))

	everything["entities"] = []string{"product"}
	h.call("POST", "/operations", everything).fields(http.StatusUnprocessableEntity, "instances[0]")
}

package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
	"tandem/flow"
)

func TestLogsAndTheirChart(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.landed(h.importAll("product"), "product",
		flow.Result{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "5", After: "d1", Steps: []string{"created"}}},
		flow.Result{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "bad_price", Reason: "the price is no number"}},
		flow.Result{Record: flow.Record{ID: "3"}, Outcome: flow.Outcome{Status: flow.Created, ID: "6", After: "d3"}})
	logs := decode[gen.LogPage](h.call("GET", "/logs?status=failed&instance=demo&entity=product", nil).is(http.StatusOK)).Items
	require.Len(t, logs, 1)
	require.Equal(t, "2", logs[0].WooID)
	require.Equal(t, "bad_price", logs[0].Code)
	require.Equal(t, "http://127.0.0.1:8233/namespaces/default/workflows/sync%2Fx/run-1", logs[0].TemporalURL)

	hour := url.Values{"from": {time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)}}
	chart := decode[gen.LogChart](h.call("GET", "/logs/chart?"+hour.Encode(), nil).is(http.StatusOK))
	require.Equal(t, "day", chart.Bucket)
	counts := map[string]int{}
	for _, p := range chart.Points {
		counts[p.Status] += p.Count
		require.Zero(t, p.At.Hour(), "buckets begin at UTC days")
	}
	require.Equal(t, map[string]int{"created": 2, "failed": 1}, counts)

	past := url.Values{"to": {"2020-01-01T00:00:00Z"}}
	require.Empty(t, decode[gen.LogPage](h.call("GET", "/logs?"+past.Encode(), nil)).Items)
	require.Empty(t, decode[gen.LogChart](h.call("GET", "/logs/chart?"+past.Encode(), nil)).Points)
}

func TestMappingByHandWakesWhatWaited(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landed(h.importAll("order"), "order",
		flow.Result{Record: flow.Record{ID: "70"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_product", Reason: "map product 9", Waits: keys("demo/product/9")}},
		flow.Result{Record: flow.Record{ID: "71"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_product", Reason: "map product 8", Waits: keys("demo/product/8")}})

	h.call("PUT", "/links/demo/product/9", map[string]string{"erp_id": "1"}).fields(http.StatusUnprocessableEntity, "erp_id")
	mapped := decode[gen.MappedLink](h.call("PUT", "/links/demo/product/9", map[string]string{"erp_id": "4711"}).is(http.StatusOK))
	require.Equal(t, "4711", mapped.Link.ERPID)
	require.Equal(t, gen.LinkState(db.Unsynchronised), mapped.Link.State)
	require.Equal(t, 1, mapped.Woken)
	require.Equal(t, "4711", h.erp.records["demo/product/9"], "the ERP was told")

	op := decode[gen.Operation](h.call("GET", "/operations/"+mapped.Operation, nil).is(http.StatusOK))
	require.Equal(t, gen.Trigger("wake"), op.Trigger)
	require.Equal(t, []string{"order"}, op.Entities)
	require.Equal(t, []string{"70"}, op.Filter.IDs)
	require.Contains(t, h.runs.calls, "start "+op.ID)

	again := decode[gen.MappedLink](h.call("PUT", "/links/demo/product/9", map[string]string{"erp_id": "4712"}).is(http.StatusOK))
	require.Zero(t, again.Woken)
	require.Empty(t, again.Operation)
	require.Equal(t, "4712", decode[gen.Link](h.call("GET", "/links/demo/product/9", nil).is(http.StatusOK)).ERPID)
}

// S29: links are listed by what people call their records.
func TestLinksSayWhatRecordsAreCalled(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.landed(h.importAll("product"), "product", flow.Result{
		Record: flow.Record{ID: "1", Label: "Mug · MUG", Names: []string{"MUG"}}, Outcome: flow.Outcome{Status: flow.Created, ID: "51", After: "d1", Key: keys("demo/product/1")[0]},
	})
	h.landed(h.importAll("customer"), "customer", flow.Result{
		Record: flow.Record{ID: "2", Names: []string{"Ann@example.com"}}, Outcome: flow.Outcome{Status: flow.Created, ID: "52", After: "d2", Key: keys("demo/customer/2")[0]},
	})
	links := decode[gen.LinkPage](h.call("GET", "/links", nil).is(http.StatusOK)).Items
	require.Len(t, links, 2)
	require.Equal(t, []string{"ann@example.com", "Mug · MUG"}, []string{links[0].Label, links[1].Label})
	require.Equal(t, "Mug · MUG", decode[gen.Link](h.call("GET", "/links/demo/product/1", nil).is(http.StatusOK)).Label)
	require.Equal(t, "Mug · MUG", h.search("mug").Items[0].Label)
}

func TestMappingRefusals(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.call("PUT", "/links/demo/planet/9", map[string]string{"erp_id": "4711"}).problem(http.StatusNotFound)
	h.call("PUT", "/links/none/product/9", map[string]string{"erp_id": "4711"}).problem(http.StatusNotFound)
	h.erp.err = fault.New(fault.Unavailable, "the ERP does not answer")
	h.call("PUT", "/links/demo/product/9", map[string]string{"erp_id": "4711"}).problem(http.StatusServiceUnavailable)
	h.call("GET", "/links/demo/product/9", nil).problem(http.StatusNotFound)
}

func TestOrdersShowTheirStepsAndAmounts(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landedOrder("77")
	h.erp.figures["demo/order/77"] = sampleFigures()
	h.startedOrder("77")
	h.stepped(db.OrderStepRecord{
		WooID: "77", Step: "validate", State: db.StepDone, Before: "quotation", After: "confirmed",
		Duration: 12 * time.Millisecond, Attempt: 1, WorkflowID: "order/demo/77", RunID: "r",
	})
	h.stepped(db.OrderStepRecord{
		WooID: "77", Step: "invoice", State: db.StepBlocked, Code: "closed_period",
		Reason: "open the period", Attempt: 1, WorkflowID: "order/demo/77", RunID: "r",
	})
	order := decode[gen.Order](h.call("GET", "/orders/demo/77", nil).is(http.StatusOK))
	require.Equal(t, gen.OrderState("blocked"), order.State)
	require.Equal(t, "open the period", order.Reason)
	require.Equal(t, "default", order.Workflow)
	require.Equal(t, []string{"validate", "invoice", "pay", "ship"}, order.Planned)
	require.Len(t, order.Steps, 2)
	require.Equal(t, "closed_period", order.Steps[1].Code)
	require.Equal(t, "confirmed", order.Steps[0].After)
	require.InDelta(t, 12, order.Steps[0].DurationMS, 0.001)
	require.Equal(t, "119.88", order.Figures.Total)
	require.True(t, order.Figures.PartlyShipped)
	require.False(t, order.Figures.Shipped)
	require.Equal(t, []gen.TaxAmount{{Label: "VAT", Rate: "20", Amount: "19.98"}}, order.Figures.Taxes)
	require.Equal(t, "http://127.0.0.1:8233/namespaces/default/workflows/order%2Fdemo%2F77", order.TemporalURL)

	counts := decode[gen.OrderCounts](h.call("GET", "/orders/counts?instance=demo", nil).is(http.StatusOK))
	require.Equal(t, map[string]int{"blocked": 1}, counts.States)
	require.Len(t, decode[gen.OrderPage](h.call("GET", "/orders?state=blocked", nil)).Items, 1)
	require.Empty(t, decode[gen.OrderPage](h.call("GET", "/orders?state=done", nil)).Items)
}

func TestAnOrderIsShownWithoutItsERP(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landedOrder("77")
	require.Nil(t, decode[gen.Order](h.call("GET", "/orders/demo/77", nil).is(http.StatusOK)).Figures, "the ERP does not have it")
	h.erp.err = fault.New(fault.Unavailable, "the ERP does not answer")
	require.Nil(t, decode[gen.Order](h.call("GET", "/orders/demo/77", nil).is(http.StatusOK)).Figures)
	h.call("GET", "/orders/demo/78", nil).problem(http.StatusNotFound)
}

func TestCommandsToOrders(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.landedOrder("77")
	h.runs.calls = nil
	h.call("POST", "/orders/demo/77/retry", nil).is(http.StatusAccepted)
	h.call("POST", "/orders/demo/77/retry", map[string]string{"step": "invoice"}).is(http.StatusAccepted)
	h.call("POST", "/orders/demo/77/retry", map[string]string{"step": "dance"}).fields(http.StatusUnprocessableEntity, "step")
	for _, command := range []string{"pause", "resume", "cancel"} {
		h.call("POST", "/orders/demo/77/"+command, nil).is(http.StatusAccepted)
	}
	require.Equal(t, []string{
		"retry demo/77 from ", "retry demo/77 from invoice", "pause demo/77", "resume demo/77", "cancel demo/77",
	}, h.runs.calls)
	h.call("POST", "/orders/demo/78/pause", nil).problem(http.StatusNotFound)
	h.runs.err = fault.New(fault.NotFound, "it is not running")
	h.call("POST", "/orders/demo/77/pause", nil).problem(http.StatusConflict)
}

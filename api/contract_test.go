package api_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
)

// Every operation of the contract is called once with success, and harness.call holds each answer against the contract.
func TestEveryOperationAnswersAsTheContractSays(t *testing.T) {
	h := newHarness(t)
	walkInstances(h)
	walkConfiguration(h)
	walkOperations(h)
	walkOrders(h)
	walkTokens(h)
	walkUsers(h)
	walkDeliveries(h)
	walkLedger(h)
	walkReports(h)
	for _, path := range []string{"/health/live", "/health/ready", "/version", "/entities", "/erps"} {
		h.call("GET", path, nil).is(http.StatusOK)
	}
	for _, operation := range contractOperations(t) {
		require.True(t, h.covered[operation.OperationID], "%s was never answered", operation.OperationID)
	}
}

func walkInstances(h *harness) {
	h.active()
	h.call("PUT", "/instances/demo/credentials", map[string]string{"consumer_key": consumerKey, "consumer_secret": consumerSecret}).is(http.StatusNoContent)
	h.call("POST", "/instances/demo/authorization", nil).is(http.StatusCreated)
	h.call("GET", "/instances/demo/authorization", nil).is(http.StatusOK)
	for _, path := range []string{"", "/demo", "/demo/options", "/demo/counters", "/demo/price-lists", "/demo/price-lists/regular-EUR/prices", "/demo/stock/4012"} {
		h.call("GET", "/instances"+path, nil).is(http.StatusOK)
	}
	h.call("DELETE", "/instances/demo/watermarks", nil).is(http.StatusOK)
	h.call("GET", "/instances/demo/webhooks", nil).is(http.StatusOK)
	h.call("GET", "/instances/demo/link-checks", nil).is(http.StatusOK)
	for _, command := range []string{"sync", "order.created/toggle"} {
		h.call("POST", "/instances/demo/webhooks/"+command, nil).is(http.StatusOK)
	}
	h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
	h.call("PUT", "/instances/shop/erp-credentials", map[string]string{"secret": erpSecret}).is(http.StatusNoContent)
	h.call("DELETE", "/instances/shop", nil).is(http.StatusNoContent)
	h.call("POST", "/instances/demo/deactivate", nil).is(http.StatusOK)
	h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK)
	h.call("POST", "/instances/demo/activate", nil).is(http.StatusOK)
}

func walkConfiguration(h *harness) {
	mapping := map[string]any{"model": "customer", "meta_key": "vat", "field": "tax_id", "type": "text", "active": true}
	at := h.call("POST", "/instances/demo/meta-mappings", mapping).is(http.StatusCreated).location()
	h.call("PUT", at, mapping).is(http.StatusOK)
	h.call("GET", "/instances/demo/meta-mappings", nil).is(http.StatusOK)
	h.call("DELETE", at, nil).is(http.StatusNoContent)

	workflow := map[string]any{"id": "short", "name": "Short", "validate_order": true}
	at = h.call("POST", "/sale-workflows", workflow).is(http.StatusCreated).location()
	h.call("PUT", at, workflow).is(http.StatusOK)
	h.call("GET", at, nil).is(http.StatusOK)
	h.call("GET", "/sale-workflows", nil).is(http.StatusOK)
	h.call("DELETE", at, nil).is(http.StatusNoContent)

	schedule := map[string]any{"instance": "demo", "kind": "order_import", "every_seconds": 300}
	at = h.call("POST", "/schedules", schedule).is(http.StatusCreated).location()
	h.call("PUT", at, map[string]any{"every_seconds": 600}).is(http.StatusOK)
	h.call("GET", at, nil).is(http.StatusOK)
	h.call("GET", "/schedules?instance=demo", nil).is(http.StatusOK)
	h.call("POST", at+"/pause", nil).is(http.StatusOK)
	h.call("POST", at+"/resume", nil).is(http.StatusOK)
	h.call("POST", at+"/run", nil).is(http.StatusAccepted)
	h.call("DELETE", at, nil).is(http.StatusNoContent)
}

func walkOperations(h *harness) {
	op := h.importAll("product")
	h.landed(op, "product",
		flow.Result{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "51", After: "d1", Key: keys("demo/product/1")[0], Steps: []string{"created"}}},
		flow.Result{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_category", Reason: "category 9 is missing", Waits: keys("demo/category/9")}})
	at := "/operations/" + op.ID
	for _, path := range []string{at, "/operations?instance=demo&state=waiting&trigger=api", "/logs?instance=demo", "/logs/chart?bucket=hour", "/links?entity=product", "/links/demo/product/1", "/records/search?q=nothing"} {
		h.call("GET", path, nil).is(http.StatusOK)
	}
	h.call("GET", "/jobs/counts", nil).is(http.StatusOK)
	jobs := decode[gen.JobPage](h.call("GET", "/jobs?instance=demo&state=parked", nil).is(http.StatusOK))
	require.Len(h.t, jobs.Items, 1)
	job := "/jobs/" + decimalText(jobs.Items[0].ID)
	h.call("GET", job, nil).is(http.StatusOK)
	h.call("POST", job+"/process", nil).is(http.StatusAccepted)
	h.call("POST", "/jobs/process", map[string]any{"instance": "demo", "entity": "product", "code": "unknown_category"}).is(http.StatusAccepted)
	h.call("PUT", "/links/demo/category/9", map[string]string{"erp_id": "4711"}).is(http.StatusOK)
	h.call("DELETE", "/links/demo/category/9", nil).is(http.StatusNoContent)
	h.call("POST", "/links", map[string]any{"links": []any{pairOf("product", "1", "51")}}).is(http.StatusOK)
	h.call("POST", "/links/csv", "instance,entity,woo_id,erp_id\ndemo,product,1,51\n", "Content-Type", "text/csv").is(http.StatusOK)
	h.call("GET", "/links/csv?entity=product", nil).is(http.StatusOK)
	h.walkMatching()
	h.call("POST", "/pull", map[string]any{"instances": []string{"demo"}, "entity": "product", "woo_ids": []string{"1"}}).is(http.StatusAccepted)
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"export": map[string]any{"products": true}}}).is(http.StatusOK)
	h.call("POST", "/pull/plan", map[string]any{"instance": "demo", "entity": "product", "erp_ids": []string{"51"}}).is(http.StatusOK)
	h.call("POST", "/push/plan", map[string]any{"instance": "demo", "entity": "product", "erp_ids": []string{"51"}}).is(http.StatusOK)
	h.call("POST", "/push", map[string]any{"instances": []string{"demo"}, "entity": "product", "erp_ids": []string{"51"}}).is(http.StatusAccepted)
	for _, command := range []string{"pause", "resume", "cancel"} {
		h.call("POST", at+"/"+command, nil).is(http.StatusAccepted)
	}
	require.NoError(h.t, h.db.SetOperationState(h.t.Context(), op.ID, db.OperationDone, "", ""))
	h.call("GET", at+"/events", nil).is(http.StatusOK)
	h.covered["StreamEvents"] = true // has no end to wait for: TestAllOperationsAreStreamed
}

func walkOrders(h *harness) {
	h.landed(h.importAll("order"), "order", parkedOrder("76", "cancel_needs_person"))
	cancelled := decode[gen.JobPage](h.call("GET", "/jobs?entity=order", nil).is(http.StatusOK)).Items[0]
	h.call("POST", "/jobs/"+decimalText(cancelled.ID)+"/decide", gen.JobDecision{Choice: "keep"}).is(http.StatusAccepted)
	h.landedOrder("77")
	h.erp.figures["demo/order/77"] = sampleFigures()
	for _, path := range []string{"?instance=demo&state=due", "/counts?instance=demo", "/demo/77"} {
		h.call("GET", "/orders"+path, nil).is(http.StatusOK)
	}
	h.call("POST", "/orders/demo/77/retry", map[string]string{"step": "invoice"}).is(http.StatusAccepted)
	for _, command := range []string{"pause", "resume", "cancel"} {
		h.call("POST", "/orders/demo/77/"+command, nil).is(http.StatusAccepted)
	}
	h.orderIn("78", db.RunBlocked)
	h.call("POST", "/orders/demo/78/skip", map[string]string{"step": "ship", "reason": "Collected"}).is(http.StatusAccepted)
	selection := map[string]any{"instance": "demo", "states": []string{"blocked", "paused"}, "code": "no_stock", "step": "ship", "dry_run": true}
	for _, command := range []string{"retry", "cancel"} {
		h.call("POST", "/orders/"+command, selection).is(http.StatusAccepted)
	}
}

func walkUsers(h *harness) {
	made := h.newUser("ada@example.com", "admin")
	h.newUser("grace@example.com", "admin")
	h.call("GET", "/users", nil).is(http.StatusOK)
	h.call("PATCH", "/users/"+made.ID, map[string]string{"name": "Ada"}).is(http.StatusOK)
	page, cookie := h.without(), h.signIn("ada@example.com")
	page.call("GET", "/session", nil, "Cookie", cookie).is(http.StatusOK)
	page.call("PUT", "/session/password", map[string]string{"current": userPassword, "password": "another password"}, "Cookie", cookie).is(http.StatusNoContent)
	page.call("DELETE", "/session", nil, "Cookie", cookie).is(http.StatusNoContent)
	h.call("DELETE", "/users/"+made.ID, nil).is(http.StatusNoContent)
	h.call("GET", "/audit", nil).is(http.StatusOK)
}

func walkTokens(h *harness) {
	made := decode[gen.CreatedToken](h.call("POST", "/tokens", map[string]any{"name": "x", "scope": "viewer", "days": 1}).is(http.StatusCreated))
	h.call("GET", "/tokens", nil).is(http.StatusOK)
	h.call("DELETE", "/tokens/"+made.Details.ID, nil).is(http.StatusNoContent)
}

func contractOperations(t *testing.T) []*openapi3.Operation {
	t.Helper()
	var all []*openapi3.Operation
	for _, item := range loadContract(t).Paths.Map() {
		for _, operation := range item.Operations() {
			all = append(all, operation)
		}
	}
	return all
}

func loadContract(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	require.NoError(t, err)
	return doc
}

// A form that is generated from the contract must be able to say what each thing is for.
func TestEveryOperationIsDescribed(t *testing.T) {
	for _, operation := range contractOperations(t) {
		require.NotEmpty(t, operation.Summary, operation.OperationID)
		require.Len(t, operation.Tags, 1, operation.OperationID)
		require.NotNil(t, operation.Responses.Default(), operation.OperationID)
		if content := requestContent(operation); content != nil {
			require.True(t, content.Example != nil || len(content.Examples) > 0, "%s shows no example", operation.OperationID)
		}
	}
}

// requestContent gives what a request is made of: JSON, where it may be. It is nil for none, and for files, of which there are no examples.
func requestContent(operation *openapi3.Operation) *openapi3.MediaType {
	if operation.RequestBody == nil {
		return nil
	}
	content := operation.RequestBody.Value.Content
	return cmp.Or(content["application/json"], content["text/csv"])
}

// Examples are copied by people: each must be accepted as it stands.
func TestExamplesFollowTheContract(t *testing.T) {
	for _, operation := range contractOperations(t) {
		content := requestContent(operation)
		if content == nil {
			continue
		}
		examples := []any{content.Example}
		for _, example := range content.Examples {
			examples = append(examples, example.Value.Value)
		}
		for _, example := range examples {
			if example != nil {
				require.NoError(t, content.Schema.Value.VisitJSON(example, openapi3.VisitAsRequest()), operation.OperationID)
			}
		}
	}
}

// Types that the contract borrows from other packages have exactly the fields it says.
func TestBorrowedTypesMatchTheContract(t *testing.T) {
	schemas := loadContract(t).Components.Schemas
	for name, value := range map[string]any{
		"Config": instance.Config{}, "Connection": instance.Connection{}, "StoreInfo": instance.StoreInfo{}, "ERPInfo": instance.ERPInfo{},
		"SaleWorkflow": instance.SaleWorkflow{}, "MetaMapping": instance.MetaMapping{}, "Filter": flow.Filter{},
	} {
		t.Run(name, func(t *testing.T) { requireSameFields(t, name, schemas[name].Value, reflect.TypeOf(value)) })
	}
}

// unpublished are fields of borrowed types that no request and no answer has.
var unpublished = []string{"Filter.reported"} // of the filters of single entities, which only their workflows see

func requireSameFields(t *testing.T, path string, schema *openapi3.Schema, goType reflect.Type) {
	t.Helper()
	for goType.Kind() == reflect.Slice {
		goType, schema = goType.Elem(), schema.Items.Value
	}
	if goType.Kind() != reflect.Struct || goType == reflect.TypeFor[time.Time]() {
		return
	}
	var fields []string
	for _, field := range reflect.VisibleFields(goType) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if slices.Contains(unpublished, path+"."+name) {
			continue
		}
		fields = append(fields, name)
		if property := schema.Properties[name]; property != nil {
			requireSameFields(t, path+"."+name, property.Value, field.Type)
		}
	}
	properties := make([]string, 0, len(schema.Properties))
	for name := range schema.Properties {
		properties = append(properties, name)
	}
	require.ElementsMatch(t, properties, fields, path)
}

// The contract lists the values of other packages' constants; a new one must be added to it.
func TestEnumsMatchTheCode(t *testing.T) {
	schemas := loadContract(t).Components.Schemas
	require.ElementsMatch(t, []any{"draft", "connected", "active", "deactivated"}, schemas["InstanceState"].Value.Enum)
	require.ElementsMatch(t, texts(db.OperationWaiting, db.OperationRunning, db.OperationPaused, db.OperationDone, db.OperationFailed,
		db.OperationCancelled), schemas["OperationState"].Value.Enum)
	require.ElementsMatch(t, texts(db.JobWaiting, db.JobInProgress, db.JobDone, db.JobFailed, db.JobParked), schemas["JobState"].Value.Enum)
	require.ElementsMatch(t, texts(db.RunDue, db.RunRunning, db.RunBlocked, db.RunPaused, db.RunDone, db.RunCancelled,
		string(gen.OrderStateInERP)), // of orders that no sale workflow moves
		schemas["OrderState"].Value.Enum)
	require.ElementsMatch(t, texts(db.StepDone, db.StepRetrying, db.StepBlocked), schemas["OrderStep"].Value.Properties["state"].Value.Enum)
	require.ElementsMatch(t, texts(db.ScopeViewer, db.ScopeOperator, db.ScopeAdmin), schemas["Scope"].Value.Enum)
	require.ElementsMatch(t, texts(db.Synchronised, db.Unsynchronised), schemas["LinkState"].Value.Enum)
	require.ElementsMatch(t, texts(string(erp.Quotation), string(erp.Confirmed), string(erp.Cancelled)),
		schemas["OrderFigures"].Value.Properties["stage"].Value.Enum)
}

func texts(values ...string) []any {
	out := make([]any, len(values))
	for i, value := range values {
		out[i] = value
	}
	return out
}

// An instance's view, filled by code, holds every field of the configuration: forms need not know defaults.
func TestRepliesHoldEveryConfigField(t *testing.T) {
	h := newHarness(t)
	h.connected()
	var view struct{ Config map[string]map[string]any }
	require.NoError(t, json.Unmarshal(h.call("GET", "/instances/demo", nil).is(http.StatusOK).Body.Bytes(), &view))
	for section, schema := range loadContract(t).Components.Schemas["Config"].Value.Properties {
		names := make([]string, 0, len(view.Config[section]))
		for name := range view.Config[section] {
			names = append(names, name)
		}
		for name := range schema.Value.Properties {
			require.True(t, slices.Contains(names, name), "%s.%s is left out", section, name)
		}
	}
}

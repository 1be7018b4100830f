package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/instance"
)

// Each command makes its call and says what it did, as text and as one JSON document.
func TestCommandsSayWhatTheyDid(t *testing.T) {
	schedule := gen.Schedule{ID: firstID, Instance: "shop", Kind: "order_import", EverySeconds: 300, State: gen.ScheduleStateActive}
	order := gen.Order{Instance: "shop", WooID: "7", ERPID: "9", State: "blocked", Step: "ship", Code: "no_stock", Reason: "2 are missing",
		Figures: &gen.OrderFigures{Currency: "EUR", Total: "12.50", Tax: "2.00", Due: "0"}, Steps: []gen.OrderStep{{Name: "ship", State: "blocked"}}}
	exported := gen.Order{Instance: "shop", WooID: "8", ERPID: "12", State: gen.OrderStateInERP, History: []gen.Job{{ID: 3, Direction: flow.Export, Outcome: "created"}},
		Link: &gen.Link{ERPID: "12", State: "synchronised", CreatedAt: time.Unix(0, 0)}}
	for _, c := range []struct {
		args  []string
		reply any
		call  string
		says  string
	}{
		{[]string{"operations", "list"}, gen.OperationPage{Items: []gen.Operation{ended(gen.OperationStateDone, 1, 2)}}, "GET /operations", firstID},
		{[]string{"operations", "show", firstID}, ended(gen.OperationStateRunning, 0, 0), "GET /operations/" + firstID, firstID + " is running"},
		{[]string{"operations", "pause", firstID}, ended(gen.OperationStateRunning, 0, 0), "POST /operations/" + firstID + "/pause", "paused"},
		{[]string{"operations", "resume", firstID}, ended(gen.OperationStateRunning, 0, 0), "POST /operations/" + firstID + "/resume", "told to go on"},
		{[]string{"operations", "cancel", firstID}, ended(gen.OperationStateRunning, 0, 0), "POST /operations/" + firstID + "/cancel", "told to stop"},
		{[]string{"orders", "list"}, gen.OrderPage{Items: []gen.Order{order}}, "GET /orders", "no_stock"},
		{[]string{"orders", "show", "shop", "7"}, order, "GET /orders/shop/7", "12.50 EUR"},
		{[]string{"orders", "show", "shop", "8"}, exported, "GET /orders/shop/8", "linked with 12 of the ERP since 1970-01-01 00:00:00, synchronised"},
		{[]string{"orders", "show", "shop", "8"}, exported, "GET /orders/shop/8", "export"},
		{[]string{"orders", "retry", "shop", "7", "--step", "ship"}, order, "POST /orders/shop/7/retry", "7 of shop: told to try again"},
		{[]string{"orders", "pause", "shop", "7"}, order, "POST /orders/shop/7/pause", "told to pause"},
		{[]string{"links", "list", "--id", "7"}, gen.LinkPage{Items: []gen.Link{{WooID: "7", Label: "Mug · MUG", ERPID: "9"}}}, "GET /links", "Mug · MUG  9"},
		{[]string{"links", "list", "--id", "8"}, gen.LinkPage{Items: []gen.Link{{WooID: "8", State: "unsynchronised", ChangedIn: "erp", ERPChangedAt: time.Unix(0, 0)}}}, "GET /links", "in the ERP, 1970-01-01T00:00:00Z"},
		{[]string{"why", "R-7"}, gen.RecordSearch{Items: []gen.FoundRecord{{Instance: "shop", Entity: "order", WooID: "7", State: "filtered", Reason: "its status is pending", Field: "config.order.statuses"}}}, "GET /records/search", "its status is pending (config.order.statuses)"},
		{[]string{"why", "R-8", "--local"}, gen.RecordSearch{NotInStore: []string{"shop"}, Unanswered: []gen.UnansweredStore{{Instance: "other", Reason: "the store is away"}}, NotAsked: []string{"third"}}, "GET /records/search", "other did not answer: the store is away"},
		{[]string{"links", "checks", "shop"}, gen.LinkCheckList{Items: []gen.LinkCheck{{Entity: "product", Problem: "Odoo is away"}}}, "GET /instances/shop/link-checks", "Odoo is away"},
		{[]string{"links", "set", "shop", "product", "7", "9"}, gen.MappedLink{Woken: 3}, "PUT /links/shop/product/7", "3 records"},
		{[]string{"links", "remove", "shop", "product", "7"}, nil, "DELETE /links/shop/product/7", "unlinked shop/product/7"},
		{[]string{"sale-workflows", "list"}, gen.SaleWorkflowList{Items: []gen.SaleWorkflow{instance.DefaultSaleWorkflow()}}, "GET /sale-workflows", "validate, invoice, pay, ship"},
		{[]string{"sale-workflows", "delete", "own"}, nil, "DELETE /sale-workflows/own", "deleted own"},
		{[]string{"schedule", "add", "shop"}, schedule, "POST /schedules", "shop order_import every 5m0s: active"},
		{[]string{"user", "list"}, gen.UserList{Items: []gen.User{{ID: firstID, Email: "ada@example.com", DisabledAt: time.Now()}}}, "GET /users", "disabled"},
		{[]string{"user", "set", firstID, "--role", "admin", "--enable"}, gen.User{ID: firstID, Email: "ada@example.com", Role: "admin"}, "PATCH /users/" + firstID, "ada@example.com"},
		{[]string{"user", "remove", firstID}, nil, "DELETE /users/" + firstID, "removed " + firstID},
		{[]string{"audit", "--instance", "myshop", "--from", "2026-01-31T08:00:00Z"}, gen.AuditPage{Items: []gen.AuditEntry{{Actor: "Ada", Action: "ActivateInstance", Status: 200}}}, "GET /audit", "ActivateInstance"},
		{[]string{"token", "list"}, gen.TokenList{Items: []gen.Token{{ID: firstID, Name: "x", RevokedAt: time.Now()}}}, "GET /tokens", "revoked"},
		{[]string{"token", "revoke", firstID}, nil, "DELETE /tokens/" + firstID, "revoked " + firstID},
		{[]string{"instance", "list"}, gen.InstanceList{Items: []gen.Instance{{ID: "shop"}}}, "GET /instances", "shop"},
		{[]string{"instance", "activate", "shop"}, gen.Instance{ID: "shop"}, "POST /instances/shop/activate", "tandem schedule add shop"},
		{[]string{"instance", "activate", "shop", "--allow-same-store"}, gen.Instance{ID: "shop"}, "POST /instances/shop/activate", "shop is active"},
		{[]string{"instance", "deactivate", "shop"}, gen.Instance{ID: "shop"}, "POST /instances/shop/deactivate", "deactivated"},
		{[]string{"instance", "remove", "shop"}, nil, "DELETE /instances/shop", "removed shop"},
		{[]string{"jobs"}, gen.JobPage{Items: []gen.Job{{ID: 4, Code: "unknown_tax"}}}, "GET /jobs", "unknown_tax"},
		{[]string{"jobs", "counts", "--instance", "shop"}, gen.JobCounts{States: map[string]int{"parked": 3}, Groups: []gen.JobGroup{{Code: "unknown_tax", Count: 3}}}, "GET /jobs/counts", "unknown_tax"},
		{[]string{"logs"}, gen.LogPage{Items: []gen.Log{{ID: 4, Message: "hello"}}}, "GET /logs", "hello"},
		{[]string{"webhooks", "deliveries", "--topic", "order.updated", "--from", "2026-01-31"}, gen.WebhookDeliveryPage{Items: []gen.WebhookDelivery{{ID: 4, WooID: "7", Reason: "away"}}}, "GET /webhook-deliveries", "away"},
		{[]string{"webhooks", "replay", "4"}, gen.WebhookDelivery{ID: 4, Topic: "order.updated", WooID: "7"}, "POST /webhook-deliveries/4/replay", "delivery 4: order.updated 7 is read again"},
		{[]string{"webhooks", "replay", "--instance", "shop", "--state", "failed", "--yes"}, gen.ReplayedWebhookDeliveries{Count: 3}, "POST /webhook-deliveries/replay", "3 deliveries of shop are read again"},
		{[]string{"webhooks", "replay", "--instance", "shop", "--yes"}, gen.ReplayedWebhookDeliveries{}, "POST /webhook-deliveries/replay", "nothing to replay"},
		{[]string{"ledger", "products", "list", "--search", "phone"}, gen.LedgerProductPage{Items: []gen.LedgerProduct{{ID: "12", SKU: "PHONE-1"}}}, "GET /ledger/products", "PHONE-1"},
		{[]string{"ledger", "products", "show", "12"}, gen.LedgerProduct{ID: "12"}, "GET /ledger/products/12", `"id": "12"`},
		{[]string{"ledger", "products", "create", "--name", "Phone", "--price", "299", "--currency", "EUR", "--track-stock", "--category", "3,4"}, gen.LedgerProduct{ID: "12"}, "POST /ledger/products", `"id": "12"`},
		{[]string{"ledger", "products", "edit", "12", "--sku", "P-2"}, gen.LedgerProduct{ID: "12"}, "PATCH /ledger/products/12", `"id": "12"`},
		{[]string{"ledger", "partners", "create", "--first-name", "Ada", "--company"}, gen.LedgerPartner{ID: "7"}, "POST /ledger/partners", `"id": "7"`},
		{[]string{"ledger", "terms", "list", "category"}, gen.LedgerTermPage{Items: []gen.LedgerTerm{{ID: "3", Name: "Phones"}}}, "GET /ledger/terms/category", "Phones"},
		{[]string{"ledger", "terms", "edit", "category", "3", "--name", "Mobiles"}, gen.LedgerTerm{ID: "3"}, "PATCH /ledger/terms/category/3", `"id": "3"`},
		{[]string{"ledger", "deliveries", "list", "31"}, gen.LedgerDeliveryList{Items: []gen.LedgerDelivery{{ID: "12", Number: "OUT/00012", TrackingNumber: "JD0146"}}}, "GET /ledger/orders/31/deliveries", "JD0146"},
		{[]string{"ledger", "deliveries", "ship", "31", "--line", "1:2", "--carrier", "DHL"}, gen.LedgerDelivery{ID: "12"}, "POST /ledger/orders/31/deliveries", `"id": "12"`},
		{[]string{"ledger", "deliveries", "track", "12", "--tracking-number", "JD0147"}, gen.LedgerDelivery{ID: "12"}, "PUT /ledger/deliveries/12/tracking", `"id": "12"`},
		{[]string{"stock", "explain", "myshop", "4012"}, gen.StockExplanation{Quantity: "7", Field: "free", Store: gen.StoreStock{Counted: true, Quantity: "9"}, Tracked: true}, "GET /instances/myshop/stock/4012", "is to show 7, and shows 9"},
		{[]string{"ledger", "stock", "list", "--warehouse", "WH"}, gen.LedgerStockPage{Items: []gen.LedgerStock{{Product: "12/34", OnHand: "25"}}}, "GET /ledger/stock", "12/34"},
		{[]string{"ledger", "stock", "count", "12", "25", "13/35", "4"}, nil, "POST /ledger/stock-counts", "2 counted"},
		{[]string{"version"}, nil, "", "dev"},
	} {
		stub := startAPI(t, c.reply)
		stdout, stderr, code := program(t, c.args...)
		require.Zero(t, code, "%v: %s", c.args, stderr)
		require.Equal(t, c.call, stub.path, c.args)
		require.Contains(t, stdout, c.says, c.args)
		stdout, _, _ = program(t, append(c.args, "--json")...)
		document(t, stdout)
	}
}

func TestSchedulesAreNamedByStoreAndKind(t *testing.T) {
	schedules := gen.ScheduleList{Items: []gen.Schedule{
		{ID: firstID, Instance: "shop", Kind: "catalogue_import"}, {ID: secondID, Instance: "shop", Kind: "order_import", Reason: "the keys are refused", State: gen.ScheduleStatePaused},
		{ID: thirdID, Instance: "other", Kind: "order_import"},
	}}
	for _, c := range []struct {
		args []string
		call string
		code int
	}{
		{[]string{"pause", "shop", "order_import"}, "POST /schedules/" + secondID + "/pause", 0},
		{[]string{"resume", "other"}, "POST /schedules/" + thirdID + "/resume", 0},
		{[]string{"run", firstID}, "POST /schedules/" + firstID + "/run", 0},
		{[]string{"set", "other", "--every", "10m"}, "PUT /schedules/" + thirdID, 0},
		{[]string{"delete", "other"}, "DELETE /schedules/" + thirdID, 0},
		{[]string{"pause", "shop"}, "GET /schedules", exitUsage},
		{[]string{"pause", "none"}, "GET /schedules", exitFailure},
	} {
		stub := startAPI(t, gen.Schedule{ID: thirdID, Instance: "other"})
		stub.on("GET /schedules", schedules)
		stdout, _, code := program(t, append([]string{"schedule"}, c.args...)...)
		require.Equal(t, c.code, code, c.args)
		require.Equal(t, c.call, stub.path, c.args)
		require.Equal(t, code == 0, stdout != "", "what was done is said: %v", c.args)
	}
	stub := startAPI(t, nil)
	stub.on("GET /schedules", schedules)
	stdout, _, _ := program(t, "schedule", "list")
	require.Contains(t, stdout, "the keys are refused")
}

func TestProcessJobsByFilter(t *testing.T) {
	stub := startAPI(t, nil)
	stub.on("POST /jobs/process", gen.ProcessedJobs{Count: 14, Operation: firstID})
	stub.on("GET /operations/"+firstID, ended(gen.OperationStateDone, 0, 0))
	_, stderr, code := program(t, "jobs", "process", "--instance", "shop", "--state", "parked", "--code", "unknown_currency")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "process 14 jobs of shop: repeat with --yes")
	require.JSONEq(t, `{"instance":"shop","states":["parked"],"code":"unknown_currency","dry_run":true}`, string(stub.body))

	_, stderr, code = program(t, "jobs", "process", "--instance", "shop", "--code", "unknown_currency", "--yes")
	require.Zero(t, code, stderr)
	require.Equal(t, []string{"POST /jobs/process", "POST /jobs/process", "GET /operations/" + firstID, "GET /operations/" + firstID}, stub.asked[1:])

	stub = startAPI(t, ended(gen.OperationStateDone, 0, 0))
	_, _, code = program(t, "jobs", "process", "4711")
	require.Zero(t, code)
	require.Equal(t, "POST /jobs/4711/process", stub.asked[0])
}

func TestRetryOrdersByFilter(t *testing.T) {
	stub := startAPI(t, nil)
	stub.on("POST /orders/retry", gen.OrderCommands{Matched: 2, Accepted: 2})
	_, stderr, code := program(t, "orders", "retry", "shop", "--code", "no_stock")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "retry 2 orders of shop: repeat with --yes")
	require.JSONEq(t, `{"instance":"shop","states":["blocked"],"code":"no_stock","dry_run":true}`, string(stub.body))
	stdout, _, code := program(t, "orders", "retry", "shop", "--code", "no_stock", "--yes")
	require.Zero(t, code)
	require.Contains(t, stdout, "2 of 2 orders of shop: told to try again")
	require.JSONEq(t, `{"instance":"shop","states":["blocked"],"code":"no_stock"}`, string(stub.body))

	stub.on("POST /orders/cancel", gen.OrderCommands{Matched: 2, Accepted: 1, Refused: []gen.OrderRefusal{{WooID: "7", Reason: "it has ended"}}})
	stdout, _, code = program(t, "orders", "cancel", "shop", "--yes")
	require.Equal(t, exitTrouble, code)
	require.Contains(t, stdout, "order 7: it has ended")
}

func TestPauseOrdersByState(t *testing.T) {
	stub := startAPI(t, gen.Order{})
	stub.on("GET /orders", gen.OrderPage{Items: []gen.Order{{WooID: "1", Code: "x"}, {WooID: "2"}, {WooID: "3", Code: "x"}}})
	stdout, _, code := program(t, "orders", "pause", "shop", "--code", "x", "--yes")
	require.Zero(t, code)
	require.Contains(t, stdout, "1, 3 of shop")
	require.Equal(t, []string{"GET /orders", "POST /orders/shop/1/pause", "POST /orders/shop/3/pause"}, stub.asked)
}

func TestAFilterIsWhatTheFlagsSay(t *testing.T) {
	for _, c := range []struct {
		args []string
		want flow.Filter
	}{
		{nil, flow.Filter{Kind: flow.All}},
		{[]string{"--changes"}, flow.Filter{Kind: flow.Changes}},
		{[]string{"--ids", "1,2"}, flow.Filter{Kind: flow.IDs, IDs: []string{"1", "2"}}},
		{[]string{"--from", "2026-01-01"}, flow.Filter{Kind: flow.Range, From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}},
	} {
		stub := startAPI(t, gen.Operation{ID: firstID})
		stdout, _, code := program(t, append([]string{"sync", "shop", "--detach"}, c.args...)...)
		require.Zero(t, code)
		require.Equal(t, firstID+"\n", stdout)
		var sent gen.NewOperation
		require.NoError(t, json.Unmarshal(stub.body, &sent))
		require.Equal(t, c.want, sent.Filter)
	}
}

package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
)

func transferOf(entity string, more map[string]any) map[string]any {
	body := map[string]any{"instances": []string{"demo"}, "entity": entity}
	for name, value := range more {
		body[name] = value
	}
	return body
}

// S30, S31: records are pulled by either side's ids, and only when they are linked; the others are named, each with what to do.
func TestPull(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.landed(h.importAll("product"), "product",
		flow.Result{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "51", After: "d1"}},
		flow.Result{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Created, ID: "52", After: "d2"}})
	h.call("PUT", "/links/demo/product/2", map[string]string{"erp_id": "4711"}).is(http.StatusOK)
	pull := func(more map[string]any) gen.Transfers {
		t.Helper()
		return decode[gen.Transfers](h.call("POST", "/pull", transferOf("product", more)).is(http.StatusAccepted))
	}
	h.runs.calls = nil
	found := pull(map[string]any{"woo_ids": []string{"1", "3"}, "dry_run": true})
	require.Equal(t, 1, found.Count)
	require.Empty(t, found.Operations)
	require.Empty(t, h.runs.calls, "counting starts nothing")
	require.Equal(t, []string{"demo", "3", "not_linked"}, []string{found.Refused[0].Instance, found.Refused[0].WooID, found.Refused[0].Code})
	require.Contains(t, found.Refused[0].Reason, "tandem links set")

	for name, c := range map[string]struct {
		more map[string]any
		ids  []string
	}{
		"by the store's ids": {map[string]any{"woo_ids": []string{"1", "3"}}, []string{"1"}},
		"by the ERP's ids":   {map[string]any{"erp_ids": []string{"4711", "99", "51"}}, []string{"2", "1"}},
		"by state":           {map[string]any{"state": "unsynchronised"}, []string{"2"}},
	} {
		done := pull(c.more)
		require.Len(t, done.Operations, 1, name)
		require.Equal(t, flow.Filter{Kind: flow.IDs, IDs: c.ids, Overwrite: true}, done.Operations[0].Filter, name)
		require.Equal(t, gen.OperationDirection("import"), done.Operations[0].Direction)
		require.Contains(t, h.runs.calls, "start "+done.Operations[0].ID)
	}
}

func TestPush(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.landed(h.importAll("product"), "product", flow.Result{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "51", After: "d1"}})
	byERP := transferOf("product", map[string]any{"erp_ids": []string{"51", "60"}})
	h.call("POST", "/push", byERP).fields(http.StatusUnprocessableEntity, "instances[0]")
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"export": map[string]any{"products": true}}}).is(http.StatusOK)

	done := decode[gen.Transfers](h.call("POST", "/push", byERP).is(http.StatusAccepted))
	require.Equal(t, []string{"51", "60"}, done.Operations[0].Filter.IDs, "what the store does not have is created there")
	require.Equal(t, gen.OperationDirection("export"), done.Operations[0].Direction)
	byStore := transferOf("product", map[string]any{"woo_ids": []string{"1", "7"}})
	done = decode[gen.Transfers](h.call("POST", "/push", byStore).is(http.StatusAccepted))
	require.Equal(t, []string{"51"}, done.Operations[0].Filter.IDs)
	require.Equal(t, "7", done.Refused[0].WooID)

	chosen := transferOf("product", map[string]any{"erp_ids": []string{"51"}, "parts": []string{"price", "stock"}})
	h.call("POST", "/push", chosen).fields(http.StatusUnprocessableEntity, "instances[0]") // the push of stock is switched off
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"stock": map[string]any{"auto_update": true}}}).is(http.StatusOK)
	done = decode[gen.Transfers](h.call("POST", "/push", chosen).is(http.StatusAccepted))
	require.Equal(t, []string{"price", "stock"}, done.Operations[0].Filter.Parts)
	require.Equal(t, []string{"product", "stock"}, done.Operations[0].Entities)

	plan := map[string]any{"instance": "demo", "entity": "product", "erp_ids": []string{"51", "52", "53"}, "limit": 2}
	first := decode[gen.PushPlan](h.call("POST", "/push/plan", plan).is(http.StatusOK))
	require.Equal(t, []any{3, 2, "2"}, []any{first.Count, len(first.Items), first.Next})
	plan["after"] = first.Next
	rest := decode[gen.PushPlan](h.call("POST", "/push/plan", plan).is(http.StatusOK))
	require.Equal(t, []any{"53", ""}, []any{rest.Items[0].ERPID, rest.Next})

	for name, c := range map[string]struct {
		body  map[string]any
		field string
	}{
		"no way":              {transferOf("product", nil), "woo_ids"},
		"two ways":            {transferOf("product", map[string]any{"woo_ids": []string{"1"}, "state": "synchronised"}), "woo_ids"},
		"unknown":             {transferOf("planet", map[string]any{"erp_ids": []string{"1"}}), "entity"},
		"no id":               {transferOf("product", map[string]any{"erp_ids": []string{"nine"}}), "erp_ids"},
		"not exported":        {transferOf("tax", map[string]any{"erp_ids": []string{"1"}}), "entity"},
		"parts of a customer": {transferOf("customer", map[string]any{"erp_ids": []string{"1"}, "parts": []string{"price"}}), "parts"},
		"ids of two stores":   {map[string]any{"instances": []string{"demo", "other"}, "entity": "product", "woo_ids": []string{"1"}}, "woo_ids"},
	} {
		t.Run(name, func(t *testing.T) {
			h.in(t).call("POST", "/push", c.body).fields(http.StatusUnprocessableEntity, c.field)
		})
	}
}

// What owners keep back is said before anything moves, and forcing is said to whoever moves it.
func TestTransfersSayWhoOwnsWhat(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.landed(h.importAll("product"), "product", flow.Result{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "51", After: "d1"}})
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"ownership": map[string]any{"product": map[string]any{"price": "shop"}}}}).
		fields(http.StatusUnprocessableEntity, "config.ownership.product.price")
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{
		"export": map[string]any{"products": true}, "ownership": map[string]any{"product": map[string]any{"price": "erp", "basic": "store"}},
	}}).is(http.StatusOK)
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"ownership": map[string]any{"product": map[string]any{"status": "ask"}}}}).is(http.StatusOK)
	for path, kept := range map[string]string{"/push": "basic", "/pull": "price"} {
		wanted := transferOf("product", map[string]any{"woo_ids": []string{"1"}, "dry_run": true})
		found := decode[gen.Transfers](h.call("POST", path, wanted).is(http.StatusAccepted))
		require.Equal(t, []string{kept, "status"}, []string{found.Owners[0].Part, found.Owners[1].Part}, "%s: one setting leaves the others", path)
		wanted["force"], wanted["dry_run"] = true, false
		done := decode[gen.Transfers](h.call("POST", path, wanted).is(http.StatusAccepted))
		require.Empty(t, done.Owners)
		require.True(t, done.Operations[0].Filter.Force)
	}
	plan := decode[gen.PushPlan](h.call("POST", "/pull/plan", map[string]any{"instance": "demo", "entity": "product", "woo_ids": []string{"1", "9"}}).is(http.StatusOK))
	require.Equal(t, []any{1, "1", 1, "9"}, []any{plan.Count, plan.Items[0].WooID, len(plan.Items[0].Kept), plan.Refused[0].WooID})
	h.call("POST", "/operations", map[string]any{"instances": []string{"demo"}, "entities": []string{"product"}, "filter": map[string]any{"kind": "all", "force": true}}).
		fields(http.StatusUnprocessableEntity, "filter.overwrite")
}

package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
)

// stubLinker refuses pairs by the ERP's id, and notes those that it linked.
type stubLinker struct {
	refused map[string]error
	linked  []string // "instance/entity/woo_id=erp_id"
	err     error
}

func (l *stubLinker) Link(_ context.Context, instance, entity string, pairs []mapping.Pair, check bool) ([]error, error) {
	errs := make([]error, len(pairs))
	for i, p := range pairs {
		if errs[i] = l.refused[p.ERPID]; errs[i] == nil && !check {
			l.linked = append(l.linked, instance+"/"+entity+"/"+p.WooID+"="+p.ERPID)
		}
	}
	return errs, l.err
}

func pairOf(entity, wooID, erpID string) map[string]string {
	return map[string]string{"instance": "demo", "entity": entity, "woo_id": wooID, "erp_id": erpID}
}

func states(r gen.LinkResults) (list []string) {
	for _, one := range r.Results {
		list = append(list, string(one.State)+" "+one.Code)
	}
	return list
}

// S40: many pairs at once, each with its own instance and its own answer; one that cannot be linked holds up all, unless it is skipped.
func TestLinkingPairs(t *testing.T) {
	h := newHarness(t)
	h.active()
	h.linker.refused = map[string]error{"99": &fault.Error{Kind: fault.Conflict, Code: "linked_elsewhere", Message: "it is linked to product 4: unlink it first"}}
	h.landed(h.importAll("order"), "order",
		flow.Result{Record: flow.Record{ID: "70"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_product", Reason: "map product 1", Waits: keys("demo/product/1")}})
	elsewhere := pairOf("product", "5", "50")
	elsewhere["instance"] = "none"
	wanted := map[string]any{"links": []any{pairOf("product", "1", "11"), pairOf("product", "2", "99"), pairOf("tag", "3", "13"), pairOf("order", "4", "14"), elsewhere}}
	link := func() gen.LinkResults {
		t.Helper()
		return decode[gen.LinkResults](h.call("POST", "/links", wanted).is(http.StatusOK))
	}
	done := link()
	require.Equal(t, []string{"valid ", "refused linked_elsewhere", "valid ", "refused invalid", "refused invalid"}, states(done))
	require.Equal(t, "it is linked to product 4: unlink it first", done.Results[1].Reason)
	require.Contains(t, done.Results[3].Reason, "order cannot be linked: there are category, tag")
	require.Contains(t, done.Results[4].Reason, `there is no instance "none"`)
	require.Equal(t, []int{0, 3}, []int{done.Linked, done.Refused})
	require.Empty(t, h.linker.linked, "nothing is linked unless all can be")

	wanted["skip_invalid"], wanted["dry_run"] = true, true
	require.Zero(t, link().Linked)
	require.Empty(t, h.linker.linked)
	wanted["dry_run"] = false
	done = link()
	require.Equal(t, []string{"linked ", "refused linked_elsewhere", "linked ", "refused invalid", "refused invalid"}, states(done))
	require.Equal(t, []string{"demo/product/1=11", "demo/tag/3=13"}, h.linker.linked)
	require.Equal(t, 1, done.Woken, "the order waited for the product")
	require.Len(t, done.Operations, 1)

	h.linker.err = fault.New(fault.Unavailable, "the store does not answer")
	h.call("POST", "/links", wanted).problem(http.StatusServiceUnavailable)
	h.call("POST", "/links", map[string]any{"links": []any{}}).fields(http.StatusUnprocessableEntity, "links")
}

func TestLinksAsAFile(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.landed(h.importAll("product"), "product", flow.Result{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "=1+1", After: "d1"}})
	answer := h.call("GET", "/links/csv?instance=demo&entity=product&state=synchronised", nil).is(http.StatusOK)
	require.Equal(t, "text/csv", answer.Header().Get("Content-Type"))
	lines := strings.Split(answer.Body.String(), "\n")
	require.Equal(t, "instance,entity,woo_id,erp_id,state,store_state,last_synced_at", lines[0])
	require.True(t, strings.HasPrefix(lines[1], "demo,product,1,'=1+1,synchronised,,20"), lines[1])
	h.call("GET", "/links/csv?entity=planet", nil).fields(http.StatusUnprocessableEntity, "entity")

	upload := func(query, text string) reply {
		return h.call("POST", "/links/csv"+query, text, "Content-Type", "text/csv")
	}
	file := "instance,entity,woo_id,erp_id\ndemo,product,1,11\ndemo,product,,12\n"
	done := decode[gen.LinkResults](upload("", file).is(http.StatusOK))
	require.Equal(t, []string{"valid ", "refused unreadable"}, states(done))
	require.Equal(t, []int{2, 3}, []int{done.Results[0].Line, done.Results[1].Line})
	require.Equal(t, "woo_id is empty", done.Results[1].Reason)
	require.Empty(t, h.linker.linked)
	require.Zero(t, decode[gen.LinkResults](upload("?skip_invalid=true&dry_run=true", file).is(http.StatusOK)).Linked)
	require.Equal(t, 1, decode[gen.LinkResults](upload("?skip_invalid=true", file).is(http.StatusOK)).Linked)
	require.Equal(t, []string{"demo/product/1=11"}, h.linker.linked)

	require.Contains(t, upload("", "a,b\n").problem(http.StatusUnprocessableEntity).Detail, "the column instance is missing")
	require.Contains(t, upload("", "instance,entity,woo_id,erp_id\n"+strings.Repeat("demo,product,,1\n", 501)).problem(http.StatusUnprocessableEntity).Detail, "more than 500 lines")
	upload("", strings.Repeat("x", 1<<20+1)).problem(http.StatusRequestEntityTooLarge)
}

// matching makes a matching of products that is done: one match, one in conflict with two.
func (h *harness) matching() string {
	h.t.Helper()
	op := decode[gen.Operation](h.call("POST", "/matches", map[string]any{"instances": []string{"demo"}, "entities": []string{"product"}, "rules": []string{"sku"}}).is(http.StatusAccepted))
	ctx := context.WithoutCancel(h.t.Context())
	require.NoError(h.t, h.db.SetOperationState(ctx, op.ID, db.OperationRunning, "", ""))
	lease, err := h.db.ClaimProgress(ctx, db.Attempt{Operation: op.ID, Instance: "demo", Entity: "product", Direction: flow.Match, Started: time.Now()})
	require.NoError(h.t, err)
	record := func(side, id, sku string) db.MatchRecord {
		return db.MatchRecord{Side: side, ID: id, Label: "Lamp " + id, Keys: map[string][]string{"sku": {sku}}}
	}
	require.NoError(h.t, h.db.AddMatchRecords(ctx, lease, []db.MatchRecord{
		record(db.StoreSide, "1", "a"), record(db.StoreSide, "2", "b"), record(db.ERPSide, "11", "a"), record(db.ERPSide, "12", "b"), record(db.ERPSide, "13", "b"),
	}))
	require.NoError(h.t, h.db.CompareMatchRecords(ctx, lease, []db.MatchRule{{Name: "sku"}}))
	return op.ID
}

func (h *harness) walkMatching() {
	h.t.Helper()
	id := h.matching()
	h.call("GET", "/matches/"+id+"?entity=product&limit=2", nil).is(http.StatusOK)
	h.call("GET", "/matches/"+id+"/counts", nil).is(http.StatusOK)
	require.NoError(h.t, h.db.SetOperationState(h.t.Context(), id, db.OperationDone, "", ""))
	h.call("POST", "/matches/"+id+"/link", map[string]any{}).is(http.StatusAccepted)
}

// A matching is looked at page by page, and linked whole or in part, once it is done.
func TestMatching(t *testing.T) {
	h := newHarness(t)
	h.connected()
	id := h.matching()
	op := decode[gen.Operation](h.call("GET", "/operations/"+id, nil).is(http.StatusOK))
	require.Equal(t, gen.OperationDirection("match"), op.Direction)
	require.Equal(t, []string{"sku"}, op.Filter.Rules)
	require.Contains(t, h.runs.calls, "start "+id)

	list := decode[gen.MatchPage](h.call("GET", "/matches/"+id, nil).is(http.StatusOK)).Items
	require.Equal(t, gen.Match{Instance: "demo", Entity: "product", Side: "store", Outcome: "match", WooID: "1", ERPID: "11", Label: "Lamp 1", Rule: "sku"}, list[0])
	require.Equal(t, gen.Match{Instance: "demo", Entity: "product", Side: "store", Outcome: "conflict", WooID: "2", Label: "Lamp 2", Rule: "sku", Others: []string{"12", "13"}}, list[1])
	require.Equal(t, gen.Match{Instance: "demo", Entity: "product", Side: "erp", Outcome: "conflict", ERPID: "12", Label: "Lamp 12", Rule: "sku", Others: []string{"2"}}, list[2])
	require.Len(t, decode[gen.MatchPage](h.call("GET", "/matches/"+id+"?outcome=conflict&side=erp&instance=demo", nil).is(http.StatusOK)).Items, 2)
	require.Equal(t, []gen.MatchCount{
		{Instance: "demo", Entity: "product", Outcome: "conflict", Side: "store", Count: 1}, {Instance: "demo", Entity: "product", Outcome: "conflict", Side: "erp", Count: 2},
		{Instance: "demo", Entity: "product", Outcome: "match", Side: "store", Count: 1},
	}, decode[gen.MatchCounts](h.call("GET", "/matches/"+id+"/counts", nil).is(http.StatusOK)).Items)

	h.call("POST", "/matches/"+id+"/link", map[string]any{}).problem(http.StatusConflict)
	require.NoError(t, h.db.SetOperationState(t.Context(), id, db.OperationDone, "", ""))
	linking := decode[gen.Operation](h.call("POST", "/matches/"+id+"/link", map[string]any{"woo_ids": []string{"1"}}).is(http.StatusAccepted))
	require.Equal(t, gen.OperationDirection("link"), linking.Direction)
	require.Equal(t, flow.Filter{Kind: flow.IDs, IDs: []string{"1"}, Matched: id}, linking.Filter)
	h.call("POST", "/matches/"+id+"/link", map[string]any{"entity": "customer"}).fields(http.StatusUnprocessableEntity, "entity")
	h.call("POST", "/matches/"+id+"/link", map[string]any{"woo_ids": []string{"one"}}).fields(http.StatusUnprocessableEntity, "entities[0]")
}

func TestMatchingsThatAreRefused(t *testing.T) {
	h := newHarness(t)
	h.connected()
	request := func(entities, rules []string) map[string]any {
		return map[string]any{"instances": []string{"demo"}, "entities": entities, "rules": rules}
	}
	h.call("POST", "/matches", request([]string{"order"}, []string{"sku"})).fields(http.StatusUnprocessableEntity, "entities[0]")
	h.call("POST", "/matches", request([]string{"product", "customer"}, []string{"sku"})).fields(http.StatusUnprocessableEntity, "entities[1]")
	h.call("POST", "/matches", request([]string{"product"}, []string{"sku", "colour"})).fields(http.StatusUnprocessableEntity, "rules[1]")
	h.call("POST", "/matches", map[string]any{"instances": []string{"none"}}).fields(http.StatusUnprocessableEntity, "instances[0]")
	op := h.importAll("product")
	for _, path := range []string{"/matches/" + op.ID, "/matches/" + op.ID + "/counts"} {
		h.call("GET", path, nil).problem(http.StatusNotFound)
	}
	h.call("POST", "/matches/"+op.ID+"/link", map[string]any{}).problem(http.StatusNotFound)
	h.call("POST", "/operations", map[string]any{"instances": []string{"demo"}, "filter": map[string]any{"kind": "all", "rules": []string{"sku"}}}).
		fields(http.StatusUnprocessableEntity, "filter.rules")
	all := decode[gen.Operation](h.call("POST", "/matches", map[string]any{"instances": []string{"demo"}}).is(http.StatusAccepted))
	require.Equal(t, []string{"category", "tag", "brand", "attribute", "shipping_class", "product", "customer", "coupon"}, all.Entities)
}

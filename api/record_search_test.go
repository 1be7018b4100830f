package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

func (h *harness) search(text string) gen.RecordSearch {
	h.t.Helper()
	return decode[gen.RecordSearch](h.call("GET", "/records/search?q="+url.QueryEscape(text), nil).is(http.StatusOK))
}

// kept writes what a worker keeps of records before it lands them.
func (h *harness) kept(id, entity string, records ...flow.Record) {
	h.t.Helper()
	o, _, err := h.db.CreateOperation(h.t.Context(), db.Operation{Kind: "import", Direction: "import", Instances: []string{id}, Entities: []string{entity}, Trigger: "api"})
	require.NoError(h.t, err)
	_, err = h.db.StartPage(h.t.Context(), db.PageStart{Operation: o.ID, Instance: id, Entity: entity, Records: records})
	require.NoError(h.t, err)
}

func TestSearchSaysWhatBecameOfARecord(t *testing.T) {
	h := newHarness(t)
	h.active()
	results := map[string]flow.Outcome{
		"parked":  {Status: flow.Parked, Code: "unknown_tax", Reason: "tax 9 is not there yet"},
		"failed":  {Status: flow.Failed, Code: "missing_date", Reason: "the order has no date"},
		"waiting": {Status: flow.Parked, Code: "unknown_tax"},
		"gone":    {Status: flow.Created, ID: "1", After: "d"}, "held": {Status: flow.Created, ID: "2", After: "d"},
		"changed": {Status: flow.Created, ID: "3", After: "d"}, "landed": {Status: flow.Created, ID: "4", After: "d"},
		"seen": {Status: flow.Failed, Code: "x"},
	}
	ids := map[string]string{}
	var landed []flow.Result
	for name, o := range results {
		ids[name] = fmt.Sprint(101 + len(ids))
		o.Key = keys("demo/order/" + ids[name])[0]
		landed = append(landed, flow.Result{Record: flow.Record{ID: ids[name]}, Outcome: o})
	}
	h.landed(h.importAll("order"), "order", landed...)
	h.exec(`UPDATE tandem.queue_jobs SET state = 'waiting' WHERE woo_id = $1`, ids["waiting"])
	h.exec(`UPDATE tandem.queue_jobs SET state = 'done', outcome = 'superseded' WHERE woo_id = $1`, ids["seen"])
	h.exec(`UPDATE tandem.links SET store_state = 'trashed' WHERE woo_id = $1`, ids["gone"])
	h.exec(`UPDATE tandem.links SET state = 'unsynchronised', erp_changed_at = now() WHERE woo_id = $1`, ids["changed"])
	h.exec(`INSERT INTO tandem.order_runs (instance, woo_id, erp_id, state, plan, code, reason) VALUES ('demo', $1, '2', 'blocked', '{}', 'no_stock', '2 are missing')`, ids["held"])

	for name, want := range map[string]gen.FoundRecord{
		"parked": {Code: "unknown_tax", Reason: "tax 9 is not there yet"}, "failed": {Code: "missing_date", Reason: "the order has no date"},
		"waiting": {Code: "unknown_tax"}, "gone": {Code: "trashed", ERPID: "1"}, "held": {Code: "no_stock", Reason: "2 are missing", ERPID: "2"},
		"changed": {Code: "erp", ERPID: "3"}, "landed": {ERPID: "4"}, "seen": {Code: "x"},
	} {
		found := h.search("#" + ids[name])
		require.Len(t, found.Items, 1, name)
		got := found.Items[0]
		require.NotZero(t, got.Job)
		require.Equal(t, want.ERPID != "", !got.LastSyncedAt.IsZero(), name)
		want.Instance, want.Entity, want.WooID, want.State = "demo", "order", ids[name], gen.RecordState(name)
		want.Job, want.LastSyncedAt = got.Job, got.LastSyncedAt
		require.Equal(t, want, got)
	}
	require.Empty(t, h.store.askedFor(), "of what is known, no store is asked")
}

func TestSearchByName(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.call("PATCH", "/instances/demo", map[string]any{"config": map[string]any{"order": map[string]any{"prefix": "WEB-"}}}).is(http.StatusOK)
	h.kept("demo", "order", flow.Record{ID: "9", Raw: []byte(`{}`), Names: []string{"5009", "Ann@example.com"}})
	h.kept("demo", "product", flow.Record{ID: "12", Raw: []byte(`{}`), Names: []string{"MUG", "MUG-RED"}})
	for _, text := range []string{"5009", "#5009", "WEB-5009", "web-5009", " ann@EXAMPLE.com "} {
		found := h.search(text)
		require.Len(t, found.Items, 1, text)
		require.Equal(t, "9", found.Items[0].WooID, text)
		require.Equal(t, gen.RecordStateWaiting, found.Items[0].State, "its page is being landed")
	}
	require.Equal(t, "12", h.search("mug-red").Items[0].WooID)
	require.NotContains(t, h.log.String(), "nn@", "the log of requests holds no names")
	require.NotContains(t, h.log.String(), "mug-red")

	many := make([]flow.Record, 60)
	for i := range many {
		many[i] = flow.Record{ID: fmt.Sprint(1000 + i), Raw: []byte(`{}`), Names: []string{"till@example.com"}}
	}
	h.kept("demo", "order", many...)
	found := h.search("till@example.com")
	require.Len(t, found.Items, 50)
	require.True(t, found.More)
	require.Equal(t, "1059", found.Items[0].WooID)
}

func TestSearchAsksTheStoresOfWhatNothingIsKnown(t *testing.T) {
	h := newHarness(t)
	h.connected()
	for _, id := range []string{"away", "draft"} {
		body := newInstance()
		body["id"] = id
		h.call("POST", "/instances", body).is(http.StatusCreated)
	}
	h.exec(`UPDATE tandem.instances SET state = 'connected' WHERE id = 'away'`)
	filtered := entity.StoreRecord{Entity: "order", ID: "77", State: "filtered", Code: "order_status", Reason: "its status is pending", Field: "config.order.statuses"}
	h.store.find = func(ctx context.Context, in instance.Instance, text string) ([]entity.StoreRecord, error) {
		deadline, bounded := ctx.Deadline()
		require.True(t, bounded)
		require.LessOrEqual(t, time.Until(deadline), 10*time.Second)
		switch {
		case in.ID == "away":
			return nil, fault.New(fault.Unavailable, "the store does not answer")
		case text == "77":
			return []entity.StoreRecord{filtered}, nil
		case text == "OLD":
			return []entity.StoreRecord{{Entity: "product", ID: "12", State: "not_imported"}, {Entity: "product", ID: "13", State: "not_imported"}}, nil
		}
		return nil, nil
	}

	found := h.search("77")
	require.Equal(t, []gen.FoundRecord{{Instance: "demo", Entity: "order", WooID: "77", State: "filtered", Code: "order_status", Reason: "its status is pending", Field: "config.order.statuses"}}, found.Items)
	require.Equal(t, []gen.UnansweredStore{{Instance: "away", Code: fault.Unavailable, Reason: "the store does not answer"}}, found.Unanswered)
	require.Equal(t, []string{"draft"}, found.NotAsked)
	require.Empty(t, found.NotInStore)
	require.ElementsMatch(t, []string{"demo 77", "away 77"}, h.store.askedFor(), "each store once")

	local := decode[gen.RecordSearch](h.call("GET", "/records/search?q=77&local_only=true", nil).is(http.StatusOK))
	require.Empty(t, local.Items)
	require.ElementsMatch(t, []string{"demo", "away", "draft"}, local.NotAsked)
	require.Empty(t, h.store.askedFor())

	require.Equal(t, []string{"demo"}, h.search("nobody@example.com").NotInStore)

	// A product that was read before there were names is known all the same; so is not the other one.
	h.kept("demo", "product", flow.Record{ID: "12", Raw: []byte(`{}`)})
	found = h.search("OLD")
	require.Len(t, found.Items, 2)
	require.Equal(t, gen.RecordStateWaiting, found.Items[0].State)
	require.Equal(t, gen.RecordStateNotImported, found.Items[1].State)

	// The id of a tag is no order's.
	h.kept("demo", "tag", flow.Record{ID: "77", Raw: []byte(`{}`)})
	found = h.search("77")
	require.Len(t, found.Items, 2)
	require.Equal(t, "tag", found.Items[0].Entity)
	require.Equal(t, "order", found.Items[1].Entity)
}

func TestSearchRefuses(t *testing.T) {
	h := newHarness(t)
	h.call("GET", "/records/search", nil).fields(http.StatusUnprocessableEntity, "q")
	h.call("GET", "/records/search?q=", nil).fields(http.StatusUnprocessableEntity, "q")
	h.call("GET", "/records/search?q=%20", nil).fields(http.StatusUnprocessableEntity, "q")
	h.call("GET", "/records/search?q="+strings.Repeat("x", 255), nil).problem(http.StatusUnprocessableEntity)
	h.token = h.newToken(db.ScopeViewer)
	require.Empty(t, h.search("nothing").Items)
}

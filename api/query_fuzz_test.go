package api_test

import (
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/flow"
)

// reads are the contract's GET operations that answer at once, by path.
func reads(f *testing.F) (paths []string, parameters map[string][]string) {
	f.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	require.NoError(f, err)
	parameters = map[string][]string{}
	for path, item := range doc.Paths.Map() {
		if item.Get == nil || strings.HasSuffix(path, "/events") || strings.HasPrefix(path, "/images/") {
			continue
		}
		paths = append(paths, path)
		for _, p := range slices.Concat(item.Parameters, item.Get.Parameters) {
			parameters[path] = append(parameters[path], p.Value.Name)
		}
	}
	slices.Sort(paths)
	return paths, parameters
}

var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// FuzzQueries: whatever an address and its query say, a read answers it or names the parameter at fault.
func FuzzQueries(f *testing.F) {
	h := startHarness(f)
	filled := h.fill()
	paths, parameters := reads(f)
	for i := range paths {
		for _, query := range []string{"", "limit=1", "after=MQ&limit=2", "instance=demo&entity=product&state=parked&state=failed", "from=2026-02-30T25:00:00Z&to=%zz",
			"limit=9223372036854775808&woo_id=%00&bucket=year&from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:60%2B24:00", "a=1;b=2&=&&status=\xff"} {
			f.Add(uint8(i), "", query)
		}
		f.Add(uint8(i), "..", "limit=")
		f.Add(uint8(i), "\x00/%2F", "after=§")
	}
	f.Fuzz(func(t *testing.T, which uint8, part, query string) {
		path := paths[int(which)%len(paths)]
		names := placeholder.FindAllStringSubmatch(path, -1)
		last := len(names) - 1
		address := path
		for i, name := range names {
			value := filled[name[1]]
			require.NotEmpty(t, value, "nothing stands for %s in %s", name[0], path)
			if i == last && part != "" {
				value = url.PathEscape(part)
			}
			address = strings.Replace(address, name[0], value, 1)
		}
		h := h.in(t)
		request := h.request("GET", "", nil)
		target, err := url.Parse("http://127.0.0.1/api/v1" + address)
		require.NoError(t, err)
		target.RawQuery = query
		request.URL = target
		requireAnswered(t, h.serve(request), query, parameters[path])
	})
}

// fill gives every list something to show, and what stands for each part of a path.
func (h *harness) fill() map[string]string {
	h.t.Helper()
	h.active()
	op := h.importAll("product")
	h.landed(op, "product", flow.Result{Record: flow.Record{ID: "1"}, Outcome: flow.Outcome{Status: flow.Created, ID: "5", After: "d1"}},
		flow.Result{Record: flow.Record{ID: "2"}, Outcome: flow.Outcome{Status: flow.Parked, Code: "unknown_tax", Reason: "map the tax"}},
		flow.Result{Record: flow.Record{ID: "3"}, Outcome: flow.Outcome{Status: flow.Failed, Code: "bad_price", Reason: "the price is not a number"}})
	h.landedOrder("70")
	h.landedOrder("71")
	schedule := h.call("POST", "/schedules", map[string]any{"instance": "demo", "kind": "catalogue_import", "every_seconds": 3600}).is(http.StatusCreated)
	jobs := decode[gen.JobPage](h.call("GET", "/jobs?instance=demo", nil).is(http.StatusOK)).Items
	_, err := h.db.ReceiveDelivery(h.t.Context(), db.NewDelivery{Instance: "demo", Topic: "order.updated", WooID: "70", Entity: "order", RecordID: "70", Digest: []byte("digest")})
	require.NoError(h.t, err)
	deliveries := decode[gen.WebhookDeliveryPage](h.call("GET", "/webhook-deliveries?instance=demo", nil).is(http.StatusOK)).Items
	walkLedger(h)
	layout := decode[gen.ReportLayout](h.call("POST", "/reports/layouts", map[string]string{"name": "Ours"}).is(http.StatusCreated))
	return map[string]string{
		"id": "1", "kind": "category", "digest": strings.Repeat("0", 64), "delivery": decimalText(deliveries[0].ID),
		"instance": "demo", "entity": "product", "woo_id": "1", "operation": op.ID, "job": decimalText(jobs[0].ID), "list": "1",
		"workflow": "default", "schedule": filepath.Base(schedule.location()), "layout": layout.ID,
	}
}

// requireAnswered requires that a read worked, or that the answer says what is wrong with it. A query that cannot be read
// in full, or names something twice, does not work.
func requireAnswered(t *testing.T, answer reply, query string, known []string) {
	t.Helper()
	values, broken := url.ParseQuery(query)
	twice := slices.ContainsFunc(slices.Collect(maps.Values(values)), func(all []string) bool { return len(all) > 1 })
	if answer.Code < http.StatusBadRequest {
		require.NoError(t, broken, "a part of the query was ignored: %s", answer.Body)
		require.False(t, twice, "one of two values was ignored: %s", answer.Body)
		return
	}
	require.Less(t, answer.Code, http.StatusInternalServerError, answer.Body.String())
	problem := answer.problem(answer.Code)
	if answer.Code != http.StatusUnprocessableEntity {
		return
	}
	require.NotEmpty(t, problem.Errors, answer.Body.String())
	for _, wrong := range problem.Errors {
		_, sent := values[wrong.Field]
		require.True(t, sent || broken != nil || slices.Contains(known, wrong.Field), answer.Body.String())
		require.NotEmpty(t, wrong.Message)
	}
}

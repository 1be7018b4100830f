package api_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
	"tandem/instance"
)

func TestSaleWorkflowRefusalsNameTheField(t *testing.T) {
	h := newHarness(t)
	for name, c := range map[string]struct {
		change map[string]any
		fields []string
	}{
		"no parent":          {map[string]any{"create_invoice": true, "confirm_shipment": true}, []string{"create_invoice", "confirm_shipment"}},
		"date, no invoice":   {map[string]any{"validate_order": true, "force_invoice_date": true}, []string{"force_invoice_date"}},
		"journal missing":    {map[string]any{"validate_order": true, "create_invoice": true, "register_payment": true}, []string{"payment_journal"}},
		"no payment":         {map[string]any{"payment_journal": "1"}, []string{"payment_journal"}},
		"unknown journal":    {paid("9", "manual"), []string{"payment_journal"}},
		"not a bank journal": {paid("2", "manual"), []string{"payment_journal"}},
		"unknown method":     {paid("1", "cheque"), []string{"payment_method"}},
		"id":                 {map[string]any{"id": "Not An Id", "validate_order": true}, []string{"id"}},
		"no step":            {nil, []string{"validate_order"}},
	} {
		t.Run(name, func(t *testing.T) {
			body := map[string]any{"id": "w", "name": "W"}
			maps.Copy(body, c.change)
			h.in(t).call("POST", "/sale-workflows", body).fields(http.StatusUnprocessableEntity, c.fields...)
		})
	}
}

// paid is a sale workflow up to the payment.
func paid(journal, method string) map[string]any {
	return map[string]any{
		"validate_order": true, "create_invoice": true, "register_payment": true, "payment_journal": journal, "payment_method": method,
	}
}

func TestSaleWorkflowsInUseStay(t *testing.T) {
	h := newHarness(t)
	h.connected()
	body := paid("1", "manual")
	body["id"], body["name"] = "w", "W"
	made := decode[instance.SaleWorkflow](h.call("POST", "/sale-workflows", body).is(http.StatusCreated))
	require.Equal(t, "1", made.PaymentJournal)
	h.call("POST", "/sale-workflows", body).problem(http.StatusConflict)
	h.call("PUT", "/sale-workflows/other", body).fields(http.StatusUnprocessableEntity, "id")

	h.call("PATCH", "/instances/demo", config("order", "workflows", []map[string]string{{"match": "processing", "workflow": "w"}})).is(http.StatusOK)
	h.call("DELETE", "/sale-workflows/w", nil).problem(http.StatusConflict)
	h.call("PATCH", "/instances/demo", config("order", "workflows", []any{})).is(http.StatusOK)
	h.call("DELETE", "/sale-workflows/w", nil).is(http.StatusNoContent)
	h.call("GET", "/sale-workflows/w", nil).problem(http.StatusNotFound)
}

func TestSchedulesAreKeptAndSetUp(t *testing.T) {
	h := newHarness(t)
	h.active()
	body := map[string]any{"instance": "demo", "kind": "order_import", "every_seconds": 300, "note": "every five minutes"}
	reply := h.call("POST", "/schedules", body).is(http.StatusCreated)
	made := decode[gen.Schedule](reply)
	require.True(t, made.Active, "by default")
	require.Len(t, h.plans.applied, 1)
	require.Equal(t, 5*time.Minute, h.plans.applied[0].Every)
	h.call("POST", "/schedules", body).problem(http.StatusConflict)

	at := reply.location()
	require.False(t, decode[gen.Schedule](h.call("POST", at+"/pause", nil).is(http.StatusOK)).Active)
	require.False(t, h.plans.applied[1].Active)
	resumed := decode[gen.Schedule](h.call("POST", at+"/resume", nil).is(http.StatusOK))
	require.True(t, resumed.Active)
	require.Empty(t, resumed.Note, "why it was paused is history")
	changed := decode[gen.Schedule](h.call("PUT", at, map[string]any{"every_seconds": 600, "note": "slower"}).is(http.StatusOK))
	require.Equal(t, 600, changed.EverySeconds)
	require.True(t, changed.Active, "a change does not pause")
	h.call("POST", at+"/run", nil).is(http.StatusAccepted)
	require.Equal(t, []string{made.ID}, h.plans.triggered)

	h.call("DELETE", at, nil).is(http.StatusNoContent)
	require.Equal(t, []string{made.ID}, h.plans.deleted)
	h.call("GET", at, nil).problem(http.StatusNotFound)
}

// TestSchedulesByCalendar runs at times of days, in the store's zone unless another is named, and back at an interval.
func TestSchedulesByCalendar(t *testing.T) {
	h := newHarness(t)
	h.active()
	weekdays := []string{"mon", "fri"}
	body := map[string]any{"instance": "demo", "kind": "order_import", "calendar": map[string]any{"times": []string{"06:30"}, "weekdays": weekdays}}
	reply := h.call("POST", "/schedules", body).is(http.StatusCreated)
	made := decode[gen.Schedule](reply)
	require.Zero(t, made.EverySeconds)
	require.Equal(t, instance.Calendar{Times: []string{"06:30"}, Weekdays: weekdays, TimeZone: made.Calendar.TimeZone}, made.Calendar)
	require.NotEmpty(t, made.Calendar.TimeZone)
	require.Equal(t, &made.Calendar, h.plans.applied[0].Calendar)

	at := reply.location()
	named := map[string]any{"times": []string{"18:00"}, "time_zone": "Asia/Tokyo"}
	changed := decode[gen.Schedule](h.call("PUT", at, map[string]any{"calendar": named}).is(http.StatusOK))
	require.Equal(t, instance.Calendar{Times: []string{"18:00"}, TimeZone: "Asia/Tokyo"}, changed.Calendar)
	require.Equal(t, changed.Calendar, decode[gen.Schedule](h.call("GET", at, nil).is(http.StatusOK)).Calendar)

	for field, bad := range map[string]map[string]any{
		"every_seconds":      {},
		"calendar":           {"every_seconds": 300, "calendar": named},
		"calendar.times":     {"calendar": map[string]any{"times": []string{"25:00"}}},
		"calendar.time_zone": {"calendar": map[string]any{"times": []string{"06:30"}, "time_zone": "Paris"}},
	} {
		h.call("PUT", at, bad).fields(http.StatusUnprocessableEntity, field)
	}
	back := decode[gen.Schedule](h.call("PUT", at, map[string]any{"every_seconds": 600}).is(http.StatusOK))
	require.Equal(t, 600, back.EverySeconds)
	require.Empty(t, back.Calendar.Times)
}

func TestSchedulesWithoutTemporal(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.plans.err = fault.New(fault.Unavailable, "Temporal did not create the schedule")
	body := map[string]any{"instance": "demo", "kind": "order_import", "every_seconds": 300, "active": false}
	p := h.call("POST", "/schedules", body).problem(http.StatusServiceUnavailable)
	require.Contains(t, p.Detail, "is kept")
	kept := decode[gen.ScheduleList](h.call("GET", "/schedules", nil).is(http.StatusOK)).Items
	require.Len(t, kept, 1)
	require.False(t, kept[0].Active)
	h.call("DELETE", "/schedules/"+kept[0].ID, nil).problem(http.StatusServiceUnavailable)
	h.call("GET", "/schedules/"+kept[0].ID, nil).is(http.StatusOK)
}

func TestScheduleRefusals(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/schedules", map[string]any{"instance": "none", "kind": "order_import", "every_seconds": 300}).
		fields(http.StatusUnprocessableEntity, "instance")
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	at := h.call("POST", "/schedules", map[string]any{"instance": "demo", "kind": "order_import", "every_seconds": 300}).
		is(http.StatusCreated).location()
	p := h.call("POST", at+"/run", nil).problem(http.StatusConflict)
	require.Contains(t, p.Detail, "connect it first")
	require.Empty(t, h.plans.triggered)
}

func TestMetaMappingsBelongToTheirInstance(t *testing.T) {
	h := newHarness(t)
	h.connected()
	other := newInstance()
	other["id"] = "other"
	h.call("POST", "/instances", other).is(http.StatusCreated)
	body := map[string]any{"model": "customer", "meta_key": "vat_number", "field": "tax_id", "type": "text", "active": true}
	at := h.call("POST", "/instances/demo/meta-mappings", body).is(http.StatusCreated).location()
	h.call("POST", "/instances/demo/meta-mappings", body).problem(http.StatusConflict)
	elsewhere := strings.Replace(at, "demo", "other", 1)
	h.call("PUT", elsewhere, body).problem(http.StatusNotFound)
	h.call("DELETE", elsewhere, nil).problem(http.StatusNotFound)
	require.Empty(t, decode[gen.MetaMappingList](h.call("GET", "/instances/other/meta-mappings", nil)).Items)
	require.Len(t, decode[gen.MetaMappingList](h.call("GET", "/instances/demo/meta-mappings", nil)).Items, 1)

	body["field"] = "Not A Field"
	h.call("PUT", at, body).fields(http.StatusUnprocessableEntity, "field")
	h.call("DELETE", at, nil).is(http.StatusNoContent)
}

func TestTokensAreShownOnce(t *testing.T) {
	h := newHarness(t)
	made := decode[gen.CreatedToken](h.call("POST", "/tokens", map[string]any{"name": "Report", "scope": "viewer", "days": 30}).is(http.StatusCreated))
	require.True(t, strings.HasPrefix(made.Token, made.Details.Prefix))
	require.WithinDuration(t, time.Now().AddDate(0, 0, 30), made.Details.ExpiresAt, time.Hour)
	list := h.call("GET", "/tokens", nil).is(http.StatusOK)
	require.NotContains(t, list.Body.String()+h.log.String(), made.Token)

	admin := h.token
	h.token = made.Token
	h.call("GET", "/instances", nil).is(http.StatusOK)
	h.token = admin
	h.call("DELETE", "/tokens/"+made.Details.ID, nil).is(http.StatusNoContent)
	h.token = made.Token
	h.call("GET", "/instances", nil).problem(http.StatusUnauthorized)
	require.Equal(t, db.ScopeViewer, string(made.Details.Scope))
}

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/instance"
)

// Nobody types keys for a store that cannot be added.
func TestAddChecksTheIDFirst(t *testing.T) {
	stub := startAPI(t, gen.InstanceList{Items: []gen.Instance{{ID: "shop"}}})
	_, stderr, code := program(t, "instance", "add", "shop", "--url", "https://shop.example.com")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, `"shop" already`)
	require.NotContains(t, stderr, "consumer key")
	require.Equal(t, []string{"GET /instances"}, stub.asked)
}

func TestSetChangesWhatIsNamedOnly(t *testing.T) {
	stub := startAPI(t, gen.Instance{ID: "shop"})
	_, err := command(t, "", "instance", "set", "shop", "--insecure", "--rest-route", "--erp-login", "bot")
	require.NoError(t, err)
	require.Equal(t, "PATCH /instances/shop", stub.path)
	require.JSONEq(t, `{"connection":{"verify_ssl":false,"rest_route":true},"erp_connection":{"login":"bot"}}`, string(stub.body))
}

func TestSetAsksForTheKeysOfAnotherAddress(t *testing.T) {
	stub := startAPI(t, gen.Instance{ID: "shop"})
	_, err := command(t, "", "instance", "set", "shop", "--url", "https://new.example.com")
	require.ErrorContains(t, err, "consumer key is missing")
	require.Empty(t, stub.asked, "nothing is changed without them")
	_, err = command(t, "ck_2\ncs_2\nkey\n", "instance", "set", "shop", "--url", "https://new.example.com", "--erp-url", "https://erp.example.com")
	require.NoError(t, err)
	require.JSONEq(t, `{"store_url":"https://new.example.com","consumer_key":"ck_2","consumer_secret":"cs_2","erp_secret":"key",
		"erp_connection":{"url":"https://erp.example.com"}}`, string(stub.body))
}

func TestConnectNamesPausedSchedules(t *testing.T) {
	stub := startAPI(t, gen.Instance{ID: "shop", State: instance.Active})
	stub.on("GET /schedules", gen.ScheduleList{Items: []gen.Schedule{
		{Instance: "shop", Kind: "order_import", State: gen.ScheduleStatePaused, Reason: "the keys are refused"},
		{Instance: "shop", Kind: "catalogue_import", State: gen.ScheduleStateActive},
	}})
	stdout, _, code := program(t, "instance", "connect", "shop")
	require.Zero(t, code)
	require.Contains(t, stdout, "shop is active")
	require.Contains(t, stdout, "tandem schedule resume shop order_import")
	require.NotContains(t, stdout, "resume shop catalogue_import")
}

func TestRemoveAsksFirst(t *testing.T) {
	stub := startAPI(t, nil)
	stub.refuse("DELETE /instances/shop", http.StatusConflict, fault.Conflict, "12 links go. To go on, confirm with its id: confirm=shop")
	_, stderr, code := program(t, "instance", "remove", "shop")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "12 links go")
	require.Contains(t, stderr, "--yes")
	require.Empty(t, stub.query)
	program(t, "instance", "remove", "shop", "--yes")
	require.Equal(t, "confirm=shop", stub.query)
}

func TestOptionsAreThoseThatAreMissing(t *testing.T) {
	stub := startAPI(t, gen.Instance{ID: "shop", Missing: []string{"config.general.warehouse"}})
	stub.on("GET /instances/shop/options", gen.Options{
		Warehouses: []gen.Choice{{ID: "WH", Name: "Main"}}, Currencies: []gen.Choice{{ID: "EUR"}, {ID: "USD"}},
	})
	stdout, _, code := program(t, "instance", "options", "shop")
	require.Zero(t, code)
	require.Contains(t, stdout, "config.general.warehouse  WH     Main")
	require.NotContains(t, stdout, "USD")
	stdout, _, _ = program(t, "instance", "options", "shop", "--all")
	require.Contains(t, stdout, "USD")
	document(t, stdout)
}

func TestConfigureSaysWhatGoesOn(t *testing.T) {
	startAPI(t, gen.Instance{ID: "shop", Woken: 14, Missing: []string{"config.payment.term"}})
	file := filepath.Join(t.TempDir(), "config.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"stock":{"import":false}}`), 0o600))
	stdout, _, code := program(t, "instance", "configure", "shop", "--file", file)
	require.Zero(t, code)
	require.Contains(t, stdout, "14 records that were parked")
	require.Contains(t, stdout, "config.payment.term")
	require.NoError(t, os.WriteFile(file, []byte(`{"stock":`), 0o600))
	_, _, code = program(t, "instance", "configure", "shop", "--file", file)
	require.Equal(t, exitUsage, code)
}

func TestSaleWorkflowsAreSetFromAFile(t *testing.T) {
	stub := startAPI(t, instance.SaleWorkflow{ID: "own", ValidateOrder: true})
	stub.missing("PUT /sale-workflows/own")
	for _, input := range []string{"null", "[]", `{"name":`, `{"name":"` + strings.Repeat("x", maxFile) + `"}`} {
		_, err := command(t, input, "sale-workflows", "set", "own", "--file", "-")
		require.Equal(t, "--file", fault.From(err).Field)
	}
	out, err := command(t, "\ufeff"+`{"name":"Own","validate_order":true}`, "sale-workflows", "set", "own", "--file", "-")
	require.NoError(t, err)
	require.Equal(t, "POST /sale-workflows", stub.path)
	require.JSONEq(t, `{"id":"own","name":"Own","validate_order":true}`, string(stub.body))
	require.Contains(t, out, "own: validate")
}

func TestStatusFitsALineOfATerminal(t *testing.T) {
	stub := startAPI(t, gen.InstanceList{})
	stub.on("GET /instances", gen.InstanceList{Items: []gen.Instance{
		{ID: "a-store-with-the-longest-id-ever", State: instance.Deactivated, ERP: instance.ERPInfo{Problem: strings.Repeat("the key ran out ", 20)}},
		{ID: "quiet", State: instance.Active},
	}})
	for id, problem := range map[string]string{
		"a-store-with-the-longest-id-ever": strings.Repeat("the key ran out ", 20), "quiet": "3 parked, 2 orders blocked",
	} {
		stub.on("GET /instances/"+id+"/counters", gen.Counters{Jobs: map[string]int{"parked": 3}, Orders: map[string]int{"blocked": 2}})
		stub.on("GET /instances/"+id, gen.Instance{
			ID: id, State: instance.Active, Problem: problem,
			Schedules: []gen.Schedule{{
				Kind: "order_import", EverySeconds: 300, State: gen.ScheduleStateActive, NextRunAt: time.Date(2026, 3, 1, 8, 35, 0, 0, time.UTC),
			}},
			Imports: []gen.EntityImport{
				{Entity: "product"},
				{Entity: "order", LastImportAt: time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC), SeenUntil: time.Date(2026, 3, 1, 8, 29, 0, 0, time.UTC)},
			},
		})
	}
	stdout, stderr, code := program(t, "status")
	require.Zero(t, code, stderr)
	for _, line := range strings.Split(stdout, "\n") {
		require.LessOrEqual(t, len([]rune(line)), 100, line)
	}
	require.Contains(t, stdout, "the key ran out")
	require.Contains(t, stdout, "3 parked, 2 orders blocked")
	require.Contains(t, stdout, "03-01 08:30")
	require.Contains(t, stdout, "5m")
	stdout, _, _ = program(t, "status", "--json")
	document(t, stdout)
	for _, args := range [][]string{{"status", "quiet"}, {"instance", "show", "quiet"}} {
		stdout, _, code = program(t, args...)
		require.Zero(t, code)
		require.Contains(t, stdout, "order_import every 5m0s, active, next at 2026-03-01 08:35:00")
		require.Contains(t, stdout, "3 parked, 2 orders blocked")
		require.Regexp(t, `order +2026-03-01 08:30:00 +2026-03-01 08:29:00`, stdout)
		require.Regexp(t, `product +never +-`, stdout)
		stdout, _, _ = program(t, append(args, "--json")...)
		document(t, stdout)
	}
	stub.missing("GET /instances/none")
	_, _, code = program(t, "status", "none")
	require.Equal(t, exitFailure, code)
}

func TestShellsCompleteIDs(t *testing.T) {
	stub := startAPI(t, gen.InstanceList{Items: []gen.Instance{{ID: "shop"}, {ID: "other"}}})
	stdout, _, _ := program(t, "__complete", "instance", "connect", "")
	require.Contains(t, stdout, "shop\nother\n")
	stdout, _, _ = program(t, "__complete", "schedule", "pause", "shop", "")
	require.Contains(t, stdout, "catalogue_import")
	stub.refuse("GET /instances", http.StatusServiceUnavailable, fault.Unavailable, "away")
	stdout, _, _ = program(t, "__complete", "jobs", "--instance", "")
	require.NotContains(t, stdout, "away")
}

func TestResetForgetsWhatWasRead(t *testing.T) {
	stub := startAPI(t, gen.ResetWatermarks{Entities: []string{"order"}})
	stdout, _, code := program(t, "instance", "reset", "shop", "order")
	require.Zero(t, code)
	require.Equal(t, "DELETE /instances/shop/watermarks", stub.path)
	require.Equal(t, "entity=order", stub.query)
	require.Contains(t, stdout, "reads everything of order; to do it now: tandem sync shop --changes")
	stdout, _, _ = program(t, "instance", "reset", "shop", "--json")
	require.Empty(t, stub.query)
	document(t, stdout)
}

package main

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
)

// S30: the number is said before much is moved, and what cannot be moved is named.
func TestPushAndPull(t *testing.T) {
	stub := startAPI(t, ended(gen.OperationStateDone, 0, 0))
	refused := []gen.TransferRefusal{{Instance: "shop", WooID: "9", Code: "not_linked", Reason: "product 9 is not linked"}}
	stub.on("POST /pull", gen.Transfers{Count: 21, Refused: refused})
	_, stderr, code := program(t, "pull", "shop", "--entity", "product", "--state", "unsynchronised")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "pull 21 records: repeat with --yes")
	require.JSONEq(t, `{"instances":["shop"],"entity":"product","state":"unsynchronised","dry_run":true}`, string(stub.body))

	stdout, _, code := program(t, "pull", "shop", "--entity", "product", "--ids", "7,9", "--dry-run")
	require.Equal(t, exitTrouble, code)
	require.Contains(t, stdout, "shop: product 9 is not linked\n21 records to pull, 1 that cannot be")

	stub.on("POST /pull", gen.Transfers{Count: 1, Refused: refused, Operations: []gen.Operation{{ID: firstID}}})
	stdout, _, code = program(t, "pull", "shop", "--entity", "product", "--ids", "7,9")
	require.Equal(t, exitTrouble, code, "one could not be moved")
	require.Contains(t, stdout, "product 9 is not linked")

	stub.on("POST /push", gen.Transfers{Count: 30, Operations: []gen.Operation{{ID: firstID}, {ID: firstID}}})
	stdout, stderr, code = program(t, "push", "shop", "other", "--entity", "product", "--erp-ids", "17", "--yes")
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "CREATED")
	require.Equal(t, "GET /operations/"+firstID, stub.path, "it is watched to its end")
	_, stderr, code = program(t, "push", "shop", "--entity", "product", "--erp-ids", "17", "--parts", "price,stock", "--yes")
	require.Zero(t, code, stderr)
	_, _, code = program(t, "push", "shop", "--entity", "product")
	require.Equal(t, exitUsage, code, "what is pushed is named")
}

// A plan says what would be written, page after page, up to what a person wants to see.
func TestAPushIsPlanned(t *testing.T) {
	stub := startAPI(t, nil)
	pages := 0
	stub.replies["POST /push/plan"] = func(w http.ResponseWriter) {
		pages++
		_ = json.NewEncoder(w).Encode(gen.PushPlan{Count: 120, Next: "50", Refused: []gen.TransferRefusal{}, Items: []gen.PlannedRecord{
			{ERPID: "17", WooID: "4012", Action: "update", Differences: []flow.Difference{{Field: "Regular price", ERP: "12.50", Store: ""}}},
			{ERPID: "18", Action: "parked", Reason: "export its category first", Differences: []flow.Difference{}},
		}})
	}
	stdout, stderr, code := program(t, "push", "shop", "--entity", "product", "--state", "unsynchronised", "--parts", "price", "--plan", "--limit", "4")
	require.Zero(t, code, stderr)
	require.Equal(t, 2, pages)
	require.JSONEq(t, `{"instance":"shop","entity":"product","state":"unsynchronised","parts":["price"],"after":"50","limit":4}`, string(stub.body))
	require.Contains(t, stdout, "17 (4012 in the store): update\n    Regular price: - → \"12.50\"\n18 (- in the store): parked: export its category first")
	require.Contains(t, stdout, "shop: 120 records, of which nothing was written; --limit shows more than these 4")
	_, _, code = program(t, "push", "shop", "--entity", "product", "--erp-ids", "1", "--plan", "--dry-run")
	require.Equal(t, exitUsage, code)
}

// A pull is planned as a push is, the other way round, and what is kept back is said before anything moves.
func TestWhatOwnersKeepBackIsSaid(t *testing.T) {
	stub := startAPI(t, nil)
	stub.on("POST /pull/plan", gen.PushPlan{Count: 1, Refused: []gen.TransferRefusal{}, Items: []gen.PlannedRecord{{
		ERPID: "17", WooID: "4012", Action: "update", Differences: []flow.Difference{{Field: "Name", ERP: "Lamp", Store: "Better lamp"}},
		Kept: []flow.Difference{{Field: "Regular price", ERP: "12.50", Store: "12"}},
	}}})
	stdout, stderr, code := program(t, "pull", "shop", "--entity", "product", "--ids", "4012", "--plan")
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "17 (4012 in the store): update\n    Name: \"Lamp\" → \"Better lamp\"\n    kept back: Regular price: the store has \"12\", the ERP \"12.50\"")

	stub.on("POST /pull", gen.Transfers{Count: 1, Refused: []gen.TransferRefusal{}, Owners: []gen.PartOwner{{Instance: "shop", Part: "price", Owner: "erp"}}})
	_, stderr, code = program(t, "pull", "shop", "--entity", "product", "--ids", "4012", "--dry-run")
	require.Zero(t, code)
	require.Contains(t, stderr, `shop: price belongs to "erp"`)
	_, _, code = program(t, "pull", "shop", "--entity", "product", "--ids", "4012", "--dry-run", "--force")
	require.Zero(t, code)
	require.JSONEq(t, `{"instances":["shop"],"entity":"product","woo_ids":["4012"],"dry_run":true,"force":true}`, string(stub.body))
}

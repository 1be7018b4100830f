package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
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
	_, _, code = program(t, "push", "shop", "--entity", "product")
	require.Equal(t, exitUsage, code, "what is pushed is named")
}

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

func TestQuotationsAreMadeOnTheCommandLine(t *testing.T) {
	stub := startAPI(t, gen.LedgerOrder{ID: "31"})
	file := filepath.Join(t.TempDir(), "order.json")
	lines := `"lines": [{"product": "12/34", "quantity": "3", "unit_price": "19.99", "taxes": ["2"]}]`
	require.NoError(t, os.WriteFile(file, []byte(`{"id": "30", "version": "7", "number": "S00030", "stage": "confirmed", "total": "59.97", `+lines+`}`), 0o600))
	_, stderr, code := program(t, "ledger", "orders", "create", "--partner", "7", "--currency", "EUR", "--file", file, "--idempotency-key", "quotation-31")
	require.Zero(t, code, stderr)
	require.Equal(t, []string{"POST /ledger/orders", "quotation-31"}, []string{stub.path, stub.key})
	require.JSONEq(t, `{"partner": "7", "currency": "EUR", `+lines+`}`, string(stub.body), "a new one has no id, nor anything that is calculated")

	_, stderr, code = program(t, "ledger", "orders", "edit", "31", "--note", "Ring twice")
	require.Zero(t, code, stderr)
	require.Equal(t, "PATCH /ledger/orders/31", stub.path)
}

// Each command that makes something bears a key of its own, so that a lost answer makes no second one.
func TestNewLedgerRecordsBearAKey(t *testing.T) {
	stub := startAPI(t, map[string]string{"id": "1"})
	for _, args := range [][]string{
		{"products", "create", "--name", "Lamp"}, {"partners", "create", "--name", "Ada"}, {"terms", "create", "tag", "--name", "New"},
		{"coupons", "create", "--code", "summer10", "--kind", "percent", "--amount", "10"},
	} {
		keys := map[string]bool{}
		for range 2 {
			_, stderr, code := program(t, append([]string{"ledger"}, args...)...)
			require.Zero(t, code, stderr)
			keys[stub.key] = true
		}
		require.Len(t, keys, 2, "%v", args)
	}
}

func TestStepsAreTakenOnTheCommandLine(t *testing.T) {
	stub := startAPI(t, gen.LedgerOrder{ID: "31"})
	for _, c := range []struct {
		args []string
		path string
		body string
	}{
		{[]string{"validate", "31"}, "POST /ledger/orders/31/validate", `{}`},
		{[]string{"invoice", "31", "--date", "2026-03-10"}, "POST /ledger/orders/31/invoice", `{"date": "2026-03-10T00:00:00Z"}`},
		{[]string{"pay", "31", "--journal", "BNK1", "--memo", "by post"}, "POST /ledger/orders/31/pay", `{"journal": "BNK1", "memo": "by post"}`},
		{[]string{"ship", "31", "--partial"}, "POST /ledger/orders/31/ship", `{"partial": true}`},
		{[]string{"cancel", "31"}, "POST /ledger/orders/31/cancel", `{}`},
	} {
		stdout, stderr, code := program(t, append([]string{"ledger", "orders"}, c.args...)...)
		require.Zero(t, code, stderr)
		require.Equal(t, c.path, stub.path)
		require.JSONEq(t, c.body, string(stub.body))
		document(t, stdout)
	}
	_, stderr, code := program(t, "ledger", "orders", "invoice", "31", "--date", "10.3.2026")
	require.NotZero(t, code)
	require.Contains(t, stderr, "--date")
	stub.refuse("POST /ledger/orders/31/ship", http.StatusConflict, fault.Parked, "not enough stock to ship product 12")
	_, stderr, code = program(t, "ledger", "orders", "ship", "31")
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "not enough stock to ship product 12")
}

func TestOrdersAreListed(t *testing.T) {
	stub := startAPI(t, gen.LedgerOrderPage{Items: []gen.LedgerOrder{{
		ID: "31", Number: "S00031", Stage: "confirmed", Partner: "7", Total: "59.97", Currency: "EUR", Invoice: &gen.LedgerInvoice{Number: "INV/2026/00001"},
	}}})
	stdout, stderr, code := program(t, "ledger", "orders", "list", "--search", "S0")
	require.Zero(t, code, stderr)
	require.Equal(t, "limit=50&search=S0", stub.query)
	require.Contains(t, stdout, "INV/2026/00001")
}

func TestCreditNotesAreMadeOnTheCommandLine(t *testing.T) {
	stub := startAPI(t, gen.LedgerCreditNote{ID: "4"})
	for _, c := range []struct {
		args []string
		body string
	}{
		{[]string{"--line", "1:2", "--line", "3", "--reason", "Broken", "--restock"},
			`{"order": "31", "lines": [{"line": "1", "quantity": "2"}, {"line": "3"}], "reason": "Broken", "restock": true}`},
		{[]string{"--amount", "5.00", "--date", "2026-03-10"}, `{"order": "31", "amount": "5.00", "date": "2026-03-10T00:00:00Z"}`},
		{[]string{"--all"}, `{"order": "31", "all": true}`},
	} {
		_, stderr, code := program(t, append([]string{"ledger", "credit-notes", "create", "31"}, c.args...)...)
		require.Zero(t, code, stderr)
		require.Equal(t, "POST /ledger/credit-notes", stub.path)
		require.JSONEq(t, c.body, string(stub.body))
		require.NotEmpty(t, stub.key)
	}
	for command, path := range map[string]string{"show": "GET /ledger/credit-notes/4", "reverse": "POST /ledger/credit-notes/4/reverse"} {
		stdout, stderr, code := program(t, "ledger", "credit-notes", command, "4")
		require.Zero(t, code, stderr)
		require.Equal(t, path, stub.path)
		document(t, stdout)
	}
	stub.on("GET /ledger/credit-notes", gen.LedgerCreditNotePage{Items: []gen.LedgerCreditNote{{ID: "4", Number: "RINV/2026/00001", StoreRefund: "1310/1312"}}})
	stdout, stderr, code := program(t, "ledger", "credit-notes", "list", "--order", "31")
	require.Zero(t, code, stderr)
	require.Equal(t, "limit=50&order=31", stub.query)
	require.Contains(t, stdout, "1310/1312")
	_, stderr, code = program(t, "ledger", "credit-notes", "create", "31", "--all", "--date", "today")
	require.NotZero(t, code)
	require.Contains(t, stderr, "--date")
}

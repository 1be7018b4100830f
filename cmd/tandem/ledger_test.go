package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// A price that is given replaces that of its list and kind. The others stay, and the change is one of what was read.
func TestAPriceLeavesTheOthers(t *testing.T) {
	stub := startAPI(t, nil)
	stub.on("GET /ledger/products/12", gen.LedgerProduct{ID: "12", Version: "7", Prices: []gen.LedgerPrice{
		{Kind: "regular", Currency: "EUR", Amount: "299"}, {Kind: "sale", Currency: "EUR", Amount: "250"},
		{Kind: "regular", Currency: "EUR", Amount: "310", Instance: "shop"},
	}})
	stub.on("PATCH /ledger/products/12", gen.LedgerProduct{ID: "12"})
	_, stderr, code := program(t, "ledger", "products", "edit", "12", "--price", "279", "--sale-price", "")
	require.Zero(t, code, stderr)
	var sent struct {
		Version string
		Prices  []gen.LedgerPrice
	}
	require.NoError(t, json.Unmarshal(stub.body, &sent))
	require.Equal(t, "7", sent.Version)
	require.Equal(t, []gen.LedgerPrice{
		{Kind: "regular", Currency: "EUR", Amount: "310", Instance: "shop"}, {Kind: "regular", Currency: "EUR", Amount: "279"},
	}, sent.Prices)
}

// A price of an imported product is that of its store, which does not show the one for all stores: which is meant has to be said.
func TestAnImportedPriceIsItsStores(t *testing.T) {
	stub := startAPI(t, nil)
	stub.on("GET /ledger/products/12", gen.LedgerProduct{ID: "12", Prices: []gen.LedgerPrice{{Kind: "regular", Currency: "GBP", Amount: "310", Instance: "shop"}}})
	stub.on("PATCH /ledger/products/12", gen.LedgerProduct{ID: "12"})
	_, stderr, code := program(t, "ledger", "products", "edit", "12", "--price", "279")
	require.NotZero(t, code)
	require.Contains(t, stderr, "--store")
	require.Contains(t, stderr, "shop")

	_, stderr, code = program(t, "ledger", "products", "edit", "12", "--price", "279", "--store", "shop")
	require.Zero(t, code, stderr)
	var sent struct{ Prices []gen.LedgerPrice }
	require.NoError(t, json.Unmarshal(stub.body, &sent))
	require.Equal(t, []gen.LedgerPrice{{Kind: "regular", Currency: "GBP", Amount: "279", Instance: "shop"}}, sent.Prices)
}

func TestLedgerRecordsComeFromFiles(t *testing.T) {
	stub := startAPI(t, gen.LedgerProduct{ID: "13"})
	file := filepath.Join(t.TempDir(), "phone.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"id": "12", "version": "7", "name": "Phone", "sku": "P-1"}`), 0o600))
	_, stderr, code := program(t, "ledger", "products", "create", "--file", file, "--sku", "P-2")
	require.Zero(t, code, stderr)
	require.JSONEq(t, `{"name": "Phone", "sku": "P-2"}`, string(stub.body), "flags go before, and a new record has no id")

	_, stderr, code = program(t, "ledger", "products", "edit", "12")
	require.NotZero(t, code)
	require.Contains(t, stderr, "say something with flags or with --file")
	_, stderr, code = program(t, "ledger", "products", "create", "--name", "x", "--price", "1")
	require.NotZero(t, code)
	require.Contains(t, stderr, "--currency")
}

package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

func linkFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "links.csv")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

const threeLines = "instance,entity,woo_id,erp_id\nshop,product,1,11\nshop,product,2,12\nshop,product,,13\n"

// S40: a file is looked at whole before anything of it is linked, and what is wrong is told by its line.
func TestLinksAreImportedFromAFile(t *testing.T) {
	stub := startAPI(t, nil)
	stub.on("POST /links", gen.LinkResults{Refused: 1, Results: []gen.LinkResult{
		{State: gen.LinkResultStateValid}, {State: gen.LinkResultStateRefused, Code: "not_in_erp", Reason: "the ERP has no product 12"},
	}})
	stdout, _, code := program(t, "links", "import", linkFile(t, threeLines))
	require.Equal(t, exitTrouble, code)
	require.Equal(t, []string{"POST /links"}, stub.asked, "nothing is linked unless all lines can be")
	require.Contains(t, stdout, "line 3: the ERP has no product 12\nline 4: woo_id is empty\nnothing was linked: 2 lines")
	var sent gen.LinkRequest
	require.NoError(t, json.Unmarshal(stub.body, &sent))
	require.True(t, sent.DryRun)
	require.Len(t, sent.Links, 2)

	stdout, _, code = program(t, "links", "import", linkFile(t, threeLines), "--dry-run")
	require.Equal(t, exitTrouble, code)
	require.Contains(t, stdout, "1 lines can be linked, 2 cannot; nothing was linked")

	calls := 0
	stub = startAPI(t, nil)
	stub.replies["POST /links"] = func(w http.ResponseWriter) {
		calls++
		reply := gen.LinkResults{Linked: 1, Woken: 3, Results: []gen.LinkResult{{State: gen.LinkResultStateLinked}}}
		if calls == 1 {
			reply = gen.LinkResults{Refused: 1, Results: []gen.LinkResult{{State: gen.LinkResultStateRefused, Reason: "no"}, {State: gen.LinkResultStateValid}}}
		}
		_ = json.NewEncoder(w).Encode(reply)
	}
	stdout, _, code = program(t, "links", "import", linkFile(t, threeLines), "--skip-invalid")
	require.Equal(t, exitTrouble, code)
	require.Contains(t, stdout, "line 2: no\nline 4: woo_id is empty\n1 linked, 2 refused; 3 records that waited for them go on")
	sent = gen.LinkRequest{}
	require.NoError(t, json.Unmarshal(stub.body, &sent))
	require.Equal(t, []gen.NewLink{{Instance: "shop", Entity: "product", WooID: "2", ERPID: "12"}}, sent.Links, "only what can be")

	_, stderr, code := program(t, "links", "import", linkFile(t, "a,b\n"))
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "the column instance is missing")
	_, _, code = program(t, "links", "import", filepath.Join(t.TempDir(), "none.csv"))
	require.Equal(t, exitUsage, code)
}

func TestLinksAreExportedToAFile(t *testing.T) {
	stub := startAPI(t, nil)
	stub.replies["GET /links/csv"] = func(w http.ResponseWriter) { _, _ = w.Write([]byte(threeLines)) }
	stdout, _, code := program(t, "links", "export", "--instance", "shop", "--state", "unsynchronised")
	require.Zero(t, code)
	require.Equal(t, threeLines, stdout)
	require.Equal(t, "instance=shop&state=unsynchronised", stub.query)
	file := filepath.Join(t.TempDir(), "out.csv")
	_, _, code = program(t, "links", "export", "--file", file)
	require.Zero(t, code)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, threeLines, string(written))
	stub.missing("GET /links/csv")
	_, _, code = program(t, "links", "export")
	require.Equal(t, exitFailure, code)
}

// A matching says what it found; it is linked only when that is asked for, and confirmed with the number.
func TestLinksMatch(t *testing.T) {
	stub := startAPI(t, ended(gen.OperationStateDone, 0, 0))
	counts := "GET /matches/" + firstID + "/counts"
	stub.on(counts, gen.MatchCounts{Items: []gen.MatchCount{
		{Instance: "shop", Entity: "product", Outcome: "match", Side: "store", Count: 7}, {Instance: "shop", Entity: "product", Outcome: "conflict", Side: "erp", Count: 2},
	}})
	stdout, stderr, code := program(t, "links", "match", "shop", "--entities", "product", "--rules", "sku,barcode")
	require.Zero(t, code, stderr)
	require.Equal(t, "POST /matches", stub.asked[0])
	require.Equal(t, counts, stub.path)
	require.Contains(t, stdout, "tandem links apply "+firstID)
	require.Regexp(t, `shop +product +match +both +7`, stdout)
	require.Regexp(t, `shop +product +conflict +the ERP +2`, stdout)

	_, stderr, code = program(t, "links", "match", "shop", "--apply")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "link 7 records of the store with those of the ERP: repeat with --yes")
	stdout, stderr, code = program(t, "links", "match", "shop", "--apply", "--yes")
	require.Zero(t, code, stderr)
	require.Contains(t, stub.asked, "POST /matches/"+firstID+"/link")
	require.Contains(t, stdout, "CREATED")

	_, stderr, code = program(t, "links", "apply", firstID, "--entity", "product", "--ids", "4,5", "--yes")
	require.Zero(t, code, stderr)
	stdout, _, code = program(t, "links", "apply", firstID, "--entity", "customer", "--yes")
	require.Zero(t, code)
	require.Contains(t, stdout, "nothing to link")
	stdout, _, code = program(t, "links", "match", "shop", "--detach")
	require.Zero(t, code)
	require.Equal(t, firstID+"\n", stdout)
}

func TestLinksMatches(t *testing.T) {
	stub := startAPI(t, gen.MatchPage{Next: "more", Items: []gen.Match{
		{Instance: "shop", Entity: "product", Outcome: "match", WooID: "1", ERPID: "11", Rule: "sku", Label: "Lamp"},
		{Instance: "shop", Entity: "product", Outcome: "conflict", WooID: "2", Rule: "sku", Others: []string{"12", "13"}},
	}})
	stdout, _, code := program(t, "links", "matches", firstID, "--outcome", "conflict", "--limit", "4")
	require.Zero(t, code)
	require.Equal(t, []string{"GET /matches/" + firstID, "GET /matches/" + firstID}, stub.asked, "page by page")
	require.Equal(t, "after=more&limit=2&outcome=conflict", stub.query)
	require.Contains(t, stdout, "may be 12, 13")
	require.Contains(t, stdout, "there are more: see --limit")
}

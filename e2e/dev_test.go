package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// devSummary is what "tandem dev --json" prints.
type devSummary struct {
	OK       bool `json:"ok"`
	Entities []struct {
		Entity                        string
		Store, Landed, Parked, Failed int
	} `json:"entities"`
	Money []struct {
		Currency, Store, ERP string
	} `json:"money"`
	Sales map[string]int `json:"sale_orders"`
}

// smallDemo keeps the demo store small, and every port out of the way of whatever else runs on the machine.
var smallDemo = []string{
	"--products", "40", "--customers", "20", "--orders", "50",
	"--api-port", "0", "--postgres-port", "0", "--temporal-port", "0", "--temporal-ui-port", "0",
}

// TestDevOnce runs the demo twice on given servers: both times all agrees, and the second time goes on with the same data.
func TestDevOnce(t *testing.T) {
	t.Parallel()
	x := install(t, shared.postgres)
	folder := t.TempDir()
	args := append([]string{"dev", "--once", "--json", "--folder", folder, "--store-port", "0"}, smallDemo...)
	first := x.dev(args...)
	require.Equal(t, map[string]int{"shipped": 42, "invoiced": 42, "paid": 42, "blocked": 0}, first.Sales, "two are refunded: invoiced, paid and given back")
	require.Len(t, first.Money, 3)

	x.dev(args...)
	totals, err := x.backend.Totals(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, 50, totals.Records["order"])
	require.Equal(t, 42, totals.Shipped)
	require.Positive(t, totals.Records["refund"])
	for _, name := range []string{"postgres", "temporal"} {
		require.NoDirExists(t, filepath.Join(folder, name), "a server was started though one was given")
	}
}

// dev runs the demo once. It must print one JSON object and nothing else, and find that both sides agree.
func (x *tandem) dev(args ...string) devSummary {
	x.t.Helper()
	out := x.command(args...)
	var found devSummary
	require.NoError(x.t, json.Unmarshal([]byte(out), &found), out)
	require.True(x.t, found.OK, out)
	landed := map[string]int{}
	for _, e := range found.Entities {
		require.Equal(x.t, []int{e.Store, 0, 0}, []int{e.Landed, e.Parked, e.Failed}, e.Entity)
		landed[e.Entity] = e.Landed
	}
	require.Equal(x.t, []int{40, 20, 50}, []int{landed["product"], landed["customer"], landed["order"]})
	for _, m := range found.Money {
		require.Equal(x.t, m.Store, m.ERP, m.Currency)
	}
	return found
}

// TestDevStartsItsOwn lets the demo start everything it needs, stops it as a person would, and looks for what it left
// running.
func TestDevStartsItsOwn(t *testing.T) {
	t.Parallel()
	folder, err := newFolder()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(folder)) })
	env := []string{"DATABASE_URL=", "TEMPORAL_ADDRESS=", "TEMPORAL_NAMESPACE=", "TANDEM_SECRET_KEY="}
	process := start(t, env, append([]string{"dev", "--folder", folder, "--no-install", "--store-port", "0"}, smallDemo...)...)
	eventually(t, "the demo to be up", func() bool {
		select {
		case <-process.done:
			require.Fail(t, "the demo ended unexpectedly", process.tail(60))
		default:
		}
		return bytes.Contains(process.read(), []byte("running; Ctrl-C"))
	})
	require.Contains(t, string(process.read()), "both sides agree")
	require.GreaterOrEqual(t, len(processesOf(t, folder)), 3, "tandem, PostgreSQL and Temporal run")

	process.stop()
	require.Equal(t, 0, process.cmd.ProcessState.ExitCode(), process.tail(20))
	require.Contains(t, string(process.read()), "stopped")
	eventually(t, "all processes to end", func() bool { return len(processesOf(t, folder)) == 0 })
}

// processesOf gives the processes that have a folder on their command line.
func processesOf(t *testing.T, folder string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ps", "-e", "-o", "args=").Output()
	require.NoError(t, err)
	var found []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, folder) {
			found = append(found, line)
		}
	}
	return found
}

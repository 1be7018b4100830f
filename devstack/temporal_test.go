package devstack

import (
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"

	"tandem/fault"
)

// startTemporal starts a server that the end of the test stops.
func startTemporal(t *testing.T, options TemporalOptions) *Temporal {
	t.Helper()
	options.CLI = testCLI(t)
	server, err := StartTemporal(testContext(t), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	return server
}

// attributes gives the search attributes a namespace has.
func searchAttributes(t *testing.T, server *Temporal) map[string]enums.IndexedValueType {
	t.Helper()
	f, err := newFrontend(server.Address(), server.options.Namespace)
	require.NoError(t, err)
	defer f.close()
	known, err := f.client.OperatorService().ListSearchAttributes(testContext(t),
		&operatorservice.ListSearchAttributesRequest{Namespace: server.options.Namespace})
	require.NoError(t, err)
	return known.GetCustomAttributes()
}

func TestTemporalLife(t *testing.T) {
	folder := t.TempDir()
	busy := listen(t)
	var report lines
	server := startTemporal(t, TemporalOptions{
		Folder: folder, Port: busy, Report: report.add, Namespace: "shop",
		SearchAttributes: map[string]string{"Instance": "Keyword"},
	})
	require.Contains(t, report.text(), "is busy: Temporal takes")
	require.Equal(t, enums.INDEXED_VALUE_TYPE_KEYWORD, searchAttributes(t, server)["Instance"])
	requirePage(t, server.UIURL())
	require.NoError(t, server.Stop())

	next := startTemporal(t, TemporalOptions{
		Folder: folder, Namespace: "shop",
		SearchAttributes: map[string]string{"Instance": "Keyword", "Started": "Datetime"},
	})
	known := searchAttributes(t, next)
	require.Equal(t, enums.INDEXED_VALUE_TYPE_KEYWORD, known["Instance"])
	require.Equal(t, enums.INDEXED_VALUE_TYPE_DATETIME, known["Started"], "added to a namespace that exists")
	require.NoError(t, next.Stop())

	_, err := StartTemporal(testContext(t), TemporalOptions{
		Folder: folder, CLI: next.cli, Namespace: "shop", SearchAttributes: map[string]string{"Instance": "Int"},
	})
	require.True(t, fault.Is(err, fault.Conflict), "%v", err)
}

// requirePage waits for the UI, which starts beside the frontend.
func requirePage(t *testing.T, url string) {
	t.Helper()
	eventually(t, "the page "+url, func() bool {
		reply, err := http.Get(url)
		if err != nil {
			return false
		}
		reply.Body.Close()
		return reply.StatusCode == http.StatusOK
	})
}

func TestTemporalAfterAnInterruptedFirstStart(t *testing.T) {
	folder := t.TempDir()
	server := startTemporal(t, TemporalOptions{Folder: folder})
	require.NoFileExists(t, server.path("unfinished"))
	require.NoError(t, server.Stop())
	// A file without tables is what a start killed at once leaves.
	require.NoError(t, os.WriteFile(server.database(), nil, 0o600))
	require.NoError(t, removeFile(server.database()+"-wal"))
	require.NoError(t, os.WriteFile(server.path("unfinished"), nil, 0o600))

	startTemporal(t, TemporalOptions{Folder: folder})
}

func TestTemporalLeftBehind(t *testing.T) {
	folder := t.TempDir()
	orphan, err := StartTemporal(testContext(t), TemporalOptions{Folder: folder, CLI: testCLI(t)})
	require.NoError(t, err)
	orphan.server.end() // as if its Tandem had been killed

	next := startTemporal(t, TemporalOptions{Folder: folder, Port: orphan.port})

	receive(t, orphan.server.process.Done(), "the end of the server left behind")
	crash(next.server)
}

func TestTemporalThatCannotStartShowsItsLog(t *testing.T) {
	cli := t.TempDir() + "/temporal"
	script(t, cli, "echo unknown flag >&2; exit 1")
	_, err := StartTemporal(testContext(t), TemporalOptions{Folder: t.TempDir(), CLI: cli})
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "| unknown flag")
}

func TestMissingAttributes(t *testing.T) {
	known := map[string]enums.IndexedValueType{"Instance": enums.INDEXED_VALUE_TYPE_KEYWORD}
	for name, test := range map[string]struct {
		want map[string]string
		kind fault.Kind
		miss int
	}{
		"known":        {map[string]string{"Instance": "Keyword"}, "", 0},
		"new":          {map[string]string{"Instance": "Keyword", "Entity": "KeywordList"}, "", 1},
		"another type": {map[string]string{"Instance": "Text"}, fault.Conflict, 0},
		"no type":      {map[string]string{"Instance": "Word"}, fault.Invalid, 0},
	} {
		t.Run(name, func(t *testing.T) {
			missing, err := missingAttributes(test.want, known)
			require.Equal(t, test.kind, fault.KindOf(err))
			require.Len(t, missing, test.miss)
		})
	}
}

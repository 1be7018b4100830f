package devstack

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// fakeGo puts a go first in PATH that "builds" the CLI, noting each call.
func fakeGo(t *testing.T, body string) (notes string) {
	t.Helper()
	dir := t.TempDir()
	notes = filepath.Join(dir, "notes")
	script(t, filepath.Join(dir, "go"), `echo "$@" >>`+notes+"\n"+body)
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return notes
}

func TestGivenCLI(t *testing.T) {
	path := filepath.Join(t.TempDir(), "temporal")
	_, err := temporalCLI(testContext(t), TemporalOptions{CLI: path})
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)

	script(t, path, "exit 0")
	got, err := temporalCLI(testContext(t), TemporalOptions{CLI: path})
	require.NoError(t, err)
	require.Equal(t, path, got)
}

func TestCLIIsBuiltOnce(t *testing.T) {
	notes := fakeGo(t, `[ "$CGO_ENABLED" = 0 ] && mkdir -p "$GOBIN" && sleep 0.1 && echo built >"$GOBIN/temporal"`)
	options := TemporalOptions{Folder: t.TempDir()}
	var report lines
	options.Report = report.add

	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			path, err := temporalCLI(testContext(t), options)
			if err != nil || !isFile(path) {
				t.Errorf("%s: %v", path, err)
			}
		})
	}
	group.Wait()

	text, err := os.ReadFile(notes)
	require.NoError(t, err)
	require.Equal(t, "install -trimpath -ldflags=-s -w github.com/temporalio/cli/cmd/temporal@v1.5.1\n", string(text))
	require.Contains(t, report.text(), "this first time only")
	left, err := filepath.Glob(filepath.Join(options.Folder, "bin", "*.build"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestCLIThatDoesNotBuild(t *testing.T) {
	fakeGo(t, "echo 'no such host' >&2; exit 1")
	options := TemporalOptions{Folder: t.TempDir()}
	path, err := temporalCLI(testContext(t), options)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "| no such host")
	require.NoFileExists(t, path)
}

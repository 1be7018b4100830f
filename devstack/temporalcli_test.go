package devstack

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

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

func TestCLIIsBuiltOncePerMachine(t *testing.T) {
	notes := fakeGo(t, `[ "$CGO_ENABLED" = 0 ] && grep -q modernc.org/sqlite go.mod && [ -s go.sum ] && echo built >temporal`)
	cache := t.TempDir()
	var report lines
	var group sync.WaitGroup
	for range 3 {
		options := TemporalOptions{Folder: t.TempDir(), Cache: cache, Report: report.add}
		group.Go(func() {
			path, err := temporalCLI(testContext(t), options)
			if err != nil || !isFile(path) || filepath.Dir(path) != cache {
				t.Errorf("%s: %v", path, err)
			}
		})
	}
	group.Wait()
	text, err := os.ReadFile(notes)
	require.NoError(t, err)
	require.Equal(t, "build -mod=readonly -v -trimpath -buildvcs=false -ldflags=-s -w -o temporal github.com/temporalio/cli/cmd/temporal\n",
		string(text))
	require.Contains(t, report.text(), "once on this machine")
	left, err := filepath.Glob(filepath.Join(cache, "*.build"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestCLIThatDoesNotBuild(t *testing.T) {
	fakeGo(t, "echo 'no such host' >&2; exit 1")
	path, err := temporalCLI(testContext(t), TemporalOptions{Folder: t.TempDir(), Cache: t.TempDir()})
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "| no such host")
	require.NoFileExists(t, path)
}

func TestCLIWithoutGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := temporalCLI(testContext(t), TemporalOptions{Folder: t.TempDir(), Cache: t.TempDir()})
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	require.ErrorContains(t, err, "set TEMPORAL_CLI")
}

// TestCLIOfOtherVersions keeps what another checkout may use, and removes what has not been used for long.
func TestCLIOfOtherVersions(t *testing.T) {
	fakeGo(t, "echo built >temporal")
	cache := t.TempDir()
	long, recent := time.Now().Add(-2*cliKept), time.Now().Add(-cliKept/2)
	for name, used := range map[string]time.Time{
		"temporal-v1.0.0": long, "temporal-v1.4.0": recent, "temporal-v1.0.0.lock": long, "something else": long,
	} {
		path := filepath.Join(cache, name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Chtimes(path, used, used))
	}
	options := TemporalOptions{Folder: t.TempDir(), Cache: cache}
	path, err := temporalCLI(testContext(t), options)
	require.NoError(t, err)
	require.NoFileExists(t, filepath.Join(cache, "temporal-v1.0.0"))
	for _, name := range []string{"temporal-v1.4.0", "temporal-v1.0.0.lock", "something else"} {
		require.FileExists(t, filepath.Join(cache, name))
	}

	require.NoError(t, os.Chtimes(path, long, long))
	again, err := temporalCLI(testContext(t), options)
	require.NoError(t, err)
	require.Equal(t, path, again)
	require.FileExists(t, path, "it has just been used")
}

func TestCLICacheIsTheUsers(t *testing.T) {
	user, err := os.UserCacheDir()
	require.NoError(t, err)
	require.Equal(t, filepath.Join(user, "tandem"), cliCache(TemporalOptions{Folder: "/checkout"}))
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, "")
	}
	require.Equal(t, "/checkout/cache", cliCache(TemporalOptions{Folder: "/checkout"}), "a user without a home")
}

// TestCLIPins compares what the messages say with what is built.
func TestCLIPins(t *testing.T) {
	require.Contains(t, temporalModule, "github.com/temporalio/cli "+temporalVersion+" ")
	require.Contains(t, temporalModule, "modernc.org/sqlite v1.51.0 ")
	require.Contains(t, temporalSums, "github.com/temporalio/cli "+temporalVersion+" h1:")
	require.Contains(t, cliName(), temporalVersion+"-"+runtime.Version())
}

func TestBuildProgress(t *testing.T) {
	require.Equal(t, "2 modules downloaded", buildProgress([]byte("go: downloading a v1\ngo: downloading b v1\n")))
	require.Equal(t, "1 packages compiled", buildProgress([]byte("go: downloading a v1\nencoding/json\n")))
}

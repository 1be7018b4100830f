package odoodev

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// newTestPlace gives a place in a folder of the test's own.
func newTestPlace(t *testing.T, version string) place {
	t.Helper()
	p, err := newPlace(t.TempDir(), version)
	require.NoError(t, err)
	require.NoError(t, p.make())
	return p
}

func TestPlacePaths(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	require.NoError(t, err)
	p, err := newPlace("data", "14")
	require.NoError(t, err)
	require.Equal(t, filepath.Join(here, "data/odoo/14/root"), p.root().dir)
	require.Equal(t, filepath.Join(here, "data/odoo/14/lock"), p.lockFile())
	require.Equal(t, filepath.Join(here, "data/logs/odoo-14-postgres.log"), p.log("-postgres"))
}

func TestNewPlaceRefusesUnknownVersions(t *testing.T) {
	_, err := newPlace(t.TempDir(), "15")
	require.True(t, fault.Is(err, fault.Invalid))
}

func TestAccessFile(t *testing.T) {
	p := newTestPlace(t, "19")
	var read Access
	require.False(t, readJSON(p.path("access.json"), &read))

	written := newAccess("19", "http://127.0.0.1:1")
	require.NoError(t, p.writeAccess(written))
	require.True(t, readJSON(p.path("access.json"), &read))
	require.Equal(t, written, read)

	require.NoError(t, p.removeAccess())
	require.NoError(t, p.removeAccess(), "once is enough")
	require.NoFileExists(t, p.path("access.json"))
}

func TestBrokenFileCountsAsMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "template.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"recipe":`), 0o600))
	var read template
	require.False(t, readJSON(path, &read))
}

package devstack

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestAProgramIsFoundOrInstalledOrAskedFor(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	find := func() (string, error) {
		return program(t.TempDir(), "chromium", "Chromium", "name it", func(string) {}, "none", "chromium")
	}

	_, err := find()
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	require.ErrorContains(t, err, "apt-get install chromium")

	script(t, filepath.Join(dir, "chromium"), "exit 0")
	path, err := find()
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "chromium"), path)

	t.Setenv("CHROMIUM", "/opt/browser")
	path, err = Chromium(t.TempDir(), func(string) {})
	require.NoError(t, err)
	require.Equal(t, "/opt/browser", path)
}

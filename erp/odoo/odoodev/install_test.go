package odoodev

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConfigureRoot(t *testing.T) {
	found, err := findRelease("19")
	require.NoError(t, err)
	i := installer{
		release: found, root: root{dir: t.TempDir()},
		machine: machine{mirror: "http://m.test/debian", settings: "Acquire::Retries \"3\";\n"},
	}
	require.NoError(t, i.configure())
	for name, want := range map[string]string{
		"etc/apt/sources.list":                     found.sources("http://m.test/debian"),
		"etc/apt/preferences.d/tandem":             found.preferences(),
		"etc/apt/apt.conf.d/99tandem":              "Acquire::Retries \"3\";\n",
		"etc/postgresql-common/createcluster.conf": "create_main_cluster = false\n",
		"usr/sbin/policy-rc.d":                     "#!/bin/sh\nexit 101\n",
	} {
		text, err := os.ReadFile(i.root.path(name))
		require.NoError(t, err)
		require.Equal(t, want, string(text), name)
	}
	info, err := os.Stat(i.root.path("usr/sbin/policy-rc.d"))
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&0o111, "a policy that cannot run is none")
	require.FileExists(t, i.root.path("etc/hosts"), "Odoo looks up localhost")
}

func TestRootIsMadeOnce(t *testing.T) {
	p := newTestPlace(t, "14")
	require.NoError(t, os.Mkdir(p.root().dir, 0o755))
	require.NoError(t, p.provideRoot(t.Context(), func(string) { t.Error("nothing takes long") }))
}

func TestPostgresPrograms(t *testing.T) {
	r := root{dir: t.TempDir()}
	_, err := r.postgresPrograms()
	require.ErrorContains(t, err, "0 versions")

	require.NoError(t, os.MkdirAll(filepath.Join(r.dir, "usr/lib/postgresql/17/bin"), 0o755))
	programs, err := r.postgresPrograms()
	require.NoError(t, err)
	require.Equal(t, "/usr/lib/postgresql/17/bin", programs)
}

func TestWhatIsInstalled(t *testing.T) {
	p := newTestPlace(t, "14")
	require.False(t, p.installed())
	require.NoError(t, os.Mkdir(p.root().dir, 0o755))
	require.False(t, p.installed(), "the template is missing")
	require.NoError(t, writeJSON(p.path("template.json"), template{Recipe: "another"}))
	require.False(t, p.installed(), "the template was made otherwise")

	held, err := p.lock()
	require.NoError(t, err)
	require.True(t, p.installed(), "the one that runs is left as it is")
	held.Release()

	require.NoError(t, writeJSON(p.path("template.json"), template{Recipe: p.release.recipe()}))
	require.True(t, p.installed())
}

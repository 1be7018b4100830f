package devstack

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// fakePrograms makes a folder with server programs that say they are the version.
func fakePrograms(t *testing.T, root, version string) string {
	t.Helper()
	dir := filepath.Join(root, version)
	script(t, filepath.Join(dir, "initdb"), "exit 1")
	script(t, filepath.Join(dir, "postgres"), "echo 'postgres (PostgreSQL) "+version+" (Debian 1)'")
	return dir
}

func TestFindPrograms(t *testing.T) {
	root := t.TempDir()
	v14, v15, v17 := fakePrograms(t, root, "14.18"), fakePrograms(t, root, "15.13"), fakePrograms(t, root, "17beta1")
	clientOnly, odd := filepath.Join(root, "client"), filepath.Join(root, "odd")
	script(t, filepath.Join(clientOnly, "postgres"), "echo 'postgres (PostgreSQL) 99'")
	script(t, filepath.Join(odd, "initdb"), "exit 0")
	script(t, filepath.Join(odd, "postgres"), "echo no version here")

	for name, test := range map[string]struct {
		dirs  []string
		major int
		want  string
	}{
		"newest":                  {[]string{v15, v17, v14}, 0, v17},
		"the one that fits":       {[]string{v15, v17}, 15, v15},
		"none that fits":          {[]string{v15, v17}, 16, ""},
		"too old":                 {[]string{v14}, 0, ""},
		"not all of the programs": {[]string{clientOnly, v15}, 0, v15},
		"no version to be seen":   {[]string{odd}, 0, ""},
		"nowhere":                 {[]string{filepath.Join(root, "none")}, 0, ""},
		"no folders":              {nil, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := findPrograms(test.dirs, test.major)
			require.Equal(t, test.want != "", ok)
			if ok {
				require.Equal(t, test.want, got.dir)
			}
		})
	}
}

func TestMissingProgramsSayWhatToInstall(t *testing.T) {
	for major, want := range map[int]string{0: "apt-get install postgresql`", 16: "apt-get install postgresql-16`"} {
		_, err := resolvePrograms(PostgresOptions{NoInstall: true, SearchDirs: []string{t.TempDir()}}, major)
		require.True(t, fault.Is(err, fault.NotFound), "%v", err)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "PostgreSQL 15 or newer")
		require.ErrorContains(t, err, "DATABASE_URL")
	}
}

func TestDataOfAnOlderVersionIsNotTouched(t *testing.T) {
	root := t.TempDir()
	_, err := resolvePrograms(PostgresOptions{SearchDirs: []string{fakePrograms(t, root, "14.18"), fakePrograms(t, root, "15.13")}}, 14)
	require.True(t, fault.Is(err, fault.Unsupported), "%v", err)
	require.ErrorContains(t, err, "made by PostgreSQL 14, but 15 or newer")
}

func TestSearchDirsLookIntoPath(t *testing.T) {
	dir := fakePrograms(t, t.TempDir(), "99.1")
	t.Setenv("PATH", dir)
	got, ok := findPrograms(searchDirs(), 99)
	require.True(t, ok)
	require.Equal(t, dir, got.dir)
}

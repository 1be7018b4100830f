package devstack

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestPlaceClusterInItsFolder(t *testing.T) {
	folder := testFolder(t)
	c, err := placeCluster(folder, filepath.Join(folder, "unused"))
	require.NoError(t, err)
	require.Equal(t, filepath.Join(folder, "postgres"), c.dir)
	info, err := os.Stat(c.dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	require.NoDirExists(t, filepath.Join(folder, "unused"))
}

// TestPlaceClusterElsewhere is the case of a checkout under /root. An ordinary user can enter his own closed folder.
func TestPlaceClusterElsewhere(t *testing.T) {
	root := testFolder(t)
	closed, fallback := filepath.Join(root, "closed"), filepath.Join(root, "fallback")
	require.NoError(t, os.Mkdir(closed, 0o700))

	c, err := placeCluster(closed, fallback)
	require.NoError(t, err)
	require.True(t, c.owner.canEnter(c.dir))
	if os.Geteuid() == 0 {
		target, err := os.Readlink(filepath.Join(closed, "postgres"))
		require.NoError(t, err)
		require.Equal(t, c.dir, target)
		require.Equal(t, fallback, filepath.Dir(c.dir))
	}

	again, err := placeCluster(closed, fallback)
	require.NoError(t, err)
	require.Equal(t, c.dir, again.dir, "the next start finds it")
}

func TestPlaceClusterNowhere(t *testing.T) {
	closed := filepath.Join(testFolder(t), "closed")
	require.NoError(t, os.Mkdir(closed, 0o700))
	_, err := placeCluster(closed, filepath.Join(closed, "fallback"))
	if os.Geteuid() != 0 {
		require.NoError(t, err)
		return
	}
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "choose a folder whose parents all users may enter")
}

func TestFolderIDTellsFoldersApart(t *testing.T) {
	require.Equal(t, folderID("/a"), folderID("/a"))
	require.NotEqual(t, folderID("/a"), folderID("/b"))
}

func TestMajor(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want int
		ok   bool
	}{
		"as initdb writes it": {"15\n", 15, true},
		"garbage":             {"\x00\x00", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := cluster{dir: t.TempDir()}
			require.NoError(t, os.Mkdir(c.data(), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(c.data(), "PG_VERSION"), []byte(test.text), 0o600))
			got, err := c.major()
			require.Equal(t, test.ok, err == nil, "%v", err)
			require.Equal(t, test.want, got)
		})
	}
	got, err := cluster{dir: t.TempDir()}.major()
	require.NoError(t, err)
	require.Zero(t, got, "none yet")
}

func TestPasswordLost(t *testing.T) {
	_, err := cluster{dir: t.TempDir()}.password()
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "put it back, or remove both")
}

func TestInitShowsWhatInitdbSaid(t *testing.T) {
	folder := testFolder(t)
	script(t, filepath.Join(folder, "initdb"), "echo no space left >&2; exit 1")
	c, err := placeCluster(folder, folder)
	require.NoError(t, err)
	err = c.init(testContext(t), programs{dir: folder, major: 15})
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "| no space left")
	require.NoDirExists(t, c.data())
}

package devstack

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// fakeApt puts an apt-get first in PATH that notes how it was called and what pg_createcluster would have read.
func fakeApt(t *testing.T, body string) (notes, dropIns string) {
	t.Helper()
	dir := t.TempDir()
	notes, dropIns = filepath.Join(dir, "notes"), filepath.Join(dir, "createcluster.d")
	script(t, filepath.Join(dir, "bin", "apt-get"), `echo "$@" >>`+notes+`; cat `+dropIns+`/* >>`+notes+"\n"+body)
	t.Setenv("PATH", filepath.Join(dir, "bin")+":"+os.Getenv("PATH"))
	return notes, dropIns
}

func runScript(t *testing.T, dropIns string) error {
	t.Helper()
	return runInstall(t.TempDir(), []string{"sh", "-c", installScript, "install.sh", "postgresql-16", dropIns})
}

func TestInstallMakesNoSystemCluster(t *testing.T) {
	notes, dropIns := fakeApt(t, "exit 0")
	require.NoError(t, runScript(t, dropIns))

	text, err := os.ReadFile(notes)
	require.NoError(t, err)
	require.Contains(t, string(text), "install -y --no-install-recommends postgresql-16\ncreate_main_cluster = false\n")
	left, err := os.ReadDir(dropIns)
	require.NoError(t, err)
	require.Empty(t, left, "later installations behave as usual")
}

func TestInstallGoesOnWithTheListsAtHand(t *testing.T) {
	notes, dropIns := fakeApt(t, `case "$*" in *update*) exit 100;; esac`)
	require.NoError(t, runScript(t, dropIns))
	text, err := os.ReadFile(notes)
	require.NoError(t, err)
	require.Contains(t, string(text), "install -y")
}

func TestInstallShowsWhatAptSaid(t *testing.T) {
	_, dropIns := fakeApt(t, "echo 'E: Unable to locate package'; exit 100")
	err := runScript(t, dropIns)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.ErrorContains(t, err, "| E: Unable to locate package")
	left, err := os.ReadDir(dropIns)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestCanInstall(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	require.False(t, canInstall(nil), "no apt")

	script(t, filepath.Join(dir, "apt-get"), "exit 0")
	require.True(t, canInstall(nil))
	require.False(t, canInstall([]string{"sudo", "-n"}), "no sudo")

	script(t, filepath.Join(dir, "sudo"), "exit 1")
	require.False(t, canInstall([]string{"sudo", "-n"}), "sudo asks for a password")

	script(t, filepath.Join(dir, "sudo"), `[ "$*" = "-n true" ]`)
	require.True(t, canInstall([]string{"sudo", "-n"}))
}

func TestInstallWithoutAptSaysWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := installPostgres(t.TempDir(), "postgresql", func(string) {})
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	require.ErrorContains(t, err, "sudo apt-get install postgresql")
}

package devstack

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// otherAccount gives a user the tests can become: nobody for root, and themselves otherwise.
func otherAccount(t *testing.T) *account {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	found, err := user.Lookup("nobody")
	require.NoError(t, err)
	nobody, err := newAccount(found)
	require.NoError(t, err)
	return nobody
}

func TestServerAccountIsNeverRoot(t *testing.T) {
	got, err := serverAccount(filepath.Join(t.TempDir(), "none"))
	require.NoError(t, err)
	if os.Geteuid() != 0 {
		require.Nil(t, got)
		return
	}
	require.NotZero(t, got.uid)
	require.NotZero(t, got.gid)
}

func TestServerAccountIsTheOwnerOfWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	owner := otherAccount(t)
	require.NoError(t, owner.own(dir))
	got, err := serverAccount(dir)
	require.NoError(t, err)
	require.Equal(t, owner, got)
}

func TestNewAccountNeedsNumbers(t *testing.T) {
	_, err := newAccount(&user.User{Username: "x", Uid: "S-1-5-21", Gid: "1"})
	require.True(t, fault.Is(err, fault.Unsupported), "%v", err)
}

func TestApplyDropsPrivileges(t *testing.T) {
	other := otherAccount(t)
	want := os.Geteuid()
	if other != nil {
		want = int(other.uid)
	}
	cmd := exec.Command("id", "-u")
	cmd.Dir = "/"
	other.apply(cmd)
	text, err := cmd.Output()
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(want), strings.TrimSpace(string(text)))
}

func TestCanEnter(t *testing.T) {
	dir := testFolder(t)
	closed := filepath.Join(dir, "closed")
	require.NoError(t, os.Mkdir(closed, 0o700))

	other := otherAccount(t)
	require.True(t, other.canEnter(dir))
	require.Equal(t, other == nil, other.canEnter(closed), "its owner only")
	require.False(t, other.canEnter(filepath.Join(dir, "none")))
}

func TestWriteFileIsForTheAccountOnly(t *testing.T) {
	path := filepath.Join(testFolder(t), "password")
	other := otherAccount(t)
	require.NoError(t, other.writeFile(path, "x"))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	cmd := exec.Command("cat", path)
	other.apply(cmd)
	text, err := cmd.Output()
	require.NoError(t, err)
	require.Equal(t, "x", string(text))
}

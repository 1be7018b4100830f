package devstack

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// startStranger runs a program that is no child of the stack, with an argument to know it by.
func startStranger(t *testing.T, argument string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sh", "-c", "trap 'exit 0' INT; while :; do sleep 0.02; done", argument)
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // reaps it, so that it does not stay a zombie
		close(ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // may have ended
		<-ended
	})
	return cmd
}

func TestEndOrphan(t *testing.T) {
	const marker = "/some/data/folder"
	orphan := startStranger(t, marker)
	stranger := startStranger(t, "/another/folder")
	dead := exec.Command("true")
	require.NoError(t, dead.Run())

	for name, test := range map[string]struct {
		file     string
		fileLeft bool
	}{
		"left behind":              {strconv.Itoa(orphan.Process.Pid) + "\n/data\n", true},
		"number now of another":    {strconv.Itoa(stranger.Process.Pid) + "\n/data\n", false},
		"number now of nobody":     {strconv.Itoa(dead.Process.Pid) + "\n", true},
		"empty after a power loss": {"", false},
		"a group instead":          {"-" + strconv.Itoa(stranger.Process.Pid) + "\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "postmaster.pid")
			require.NoError(t, os.WriteFile(file, []byte(test.file), 0o600))
			require.NoError(t, endOrphan(testContext(t), file, marker))
			require.Equal(t, test.fileLeft, isFile(file))
		})
	}
	require.False(t, runs(orphan.Process.Pid, marker))
	require.True(t, runs(stranger.Process.Pid, "/another/folder"), "it is none of our business")
}

func TestEndOrphanWithoutAFile(t *testing.T) {
	require.NoError(t, endOrphan(testContext(t), filepath.Join(t.TempDir(), "none"), "x"))
}

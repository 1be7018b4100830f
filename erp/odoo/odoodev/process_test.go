package odoodev

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// startShell starts a shell script as a process, its log in a folder of the test's own.
func startShell(t *testing.T, script string) *process {
	t.Helper()
	log := filepath.Join(t.TempDir(), "shell.log")
	p, err := startProcess("Shell", exec.Command("sh", "-c", script), syscall.SIGTERM, log)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.stop(0) })
	return p
}

// said waits until the process has written the line.
func (p *process) said(t *testing.T, line string) {
	t.Helper()
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(p.log)
		return err == nil && string(text) == line
	}, 2*time.Minute, 5*time.Millisecond)
}

func TestStopInGoodOrder(t *testing.T) {
	p := startShell(t, `trap 'echo bye; exit' TERM; echo ready; while :; do sleep 0.01; done`)
	p.said(t, "ready\n")
	require.NoError(t, p.stop(2*time.Minute))
	p.said(t, "ready\nbye\n")
	require.NoError(t, p.stop(time.Second), "stopping again does nothing")
}

func TestStopForced(t *testing.T) {
	p := startShell(t, `trap '' TERM; echo ready; exec sleep 60`)
	p.said(t, "ready\n")
	err := p.stop(10 * time.Millisecond)
	require.ErrorContains(t, err, "Shell did not stop within 10ms")
	<-p.done
}

func TestStopNeverStarted(t *testing.T) {
	var p *process
	require.NoError(t, p.stop(0))
}

func TestStartFails(t *testing.T) {
	log := filepath.Join(t.TempDir(), "x.log")
	_, err := startProcess("Nothing", exec.Command("/no/such/program"), syscall.SIGTERM, log)
	require.True(t, fault.Is(err, fault.Internal))
	require.ErrorContains(t, err, "cannot start Nothing")
}

func TestWaitReady(t *testing.T) {
	notYet := errors.New("not yet")
	t.Run("answers in the end", func(t *testing.T) {
		asked := 0
		err := startShell(t, "exec sleep 60").waitReady(t.Context(), func(context.Context) error {
			if asked++; asked < 3 {
				return notYet
			}
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, 3, asked)
	})
	t.Run("ends instead", func(t *testing.T) {
		p := startShell(t, "exit 7")
		err := p.waitReady(t.Context(), func(context.Context) error { return notYet })
		require.ErrorContains(t, err, "Shell ended unexpectedly (exit status 7); see "+p.log)
	})
	t.Run("takes too long", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		err := startShell(t, "exec sleep 60").waitReady(ctx, func(context.Context) error { return notYet })
		require.ErrorIs(t, err, notYet)
		require.True(t, fault.Is(err, fault.Internal))
	})
}

func TestLogOfTheRunBeforeStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.log")
	for _, text := range []string{"one", "two", "three"} {
		file, err := openLog(path)
		require.NoError(t, err)
		_, err = file.WriteString(text)
		require.NoError(t, errors.Join(err, file.Close()))
	}
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	before, err := os.ReadFile(path + ".1")
	require.NoError(t, err)
	require.Equal(t, "three two", string(now)+" "+string(before))
}

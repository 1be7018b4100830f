package devstack

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestStackLife(t *testing.T) {
	folder := testFolder(t)
	var report lines
	options := Options{Folder: folder, TemporalCLI: testCLI(t), Report: report.add}
	stack, err := Start(testContext(t), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stack.Stop()) })

	require.Equal(t, "tandem", query(t, stack.DatabaseURL, "SELECT current_database()"))
	require.Equal(t, stack.Temporal.Address(), stack.TemporalAddress)
	require.Contains(t, report.text(), "PostgreSQL is ready on port")
	require.Contains(t, report.text(), "Temporal is ready on "+stack.TemporalAddress)
	require.NotContains(t, report.text(), stack.Postgres.password)

	_, err = Start(testContext(t), options)
	require.True(t, fault.Is(err, fault.Conflict), "%v", err)

	for range restartsMost {
		before := stack.Postgres.server.current()
		before.Signal(syscall.SIGKILL)
		eventually(t, "another PostgreSQL", func() bool { return stack.Postgres.server.current() != before })
	}
	stack.Postgres.server.current().Signal(syscall.SIGKILL)
	require.ErrorContains(t, receive(t, stack.Failed(), "word of PostgreSQL"), "PostgreSQL ended unexpectedly (signal: killed), and was restarted")
}

func TestStackUsesWhatIsGiven(t *testing.T) {
	folder := t.TempDir()
	stack, err := Start(testContext(t), Options{
		Folder: folder, DatabaseURL: "postgres://db.example/tandem", TemporalAddress: "temporal.example:7233",
	})
	require.NoError(t, err)
	require.Nil(t, stack.Postgres)
	require.Nil(t, stack.Temporal)
	require.Equal(t, "postgres://db.example/tandem", stack.DatabaseURL)
	require.Equal(t, "temporal.example:7233", stack.TemporalAddress)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing but the lock")
	require.NoError(t, stack.Stop())

	again, err := Start(testContext(t), Options{Folder: folder, DatabaseURL: "x", TemporalAddress: "x"})
	require.NoError(t, err, "the folder is free again")
	require.NoError(t, again.Stop())
}

func TestStackStopsWhatStartedWhenTheRestFails(t *testing.T) {
	folder := testFolder(t)
	cli := folder + "/temporal-cli"
	script(t, cli, "until [ -s "+folder+"/postgres/data/postmaster.pid ]; do sleep 0.02; done; echo no luck; exit 1")
	_, err := Start(testContext(t), Options{Folder: folder, TemporalCLI: cli})
	require.ErrorContains(t, err, "no luck")

	lock, err := lockFolder(folder)
	require.NoError(t, err, "the folder is free again")
	lock.Release()
	text, err := os.ReadFile(folder + "/postgres/data/postmaster.pid")
	require.ErrorIs(t, err, os.ErrNotExist, "a server runs as %s", strings.SplitN(string(text), "\n", 2)[0])
}

package devstack

import (
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// waitForWord is a workflow that ends with the word it is sent.
func waitForWord(ctx workflow.Context) (word string, err error) {
	workflow.GetSignalChannel(ctx, "word").Receive(ctx, &word)
	return word, nil
}

// TestTemporalThatStopsAnswering stops a server in the middle of a workflow as if it had wedged: it keeps its connections
// and answers nothing. Another one must take its place, at the same address and with the same workflow.
func TestTemporalThatStopsAnswering(t *testing.T) {
	var report lines
	server := startTemporal(t, TemporalOptions{
		Folder: t.TempDir(), Report: report.add, patience: patience{every: 100 * time.Millisecond, failures: 2},
	})
	dialled := dialTemporal(t, server)
	run, err := dialled.ExecuteWorkflow(testContext(t), client.StartWorkflowOptions{TaskQueue: "words"}, waitForWord)
	require.NoError(t, err)

	wedged := server.server.current()
	wedged.Signal(syscall.SIGSTOP)
	eventually(t, "another server", func() bool { return server.server.current() != wedged })

	require.Contains(t, report.text(), "Temporal stopped answering (2 checks failed")
	require.Contains(t, report.text(), "Temporal is up again after")
	eventually(t, "the workflow to take a signal", func() bool {
		return dialled.SignalWorkflow(testContext(t), run.GetID(), run.GetRunID(), "word", "on") == nil
	})
	var word string
	require.NoError(t, run.Get(testContext(t), &word))
	require.Equal(t, "on", word)
}

// dialTemporal returns a client of the server, with a worker for the workflow beside it.
func dialTemporal(t *testing.T, server *Temporal) client.Client {
	t.Helper()
	dialled, err := client.Dial(client.Options{
		HostPort: server.Address(), Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	require.NoError(t, err)
	t.Cleanup(dialled.Close)
	w := worker.New(dialled, "words", worker.Options{})
	w.RegisterWorkflow(waitForWord)
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	return dialled
}

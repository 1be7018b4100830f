package workflows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
)

// signalWaiting tells an EntitySync and its Operation what an import waits for, and that it goes on. It changes only what
// they show: histories with and without it replay alike.
const signalWaiting = "waiting"

// NotifyWaiting tells an EntitySync and its Operation what the import waits for. One that has ended needs no notice.
func NotifyWaiting(ctx context.Context, c client.Client, entitySync string, n activities.WaitingNotice) error {
	var errs []error
	for _, id := range []string{entitySync, OperationID(n.Operation)} {
		err := c.SignalWorkflow(ctx, id, "", signalWaiting, n)
		var gone *serviceerror.NotFound
		if !errors.As(err, &gone) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// onWaiting hears what an import waits for.
func onWaiting(ctx workflow.Context, hear func(workflow.Context, activities.WaitingNotice)) {
	notices := workflow.GetSignalChannel(ctx, signalWaiting)
	workflow.GoNamed(ctx, signalWaiting, func(ctx workflow.Context) {
		for {
			var n activities.WaitingNotice
			if !notices.Receive(ctx, &n) {
				return
			}
			hear(ctx, n)
		}
	})
}

// waitingDetails says what an import waits for, the reason first.
func waitingDetails(w activities.Waiting) string {
	return fmt.Sprintf("**waits:** %s\n\nSince %s UTC; attempt %d failed, the next is at %s, later ones at most %d s apart. %s",
		w.Message, w.Since.UTC().Format(time.DateTime), w.Attempt, w.NextTryAt.UTC().Format(time.TimeOnly),
		int(activities.LastRetry.Seconds()), w.Remedy)
}

// waitings are what the entities of an operation wait for, by "instance/entity".
type waitings map[string]activities.Waiting

// hear keeps a notice; one that comes after its entity has ended is late.
func (w waitings) hear(n activities.WaitingNotice, running []string) {
	for _, name := range running {
		if name == n.Instance+"/"+n.Entity && n.Waiting != nil {
			w[name] = *n.Waiting
			return
		}
	}
	delete(w, n.Instance+"/"+n.Entity)
}

// details names each that waits, and why; empty when all get on.
func (w waitings) details() string {
	var parts []string
	for _, name := range workflow.DeterministicKeys(w) {
		parts = append(parts, name+" "+waitingDetails(w[name])+"\n\n")
	}
	return strings.Join(parts, "")
}

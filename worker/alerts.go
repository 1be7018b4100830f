package worker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/serviceerror"

	"tandem/db"
	"tandem/fault"
	"tandem/instance"
	"tandem/workflows"
)

// awayAfter is how long a store or an ERP may be away before people are told: restarts and updates take less.
const awayAfter = 15 * time.Minute

// tellAlerts tells people what is wrong with their instances: once when it begins, and once when it is over.
func (w *Worker) tellAlerts(ctx context.Context) error {
	instances, err := w.db.Instances(ctx)
	if err != nil {
		return err
	}
	var failures failures
	for _, inst := range instances {
		if email := inst.Config.Email; email.Alerts && len(email.Recipients) > 0 && inst.State == instance.Active {
			failures.add(w.trackAlerts(ctx, inst))
		}
	}
	failures.add(w.startNotices(ctx))
	return failures.err()
}

func (w *Worker) trackAlerts(ctx context.Context, inst instance.Instance) error {
	causes, err := w.causes(ctx, inst)
	if err != nil {
		return err
	}
	_, err = w.db.TrackAlerts(ctx, inst.ID, causes, inst.Config.Email.Recipients, noticeOf)
	return err
}

// startNotices starts the sending of notices. They are rows first: one whose start was lost is started the next time.
func (w *Worker) startNotices(ctx context.Context) error {
	list, err := w.db.UnstartedNotices(ctx)
	if err != nil {
		return err
	}
	for _, m := range list {
		err := workflows.StartReport(ctx, w.temporal, workflows.ReportInput{Instance: m.Instance, Period: m.Period})
		var started *serviceerror.WorkflowExecutionAlreadyStarted
		if err != nil && !errors.As(err, &started) {
			return fault.Wrap(fault.Unavailable, err, "Temporal did not take a notice")
		}
	}
	return nil
}

// causes gives what is wrong with an instance, by what it is about.
func (w *Worker) causes(ctx context.Context, inst instance.Instance) (map[string]string, error) {
	causes := map[string]string{}
	counts, err := w.db.Counters(ctx, inst.ID)
	if err != nil {
		return nil, err
	}
	if parked := counts.Jobs[db.JobParked] + counts.Jobs[db.JobFailed]; parked > inst.Config.Email.AlertLimit {
		causes["parked"] = fmt.Sprintf("%d records wait for a person or failed: tandem jobs --instance %s", parked, inst.ID)
	}
	running, _, err := w.db.Operations(ctx, db.OperationFilter{Instance: inst.ID, State: db.OperationRunning}, db.Page{})
	if err != nil {
		return nil, err
	}
	for _, op := range running {
		for _, p := range op.Progress {
			if p.Waiting != nil && p.Instance == inst.ID && time.Since(p.Waiting.Since) > awayAfter {
				causes["waits"] = fmt.Sprintf("%s waits since %s UTC: %s. %s", p.Entity, p.Waiting.Since.UTC().Format(time.DateTime), p.Waiting.Message, p.Waiting.Remedy)
			}
		}
	}
	if inst.ERP.Problem != "" {
		causes["erp"] = inst.ERP.Problem
	}
	for _, warning := range inst.ERP.Warnings {
		if strings.Contains(warning, "API key") && strings.Contains(warning, " ends on ") { // the only warning that becomes a failure by itself
			causes["erp_key"] = warning
		}
	}
	hooks, err := w.db.Webhooks(ctx, inst.ID)
	for _, h := range hooks {
		if h.Wanted != "" && h.Problem != "" {
			causes["webhooks"] = "webhook " + h.Topic + ": " + h.Problem
		}
	}
	return causes, err
}

// noticeOf says what a notice of an alert says.
func noticeOf(a db.Alert) (period, subject, body string) {
	if a.OverAt == nil {
		return fmt.Sprintf("alert-%d", a.ID), "Tandem: " + a.Instance + " needs attention",
			fmt.Sprintf("%s\n\nSince %s UTC. You are told once, and again when it is over.", a.Message, a.Since.UTC().Format(time.DateTime))
	}
	return fmt.Sprintf("alert-%d-over", a.ID), "Tandem: a problem of " + a.Instance + " is over",
		fmt.Sprintf("It is over: %s\n\nFrom %s to %s UTC.", a.Message, a.Since.UTC().Format(time.DateTime), a.OverAt.UTC().Format(time.DateTime))
}

package worker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/serviceerror"

	"tandem/activities"
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

// Causes of alerts.
const (
	causeParked    = "parked"
	causeWaits     = "waits"
	causeERP       = "erp"
	causeKey       = "erp_key"
	causeWebhooks  = "webhooks"
	causeSchedules = "schedules"
)

// causes gives what is wrong with an instance, by what it is about.
func (w *Worker) causes(ctx context.Context, inst instance.Instance) (map[string]db.AlertCause, error) {
	causes := map[string]db.AlertCause{}
	say := func(cause, format string, args ...any) {
		causes[cause] = db.AlertCause{Message: fmt.Sprintf(format, args...)}
	}
	parked, err := w.parkedCause(ctx, inst)
	if err != nil {
		return nil, err
	}
	if parked.Message != "" {
		causes[causeParked] = parked
	}
	running, _, err := w.db.Operations(ctx, db.OperationFilter{Instance: inst.ID, State: db.OperationRunning}, db.Page{})
	if err != nil {
		return nil, err
	}
	if waits := waitsOf(running, inst.ID); waits != "" {
		say(causeWaits, "%s", waits)
	}
	if inst.ERP.Problem != "" {
		say(causeERP, "%s", inst.ERP.Problem)
	}
	if inst.ERP.KeyWarning != "" { // of all warnings the one that becomes a failure if nobody does anything
		say(causeKey, "%s", inst.ERP.KeyWarning)
	}
	schedules, err := w.db.Schedules(ctx, inst.ID)
	if err != nil {
		return nil, err
	}
	failing, err := w.db.FailingSchedules(ctx, inst.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range failing {
		say(causeSchedules, "the schedule %s fails: %s", f.Kind, f.Error)
	}
	if paused := pausedByTandem(schedules); paused != "" {
		say(causeSchedules, "%s", paused)
	}
	hooks, err := w.db.Webhooks(ctx, inst.ID)
	for _, h := range hooks {
		if h.Wanted != "" && h.Problem != "" {
			say(causeWebhooks, "webhook %s: %s", h.Topic, h.Problem)
		}
	}
	return causes, err
}

// waitsOf says what has waited for a store or an ERP for too long; empty when nothing has.
func waitsOf(running []db.Operation, id string) (text string) {
	for _, op := range running {
		for _, p := range op.Progress {
			if p.Waiting != nil && p.Instance == id && time.Since(p.Waiting.Since) > awayAfter {
				text = fmt.Sprintf("%s waits since %s UTC: %s. %s", p.Entity, p.Waiting.Since.UTC().Format(time.DateTime), p.Waiting.Message, p.Waiting.Remedy)
			}
		}
	}
	return text
}

// pausedByTandem says which schedule was paused because the store or the ERP refuses the keys; empty when none was.
func pausedByTandem(schedules []db.Schedule) string {
	for _, row := range schedules {
		if why, ok := strings.CutPrefix(row.Note, activities.PausedByTandem); ok && !row.Active {
			return fmt.Sprintf("the schedule %s is paused: %s. Once that is corrected: tandem schedule resume %s %s", row.Kind, why, row.Instance, row.Kind)
		}
	}
	return ""
}

// parkedCause says that too many records are parked or failed: more than the limit of those that came after the last alert of that. While it
// lasts, people are told again once as many have come again. It is over when no more than the limit are left, whenever they came.
func (w *Worker) parkedCause(ctx context.Context, inst instance.Instance) (cause db.AlertCause, err error) {
	last, err := w.db.LastAlert(ctx, inst.ID, causeParked)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return cause, err
	}
	lasts := err == nil && last.OverAt == nil
	all, err := w.db.CountProblems(ctx, inst.ID, time.Time{})
	if err != nil {
		return cause, err
	}
	fresh, err := w.db.CountProblems(ctx, inst.ID, last.Since)
	limit := inst.Config.Email.AlertLimit
	switch {
	case fresh > limit && fresh < all:
		cause = db.AlertCause{Message: fmt.Sprintf("%d records are parked or failed, %d of them since the last alert: tandem jobs --instance %s", all, fresh, inst.ID)}
	case fresh > limit:
		cause = db.AlertCause{Message: fmt.Sprintf("%d records are parked or failed: tandem jobs --instance %s", all, inst.ID)}
	case lasts && all > limit:
		cause.Message = last.Message
	}
	cause.Again = lasts && fresh > limit
	return cause, err
}

// noticeOf says what a notice of an alert says.
func noticeOf(a db.Alert) (period, subject, body string) {
	if a.OverAt == nil {
		return fmt.Sprintf("alert-%d", a.ID), "Tandem: " + a.Instance + " needs attention",
			fmt.Sprintf("%s\n\nSince %s UTC. This notice is sent once; another follows when it is over.", a.Message, a.Since.UTC().Format(time.DateTime))
	}
	return fmt.Sprintf("alert-%d-over", a.ID), "Tandem: a problem of " + a.Instance + " is over",
		fmt.Sprintf("It is over: %s\n\nFrom %s to %s UTC.", a.Message, a.Since.UTC().Format(time.DateTime), a.OverAt.UTC().Format(time.DateTime))
}

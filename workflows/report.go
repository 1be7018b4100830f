package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/fault"
)

// Workflow types of reports.
const (
	ReportType          = "Report"
	ScheduledReportType = "ScheduledReport"
)

// ReportID is the workflow id of the report of an instance and period.
func ReportID(instance, period string) string { return "report/" + instance + "/" + period }

// ScheduledReportID is what the workflows of a schedule of reports are called; the time each was due is added to it.
func ScheduledReportID(instance, kind string) string {
	return "scheduled-report/" + instance + "/" + kind
}

// ReportInput asks for a report.
type ReportInput = activities.ReportInput

// ScheduledReportInput names the schedule that asks for reports.
type ScheduledReportInput struct {
	Schedule string `json:"schedule"`
}

var reportActs *activities.Reports

// sending is how often a mail is tried: for an hour and a half, which is longer than greylisting takes. Then a person is told.
var sending = &temporal.RetryPolicy{
	InitialInterval: time.Minute, BackoffCoefficient: 2, MaximumInterval: 30 * time.Minute, MaximumAttempts: 8,
	NonRetryableErrorTypes: patient.NonRetryableErrorTypes,
}

func sendOptions(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: QueueOrders, StartToCloseTimeout: 5 * time.Minute, HeartbeatTimeout: 45 * time.Second, RetryPolicy: sending, Summary: summary,
	})
}

// ScheduledReport starts the reports that are due, and leaves them to themselves.
func ScheduledReport(ctx workflow.Context, in ScheduledReportInput) (started []string, err error) {
	var due []ReportInput
	err = workflow.ExecuteActivity(rowOptions(ctx, "which reports are due"), reportActs.DueReports,
		activities.DueInput{Schedule: in.Schedule, At: workflow.Now(ctx)}).Get(ctx, &due)
	if err != nil {
		return nil, err
	}
	for _, one := range due {
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
			WorkflowID: ReportID(one.Instance, one.Period), TaskQueue: QueueControl, StaticSummary: reportSummary(one),
			WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE, ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
			TypedSearchAttributes: temporal.NewSearchAttributes(AttrInstance.ValueSet(one.Instance)),
		})
		err := workflow.ExecuteChildWorkflow(child, Report, one).GetChildWorkflowExecution().Get(ctx, nil)
		var known *temporal.ChildWorkflowExecutionAlreadyStartedError
		if errors.As(err, &known) {
			continue
		}
		if err != nil {
			return started, err
		}
		started = append(started, one.Period)
	}
	return started, nil
}

func reportSummary(in ReportInput) string {
	return "Send the report of " + in.Instance + ", " + in.Period
}

// Report sends a report or a notice, to each recipient once. It fails when somebody was not reached; running it again, from wherever, tries
// those again and nobody else.
func Report(ctx workflow.Context, in ReportInput) (activities.EndedReport, error) {
	var begun activities.BegunReport
	var ended activities.EndedReport
	if err := workflow.ExecuteActivity(rowOptions(ctx, "note who gets it"), reportActs.BeginReport, in).Get(ctx, &begun); err != nil {
		return ended, err
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("sending to %d recipients; each is tried for an hour and a half", len(begun.Deliveries)))
	tries := make([]workflow.Future, len(begun.Deliveries))
	for i, delivery := range begun.Deliveries {
		tries[i] = workflow.ExecuteActivity(sendOptions(ctx, fmt.Sprintf("delivery %d", delivery)), reportActs.SendReport, activities.SendInput{Delivery: delivery})
	}
	var reason string
	for _, try := range tries {
		if err := try.Get(ctx, nil); err != nil {
			reason = activities.FailureOf(err).Message
		}
	}
	done, _ := workflow.NewDisconnectedContext(ctx) // also when it was cancelled
	if err := workflow.ExecuteActivity(rowOptions(done, "note how far it got"), reportActs.EndReport, begun).Get(done, &ended); err != nil {
		return ended, err
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("sent to %d, not to %d. %s", ended.Sent, ended.Failed, reason))
	if ended.Failed > 0 {
		return ended, temporal.NewNonRetryableApplicationError(
			fmt.Sprintf("%d of %d recipients were not reached: %s", ended.Failed, ended.Sent+ended.Failed, reason), string(fault.Unavailable), nil)
	}
	return ended, nil
}

// StartReport starts a Report. One that is being sent is answered with serviceerror.WorkflowExecutionAlreadyStarted.
func StartReport(ctx context.Context, c client.Client, in ReportInput) error {
	_, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: ReportID(in.Instance, in.Period), TaskQueue: QueueControl, StaticSummary: reportSummary(in),
		WorkflowIDReusePolicy:                    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy:                 enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		TypedSearchAttributes:                    temporal.NewSearchAttributes(AttrInstance.ValueSet(in.Instance)),
	}, ReportType, in)
	return err
}

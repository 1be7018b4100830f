package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// RegisterSync registers what the sync queue runs.
func RegisterSync(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Operation, workflow.RegisterOptions{Name: OperationType})
	r.RegisterWorkflowWithOptions(ScheduledOperation, workflow.RegisterOptions{Name: ScheduledOperationType})
	r.RegisterWorkflowWithOptions(EntitySync, workflow.RegisterOptions{Name: EntitySyncType})
	r.RegisterWorkflowWithOptions(Matching, workflow.RegisterOptions{Name: MatchingType})
	r.RegisterWorkflowWithOptions(EntityMatch, workflow.RegisterOptions{Name: EntityMatchType})
}

// RegisterOrders registers what the orders queue runs.
func RegisterOrders(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(SaleOrder, workflow.RegisterOptions{Name: SaleOrderType})
}

// RegisterControl registers what the control queue runs.
func RegisterControl(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(PeriodicJob, workflow.RegisterOptions{Name: PeriodicJobType})
	r.RegisterWorkflowWithOptions(Webhooks, workflow.RegisterOptions{Name: WebhooksType})
	r.RegisterWorkflowWithOptions(Report, workflow.RegisterOptions{Name: ReportType})
	r.RegisterWorkflowWithOptions(ScheduledReport, workflow.RegisterOptions{Name: ScheduledReportType})
}

package worker

import (
	"context"
	"errors"

	"go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"

	"tandem/fault"
)

// installationKey marks a namespace as one installation's.
const installationKey = "tandem_installation"

// claimNamespace makes sure that no other installation works in this Temporal namespace: workflow ids, task queues and
// schedules are named after instances, and two installations would take each other's work. It reports whether the mark was
// missing.
func (w *Worker) claimNamespace(ctx context.Context) (marked bool, err error) {
	ours, err := w.db.Installation(ctx)
	if err != nil {
		return false, err
	}
	service := w.temporal.WorkflowService()
	found, err := service.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: w.namespace})
	if err != nil {
		return false, namespaceFault(err, w.namespace)
	}
	switch theirs := found.NamespaceInfo.GetData()[installationKey]; theirs {
	case ours:
		return false, nil
	case "":
	default:
		return false, fault.New(fault.Conflict, "the Temporal namespace %q belongs to another Tandem installation: give this one its own with TEMPORAL_NAMESPACE", w.namespace)
	}
	_, err = service.UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{
		Namespace: w.namespace, UpdateInfo: &namespace.UpdateNamespaceInfo{Data: map[string]string{installationKey: ours}},
	})
	if denied(err) {
		w.log.WarnContext(ctx, "the namespace cannot be marked as this installation's: make sure that no other uses it", "namespace", w.namespace)
		return false, nil
	}
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, err, "the Temporal namespace %q cannot be marked as this installation's", w.namespace)
	}
	return true, nil
}

func namespaceFault(err error, namespace string) error {
	var unknown *serviceerror.NamespaceNotFound
	if errors.As(err, &unknown) {
		return fault.Wrap(fault.Unavailable, err, "Temporal does not know the namespace %q: register it there", namespace)
	}
	return fault.Wrap(fault.Unavailable, err, "Temporal does not answer")
}

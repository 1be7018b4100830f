package devstack

import (
	"context"
	"errors"
	"log/slog"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"tandem/fault"
)

// frontend is a connection to a Temporal frontend for setting it up.
type frontend struct {
	client    client.Client
	namespace string
}

// newFrontend prepares a connection; nothing is sent before the first question.
func newFrontend(address, namespace string) (*frontend, error) {
	lazy, err := client.NewLazyClient(client.Options{
		HostPort:  address,
		Namespace: namespace,
		Logger:    log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "cannot make a Temporal client for %s", address)
	}
	return &frontend{client: lazy, namespace: namespace}, nil
}

func (f *frontend) close() { f.client.Close() }

// ping reports whether the frontend answers and knows the namespace.
func (f *frontend) ping(ctx context.Context) error {
	_, err := f.client.WorkflowService().DescribeNamespace(ctx,
		&workflowservice.DescribeNamespaceRequest{Namespace: f.namespace})
	return err
}

// query reports whether the server can read its database: the metadata and the list of workflows. One that has no room for
// another request works.
func (f *frontend) query(ctx context.Context) error {
	err := f.ping(ctx)
	if err == nil {
		_, err = f.client.WorkflowService().ListWorkflowExecutions(ctx,
			&workflowservice.ListWorkflowExecutionsRequest{Namespace: f.namespace, PageSize: 1})
	}
	if busy := new(serviceerror.ResourceExhausted); errors.As(err, &busy) {
		return nil
	}
	return err
}

// addSearchAttributes registers those that the namespace does not have yet. One that it has with another type is
// fault.Conflict: Temporal cannot change a type.
func (f *frontend) addSearchAttributes(ctx context.Context, want map[string]string) error {
	if len(want) == 0 {
		return nil
	}
	known, err := f.client.OperatorService().ListSearchAttributes(ctx,
		&operatorservice.ListSearchAttributesRequest{Namespace: f.namespace})
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot list Temporal's search attributes")
	}
	missing, err := missingAttributes(want, known.GetCustomAttributes())
	if err != nil || len(missing) == 0 {
		return err
	}
	_, err = f.client.OperatorService().AddSearchAttributes(ctx,
		&operatorservice.AddSearchAttributesRequest{Namespace: f.namespace, SearchAttributes: missing})
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot add Temporal search attributes")
	}
	return nil
}

// missingAttributes gives the wanted attributes that are not known.
func missingAttributes(want map[string]string, known map[string]enums.IndexedValueType) (map[string]enums.IndexedValueType, error) {
	missing := make(map[string]enums.IndexedValueType)
	for name, text := range want {
		kind, err := enums.IndexedValueTypeFromString(text)
		if err != nil {
			return nil, fault.Field("search attribute "+name, "%q is not a valid type of a search attribute", text)
		}
		switch have, ok := known[name]; {
		case !ok:
			missing[name] = kind
		case have != kind:
			return nil, fault.New(fault.Conflict, "the search attribute %s is of type %s already and cannot become %s",
				name, have, kind)
		}
	}
	return missing, nil
}

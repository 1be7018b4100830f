package worker

import (
	"context"
	"errors"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"tandem/fault"
	"tandem/workflows"
)

// ensureSearchAttributes registers the attributes that workflows are started with. Starting one with an attribute the
// server does not know fails, so this comes before anything else.
func ensureSearchAttributes(ctx context.Context, c client.Client, namespace string) error {
	_, err := c.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: namespace,
		SearchAttributes: map[string]enums.IndexedValueType{
			workflows.AttrInstance.GetName():  enums.INDEXED_VALUE_TYPE_KEYWORD,
			workflows.AttrEntity.GetName():    enums.INDEXED_VALUE_TYPE_KEYWORD,
			workflows.AttrOperation.GetName(): enums.INDEXED_VALUE_TYPE_KEYWORD,
			workflows.AttrDirection.GetName(): enums.INDEXED_VALUE_TYPE_KEYWORD,
		},
	})
	var exists *serviceerror.AlreadyExists
	var denied *serviceerror.PermissionDenied
	if err == nil || errors.As(err, &exists) || errors.As(err, &denied) {
		return nil // Temporal Cloud lets nobody add them from here: there they are part of the set-up
	}
	return fault.Wrap(fault.Unavailable, err, "Temporal does not take Tandem's search attributes")
}

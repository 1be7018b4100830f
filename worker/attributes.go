package worker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"

	"tandem/fault"
	"tandem/workflows"
)

// ensureSearchAttributes registers the attributes that workflows are started with. Starting one with an attribute the
// server does not know fails, so this comes before anything else. It reports whether any was missing.
func (w *Worker) ensureSearchAttributes(ctx context.Context) (added bool, err error) {
	operator := w.temporal.OperatorService()
	known, err := operator.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: w.namespace})
	if denied(err) {
		return false, nil // an account that may not even list them was given what it needs by somebody else
	}
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, err, "Temporal does not list its search attributes")
	}
	missing := missingAttributes(known.GetCustomAttributes())
	if len(missing) == 0 {
		return false, nil
	}
	_, err = operator.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: w.namespace, SearchAttributes: missing,
	})
	var exists *serviceerror.AlreadyExists
	switch {
	case err == nil, errors.As(err, &exists):
		return true, nil
	case denied(err):
		return false, fault.Wrap(fault.Unavailable, err, "Temporal lacks the search attributes %s, and this account may not add them: add them as docs/production.md says",
			strings.Join(slices.Sorted(maps.Keys(missing)), ", "))
	default:
		return false, fault.Wrap(fault.Unavailable, err, "Temporal does not take Tandem's search attributes")
	}
}

// missingAttributes are those of ours that the namespace does not have.
func missingAttributes(known map[string]enums.IndexedValueType) map[string]enums.IndexedValueType {
	missing := workflows.SearchAttributes()
	maps.DeleteFunc(missing, func(name string, _ enums.IndexedValueType) bool {
		_, have := known[name]
		return have
	})
	return missing
}

// denied reports whether Temporal refused an account, as Temporal Cloud does with what is set up elsewhere there.
func denied(err error) bool {
	var denied *serviceerror.PermissionDenied
	var unimplemented *serviceerror.Unimplemented
	return errors.As(err, &denied) || errors.As(err, &unimplemented)
}

package activities

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.temporal.io/sdk/temporal"

	"tandem/fault"
)

// classify is the only place where an error becomes retryable or not. What Temporal keeps is the fault's own message,
// which is written for people and holds no personal data; the cause may hold anything and is only named in the worker's log.
func classify(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return temporal.NewCanceledError()
	}
	f := fault.From(err)
	if f.Err != nil {
		slog.WarnContext(ctx, "activity failed", "kind", f.Kind, "code", f.Code, "error", f.Error(), "cause", describeCause(f.Err))
	}
	return temporal.NewApplicationErrorWithOptions(f.Error(), string(f.Kind), temporal.ApplicationErrorOptions{
		NonRetryable:   !fault.Retryable(f),
		NextRetryDelay: f.After,
		Details:        []any{Failure{Kind: f.Kind, Code: f.Code, Message: f.Error()}},
	})
}

// describeCause names a cause without quoting it: a driver's message may hold a customer's data, an address a key.
func describeCause(err error) string {
	var sql interface{ SQLState() string }
	if errors.As(err, &sql) {
		return "SQLSTATE " + sql.SQLState()
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fmt.Sprintf("%T", err)
}

// Failure is what a workflow needs to know of an error: it is small and safe to show.
type Failure struct {
	Kind    fault.Kind `json:"kind"`
	Code    string     `json:"code,omitempty"`
	Message string     `json:"message"`
}

// FailureOf reads the failure out of an error that an activity returned to a workflow. Time-outs and lost workers, which
// no activity had the chance to classify, read as unavailable.
func FailureOf(err error) Failure {
	var app *temporal.ApplicationError
	if errors.As(err, &app) && app.HasDetails() {
		var f Failure
		if app.Details(&f) == nil && f.Kind != "" {
			return f
		}
	}
	if errors.As(err, &app) {
		return Failure{Kind: fault.Internal, Message: app.Message()}
	}
	return Failure{Kind: fault.Unavailable, Message: "the step did not answer in time; it is tried again when retried"}
}

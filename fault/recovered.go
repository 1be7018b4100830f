package fault

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// ErrDefect is the cause of what Recovered returns.
var ErrDefect = errors.New("a panic")

// Recovered turns what recover returned into an error, and leaves err alone when that is nil. A panic is a defect of ours: the
// log has its stack, and one record or step fails instead of the process. The value of the panic may hold data and is not shown.
//
//	defer func() { err = fault.Recovered(ctx, recover(), err) }()
func Recovered(ctx context.Context, panicked any, err error) error {
	if panicked == nil {
		return err
	}
	slog.ErrorContext(ctx, "a defect stopped the work", "panic", fmt.Sprintf("%T", panicked), "stack", string(debug.Stack()))
	return Wrap(Internal, ErrDefect, "a defect in Tandem stopped this step: report it with the worker's log")
}

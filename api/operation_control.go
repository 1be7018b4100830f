package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

// PauseOperation tells an operation to wait.
func (s *server) PauseOperation(ctx context.Context, in gen.PauseOperationRequestObject) (gen.PauseOperationResponseObject, error) {
	op, err := s.control(ctx, in.Operation, s.Runs.PauseOperation)
	return gen.PauseOperation202JSONResponse{
		Body:    op,
		Headers: gen.PauseOperation202ResponseHeaders{Location: located("operations", in.Operation)},
	}, err
}

// ResumeOperation tells a paused operation to go on.
func (s *server) ResumeOperation(ctx context.Context, in gen.ResumeOperationRequestObject) (gen.ResumeOperationResponseObject, error) {
	op, err := s.control(ctx, in.Operation, s.Runs.ResumeOperation)
	return gen.ResumeOperation202JSONResponse{
		Body:    op,
		Headers: gen.ResumeOperation202ResponseHeaders{Location: located("operations", in.Operation)},
	}, err
}

// CancelOperation tells an operation to stop. One that no worker has begun yet ends at once.
func (s *server) CancelOperation(ctx context.Context, in gen.CancelOperationRequestObject) (gen.CancelOperationResponseObject, error) {
	op, err := s.control(ctx, in.Operation, func(ctx context.Context, id string) error {
		err := s.Runs.CancelOperation(ctx, id)
		if fault.Is(err, fault.NotFound) {
			return s.cancelUnstarted(ctx, id)
		}
		return err
	})
	return gen.CancelOperation202JSONResponse{
		Body:    op,
		Headers: gen.CancelOperation202ResponseHeaders{Location: located("operations", in.Operation)},
	}, err
}

// cancelUnstarted ends an operation that has no workflow.
func (s *server) cancelUnstarted(ctx context.Context, id string) error {
	op, err := s.DB.Operation(ctx, id)
	if err != nil {
		return err
	}
	if op.State != db.OperationWaiting {
		return fault.New(fault.Conflict, "the operation is %s: there is nothing to cancel", op.State)
	}
	return s.DB.SetOperationState(ctx, id, db.OperationCancelled, "", "")
}

// control gives a command to an operation that exists, and reads it back. A run that is not there any more is a matter
// of the operation's state, not of its address.
func (s *server) control(ctx context.Context, id string, command func(context.Context, string) error) (gen.Operation, error) {
	op, err := s.DB.Operation(ctx, id)
	if err != nil {
		return gen.Operation{}, err
	}
	tooLate := fault.New(fault.Conflict, "the operation is %s and accepts no commands now", op.State)
	if !op.FinishedAt.IsZero() {
		return gen.Operation{}, tooLate // Temporal takes a cancellation of what has ended for a success
	}
	err = command(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return gen.Operation{}, tooLate
	}
	if err != nil {
		return gen.Operation{}, err
	}
	return s.readOperation(ctx, id)
}

package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
	"tandem/workflows"
)

// PauseOrder tells an order's run to wait.
func (s *server) PauseOrder(ctx context.Context, in gen.PauseOrderRequestObject) (gen.PauseOrderResponseObject, error) {
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, s.Runs.PauseOrder)
	return gen.PauseOrder202JSONResponse(body), err
}

// ResumeOrder tells a paused run to go on.
func (s *server) ResumeOrder(ctx context.Context, in gen.ResumeOrderRequestObject) (gen.ResumeOrderResponseObject, error) {
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, s.Runs.ResumeOrder)
	return gen.ResumeOrder202JSONResponse(body), err
}

// RetryOrder tells a blocked run to try again, from an earlier step if one is named. One that was cancelled begins anew: its
// steps do nothing that is done already.
func (s *server) RetryOrder(ctx context.Context, in gen.RetryOrderRequestObject) (gen.RetryOrderResponseObject, error) {
	var request workflows.RetryRequest
	if in.Body != nil {
		request.Step = workflows.Step(in.Body.Step)
	}
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, func(ctx context.Context, id, wooID string) error {
		err := s.Runs.RetryOrder(ctx, id, wooID, request)
		if fault.Is(err, fault.NotFound) {
			return s.restartCancelled(ctx, id, wooID, err)
		}
		return err
	})
	return gen.RetryOrder202JSONResponse(body), err
}

// CancelOrder ends an order's run.
func (s *server) CancelOrder(ctx context.Context, in gen.CancelOrderRequestObject) (gen.CancelOrderResponseObject, error) {
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, s.Runs.CancelOrder)
	return gen.CancelOrder202JSONResponse(body), err
}

// controlOrder gives a command to a run that exists, and reads it back.
func (s *server) controlOrder(ctx context.Context, id, wooID string, command func(context.Context, string, string) error) (gen.Order, error) {
	run, err := s.DB.OrderRun(ctx, id, wooID)
	if err != nil {
		return gen.Order{}, err
	}
	err = command(ctx, id, wooID)
	if fault.Is(err, fault.NotFound) {
		return gen.Order{}, fault.New(fault.Conflict, "the order is %s and takes no commands now", run.State)
	}
	if err != nil {
		return gen.Order{}, err
	}
	return s.readOrder(ctx, id, wooID)
}

// restartCancelled lets a worker start a cancelled order's run anew; gone is the answer for any other.
func (s *server) restartCancelled(ctx context.Context, id, wooID string, gone error) error {
	run, err := s.DB.OrderRun(ctx, id, wooID)
	if err != nil {
		return err
	}
	if run.State != db.RunCancelled {
		return gone
	}
	return s.DB.SetOrderRunState(ctx, id, wooID, db.RunDue, "", "")
}

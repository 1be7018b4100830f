package api

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/workflows"
)

// PauseOrder tells an order's run to wait.
func (s *server) PauseOrder(ctx context.Context, in gen.PauseOrderRequestObject) (gen.PauseOrderResponseObject, error) {
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, func(ctx context.Context, run db.OrderRun) error {
		return s.Runs.PauseOrder(ctx, run.Instance, run.WooID)
	})
	return gen.PauseOrder202JSONResponse(body), err
}

// ResumeOrder tells a paused run to go on.
func (s *server) ResumeOrder(ctx context.Context, in gen.ResumeOrderRequestObject) (gen.ResumeOrderResponseObject, error) {
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, s.resumeOrder)
	return gen.ResumeOrder202JSONResponse(body), err
}

// RetryOrder tells a blocked run to try again, from an earlier step if one is named, and by its sale workflow as that is now.
// One that was cancelled begins again: its steps do nothing that is done already.
func (s *server) RetryOrder(ctx context.Context, in gen.RetryOrderRequestObject) (gen.RetryOrderResponseObject, error) {
	var step workflows.Step
	if in.Body != nil {
		step = workflows.Step(in.Body.Step)
	}
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, func(ctx context.Context, run db.OrderRun) error {
		return s.retryOrder(ctx, run, step)
	})
	return gen.RetryOrder202JSONResponse(body), err
}

// SkipOrderStep has a blocked run go on without a step.
func (s *server) SkipOrderStep(ctx context.Context, in gen.SkipOrderStepRequestObject) (gen.SkipOrderStepResponseObject, error) {
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, func(ctx context.Context, run db.OrderRun) error {
		return s.skipStep(ctx, run, in.Body.Step, strings.TrimSpace(in.Body.Reason))
	})
	return gen.SkipOrderStep202JSONResponse(body), err
}

func (s *server) skipStep(ctx context.Context, run db.OrderRun, step workflows.Step, reason string) error {
	if utf8.RuneCountInString(reason) < 3 {
		return fault.Field("reason", "is missing: say why, for those who look at the order later")
	}
	if run.State != db.RunBlocked && run.State != db.RunCancelled {
		return fault.New(fault.Conflict, "the order's run is %s: a step is skipped of one that is blocked or cancelled", run.State)
	}
	if slices.ContainsFunc(run.Steps, func(s db.OrderStep) bool { return s.Name == string(step) && s.State == db.StepDone }) {
		return fault.New(fault.Conflict, "the step %s is done", step)
	}
	_, newest, err := s.plansOf(ctx, run)
	if err != nil {
		return err
	}
	plan, err := newest.Skip(step)
	if err != nil {
		return err
	}
	added := slices.DeleteFunc(collect(plan.Skipped, stepName), func(name string) bool { return slices.Contains(collect(newest.Skipped, stepName), name) })
	if err := s.DB.NoteOrderSkips(ctx, run, added, reason, callerOf(ctx).name); err != nil {
		return err
	}
	return s.retryWith(ctx, run, "", &plan)
}

func stepName(step workflows.Step) string { return string(step) }

// CancelOrder ends an order's run.
func (s *server) CancelOrder(ctx context.Context, in gen.CancelOrderRequestObject) (gen.CancelOrderResponseObject, error) {
	body, err := s.controlOrder(ctx, in.Instance, in.WooID, s.cancelOrder)
	return gen.CancelOrder202JSONResponse(body), err
}

// controlOrder gives a command to a run that exists, and reads it back.
func (s *server) controlOrder(ctx context.Context, id, wooID string, command func(context.Context, db.OrderRun) error) (gen.Order, error) {
	run, err := s.DB.OrderRun(ctx, id, wooID)
	if fault.Is(err, fault.NotFound) {
		if _, err := s.DB.Link(ctx, id, mapping.OrderName, wooID); err != nil {
			return gen.Order{}, err
		}
		return gen.Order{}, fault.New(fault.Conflict, "no sale workflow moves the order: its steps are taken in the ERP")
	}
	if err != nil {
		return gen.Order{}, err
	}
	err = command(ctx, run)
	if fault.Is(err, fault.NotFound) {
		return gen.Order{}, fault.New(fault.Conflict, "the order's run is %s: it accepts no such command", run.State)
	}
	if err != nil {
		return gen.Order{}, err
	}
	return s.readOrder(ctx, id, wooID)
}

func (s *server) resumeOrder(ctx context.Context, run db.OrderRun) error {
	err := s.Runs.ResumeOrder(ctx, run.Instance, run.WooID)
	if fault.Is(err, fault.NotFound) && run.State == db.RunPaused {
		return s.restart(ctx, run, nil)
	}
	return err
}

func (s *server) retryOrder(ctx context.Context, run db.OrderRun, step workflows.Step) error {
	plan, err := s.correctedPlan(ctx, run)
	if err != nil {
		return err
	}
	return s.retryWith(ctx, run, step, plan)
}

// retryWith tells a run to go on, by another plan if there is one.
func (s *server) retryWith(ctx context.Context, run db.OrderRun, step workflows.Step, plan *workflows.SaleOrderPlan) error {
	request := workflows.RetryRequest{Step: step, Plan: plan}
	if plan != nil {
		request.Step = "" // another plan begins with its first step; steps that are done do nothing
	}
	err := s.Runs.RetryOrder(ctx, run.Instance, run.WooID, request)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	switch run.State {
	case db.RunRunning, db.RunBlocked, db.RunPaused, db.RunCancelled:
		return s.restart(ctx, run, plan)
	}
	return err
}

// cancelOrder ends a run; one that no workflow moves ends at once.
func (s *server) cancelOrder(ctx context.Context, run db.OrderRun) error {
	err := s.Runs.CancelOrder(ctx, run.Instance, run.WooID)
	if !fault.Is(err, fault.NotFound) || run.State == db.RunDone || run.State == db.RunCancelled {
		return err
	}
	cancelled, err := s.DB.CancelOrderRun(ctx, run, "", "")
	return movedMeanwhile(cancelled, err)
}

// restart lets a worker start the run of an order that no workflow moves, within seconds.
func (s *server) restart(ctx context.Context, run db.OrderRun, plan *workflows.SaleOrderPlan) error {
	var text json.RawMessage
	if plan != nil {
		var err error
		if text, err = json.Marshal(plan); err != nil {
			return err
		}
	}
	restarted, err := s.DB.RestartOrderRun(ctx, run, text, "retried", "started again by "+callerOf(ctx).name)
	return movedMeanwhile(restarted, err)
}

func movedMeanwhile(done bool, err error) error {
	if err == nil && !done {
		return fault.New(fault.Conflict, "the order's run changed at the same moment: look at it again")
	}
	return err
}

func planOf(run db.OrderRun) (plan workflows.SaleOrderPlan, err error) {
	if err := json.Unmarshal(run.Plan, &plan); err != nil {
		return plan, fault.Wrap(fault.Internal, err, "the order's plan cannot be read")
	}
	return plan, nil
}

// correctedPlan is what the order's sale workflow asks for today, when that differs from what its run goes through; nil when
// it does not, or when the sale workflow is gone.
func (s *server) correctedPlan(ctx context.Context, run db.OrderRun) (*workflows.SaleOrderPlan, error) {
	now, newest, err := s.plansOf(ctx, run)
	if err != nil || newest.Same(now) {
		return nil, err
	}
	return &newest, nil
}

// plansOf gives the plan that a run goes through, and the one that the order's sale workflow asks for today: the former once more where
// that asks for no steps.
func (s *server) plansOf(ctx context.Context, run db.OrderRun) (now, newest workflows.SaleOrderPlan, err error) {
	if now, err = planOf(run); err != nil {
		return now, now, err
	}
	newest = now
	if len(run.NextPlan) > 0 {
		if err := json.Unmarshal(run.NextPlan, &newest); err != nil {
			return now, now, fault.Wrap(fault.Internal, err, "the order's next plan cannot be read")
		}
	}
	chosen, err := s.DB.SaleWorkflow(ctx, newest.Workflow)
	switch {
	case err == nil:
		newest = newest.Again(chosen)
	case !fault.Is(err, fault.NotFound):
		return now, now, err
	}
	if len(newest.Steps) == 0 {
		newest = now
	}
	return now, newest, nil
}

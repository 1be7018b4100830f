package workflows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/fault"
)

// A blocked order checks automatically whether its obstacle is gone, ever more rarely: stock comes in, a period is opened.
const (
	firstRecheck = 15 * time.Minute
	lastRecheck  = 6 * time.Hour
)

// SaleOrder moves one shop order through its sale workflow in the ERP: validate, invoice, pay, ship. It can be paused,
// resumed, retried at a step and cancelled; a step that needs a person blocks it until somebody retries, or until a
// look from time to time finds the obstacle gone.
func SaleOrder(ctx workflow.Context, in SaleOrderInput) (SaleState, error) {
	s := saleOrder{in: in, state: SaleState{Stage: SaleRunning}, recheck: firstRecheck}
	if in.State != nil {
		s.state = *in.State
	}
	if err := s.setup(ctx); err != nil {
		return s.state, err
	}
	return s.run(ctx)
}

// saleOrder is one SaleOrder under way.
type saleOrder struct {
	in        SaleOrderInput
	state     SaleState
	recheck   time.Duration
	cancelled bool
	// superseded says that the order's run has ended or goes through another plan: nothing is done or recorded any more.
	superseded bool
	reopened   int       // how often the order became a quotation again
	looksAt    time.Time // when a blocked order looks again
	marked     string    // the code that the search attributes say it is blocked with
}

// maxReopened is how often a run begins again automatically.
const maxReopened = 3

var saleActs *activities.Sales

func (s *saleOrder) setup(ctx workflow.Context) error {
	if s.in.Instance == "" || s.in.WooID == "" || len(s.in.Plan.Steps) == 0 {
		return temporal.NewNonRetryableApplicationError("a sale order needs an instance, an order and at least one step", string(fault.Invalid), nil)
	}
	if err := workflow.SetQueryHandler(ctx, QueryState, func() (SaleState, error) { return s.state, nil }); err != nil {
		return err
	}
	s.describe(ctx)
	return s.handleUpdates(ctx)
}

func (s *saleOrder) handleUpdates(ctx workflow.Context) error {
	commands := []struct {
		name   string
		from   []SaleStage
		handle func(workflow.Context) error
	}{
		{UpdatePause, []SaleStage{SaleRunning, SaleBlocked}, func(ctx workflow.Context) error {
			return s.enter(ctx, SalePaused, activities.RunPaused)
		}},
		{UpdateResume, []SaleStage{SalePaused}, func(ctx workflow.Context) error {
			return s.enter(ctx, SaleRunning, activities.RunRunning)
		}},
		{UpdateCancel, []SaleStage{SaleRunning, SalePaused, SaleBlocked}, func(workflow.Context) error {
			s.cancelled = true
			return nil
		}},
	}
	for _, c := range commands {
		err := workflow.SetUpdateHandlerWithOptions(ctx, c.name, c.handle, workflow.UpdateHandlerOptions{
			Validator: func(workflow.Context) error { return s.require(c.name, c.from...) },
		})
		if err != nil {
			return err
		}
	}
	return workflow.SetUpdateHandlerWithOptions(ctx, UpdateRetry, s.retry, workflow.UpdateHandlerOptions{Validator: s.mayRetry})
}

// require refuses a command that does not fit where the order stands.
func (s *saleOrder) require(command string, stages ...SaleStage) error {
	if slices.Contains(stages, s.state.Stage) && !s.cancelled {
		return nil
	}
	return temporal.NewApplicationError(
		fmt.Sprintf("cannot %s: the order's run is %s", command, s.state.Stage), string(fault.Conflict))
}

func (s *saleOrder) mayRetry(_ workflow.Context, r RetryRequest) error {
	if err := s.require(UpdateRetry, SaleBlocked); err != nil {
		return err
	}
	if r.Plan != nil && len(r.Plan.Steps) == 0 {
		return temporal.NewApplicationError("cannot retry with a plan that has no steps", string(fault.Invalid))
	}
	if at := slices.Index(s.in.Plan.Steps, r.Step); r.Step != "" && (at < 0 || at > s.state.Next) {
		return temporal.NewApplicationError(
			fmt.Sprintf("cannot retry at %q: choose a step up to %q", r.Step, s.in.Plan.Steps[s.state.Next]), string(fault.Invalid))
	}
	return nil
}

// retry goes on at a step, or with a corrected plan from its beginning: the steps that are done do nothing.
func (s *saleOrder) retry(ctx workflow.Context, r RetryRequest) error {
	switch {
	case r.Plan != nil:
		s.in.Plan, s.state.Next = *r.Plan, 0
	case r.Step != "":
		s.state.Next = slices.Index(s.in.Plan.Steps, r.Step)
	}
	return s.enterWith(ctx, SaleRunning, activities.RunRunning, r.Plan)
}

// enter changes the stage and records it where people look.
func (s *saleOrder) enter(ctx workflow.Context, stage SaleStage, recorded string) error {
	return s.enterWith(ctx, stage, recorded, nil)
}

// enterWith is enter for a run that goes on with another plan.
func (s *saleOrder) enterWith(ctx workflow.Context, stage SaleStage, recorded string, plan *SaleOrderPlan) error {
	s.state.Stage = stage
	if stage != SaleCancelled {
		s.state.Code, s.state.Reason = "", ""
	}
	s.describe(ctx)
	ctx, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	return workflow.ExecuteActivity(rowOptions(ctx, "record "+recorded), saleActs.RecordStage, activities.StageInput{
		Instance: s.in.Instance, WooID: s.in.WooID, PlanID: s.in.PlanID, State: recorded,
		Code: s.state.Code, Reason: s.state.Reason, Plan: plan,
	}).Get(ctx, nil)
}

func (s *saleOrder) run(ctx workflow.Context) (SaleState, error) {
	for s.state.Next < len(s.in.Plan.Steps) {
		if err := s.ready(ctx); err != nil {
			return s.cancel(ctx)
		}
		if s.cancelled {
			return s.cancel(ctx)
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return s.state, s.continueAsNew(ctx)
		}
		if err := s.step(ctx); err != nil {
			return s.cancel(ctx)
		}
		if s.superseded {
			break
		}
	}
	if s.superseded {
		return s.leave(ctx)
	}
	s.state.Stage, s.state.Step = SaleDone, ""
	s.describe(ctx)
	return s.state, workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

// ready waits until the order is neither paused nor blocked, and until the commands so far are on record: what a step
// finds is recorded after them.
func (s *saleOrder) ready(ctx workflow.Context) error {
	for {
		err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
		if err != nil || s.state.Stage == SaleRunning || s.cancelled {
			return err
		}
		if err := s.rest(ctx); err != nil {
			return err
		}
	}
}

// rest waits until a paused or blocked order moves. A blocked one continues automatically after a while.
func (s *saleOrder) rest(ctx workflow.Context) error {
	at := s.state.Stage
	moved := func() bool { return s.state.Stage != at || s.cancelled }
	if at == SalePaused {
		return workflow.Await(ctx, moved)
	}
	s.looksAt = workflow.Now(ctx).Add(s.recheck)
	s.describe(ctx)
	ok, err := workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
		Timeout: s.recheck, TimerOptions: workflow.TimerOptions{Summary: "looks again at " + clock(s.looksAt)},
	}, moved)
	s.looksAt = time.Time{}
	if err == nil && !ok {
		s.recheck = min(2*s.recheck, lastRecheck)
		s.state.Stage = SaleRunning
	}
	return err
}

// step runs the next step. Only a cancellation is an error: whatever else goes wrong blocks the order, which waits.
func (s *saleOrder) step(ctx workflow.Context) error {
	s.state.Step = s.in.Plan.Steps[s.state.Next]
	s.describe(ctx)
	var result activities.StepResult
	err := workflow.ExecuteActivity(stepOptions(ctx, string(s.state.Step)), saleActs.RunStep, activities.StepInput{
		Instance: s.in.Instance, WooID: s.in.WooID, Step: s.state.Step, Plan: s.in.Plan, PlanID: s.in.PlanID,
		Final: s.state.Next == len(s.in.Plan.Steps)-1,
	}).Get(ctx, &result)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		failure := activities.FailureOf(err)
		s.state.Code, s.state.Reason = failure.Code, failure.Message
		if s.state.Stage == SaleRunning {
			s.state.Stage = SaleBlocked
		}
	case result.Superseded:
		s.superseded = true
		return nil
	case result.Cancelled:
		s.cancelled = true
		s.state.Code, s.state.Reason = activities.CodeOrderCancelled, "the order was cancelled; it goes on when the store takes that back"
	case result.Reopened:
		s.reopen()
	default:
		s.state.Next++
		s.state.Code, s.state.Reason = "", ""
		s.recheck = firstRecheck
	}
	s.describe(ctx)
	return s.mark(ctx)
}

// leave ends a run that has no order to move any more. Whoever took the order over has recorded where it stands.
func (s *saleOrder) leave(ctx workflow.Context) (SaleState, error) {
	s.state.Stage, s.state.Code = SaleCancelled, CodeSuperseded
	s.state.Reason = "the order's run has ended, or was started again: this one leaves it alone"
	s.describe(ctx)
	return s.state, workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

// versionMarked is the version from which blocked runs are marked in Temporal's lists.
const versionMarked = "mark blocked orders"

// mark lets people filter Temporal's lists by what a run waits for. A run that never needs anybody is not marked: each mark
// is an event.
func (s *saleOrder) mark(ctx workflow.Context) error {
	code := ""
	if s.state.Stage == SaleBlocked {
		code = s.state.Code
	}
	if code == s.marked || workflow.GetVersion(ctx, versionMarked, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return nil
	}
	s.marked = code
	return workflow.UpsertTypedSearchAttributes(ctx, AttrState.ValueSet(string(s.state.Stage)), AttrCode.ValueSet(code))
}

// reopen starts again with an order that became a quotation again. One that keeps doing so needs a person.
func (s *saleOrder) reopen() {
	if s.reopened++; s.reopened <= maxReopened {
		s.state.Next = 0
		return
	}
	s.state.Stage, s.state.Code, s.state.Reason = SaleBlocked, "reopened", "the order becomes a quotation again after it was validated: look in the ERP who does that"
}

func (s *saleOrder) continueAsNew(ctx workflow.Context) error {
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	next := s.in
	next.State = &s.state
	return workflow.NewContinueAsNewError(ctx, SaleOrder, next)
}

// cancel ends the run; what was done in the ERP stays as it is, for a person to judge.
func (s *saleOrder) cancel(ctx workflow.Context) (SaleState, error) {
	asked := s.cancelled
	if s.state.Code != activities.CodeOrderCancelled {
		s.state.Code, s.state.Reason = "", ""
	}
	err := s.enter(ctx, SaleCancelled, activities.RunCancelled)
	if err == nil && !asked {
		err = temporal.NewCanceledError()
	}
	return s.state, err
}

// describe shows in the Temporal UI where the order stands, the reason first; it costs no history.
func (s *saleOrder) describe(ctx workflow.Context) {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**", s.state.Stage)
	if s.state.Step != "" {
		fmt.Fprintf(&b, " at %s", s.state.Step)
	}
	if s.state.Reason != "" {
		fmt.Fprintf(&b, ": %s", s.state.Reason)
	}
	if !s.looksAt.IsZero() {
		fmt.Fprintf(&b, " (looks again at %s, or when it is retried)", clock(s.looksAt))
	}
	b.WriteString("\n\n")
	for i, step := range s.in.Plan.Steps {
		mark := "☐"
		switch {
		case i < s.state.Next:
			mark = "☑"
		case i == s.state.Next:
			mark = "▶"
		}
		fmt.Fprintf(&b, "%s %s\n\n", mark, step)
	}
	for _, step := range s.in.Plan.Skipped {
		fmt.Fprintf(&b, "– %s (skipped)\n\n", step)
	}
	workflow.SetCurrentDetails(ctx, strings.TrimSpace(b.String()))
}

// clock writes a time of day for people who may be anywhere.
func clock(at time.Time) string { return at.UTC().Format("2 Jan 15:04 MST") }

package workflows

import (
	"fmt"
	"slices"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/fault"
	"tandem/flow"
)

// instancesAtOnce bounds the fan-out: instances are independent.
const instancesAtOnce = 8

// versionMoreLists is the version from which more than two entities of an instance are imported side by side.
const versionMoreLists = "import four entities at once"

// entitiesAtOnce is how many entities of an instance are imported side by side. The lists of a usual store are a page each,
// and its two readers would be idle while one is planned, landed or finished. How many requests the store gets at once is
// bounded by its request budget, not here.
func entitiesAtOnce(ctx workflow.Context) int64 {
	if workflow.GetVersion(ctx, versionMoreLists, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return 2
	}
	return 4
}

// wakeRounds bounds how often an operation goes after records that its own landing woke: a category may wake a product,
// which wakes an order.
// A worker's chore takes up what is left after that.
const wakeRounds = 50

// Operation runs one request of a user or a schedule: every entity of every instance, in dependency order.
func Operation(ctx workflow.Context, in OperationInput) (Counts, error) {
	o := operation{in: in, waits: waitings{}}
	if err := o.setup(ctx); err != nil {
		return Counts{}, err
	}
	return o.run(ctx)
}

// ScheduledOperation is what a schedule starts. The operation itself runs under an id of its own, like one that a person
// asked for, so that it is found, paused and cancelled in the same way; this one waits for it, so that two never overlap.
func ScheduledOperation(ctx workflow.Context, in OperationInput) (Counts, error) {
	in.ID = workflow.GetInfo(ctx).OriginalRunID
	options := operationOptions(in)
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            options.ID,
		TaskQueue:             options.TaskQueue,
		TypedSearchAttributes: options.TypedSearchAttributes,
		StaticSummary:         options.StaticSummary,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WaitForCancellation:   true,
		Memo:                  options.Memo,
	})
	var counts Counts
	err := workflow.ExecuteChildWorkflow(ctx, Operation, in).Get(ctx, &counts)
	return counts, err
}

// operation is one Operation under way.
type operation struct {
	in      OperationInput
	plan    activities.OperationPlan
	begun   bool
	paused  bool
	running []child
	counts  Counts
	trouble []entityCounts      // what was not landed, by entity
	failure *activities.Failure // the first one
	waits   waitings
}

// direction gives the direction of the parts, empty for an import.
func (o *operation) direction() flow.Direction {
	if o.in.Direction == DirectionImport {
		return ""
	}
	return flow.Direction(o.in.Direction)
}

// child is one EntitySync at work.
type child struct {
	name   string // "instance/entity"
	future workflow.ChildWorkflowFuture
}

func (o *operation) setup(ctx workflow.Context) error {
	if o.in.ID == "" || len(o.in.Instances) == 0 || len(o.in.Entities) == 0 {
		return temporal.NewNonRetryableApplicationError("an operation needs an id, at least one instance and one entity", string(fault.Invalid), nil)
	}
	if err := workflow.SetQueryHandler(ctx, QueryState, o.state); err != nil {
		return err
	}
	if err := o.handlePause(ctx, UpdatePause, true); err != nil {
		return err
	}
	onWaiting(ctx, func(ctx workflow.Context, n activities.WaitingNotice) {
		o.waits.hear(n, o.names())
		o.describe(ctx)
	})
	return o.handlePause(ctx, UpdateResume, false)
}

func (o *operation) state() (OperationState, error) {
	return OperationState{Paused: o.paused, Running: o.names(), Counts: o.counts}, nil
}

func (o *operation) names() []string {
	names := make([]string, len(o.running))
	for i, c := range o.running {
		names[i] = c.name
	}
	return names
}

// handlePause answers pause and resume. Asking twice is refused with the reason, so that a double click is harmless.
func (o *operation) handlePause(ctx workflow.Context, name string, pause bool) error {
	validate := func(workflow.Context) error {
		switch {
		case !o.begun:
			return temporal.NewApplicationError("the operation has not begun yet", string(fault.Conflict))
		case o.paused == pause && pause:
			return temporal.NewApplicationError("the operation is paused already", string(fault.Conflict))
		case o.paused == pause:
			return temporal.NewApplicationError("the operation is not paused", string(fault.Conflict))
		}
		return nil
	}
	handle := func(ctx workflow.Context) error {
		o.paused = pause
		clear(o.waits) // a pause ends the attempts at work
		for _, c := range o.running {
			c.future.SignalChildWorkflow(ctx, signalControl, pause)
		}
		state := activities.StateRunning
		if pause {
			state = activities.StatePaused
		}
		return o.record(ctx, state, nil)
	}
	return workflow.SetUpdateHandlerWithOptions(ctx, name, handle, workflow.UpdateHandlerOptions{Validator: validate})
}

func (o *operation) run(ctx workflow.Context) (Counts, error) {
	err := workflow.ExecuteActivity(rowOptions(ctx, "plan"), operateActs.BeginOperation, activities.BeginInput{
		Operation: o.in,
	}).Get(ctx, &o.plan)
	if err != nil {
		return o.finish(ctx, err)
	}
	o.begun = true
	instances := workflow.NewSemaphore(ctx, instancesAtOnce)
	all := workflow.NewWaitGroup(ctx)
	for _, inst := range o.in.Instances {
		all.Add(1)
		workflow.GoNamed(ctx, inst, func(ctx workflow.Context) {
			defer all.Done()
			if instances.Acquire(ctx, 1) != nil {
				return
			}
			defer instances.Release(1)
			o.runInstance(ctx, inst)
		})
	}
	all.Wait(ctx)
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return o.finish(ctx, err)
	}
	return o.finish(ctx, nil)
}

// runInstance runs the levels of one instance one after another, and then whatever they woke.
func (o *operation) runInstance(ctx workflow.Context, inst string) {
	failed := failures{}
	for _, level := range o.plan.Levels {
		if !o.runLevel(ctx, inst, o.startable(level, failed), "", failed) && !o.mayGoOn(ctx, failed) {
			return
		}
	}
	for round := 1; round <= wakeRounds; round++ {
		var woken activities.WokenRecords
		err := workflow.ExecuteActivity(rowOptions(ctx, "look for woken records"), operateActs.TakeWoken,
			activities.WokenInput{Operation: o.in.ID, Instance: inst, Direction: o.direction()}).Get(ctx, &woken)
		if err != nil {
			o.fail(activities.FailureOf(err))
			return
		}
		if len(woken.Entities) == 0 || !o.runLevel(ctx, inst, woken.Entities, fmt.Sprintf("/woken-%d", round), failures{}) {
			return
		}
	}
}

// failures are the entities of an instance that were not imported, with why.
type failures map[string]fault.Kind

// startable are the entities of a level that need none of those that failed.
func (o *operation) startable(level []string, failed failures) []activities.WokenEntity {
	var wanted []activities.WokenEntity
	for _, name := range level {
		held := slices.IndexFunc(o.plan.Needs[name], func(need string) bool { return failed[need] != "" })
		if held >= 0 {
			failed[name] = failed[o.plan.Needs[name][held]]
			continue
		}
		wanted = append(wanted, activities.WokenEntity{Entity: name})
	}
	return wanted
}

// mayGoOn reports whether others may be imported after one has failed. A store that refuses the keys is asked for nothing more.
// Plans of older versions say of no entity what it needs: there any failure ends the instance, as it did when they were made.
func (o *operation) mayGoOn(ctx workflow.Context, failed failures) bool {
	if ctx.Err() != nil || o.plan.Needs == nil {
		return false
	}
	for _, entity := range workflow.DeterministicKeys(failed) {
		if kind := failed[entity]; kind == fault.Unauthorized || kind == "" {
			return false
		}
	}
	return true
}

// runLevel runs independent entities side by side, notes which failed, and reports whether none did.
func (o *operation) runLevel(ctx workflow.Context, inst string, level []activities.WokenEntity, suffix string, failed failures) bool {
	slots := workflow.NewSemaphore(ctx, entitiesAtOnce(ctx))
	all := workflow.NewWaitGroup(ctx)
	sound := true
	for _, wanted := range level {
		all.Add(1)
		workflow.GoNamed(ctx, wanted.Entity, func(ctx workflow.Context) {
			defer all.Done()
			if slots.Acquire(ctx, 1) != nil {
				sound = false
				return
			}
			defer slots.Release(1)
			if ok, why := o.runEntity(ctx, inst, wanted, suffix); !ok {
				failed[wanted.Entity], sound = why, false
			}
		})
	}
	all.Wait(ctx)
	return sound && ctx.Err() == nil
}

func (o *operation) runEntity(ctx workflow.Context, inst string, wanted activities.WokenEntity, suffix string) (ok bool, why fault.Kind) {
	filter := o.in.Filter.Of(wanted.Entity)
	if len(wanted.IDs) > 0 {
		filter = flow.Filter{Kind: flow.IDs, IDs: wanted.IDs}
	}
	in := EntitySyncInput{Operation: o.in.ID, Instance: inst, Entity: wanted.Entity, Direction: o.direction(), Filter: filter, Paused: o.paused}
	id := EntitySyncID(o.in.ID, inst, wanted.Entity) + suffix
	c := child{inst + "/" + wanted.Entity, workflow.ExecuteChildWorkflow(childOptions(ctx, id, in), entityWorkflow(in.Direction), in)}
	o.running = append(o.running, c)
	o.describe(ctx)
	var result EntitySyncResult
	err := c.future.Get(ctx, &result)
	o.running = slices.DeleteFunc(o.running, func(other child) bool { return other == c })
	delete(o.waits, c.name)
	o.take(wanted.Entity, result.Counts)
	o.describe(ctx)
	switch {
	case err != nil && !temporal.IsCanceledError(err):
		failure := activities.FailureOf(err)
		o.fail(failure)
		return false, failure.Kind
	case result.Failure != nil:
		o.fail(*result.Failure)
		return false, result.Failure.Kind
	}
	return err == nil && !result.Cancelled, ""
}

func (o *operation) fail(f activities.Failure) {
	if o.failure == nil {
		o.failure = &f
	}
}

// finish records the end. Records that could not be landed are no failure of the operation; a store or an ERP that
// refuses us is, and shows as such in the Temporal UI.
func (o *operation) finish(ctx workflow.Context, err error) (Counts, error) {
	cancelled := ctx.Err() != nil
	ctx, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	if err != nil && !cancelled {
		o.fail(activities.FailureOf(err))
	}
	switch {
	case cancelled:
		if err := o.end(ctx, activities.StateCancelled, nil); err != nil {
			return o.counts, err
		}
		return o.counts, temporal.NewCanceledError()
	case o.failure != nil:
		if err := o.end(ctx, activities.StateFailed, o.failure); err != nil {
			return o.counts, err
		}
		return o.counts, temporal.NewNonRetryableApplicationError(o.failure.Message, string(o.failure.Kind), nil)
	}
	return o.counts, o.end(ctx, activities.StateDone, nil)
}

func (o *operation) record(ctx workflow.Context, state string, failure *activities.Failure) error {
	o.describe(ctx)
	return workflow.ExecuteActivity(rowOptions(ctx, "record "+state), operateActs.SetOperationState, activities.FinishInput{
		Operation: o.in.ID, Schedule: o.in.Schedule, State: state, Failure: failure,
	}).Get(ctx, nil)
}

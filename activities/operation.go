package activities

import (
	"context"
	"encoding/json"
	"time"

	"go.temporal.io/sdk/activity"

	"tandem/db"
	"tandem/entity"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// The states of an operation and of each entity in it.
const (
	StateRunning   = db.OperationRunning
	StatePaused    = db.OperationPaused
	StateDone      = db.OperationDone
	StateFailed    = db.OperationFailed
	StateCancelled = db.OperationCancelled
)

// operationStore is what Operations needs of the database.
type operationStore interface {
	CreateOperation(ctx context.Context, op db.Operation) (db.Operation, bool, error)
	SetOperationState(ctx context.Context, id, state, errorKind, message string) error
	FinishOperation(ctx context.Context, id string) error
	FinishProgress(ctx context.Context, operation, inst, entity, state, errorKind, message string) error
	Instance(ctx context.Context, id string) (instance.Instance, error)
	ClaimReadyJobs(ctx context.Context, c db.Claimant) (map[string][]string, error)
}

// PausedByTandem begins the note of a schedule that was paused because the store or the ERP refuses the keys.
const PausedByTandem = "paused by Tandem: "

// schedulePauser stops a schedule whose credentials no longer work.
type schedulePauser interface {
	PauseSchedule(ctx context.Context, schedule, note string) error
}

// Operations keeps the row of an operation in step with its workflow.
type Operations struct {
	Store     operationStore
	Schedules schedulePauser
}

// OperationInput starts an operation. ID names its row, which exists already unless a schedule started it.
type OperationInput struct {
	ID        string      `json:"id"`
	Schedule  string      `json:"schedule,omitempty"` // the schedule's row, when one started it
	Direction string      `json:"direction"`
	Instances []string    `json:"instances"`
	Entities  []string    `json:"entities"`
	Filter    flow.Filter `json:"filter"`
}

// BeginInput asks for the plan of an operation.
type BeginInput struct {
	Operation OperationInput `json:"operation"`
}

// OperationPlan is an operation made concrete: which entities, in which order.
type OperationPlan struct {
	Levels [][]string `json:"levels"` // entities in dependency order; those of one level are independent
	// Needs are, by entity, those whose failing keeps it from being imported; nil when any does.
	Needs map[string][]string `json:"needs,omitempty"`
}

// BeginOperation marks the operation as running, and plans it. Doing it twice is harmless.
func (o *Operations) BeginOperation(ctx context.Context, in BeginInput) (OperationPlan, error) {
	plan, err := o.begin(ctx, in)
	return plan, classify(ctx, err)
}

func (o *Operations) begin(ctx context.Context, in BeginInput) (OperationPlan, error) {
	direction, entities := flow.Direction(in.Operation.Direction), in.Operation.Entities
	if _, err := entity.Plan(direction, entities); err != nil {
		return OperationPlan{}, err
	}
	if in.Operation.Schedule != "" {
		var err error
		if entities, err = o.beginScheduled(ctx, in.Operation); err != nil {
			return OperationPlan{}, err
		}
	}
	if err := o.Store.SetOperationState(ctx, in.Operation.ID, db.OperationRunning, "", ""); err != nil {
		return OperationPlan{}, err
	}
	for _, name := range in.Operation.Instances {
		inst, err := o.Store.Instance(ctx, name)
		if err != nil {
			return OperationPlan{}, err
		}
		if err := entity.Check(direction, inst, entities); err != nil {
			return OperationPlan{}, err
		}
	}
	levels, err := entity.Plan(direction, entities)
	return OperationPlan{Levels: levels, Needs: entity.Needs(direction, entities)}, err
}

// beginScheduled keeps the operation that a schedule started, and gives what it moves: of the schedule's entities those that its instance
// allows now.
func (o *Operations) beginScheduled(ctx context.Context, in OperationInput) ([]string, error) {
	for _, name := range in.Instances {
		inst, err := o.Store.Instance(ctx, name)
		if err != nil {
			return nil, err
		}
		in.Entities = entity.Allowed(flow.Direction(in.Direction), inst, in.Entities)
	}
	return in.Entities, o.createScheduled(ctx, in)
}

func (o *Operations) createScheduled(ctx context.Context, in OperationInput) error {
	filter, err := json.Marshal(in.Filter)
	if err != nil {
		return err
	}
	_, _, err = o.Store.CreateOperation(ctx, db.Operation{
		ID: in.ID, Kind: in.Direction, Direction: in.Direction, Instances: in.Instances, Entities: in.Entities,
		Filter: filter, Trigger: "schedule", RequestedBy: in.Schedule, CreatedAt: time.Now().UTC(),
	})
	return err
}

// FinishInput says how an operation ended.
type FinishInput struct {
	Operation string   `json:"operation"`
	Schedule  string   `json:"schedule,omitempty"`
	State     string   `json:"state"` // one of the states above
	Failure   *Failure `json:"failure,omitempty"`
}

// SetOperationState records that an operation paused, went on, or ended. One whose parts the database lost stays open: without
// a workflow it is found, and another takes its place. Credentials that no longer work stop the
// schedule which started it: asking again every few minutes only gets the store's host to block us.
func (o *Operations) SetOperationState(ctx context.Context, in FinishInput) error {
	if in.State == StateDone {
		return classify(ctx, o.finish(ctx, in.Operation))
	}
	kind, message := failureFields(in.Failure)
	if err := o.Store.SetOperationState(ctx, in.Operation, in.State, kind, message); err != nil {
		return classify(ctx, err)
	}
	if in.Schedule == "" || kind != string(fault.Unauthorized) {
		return nil
	}
	return classify(ctx, o.Schedules.PauseSchedule(ctx, in.Schedule, PausedByTandem+message))
}

func (o *Operations) finish(ctx context.Context, operation string) error {
	err := o.Store.FinishOperation(ctx, operation)
	if err != nil && fault.From(err).Code == db.CodeUnfinished {
		activity.GetLogger(ctx).Warn("the operation ends unfinished: another takes its place within minutes",
			"operation", operation, "reason", err.Error())
		return nil
	}
	return err
}

// ProgressInput says how one entity of an operation ended without its last chunk saying so.
type ProgressInput struct {
	Operation string   `json:"operation"`
	Instance  string   `json:"instance"`
	Entity    string   `json:"entity"`
	State     string   `json:"state"`
	Failure   *Failure `json:"failure,omitempty"`
}

// EndProgress records that one entity of an operation failed or was cancelled.
func (o *Operations) EndProgress(ctx context.Context, in ProgressInput) error {
	kind, message := failureFields(in.Failure)
	return classify(ctx, o.Store.FinishProgress(ctx, in.Operation, in.Instance, in.Entity, in.State, kind, message))
}

func failureFields(f *Failure) (kind, message string) {
	if f == nil {
		return "", ""
	}
	return string(f.Kind), f.Message
}

// WokenInput asks which parked records of an instance may go on now.
type WokenInput struct {
	Operation string         `json:"operation"`
	Instance  string         `json:"instance"`
	Direction flow.Direction `json:"direction,omitempty"` // empty is an import's
}

// WokenRecords are records to be synced again, by entity.
type WokenRecords struct {
	Entities []WokenEntity `json:"entities"`
}

// WokenEntity are the ids of one entity, at most a thousand.
type WokenEntity struct {
	Entity string   `json:"entity"`
	IDs    []string `json:"ids"`
}

// TakeWoken hands the parked records whose obstacle is gone to this operation, each to one operation only. Those that the
// instance does not take now go on waiting.
func (o *Operations) TakeWoken(ctx context.Context, in WokenInput) (WokenRecords, error) {
	if !in.Direction.Moves() {
		return WokenRecords{}, nil // they are taken up by an operation of their direction
	}
	inst, err := o.Store.Instance(ctx, in.Instance)
	if err != nil {
		return WokenRecords{}, classify(ctx, err)
	}
	byEntity, err := o.Store.ClaimReadyJobs(ctx, db.Claimant{
		Operation: in.Operation, Instance: in.Instance, Direction: in.Direction, Entities: entity.Movable(in.Direction, inst),
	})
	if err != nil {
		return WokenRecords{}, classify(ctx, err)
	}
	var woken WokenRecords
	for _, e := range entity.List(in.Direction) {
		if ids := byEntity[e.Name()]; len(ids) > 0 {
			woken.Entities = append(woken.Entities, WokenEntity{Entity: e.Name(), IDs: ids})
		}
	}
	return woken, nil
}

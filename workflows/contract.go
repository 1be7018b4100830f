// Package workflows is Tandem's orchestration: deterministic code that decides what runs when and never touches data.
// Ids, cursors and counts travel through it; records, personal data and secrets never do.
//
// This file is the contract: all that the API, the worker and the command line may use.
package workflows

import (
	"strings"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"

	"tandem/activities"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
)

// Task queues, by behaviour: a short order step never waits behind a catalogue.
const (
	QueueSync   = "tandem-sync"   // long chunks, few slots
	QueueOrders = "tandem-orders" // short steps in the ERP, many slots
	// QueueControl runs what people wait for: planning, commands and the rows that say how things stand. None of it asks a
	// store or an ERP, so it never queues behind one that hangs.
	QueueControl = "tandem-control"
)

// Workflow types.
const (
	OperationType          = "Operation"
	ScheduledOperationType = "ScheduledOperation"
	EntitySyncType         = "EntitySync"
	SaleOrderType          = "SaleOrder"
	MatchingType           = "Matching"
	EntityMatchType        = "EntityMatch"
)

// Updates and queries.
const (
	UpdatePause  = "pause"  // no argument; accepted only while running
	UpdateResume = "resume" // no argument; accepted only while paused
	UpdateRetry  = "retry"  // SaleOrder: RetryRequest; accepted only while blocked
	UpdateCancel = "cancel" // SaleOrder: no argument; Operation is cancelled by a Temporal cancellation
	QueryState   = "state"
)

// Search attributes, so that the Temporal UI can be filtered by what people ask for.
var (
	AttrInstance  = temporal.NewSearchAttributeKeyKeyword("TandemInstance")
	AttrEntity    = temporal.NewSearchAttributeKeyKeyword("TandemEntity")
	AttrOperation = temporal.NewSearchAttributeKeyKeyword("TandemOperation")
	AttrDirection = temporal.NewSearchAttributeKeyKeyword("TandemDirection")
	// AttrState and AttrCode say that a SaleOrder is blocked, and why. Runs that never needed anybody have neither.
	AttrState = temporal.NewSearchAttributeKeyKeyword("TandemState")
	AttrCode  = temporal.NewSearchAttributeKeyKeyword("TandemCode")
	// AttrParked is true on an Operation that parked records or failed to land some.
	AttrParked = temporal.NewSearchAttributeKeyBool("TandemParked")
)

// OperationID is the workflow id of an operation.
func OperationID(operation string) string { return "operation/" + operation }

// EntitySyncID is the workflow id of one entity of one instance within an operation.
func EntitySyncID(operation, instance, entity string) string {
	return "sync/" + operation + "/" + instance + "/" + entity
}

// SaleOrderID is the workflow id of a shop order's life: one running execution per order, ever.
func SaleOrderID(instance, wooID string) string { return saleOrderPrefix + instance + "/" + wooID }

// ParseSaleOrderID is the inverse of SaleOrderID.
func ParseSaleOrderID(id string) (instance, wooID string, ok bool) {
	rest, ok := strings.CutPrefix(id, saleOrderPrefix)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, "/")
}

const saleOrderPrefix = "order/"

// ScheduleID is the Temporal schedule that imports an instance's orders.
func ScheduleID(instance, kind string) string { return schedulePrefix + instance + "/" + kind }

// IsScheduleID reports whether a schedule is one of Tandem's.
func IsScheduleID(id string) bool { return strings.HasPrefix(id, schedulePrefix) }

const schedulePrefix = "tandem/"

// ScheduledOperationID is what the workflows of a schedule are called; the time each was due is added to it.
func ScheduledOperationID(instance, kind string) string { return "scheduled/" + instance + "/" + kind }

// The directions.
const (
	DirectionImport = string(flow.Import) // from the store into the ERP
	DirectionExport = string(flow.Export) // from the ERP into the store
	DirectionMatch  = string(flow.Match)  // records that both sides have are found
	DirectionLink   = string(flow.Link)   // and tied to each other
)

// OperationInput starts an Operation. ID names the operation's row; a ScheduledOperation leaves it empty.
type OperationInput = activities.OperationInput

// OperationState answers QueryState of an Operation.
type OperationState struct {
	Paused  bool     `json:"paused"`
	Running []string `json:"running"` // "instance/entity" of the children at work
	Counts  Counts   `json:"counts"`  // of the children that are through
}

// Counts are the outcomes of records.
type Counts = activities.Counts

// SaleOrderInput starts a SaleOrder.
type SaleOrderInput struct {
	Instance string        `json:"instance"`
	WooID    string        `json:"woo_id"`
	PlanID   string        `json:"plan_id,omitempty"` // stamps what the run records; empty in runs from before there were stamps
	Plan     SaleOrderPlan `json:"plan"`
	State    *SaleState    `json:"state,omitempty"` // set when a run continues as new
}

// SaleOrderPlan is what the sale workflow asked for when the order was imported.
type SaleOrderPlan = instance.SalePlan

// Step is one step of a sale workflow.
type Step = erp.Step

// The steps, in their order.
const (
	StepValidate = erp.StepValidate
	StepInvoice  = erp.StepInvoice
	StepPay      = erp.StepPay
	StepShip     = erp.StepShip
)

// RetryRequest asks a blocked SaleOrder to go on.
type RetryRequest struct {
	// Plan is what the order goes through from now on, when its sale workflow was corrected meanwhile; nil keeps the plan. It
	// begins with the first step again, because those that are done do nothing.
	Plan *SaleOrderPlan `json:"plan,omitempty"`
	Step Step           `json:"step,omitempty"` // empty retries the step it is blocked at; an earlier one is done again from there
}

// SaleStage says where a SaleOrder stands.
type SaleStage string

// The stages of a SaleOrder.
const (
	SaleRunning   SaleStage = "running"
	SalePaused    SaleStage = "paused"
	SaleBlocked   SaleStage = "blocked" // waits for a person; Reason says why
	SaleDone      SaleStage = "done"
	SaleCancelled SaleStage = "cancelled"
)

// CodeSuperseded is the code of a SaleOrder that ended because its order goes through another run by now.
const CodeSuperseded = "superseded"

// SaleState answers QueryState of a SaleOrder.
type SaleState struct {
	Stage  SaleStage `json:"stage"`
	Next   int       `json:"next"` // index into the plan's steps
	Step   Step      `json:"step,omitempty"`
	Code   string    `json:"code,omitempty"`
	Reason string    `json:"reason,omitempty"`
}

// SearchAttributes are all search attributes that Tandem's workflows use, by their type.
func SearchAttributes() map[string]enums.IndexedValueType {
	attributes := map[string]enums.IndexedValueType{}
	for _, key := range []temporal.SearchAttributeKey{
		AttrInstance, AttrEntity, AttrOperation, AttrDirection, AttrState, AttrCode, AttrParked,
	} {
		attributes[key.GetName()] = key.GetValueType()
	}
	return attributes
}

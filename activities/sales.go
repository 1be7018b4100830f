package activities

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"tandem/db"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// saleStore is what Sales needs of the database.
type saleStore interface {
	RecordOrderStep(ctx context.Context, step db.OrderStepRecord) (db.OrderStepRecorded, error)
	SetOrderRunState(ctx context.Context, stage db.OrderStage) error
	OrderStatus(ctx context.Context, inst, wooID string) (string, error)
	NewerVersion(ctx context.Context, inst, wooID string) (newer db.NewerVersion, found bool, err error)
}

// SaleSteps takes an order through a step of its cycle in an ERP. How many of them go to the ERP together is decided behind it.
type SaleSteps interface {
	ConfirmOrder(ctx context.Context, order erp.Key) (erp.Progress, error)
	InvoiceOrder(ctx context.Context, order erp.Key, invoice erp.InvoiceRequest) (erp.Progress, error)
	PayOrder(ctx context.Context, order erp.Key, payment erp.PaymentRequest) (erp.Progress, error)
	ShipOrder(ctx context.Context, order erp.Key, shipment erp.ShipRequest) (erp.Progress, error)
}

// SaleConnector opens the ERP of an instance for steps of its orders.
type SaleConnector interface {
	SaleSteps(ctx context.Context, instance string) (SaleSteps, error)
}

// Sales moves one order through its cycle in the ERP.
type Sales struct {
	Connector SaleConnector
	Store     saleStore
}

// StepInput asks for one step of one order.
type StepInput struct {
	Instance string            `json:"instance"`
	WooID    string            `json:"woo_id"`
	Step     erp.Step          `json:"step"`
	Plan     instance.SalePlan `json:"plan"`
	PlanID   string            `json:"plan_id,omitempty"` // what the run was stamped with when it was started
	Final    bool              `json:"final"`             // the last step: the run is done with it
}

// StepResult says what a step found and left.
type StepResult struct {
	Before  string `json:"before"`
	After   string `json:"after"`
	Changed bool   `json:"changed"` // false: it was done already
	// Cancelled and Reopened tell that the order is not where the run left it: it was cancelled in the ERP; or it became a
	// quotation again, or the database was set back and knows nothing of the steps before, and starts over.
	Cancelled bool `json:"cancelled,omitempty"`
	Reopened  bool `json:"reopened,omitempty"`
	// Superseded tells that the order's run has ended, or goes through another plan by now: this one has nothing left to do.
	Superseded bool `json:"superseded,omitempty"`
}

// RunStep has the ERP do a step: it reads the order's state, acts only if the step is not done yet, and reads the state
// back, for an ERP's "true" is no proof. Each try is recorded with the order.
func (s *Sales) RunStep(ctx context.Context, in StepInput) (StepResult, error) {
	began := time.Now()
	beat := newPulse(ctx, nil)
	defer beat.stop()
	result, err := s.step(ctx, in)
	if result.Cancelled || result.Reopened {
		return result, classify(ctx, err) // nothing was tried: what follows is recorded by the workflow
	}
	recorded, recordErr := s.record(ctx, in, result, err, time.Since(began))
	switch {
	case recorded.Superseded:
		return StepResult{Superseded: true}, nil
	case recorded.Forgotten:
		return StepResult{Reopened: true}, nil
	}
	if err == nil {
		err = recordErr
	}
	return result, classify(ctx, err)
}

func (s *Sales) step(ctx context.Context, in StepInput) (StepResult, error) {
	act, ok := saleSteps[in.Step]
	if !ok {
		return StepResult{}, fault.New(fault.Invalid, "unknown step %q", in.Step)
	}
	key := erp.Key{Instance: in.Instance, Entity: "order", ID: in.WooID}
	if in.Step != erp.StepPay { // an invoice that is there may be paid
		if err := s.requireNewest(ctx, key); err != nil {
			return StepResult{}, err
		}
	}
	if in.Step == erp.StepShip {
		status, err := s.Store.OrderStatus(ctx, in.Instance, in.WooID)
		switch {
		case err != nil:
			return StepResult{}, err
		case status == statusRefunded:
			return StepResult{After: "not shipped: refunded in the store"}, nil
		}
	}
	steps, err := s.Connector.SaleSteps(ctx, in.Instance)
	if err != nil {
		return StepResult{}, err
	}
	progress, err := act(ctx, steps, key, in.Plan)
	before := progress.Before
	result := StepResult{Before: before.String(), After: before.String()}
	switch {
	case before.Stage == erp.Cancelled:
		result.Cancelled = true
		return result, nil
	case before.Stage == erp.Quotation && in.Step != erp.StepValidate:
		result.Reopened = true
		return result, nil
	}
	if progress.Stage != "" { // known along with the error when an order was shipped in part
		result.After = progress.String()
	}
	if err != nil {
		return result, err
	}
	result.Changed = !before.Done(in.Step)
	if !progress.Done(in.Step) {
		return result, fault.New(fault.Unavailable, "the ERP accepted step %q, but the order is still %s", in.Step, result.After)
	}
	return result, nil
}

// codeNewerVersion is the code of a step that waits for a newer version of its order.
const codeNewerVersion = "newer_version_waits"

// requireNewest blocks an order that the store changed since it landed, until that version landed or a person refused it: what is invoiced
// or shipped can no longer follow. The order's own landing, which either brings about, has the run look again.
func (s *Sales) requireNewest(ctx context.Context, order erp.Key) error {
	newer, found, err := s.Store.NewerVersion(ctx, order.Instance, order.ID)
	if err != nil || !found {
		return err
	}
	blocked := newerVersionWaits(newer)
	blocked.Waits = []string{order.String()}
	return blocked
}

// newerVersionWaits says what a newer version of an order waits for.
func newerVersionWaits(newer db.NewerVersion) *fault.Error {
	text := "the store changed this order, and the newer version is being imported; the run goes on then"
	switch newer.Code {
	case "":
	case mapping.OrderEdited:
		edited := fault.New(fault.Parked, "the store changed this order after it was confirmed: accept or refuse the change (tandem jobs decide); "+
			"the run goes on then")
		edited.Code = newer.Code
		return edited
	default:
		text = fmt.Sprintf("the store changed this order, and the newer version waits (%s): %s. The run goes on once it is imported, or kept out by a "+
			"decision", newer.Code, strings.TrimSuffix(newer.Reason, "."))
	}
	blocked := fault.New(fault.Parked, "%s", text)
	blocked.Code = codeNewerVersion
	return blocked
}

// statusRefunded is the store's status of an order that was given back as a whole: its goods stay where they are, even when the
// refund is not booked yet.
const statusRefunded = "refunded"

// saleSteps says how each step is done.
var saleSteps = map[erp.Step]func(context.Context, SaleSteps, erp.Key, instance.SalePlan) (erp.Progress, error){
	erp.StepValidate: func(ctx context.Context, b SaleSteps, key erp.Key, _ instance.SalePlan) (erp.Progress, error) {
		return b.ConfirmOrder(ctx, key)
	},
	erp.StepInvoice: func(ctx context.Context, b SaleSteps, key erp.Key, plan instance.SalePlan) (erp.Progress, error) {
		return b.InvoiceOrder(ctx, key, erp.InvoiceRequest{Date: plan.InvoiceDate})
	},
	erp.StepPay: func(ctx context.Context, b SaleSteps, key erp.Key, plan instance.SalePlan) (erp.Progress, error) {
		return b.PayOrder(ctx, key, erp.PaymentRequest{Journal: plan.Journal, Method: plan.Method, Date: plan.PaidAt})
	},
	erp.StepShip: func(ctx context.Context, b SaleSteps, key erp.Key, plan instance.SalePlan) (erp.Progress, error) {
		return b.ShipOrder(ctx, key, erp.ShipRequest{Partial: plan.Partial})
	},
}

// record keeps what a try did. A failure that nobody but a person can solve blocks the run.
func (s *Sales) record(ctx context.Context, in StepInput, result StepResult, stepErr error, took time.Duration) (db.OrderStepRecorded, error) {
	info := activity.GetInfo(ctx)
	record := db.OrderStepRecord{
		Instance: in.Instance, WooID: in.WooID, Step: string(in.Step), State: db.StepDone,
		Before: result.Before, After: result.After, Duration: took, Activity: info.ActivityID, Attempt: int(info.Attempt),
		WorkflowID: info.WorkflowExecution.ID, RunID: info.WorkflowExecution.RunID,
		PlanID: in.PlanID, Final: in.Final, Earlier: earlier(in.Plan, in.Step),
	}
	if stepErr != nil {
		f := fault.From(stepErr)
		record.State, record.Final = db.StepRetrying, false
		if !fault.Retryable(f) {
			record.State, record.Waits = db.StepBlocked, f.Waits
		}
		record.Code, record.Reason = firstOf(f.Code, string(f.Kind)), f.Error()
	}
	return s.Store.RecordOrderStep(context.WithoutCancel(ctx), record)
}

// earlier gives the steps of the plan before one.
func earlier(plan instance.SalePlan, step erp.Step) []string {
	names := []string{}
	for _, s := range plan.Steps {
		if s == step {
			break
		}
		names = append(names, string(s))
	}
	return names
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// The stages of a run that its workflow, rather than a step, decides.
const (
	RunRunning   = db.RunRunning
	RunPaused    = db.RunPaused
	RunCancelled = db.RunCancelled
)

// CodeOrderCancelled is the code of a run that ended because its order was cancelled in the ERP.
const CodeOrderCancelled = "order_cancelled"

// StageInput says that a run was paused, went on or was cancelled.
type StageInput struct {
	Instance string `json:"instance"`
	WooID    string `json:"woo_id"`
	State    string `json:"state"`
	Code     string `json:"code,omitempty"`
	Reason   string `json:"reason,omitempty"`
	PlanID   string `json:"plan_id,omitempty"` // what the run was stamped with when it was started
	// Plan is the corrected plan that the run goes on with from now on; nil keeps the one it has.
	Plan *instance.SalePlan `json:"plan,omitempty"`
}

// RecordStage keeps a run's new stage where people look.
func (s *Sales) RecordStage(ctx context.Context, in StageInput) error {
	stage := db.OrderStage{
		Instance: in.Instance, WooID: in.WooID, PlanID: in.PlanID, State: in.State, Code: in.Code, Reason: in.Reason,
	}
	if in.Plan != nil {
		var err error
		if stage.Plan, err = json.Marshal(in.Plan); err != nil {
			return classify(ctx, err)
		}
	}
	err := s.Store.SetOrderRunState(ctx, stage)
	if fault.Is(err, fault.NotFound) {
		return classify(ctx, fault.New(fault.NotFound, "order %s of %q has no run on record", in.WooID, in.Instance))
	}
	return classify(ctx, err)
}

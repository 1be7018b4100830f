package activities

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"

	"tandem/db"
	"tandem/fault"
)

// deliveryStore is what Webhooks needs of the database.
type deliveryStore interface {
	ClaimDeliveries(ctx context.Context, op db.Operation, limit int) (db.Operation, error)
	SettleDeliveries(ctx context.Context, inst string) (int, error)
}

// Webhooks hands what webhooks reported to operations, which read the records.
type Webhooks struct {
	Store deliveryStore
}

// deliveriesAtOnce is how many deliveries an operation is made of at most: their ids travel through its history.
const deliveriesAtOnce = 500

// DeliveriesInput names the instance whose deliveries are meant.
type DeliveriesInput struct {
	Instance string `json:"instance"`
}

// ClaimedDeliveries are deliveries that an operation was made of.
type ClaimedDeliveries struct {
	Operation *OperationInput `json:"operation,omitempty"` // nil when none waits
}

// ClaimDeliveries makes an operation of what waits. Doing it twice gives the same operation: its id follows from the activity.
func (w *Webhooks) ClaimDeliveries(ctx context.Context, in DeliveriesInput) (ClaimedDeliveries, error) {
	info := activity.GetInfo(ctx)
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte(info.WorkflowExecution.RunID+"/"+info.ActivityID))
	op, err := w.Store.ClaimDeliveries(ctx, db.Operation{
		ID: id.String(), Kind: "import", Direction: "import", Instances: []string{in.Instance}, Trigger: "webhook", RequestedBy: "webhooks",
	}, deliveriesAtOnce)
	if fault.Is(err, fault.NotFound) {
		return ClaimedDeliveries{}, nil
	}
	if err != nil {
		return ClaimedDeliveries{}, classify(ctx, err)
	}
	input := OperationInput{ID: op.ID, Direction: op.Direction, Instances: op.Instances, Entities: op.Entities}
	if err := json.Unmarshal(op.Filter, &input.Filter); err != nil {
		return ClaimedDeliveries{}, classify(ctx, fault.Wrap(fault.Internal, err, "the operation's filter cannot be read"))
	}
	return ClaimedDeliveries{Operation: &input}, nil
}

// SettleDeliveries moves deliveries to where their records are.
func (w *Webhooks) SettleDeliveries(ctx context.Context, in DeliveriesInput) error {
	_, err := w.Store.SettleDeliveries(ctx, in.Instance)
	return classify(ctx, err)
}

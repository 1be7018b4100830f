package api

import (
	"context"
	"time"

	"tandem/api/gen"
	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// storeFields says how requests name what the store's client finds at fault.
var storeFields = map[string]string{"url": "store_url", "auth": "connection.force_authorization"}

// ConnectInstance asks the store who it is, with the keys that are kept, and then the ERP.
func (s *server) ConnectInstance(ctx context.Context, in gen.ConnectInstanceRequestObject) (gen.ConnectInstanceResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	if found.State, err = found.State.Connect(); err != nil {
		return nil, err
	}
	keys, err := s.DB.Credentials(ctx, found.ID)
	if err != nil {
		return nil, err
	}
	if err := found.Missing(keys, s.ERPs); err != nil {
		return nil, err
	}
	if found.Store, err = s.Stores.Probe(ctx, found, keys); err != nil {
		return nil, fieldsNamed(storeFields, err)
	}
	var options erp.Options
	if found.ERP, options, err = s.askERP(ctx, found); err != nil {
		return nil, err
	}
	if found.Config.General.Company == "" {
		found.Config.General.Company = found.ERP.CompanyID // from now on another one means another ERP
	}
	if err := s.completeDefaultWorkflow(ctx, options); err != nil {
		return nil, err
	}
	found.ConnectedAt = time.Now().UTC()
	found, err = s.DB.UpdateInstance(ctx, found)
	return gen.ConnectInstance200JSONResponse(s.instanceView(found)), err
}

// completeDefaultWorkflow gives the sale workflow that ships a journal and a payment method out of what the ERP offers. One
// that a person has completed, changed or deleted stays as it is.
func (s *server) completeDefaultWorkflow(ctx context.Context, options erp.Options) error {
	shipped, err := s.DB.SaleWorkflow(ctx, instance.DefaultWorkflowID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if shipped.PaymentJournal != "" || !shipped.RegisterPayment {
		return nil
	}
	if shipped, err = entity.WithPayment(shipped, options); err != nil {
		return err
	}
	_, err = s.DB.UpdateSaleWorkflow(ctx, shipped)
	return err
}

// ActivateInstance lets an instance's schedules run, once nothing is missing and no other instance imports its store into
// the same ERP.
func (s *server) ActivateInstance(ctx context.Context, in gen.ActivateInstanceRequestObject) (gen.ActivateInstanceResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	if found.State, err = found.State.Activate(); err != nil {
		return nil, err
	}
	if err := instance.Problems(instance.MissingForActivation(found)).Err(); err != nil {
		return nil, underConfig(err)
	}
	if found, err = s.normalize(ctx, found); err != nil {
		return nil, err
	}
	if err := s.checkChoices(ctx, found); err != nil {
		return nil, err
	}
	if found, err = s.DB.ActivateInstance(ctx, found, in.Body != nil && in.Body.AllowSameStore); err != nil {
		return nil, err
	}
	s.tellWaiting(ctx, found.ID)
	return gen.ActivateInstance200JSONResponse(s.instanceView(found)), s.followSchedules(ctx, found.ID)
}

// DeactivateInstance pauses an instance's schedules and drops nothing.
func (s *server) DeactivateInstance(ctx context.Context, in gen.DeactivateInstanceRequestObject) (gen.DeactivateInstanceResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	if found.State, err = found.State.Deactivate(); err != nil {
		return nil, err
	}
	if found, err = s.DB.UpdateInstance(ctx, found); err != nil {
		return nil, err
	}
	return gen.DeactivateInstance200JSONResponse(s.instanceView(found)), s.followSchedules(ctx, found.ID)
}

// followSchedules lets the schedules follow an instance's new state. One that cannot follow now does so when a worker next
// compares the two, so the state is not taken back.
func (s *server) followSchedules(ctx context.Context, id string) error {
	rows, err := s.DB.Schedules(ctx, id)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := s.Schedules.Apply(ctx, row); err != nil {
			s.Logger.WarnContext(ctx, "the schedule follows later", "schedule", row.ID, "error", err)
		}
	}
	return nil
}

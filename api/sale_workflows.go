package api

import (
	"context"
	"slices"
	"time"

	"tandem/api/gen"
	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// ListSaleWorkflows lists all sale workflows.
func (s *server) ListSaleWorkflows(ctx context.Context, _ gen.ListSaleWorkflowsRequestObject) (gen.ListSaleWorkflowsResponseObject, error) {
	list, err := s.DB.SaleWorkflows(ctx)
	return gen.ListSaleWorkflows200JSONResponse{Items: append([]instance.SaleWorkflow{}, list...)}, err
}

// GetSaleWorkflow reads one sale workflow.
func (s *server) GetSaleWorkflow(ctx context.Context, in gen.GetSaleWorkflowRequestObject) (gen.GetSaleWorkflowResponseObject, error) {
	w, err := s.DB.SaleWorkflow(ctx, in.Workflow)
	return gen.GetSaleWorkflow200JSONResponse(w), err
}

// CreateSaleWorkflow keeps a new sale workflow.
func (s *server) CreateSaleWorkflow(ctx context.Context, in gen.CreateSaleWorkflowRequestObject) (gen.CreateSaleWorkflowResponseObject, error) {
	if err := s.checkSaleWorkflow(ctx, *in.Body); err != nil {
		return nil, err
	}
	w, err := s.DB.CreateSaleWorkflow(ctx, *in.Body)
	return gen.CreateSaleWorkflow201JSONResponse{
		Body:    w,
		Headers: gen.CreateSaleWorkflow201ResponseHeaders{Location: located("sale-workflows", w.ID)},
	}, err
}

// UpdateSaleWorkflow replaces a sale workflow. Orders under way keep the steps they were imported with.
func (s *server) UpdateSaleWorkflow(ctx context.Context, in gen.UpdateSaleWorkflowRequestObject) (gen.UpdateSaleWorkflowResponseObject, error) {
	if in.Body.ID != in.Workflow {
		return nil, fault.Field("id", "must be %q, as in the address: an id never changes", in.Workflow)
	}
	if err := s.checkSaleWorkflow(ctx, *in.Body); err != nil {
		return nil, err
	}
	w, err := s.DB.UpdateSaleWorkflow(ctx, *in.Body)
	return gen.UpdateSaleWorkflow200JSONResponse(w), err
}

// DeleteSaleWorkflow deletes a sale workflow that nothing uses.
func (s *server) DeleteSaleWorkflow(ctx context.Context, in gen.DeleteSaleWorkflowRequestObject) (gen.DeleteSaleWorkflowResponseObject, error) {
	return gen.DeleteSaleWorkflow204Response{}, s.DB.DeleteSaleWorkflow(ctx, in.Workflow)
}

// checkSaleWorkflow checks the options against each other and, for a payment, against the ERPs in use.
func (s *server) checkSaleWorkflow(ctx context.Context, w instance.SaleWorkflow) error {
	if err := w.Validate(); err != nil {
		return err
	}
	if !w.RegisterPayment {
		return nil
	}
	users, err := s.usersOfERPs(ctx)
	if err != nil {
		return err
	}
	var refused, silent error
	for _, in := range users {
		options, err := s.optionsSoon(ctx, in)
		if err != nil {
			silent = err
			continue
		}
		if refused = checkPayment(w, options); refused == nil {
			return nil // a sale workflow serves the ERP whose journal it names
		}
	}
	if refused == nil {
		return silent
	}
	return refused
}

// soon bounds the question to each of several ERPs, so that one that hangs leaves time for the others.
const soon = 15 * time.Second

func (s *server) optionsSoon(ctx context.Context, in instance.Instance) (erp.Options, error) {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	return s.options(ctx, in)
}

// usersOfERPs gives one instance for each ERP in use, or one of the default ERP when there is no instance yet.
func (s *server) usersOfERPs(ctx context.Context) ([]instance.Instance, error) {
	list, err := s.DB.Instances(ctx)
	if err != nil || len(list) == 0 {
		return []instance.Instance{{Backend: s.ERPs[0].Name}}, err
	}
	var users []instance.Instance
	for _, in := range list {
		known := func(other instance.Instance) bool { return in.SameERP(other, s.ERPs) }
		if !slices.ContainsFunc(users, known) {
			users = append(users, in)
		}
	}
	return users, nil
}

// checkPayment refuses a journal or method the ERP does not know, and a journal money cannot be received in.
func checkPayment(w instance.SaleWorkflow, options erp.Options) error {
	if err := entity.CheckSaleWorkflow(w, options); err != nil {
		return err
	}
	if journal := chosen(options.Journals, w.PaymentJournal); journal.Kind != "bank" && journal.Kind != "cash" {
		return fault.Field("payment_journal", "must be a bank or cash journal")
	}
	return nil
}

// chosen gives the choice with an id; the zero one when there is none.
func chosen(choices []erp.Choice, id string) erp.Choice {
	for _, c := range choices {
		if c.ID == id {
			return c
		}
	}
	return erp.Choice{}
}

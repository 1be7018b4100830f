package api

import (
	"context"

	"tandem/api/gen"
	"tandem/erp"
)

var ledgerOrders = ledgerRecords[erp.SaleOrder, gen.LedgerOrder]{
	schema: "LedgerOrder", desk: erp.Desk.Orders, view: ledgerOrder, apply: (*server).applyOrder,
}

// ListLedgerOrders searches the ledger's orders.
func (s *server) ListLedgerOrders(ctx context.Context, in gen.ListLedgerOrdersRequestObject) (gen.ListLedgerOrdersResponseObject, error) {
	items, next, err := ledgerOrders.search(ctx, s, in.Params.Search, in.Params.After, in.Params.Limit)
	return gen.ListLedgerOrders200JSONResponse{
		Body: gen.LedgerOrderPage{Items: items, Next: next}, Headers: gen.ListLedgerOrders200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// CreateLedgerOrder makes a quotation.
func (s *server) CreateLedgerOrder(ctx context.Context, in gen.CreateLedgerOrderRequestObject) (gen.CreateLedgerOrderResponseObject, error) {
	view, id, err := ledgerOrders.create(ctx, s, *in.Body)
	return gen.CreateLedgerOrder201JSONResponse{
		Body: view, Headers: gen.CreateLedgerOrder201ResponseHeaders{Location: located("ledger", "orders", id)},
	}, err
}

// GetLedgerOrder reads an order.
func (s *server) GetLedgerOrder(ctx context.Context, in gen.GetLedgerOrderRequestObject) (gen.GetLedgerOrderResponseObject, error) {
	view, etag, err := ledgerOrders.get(ctx, s, in.ID)
	return gen.GetLedgerOrder200JSONResponse{Body: view, Headers: gen.GetLedgerOrder200ResponseHeaders{ETag: etag}}, err
}

// UpdateLedgerOrder changes a quotation.
func (s *server) UpdateLedgerOrder(ctx context.Context, in gen.UpdateLedgerOrderRequestObject) (gen.UpdateLedgerOrderResponseObject, error) {
	view, etag, err := ledgerOrders.update(ctx, s, in.ID, in.Params.IfMatch, *in.Body)
	return gen.UpdateLedgerOrder200JSONResponse{Body: view, Headers: gen.UpdateLedgerOrder200ResponseHeaders{ETag: etag}}, err
}

// TakeLedgerOrderStep moves an order on in its cycle.
func (s *server) TakeLedgerOrderStep(ctx context.Context, in gen.TakeLedgerOrderStepRequestObject) (gen.TakeLedgerOrderStepResponseObject, error) {
	var said gen.LedgerStep
	if in.Body != nil {
		said = *in.Body
	}
	if err := checkStep(in.Step, said); err != nil {
		return nil, err
	}
	backend, err := s.builtIn(ctx)
	if err != nil {
		return nil, err
	}
	if err := takeStep(ctx, backend, erp.OwnKey("order", in.ID), in.Step, said); err != nil {
		return nil, err
	}
	view, _, err := ledgerOrders.get(ctx, s, in.ID)
	return gen.TakeLedgerOrderStep200JSONResponse(view), err
}

// checkStep refuses what a step has no use for.
func checkStep(step erp.Step, said gen.LedgerStep) error {
	var problems problems
	pays := step == erp.StepPay
	for _, field := range []struct {
		name string
		said bool
		of   bool
	}{
		{"date", !said.Date.IsZero(), pays || step == erp.StepInvoice}, {"journal", said.Journal != "", pays}, {"method", said.Method != "", pays},
		{"memo", said.Memo != "", pays}, {"partial", said.Partial, step == erp.StepShip},
	} {
		if field.said && !field.of {
			problems.add(field.name, "says nothing about the step %s: leave it out", step)
		}
	}
	return problems.err()
}

func takeStep(ctx context.Context, sales erp.Sales, order erp.Key, step erp.Step, said gen.LedgerStep) error {
	var results []erp.StepResult
	switch step {
	case erp.StepValidate:
		results = sales.ConfirmOrders(ctx, []erp.Ask[erp.ConfirmRequest]{{Order: order}})
	case erp.StepInvoice:
		results = sales.InvoiceOrders(ctx, []erp.Ask[erp.InvoiceRequest]{{Order: order, With: erp.InvoiceRequest{Date: said.Date.UTC()}}})
	case erp.StepPay:
		results = sales.PayOrders(ctx, []erp.Ask[erp.PaymentRequest]{{Order: order, With: erp.PaymentRequest{
			Journal: said.Journal, Method: said.Method, Memo: said.Memo, Date: said.Date.UTC(),
		}}})
	case erp.StepShip:
		results = sales.ShipOrders(ctx, []erp.Ask[erp.ShipRequest]{{Order: order, With: erp.ShipRequest{Partial: said.Partial}}})
	case erp.StepCancel:
		results = sales.CancelOrders(ctx, []erp.Ask[erp.CancelRequest]{{Order: order}})
	}
	return results[0].Err
}

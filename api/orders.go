package api

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/workflows"
)

// ListOrders lists the runs of imported orders, newest first, without their steps.
func (s *server) ListOrders(ctx context.Context, in gen.ListOrdersRequestObject) (gen.ListOrdersResponseObject, error) {
	p := in.Params
	filter := db.OrderRunFilter{Instance: p.Instance, State: string(p.State)}
	if err := s.checkListed(ctx, p.Instance, ""); err != nil {
		return nil, err
	}
	list, next, err := s.DB.OrderRuns(ctx, filter, db.Page{After: p.After, Limit: p.Limit})
	if err != nil {
		return nil, err
	}
	placed, err := s.DB.PlacedOrders(ctx, list)
	if err != nil {
		return nil, err
	}
	items := make([]gen.Order, len(list))
	for i, run := range list {
		if items[i], err = s.order(run, placed); err != nil {
			return nil, err
		}
	}
	return gen.ListOrders200JSONResponse{
		Body:    gen.OrderPage{Items: items, Next: next},
		Headers: gen.ListOrders200ResponseHeaders{Link: nextLink(ctx, next)},
	}, nil
}

// CountOrders counts an instance's runs by state.
func (s *server) CountOrders(ctx context.Context, in gen.CountOrdersRequestObject) (gen.CountOrdersResponseObject, error) {
	if _, err := s.DB.Instance(ctx, in.Params.Instance); err != nil {
		return nil, err
	}
	counts, err := s.DB.OrderRunCounts(ctx, in.Params.Instance)
	return gen.CountOrders200JSONResponse{Instance: in.Params.Instance, States: counts}, err
}

// historyLength is how many imports and exports of an order are shown with it.
const historyLength = 20

// GetOrder reads an order with the steps of its run, how it was synced, and its amounts from the ERP.
func (s *server) GetOrder(ctx context.Context, in gen.GetOrderRequestObject) (gen.GetOrderResponseObject, error) {
	body, err := s.readOrder(ctx, in.Instance, in.WooID)
	if err != nil {
		return nil, err
	}
	history, _, err := s.DB.Jobs(ctx, db.JobFilter{Instance: in.Instance, Entity: mapping.OrderName, WooID: in.WooID}, db.Page{Limit: historyLength})
	if err != nil {
		return nil, err
	}
	body.History = collect(history, job)
	if body.Link == nil { // it has a run, which does not say how it is linked
		if body.Link, err = s.linkOfOrder(ctx, in.Instance, in.WooID); err != nil {
			return nil, err
		}
	}
	if body.Figures, err = s.figures(ctx, in.Instance, in.WooID); err != nil {
		s.Logger.WarnContext(ctx, "the ERP did not give an order's figures", "instance", in.Instance, "error", err)
	}
	return gen.GetOrder200JSONResponse(body), nil
}

func (s *server) readOrder(ctx context.Context, id, wooID string) (gen.Order, error) {
	run, err := s.DB.OrderRun(ctx, id, wooID)
	if fault.Is(err, fault.NotFound) {
		return s.orderWithoutRun(ctx, id, wooID)
	}
	if err != nil {
		return gen.Order{}, err
	}
	placed, err := s.DB.PlacedOrders(ctx, []db.OrderRun{run})
	if err != nil {
		return gen.Order{}, err
	}
	order, err := s.order(run, placed)
	if err != nil {
		return order, err
	}
	skips, err := s.DB.OrderSkips(ctx, id, wooID)
	order.Skipped = collect(skips, func(k db.OrderSkip) gen.SkippedStep {
		return gen.SkippedStep{Step: k.Step, Reason: k.Reason, By: k.SkippedBy, At: k.At}
	})
	return order, err
}

// order is the view of a run; of those that are not among placed, nothing more is known.
func (s *server) order(run db.OrderRun, placed map[[2]string]db.PlacedOrder) (gen.Order, error) {
	plan, err := planOf(run)
	if err != nil {
		return gen.Order{}, err
	}
	view := gen.Order{
		Instance: run.Instance, WooID: run.WooID, ERPID: run.ERPID, State: gen.OrderState(run.State), Step: run.Step,
		Workflow: plan.Workflow, Planned: collect(plan.Steps, stepName),
		Steps: collect(run.Steps, orderStep), Code: run.Code, Reason: run.Reason, UpdatedAt: run.UpdatedAt,
		TemporalURL: s.runURL(workflows.SaleOrderID(run.Instance, run.WooID), ""),
	}
	return asPlaced(view, placed), nil
}

// asPlaced adds to an order what people know it by.
func asPlaced(view gen.Order, placed map[[2]string]db.PlacedOrder) gen.Order {
	if p, ok := placed[[2]string{view.Instance, view.WooID}]; ok {
		view.Number, view.PlacedAt, view.Currency, view.Total, view.Country = p.Number, p.At, p.Currency, money(p.Total), p.Country
	}
	return view
}

// orderWithoutRun is the view of an order that no sale workflow moves; NotFound when it has no link either.
func (s *server) orderWithoutRun(ctx context.Context, id, wooID string) (gen.Order, error) {
	l, err := s.DB.Link(ctx, id, mapping.OrderName, wooID)
	if err != nil {
		return gen.Order{}, err
	}
	placed, err := s.DB.PlacedOrders(ctx, []db.OrderRun{{Instance: id, WooID: wooID}})
	linked := link(l)
	view := gen.Order{Instance: id, WooID: wooID, ERPID: l.ERPID, State: gen.OrderStateInERP, Link: &linked, UpdatedAt: l.CreatedAt}
	if !l.LastSyncedAt.IsZero() {
		view.UpdatedAt = l.LastSyncedAt
	}
	return asPlaced(view, placed), err
}

// linkOfOrder gives an order's link; nil when somebody removed it.
func (s *server) linkOfOrder(ctx context.Context, id, wooID string) (*gen.Link, error) {
	l, err := s.DB.Link(ctx, id, mapping.OrderName, wooID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	view := link(l)
	return &view, err
}

func orderStep(step db.OrderStep) gen.OrderStep {
	return gen.OrderStep{
		Name: step.Name, State: gen.OrderStepState(step.State), Before: step.Before, After: step.After,
		DurationMS: milliseconds(step.Duration), Code: step.Code, Error: step.Error, At: step.At.UTC(),
	}
}

// figuresTimeout is how long an ERP may take to say an order's amounts: the run is shown without them otherwise.
const figuresTimeout = 3 * time.Second

// figures reads an order's amounts; nil when the ERP does not have the order.
func (s *server) figures(ctx context.Context, id, wooID string) (*gen.OrderFigures, error) {
	ctx, cancel := context.WithTimeout(ctx, figuresTimeout)
	defer cancel()
	_, backend, err := s.backendOf(ctx, id)
	if err != nil {
		return nil, err
	}
	key := []erp.Key{{Instance: id, Entity: "order", ID: wooID}}
	found, err := backend.OrderFigures(ctx, key)
	if err != nil || len(found) == 0 || found[0].ID == "" {
		return nil, err
	}
	lines, err := backend.OrderLines(ctx, key)
	if err != nil {
		return nil, err
	}
	f := found[0]
	return &gen.OrderFigures{
		InvoiceID: f.State.InvoiceID, Lines: collect(lines[0], lineFigures),
		Currency: f.Currency, Total: money(f.Total), Tax: money(f.Tax), Taxes: collect(f.Taxes, taxAmount),
		Stage: f.State.Stage, InvoiceNumber: f.State.InvoiceNumber, Invoiced: f.State.Invoiced, Paid: f.State.Paid,
		Due: money(f.State.Due), Shipped: f.State.Shipped, PartlyShipped: f.State.PartlyShipped, Refunds: collect(f.Refunds, refundFigures),
	}, nil
}

func lineFigures(l erp.LineFigures) gen.LineFigures {
	return gen.LineFigures{WooID: l.ID, Product: l.Product.ID, Description: l.Description, Quantity: l.Quantity.String(), Total: money(l.Total)}
}

func refundFigures(r erp.RefundFigures) gen.RefundFigures {
	return gen.RefundFigures{
		WooID: r.Key.ID, CreditNote: r.Number, CreditNoteID: r.ID, Total: money(r.Total), Tax: money(r.Tax), Taxes: collect(r.Taxes, taxAmount),
		PaidOut: r.PaidOut, Reversed: r.Reversed,
	}
}

func taxAmount(t erp.OrderTax) gen.TaxAmount {
	return gen.TaxAmount{Label: t.Label, Rate: money(t.Rate), Amount: money(t.Amount)}
}

// money writes an amount without an exponent; zeros at the end are left out.
func money(d decimal.Decimal) string { return d.String() }

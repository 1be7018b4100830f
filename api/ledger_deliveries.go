package api

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"tandem/api/gen"
	"tandem/erp"
)

// ListLedgerDeliveries lists the deliveries of an order.
func (s *server) ListLedgerDeliveries(ctx context.Context, in gen.ListLedgerDeliveriesRequestObject) (gen.ListLedgerDeliveriesResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	found, err := desk.Deliveries(ctx, in.ID)
	return gen.ListLedgerDeliveries200JSONResponse{Items: collect(found, deliveryView)}, err
}

// ShipLedgerOrder ships lines of an order.
func (s *server) ShipLedgerOrder(ctx context.Context, in gen.ShipLedgerOrderRequestObject) (gen.ShipLedgerOrderResponseObject, error) {
	var problems problems
	var lines []erp.ShipmentLine
	for i, line := range in.Body.Lines {
		lines = append(lines, erp.ShipmentLine{Line: line.Line, Quantity: problems.decimal(fmt.Sprintf("lines[%d].quantity", i), line.Quantity)})
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	made, err := desk.ShipLines(ctx, cmp.Or(subjectOf(ctx), uuid.NewString()), in.ID, lines,
		trackingOf(in.Body.Carrier, in.Body.TrackingNumber, in.Body.TrackingURL))
	return gen.ShipLedgerOrder201JSONResponse(deliveryView(made)), err
}

// TrackLedgerDelivery says how a delivery went out.
func (s *server) TrackLedgerDelivery(ctx context.Context, in gen.TrackLedgerDeliveryRequestObject) (gen.TrackLedgerDeliveryResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	now, err := desk.TrackDelivery(ctx, in.ID, trackingOf(in.Body.Carrier, in.Body.TrackingNumber, in.Body.TrackingURL))
	return gen.TrackLedgerDelivery200JSONResponse(deliveryView(now)), err
}

func trackingOf(carrier, number, address string) erp.Tracking {
	return erp.Tracking{Carrier: strings.TrimSpace(carrier), Number: strings.TrimSpace(number), URL: strings.TrimSpace(address)}
}

func deliveryView(d erp.Delivery) gen.LedgerDelivery {
	return gen.LedgerDelivery{
		ID: d.ID, Number: d.Number, Order: erp.OwnID(d.Order), State: gen.LedgerDeliveryState(d.State), ShippedAt: d.At,
		Carrier: d.Carrier, TrackingNumber: d.Tracking.Number, TrackingURL: d.URL, Lines: collect(d.Lines, deliveryLineView), Returned: d.Returned,
	}
}

func deliveryLineView(l erp.ShipmentLine) gen.LedgerDeliveryLine {
	return gen.LedgerDeliveryLine{Line: l.Line, Quantity: l.Quantity.String()}
}

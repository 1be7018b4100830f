package api

import (
	"context"

	"tandem/api/gen"
	"tandem/entity"
)

// ExplainStock says where the number comes from that a store is to show.
func (s *server) ExplainStock(ctx context.Context, in gen.ExplainStockRequestObject) (gen.ExplainStockResponseObject, error) {
	if _, err := s.DB.Instance(ctx, in.Instance); err != nil {
		return nil, err
	}
	e, err := s.Stock.ExplainStock(ctx, in.Instance, in.WooID)
	if err != nil {
		return nil, err
	}
	return gen.ExplainStock200JSONResponse(stockExplanation(e)), nil
}

func stockExplanation(e entity.StockExplanation) gen.StockExplanation {
	return gen.StockExplanation{
		WooID: e.ID, ERPID: e.ERPID, Tracked: e.Tracked, Field: e.Field, Warehouses: collect(e.Places, warehouseStock),
		Figure: e.Figure.String(), Orders: collect(e.Orders, orderStock), KeptBack: e.KeptBack.String(), Buffer: e.Buffer,
		SharedWith: append([]string{}, e.Shared...), Quantity: e.Quantity.String(),
		Store: gen.StoreStock{Counted: e.Store.Counted, Quantity: e.Store.Quantity.String(), Backorders: e.Store.Backorders},
	}
}

func warehouseStock(p entity.StockPlace) gen.WarehouseStock {
	return gen.WarehouseStock{
		Warehouse: p.Warehouse, OnHand: p.OnHand.String(), Reserved: p.Reserved.String(), Incoming: p.Incoming.String(),
		Outgoing: p.Outgoing.String(), Free: p.Free().String(), Forecast: p.Forecast().String(), CountedAt: p.CountedAt,
	}
}

func orderStock(o entity.StockOrder) gen.OrderStock {
	return gen.OrderStock{WooID: o.ID, At: o.At, Quantity: o.Quantity.String()}
}

package api

import (
	"cmp"
	"context"
	"fmt"

	"tandem/api/gen"
	"tandem/erp"
)

// ListLedgerStock reads the stock of a warehouse.
func (s *server) ListLedgerStock(ctx context.Context, in gen.ListLedgerStockRequestObject) (gen.ListLedgerStockResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	p := in.Params
	page, err := desk.Stock(ctx, erp.StockSearch{
		RecordSearch: erp.RecordSearch{Text: p.Search, After: p.After, Limit: cmp.Or(p.Limit, pageSize)}, Warehouse: p.Warehouse, Product: p.Product,
	})
	return gen.ListLedgerStock200JSONResponse{
		Body:    gen.LedgerStockPage{Warehouse: page.Warehouse, Items: collect(page.Items, stockView), Next: page.Next},
		Headers: gen.ListLedgerStock200ResponseHeaders{Link: nextLink(ctx, page.Next)},
	}, err
}

func stockView(i erp.StockItem) gen.LedgerStock {
	return gen.LedgerStock{
		Product: erp.OwnID(i.Product), Name: i.Name, SKU: i.SKU, OnHand: i.OnHand.String(), Reserved: i.Reserved.String(), Free: i.Free().String(),
		Incoming: i.Incoming.String(), Outgoing: i.Outgoing.String(),
	}
}

// CountLedgerStock sets what lies on the shelves.
func (s *server) CountLedgerStock(ctx context.Context, in gen.CountLedgerStockRequestObject) (gen.CountLedgerStockResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	var problems problems
	var counts []erp.ShelfCount
	for i, c := range in.Body.Counts {
		counts = append(counts, erp.ShelfCount{
			Product: erp.OwnKey("product", c.Product), OnHand: problems.decimal(fmt.Sprintf("counts[%d].on_hand", i), c.OnHand),
		})
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	return gen.CountLedgerStock204Response{}, desk.CountShelves(ctx, in.Body.Warehouse, counts)
}

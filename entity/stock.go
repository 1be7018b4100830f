package entity

import (
	"context"

	"tandem/entity/mapping"
	"tandem/entity/stock"
)

// What a stock figure is explained with.
type (
	// StockExplanation says where the number comes from that a store is to show of a product or variation.
	StockExplanation = stock.Explanation
	// StockPlace is what lies in one warehouse.
	StockPlace = stock.Place
	// StockOrder is what an order takes that has not landed.
	StockOrder = stock.OrderPart
)

// ExplainStock looks at the ERP and the store now.
func ExplainStock(ctx context.Context, ec mapping.Context, id string) (StockExplanation, error) {
	return stock.Explain(ctx, ec, id)
}

// StockName is the entity under which stock figures go into the store.
var StockName = stock.Pushes.Name()

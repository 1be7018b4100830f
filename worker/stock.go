package worker

import (
	"context"

	"tandem/entity"
)

// ExplainStock says where the number comes from that a store is to show of a product or variation, as it is configured now.
func (c *Connections) ExplainStock(ctx context.Context, instance, id string) (entity.StockExplanation, error) {
	ec, err := afresh{c}.Connect(ctx, instance)
	if err != nil {
		return entity.StockExplanation{}, err
	}
	return entity.ExplainStock(ctx, ec, id)
}

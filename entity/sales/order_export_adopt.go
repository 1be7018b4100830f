package sales

import (
	"cmp"
	"context"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// adoptedOrder is an order with what the store has of it.
type adoptedOrder struct {
	*exportedOrder
	content erp.Order
	digest  string
}

// adopt ties the orders of both sides together, by what the store has of them now.
func (x orderExport) adopt(ctx context.Context, all []*exportedOrder) error {
	of := map[woo.ID]*exportedOrder{}
	for _, e := range all {
		of[e.have.ID] = e
	}
	if err := x.reread(ctx, of, func(*exportedOrder) {}); err != nil {
		return err
	}
	var adopted []adoptedOrder
	for _, e := range all {
		content, err := x.content(ctx, e.have)
		if fault.Retryable(fault.From(err)) && err != nil {
			return err
		}
		if err != nil {
			e.Refuse(err)
			continue
		}
		digest, err := mapping.ContentDigest(content, func(o *erp.Order) *erp.Key { return &o.Key })
		if err != nil {
			e.Refuse(err)
			continue
		}
		adopted = append(adopted, adoptedOrder{e, content, digest})
	}
	return x.tie(ctx, adopted)
}

// tie ties orders in the ERP to what the store has of them. Of several that it refuses, those are found which somebody changed or linked
// meanwhile: the others are not to wait for them.
func (x orderExport) tie(ctx context.Context, adopted []adoptedOrder) error {
	batch := make([]erp.Adoption[erp.Order], len(adopted))
	for i, a := range adopted {
		batch[i] = erp.Adoption[erp.Order]{ID: a.Record.ID, Record: a.content}
	}
	err := x.reader.AdoptOrders(ctx, batch)
	switch refused := fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound); {
	case refused && len(adopted) == 1:
		f := fault.From(err)
		adopted[0].Refuse(mapping.Parked(cmp.Or(f.Code, "store_differs"), "order %s of the store was made from this one, which was changed meanwhile: %s. "+
			"Correct one of the two, or delete the store's, and process this one again", adopted[0].have.ID, f.Message))
		return nil
	case refused:
		for i := range adopted {
			if err := x.tie(ctx, adopted[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	case err != nil:
		return err
	}
	for _, a := range adopted {
		x.settle(a)
	}
	return nil
}

// settle notes that both sides have the order.
func (x orderExport) settle(a adoptedOrder) {
	status := flow.Created
	if a.found {
		status = flow.Unchanged
		a.Note("linked to order " + a.have.ID.String() + ", which was created before")
	}
	a.Settle(flow.Outcome{
		Key: a.content.Key, Status: status, ID: a.Record.ID, After: a.digest,
		Also: []flow.Key{erp.PendingKey(x.ec.Instance.ID, mapping.OrderName, a.Record.ID)},
	})
}

// content maps the store's order as the import does.
func (x orderExport) content(ctx context.Context, o woo.Order) (erp.Order, error) {
	record, err := loadOrder(ctx, x.ec, o)
	if err != nil {
		return erp.Order{}, err
	}
	plan, err := planOrder(x.ec, record)
	return plan.order, err
}

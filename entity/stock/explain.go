package stock

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
)

// Explanation says where the number comes from that the store is to show of a product or variation.
type Explanation struct {
	ID       string // the store's number of it
	ERPID    string
	Tracked  bool // the ERP keeps stock of it; else the store is told nothing
	Field    string
	Places   []Place
	Figure   decimal.Decimal // of all warehouses
	Orders   []OrderPart     // what the store has sold of it and the ERP does not have yet
	KeptBack decimal.Decimal // for these
	Buffer   int
	Shared   []string        // variations that share its stock, itself included; empty where none do
	Quantity decimal.Decimal // that the store is to show; of variations that share stock, of all together
	Store    StoreStock
}

// Place is what lies in one warehouse.
type Place struct {
	Warehouse string
	erp.Quantities
}

// OrderPart is what one order of the store takes.
type OrderPart struct {
	ID       string
	At       time.Time // UTC
	Quantity decimal.Decimal
}

// StoreStock is what the store says of its stock.
type StoreStock struct {
	Counted    bool
	Quantity   decimal.Decimal
	Backorders bool // it may be sold below zero
}

// Explain looks at the ERP and the store now. NotFound when the product or variation is not linked, or is not in the store.
func Explain(ctx context.Context, ec mapping.Context, id string) (Explanation, error) {
	p := newPush(ec)
	at, err := p.shelfOf(ctx, id)
	if err != nil {
		return Explanation{}, err
	}
	if err := p.orders.look(ctx, 0); err != nil {
		return Explanation{}, err
	}
	if err := p.decide(ctx, []*shelf{at}); err != nil {
		return Explanation{}, err
	}
	return p.explain(ctx, id, at)
}

// shelfOf finds where the store counts a product or variation.
func (p *push) shelfOf(ctx context.Context, id string) (*shelf, error) {
	s, err := p.separate(ctx, []erp.Key{mapping.NamedKey(p.ec, mapping.ProductName, id)})
	if err != nil {
		return nil, err
	}
	f := newFound(s)
	if err := p.readParts(ctx, f, s.parts()); err != nil {
		return nil, err
	}
	switch {
	case len(f.sold) > 0:
		return f.sold[0].shelf, nil
	case len(f.missing) > 0:
		return nil, fault.New(fault.NotFound, "the store does not list %s any more, or has it in the trash", id)
	case len(s.products) > 0:
		return nil, fault.New(fault.Conflict, "%s is sold by its variations: name one of them", id)
	default:
		return nil, fault.New(fault.NotFound, "%s is no product or variation that is linked with the ERP: import it first", id)
	}
}

func (p *push) explain(ctx context.Context, id string, at *shelf) (Explanation, error) {
	key := mapping.NamedKey(p.ec, mapping.ProductName, id)
	figures, err := p.figures(ctx, []erp.Key{key})
	if err != nil {
		return Explanation{}, err
	}
	erpIDs, err := p.ec.Backend.Lookup(ctx, []erp.Key{key})
	if err != nil {
		return Explanation{}, err
	}
	f, config := figures[key], p.ec.Instance.Config.Stock
	out := Explanation{
		ID: id, ERPID: erpIDs[0], Tracked: f.tracked, Field: config.Field, Places: f.places, Figure: f.quantity, Buffer: config.Buffer,
		Quantity: at.want, Store: StoreStock{Counted: at.counted, Quantity: at.held, Backorders: at.sellsBelowZero()},
	}
	out.Orders, out.KeptBack = p.orders.leftOf(id, f.countedAt)
	if at.parent == 0 && at.id != mapping.StoreID(key) {
		for _, sold := range at.sold {
			out.Shared = append(out.Shared, sold.ID)
		}
	}
	return out, nil
}

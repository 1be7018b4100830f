package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/salecycle"
)

var orders = catalogue[erp.Order]{
	model: "order", table: "orders",
	key:   func(o *erp.Order) *erp.Key { return &o.Key },
	check: checkOrder,
	write: writeOrders,
}

// UpsertOrders lands orders. One whose product, tax, partner, address or price list is unknown is parked with the code
// "unknown_…" until that lands; one whose lines and taxes do not add up to its total fails with "totals_differ".
//
// An order is replaced until it is invoiced or shipped; after that only what the store says of its progress follows.
// Other amounts are then parked with "order_locked", and a cancellation with "cancel_needs_person".
func (l *Ledger) UpsertOrders(ctx context.Context, batch []erp.Order) ([]erp.Outcome, error) {
	return orders.upsert(ctx, l, batch)
}

// orderPlan is an order with what has to be done about it.
type orderPlan struct {
	*landing.Draft[erp.Order]
	change
	amounts   string // digest of lines, taxes and totals
	warehouse int64
	delivered bool      // wholly, or given up
	before    []kept    // what its lines kept of the stock so far
	own       *orderRow // of an order that was made here and exported: see orderSnapshot
}

func writeOrders(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Order]) error {
	snapshots, err := lockSnapshots(ctx, tx, drafts)
	if err != nil {
		return err
	}
	if err := check.KeepProducts(ctx, drafts, soldGoods{tx, snapshots}); err != nil {
		return err
	}
	refs, err := resolveOrderRefs(ctx, tx, drafts)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.Refused = refs.check(d.Record); d.Refused == nil {
			decimals := refs.settings[check.Setting{Kind: "currency", Code: d.Record.Currency}]
			d.Refused = check.Totals(d.Record, int32(decimals))
		}
	}
	plans, err := planOrders(landing.Accepted(drafts), snapshots, refs)
	if err != nil {
		return err
	}
	if _, err := assign(ctx, tx, "orders", drafts); err != nil {
		return err
	}
	return writePlans(ctx, tx, plans, refs)
}

// planOrders decides what becomes of each order, and refuses what can no longer follow the store.
func planOrders(drafts []*landing.Draft[erp.Order], snapshots map[int64]orderSnapshot, refs orderRefs) ([]orderPlan, error) {
	plans := make([]orderPlan, 0, len(drafts))
	var err error
	for _, d := range drafts {
		p := orderPlan{Draft: d, warehouse: refs.settings[check.Setting{Kind: "warehouse", Code: d.Record.Warehouse}]}
		if p.amounts, err = salecycle.Amounts(d.Record); err != nil {
			return nil, err
		}
		if d.Created {
			p.Change = salecycle.Land(d.Record)
		} else {
			s := snapshots[d.ID]
			p.before, p.delivered = s.Kept, (s.Delivered || s.GivenUp) && !s.Waiting
			p.change, d.Refused = changeOf(s, d.Record, p.amounts, p.warehouse)
			if p.own = s.Own; !p.Header || p.own != nil {
				p.warehouse = s.Warehouse
			}
		}
		if d.Refused == nil {
			plans = append(plans, p)
		}
	}
	return plans, nil
}

// shipped is how much of the goods of a line has left the house. Lines stay where they are from then on.
func (p orderPlan) shipped(position int) decimal.Decimal {
	for _, line := range p.before {
		if line.Position == position {
			return line.Shipped
		}
	}
	return decimal.Zero
}

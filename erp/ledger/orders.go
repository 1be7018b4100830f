package ledger

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
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

// orderPlan is an order with what is to be done about it.
type orderPlan struct {
	*draft[erp.Order]
	change
	amounts   string // digest of lines, taxes and totals
	warehouse int64
	delivered bool
	before    []kept // what its lines kept of the stock so far
}

func writeOrders(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Order]) error {
	refs, err := resolveOrderRefs(ctx, tx, drafts)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.refused = refs.check(d.record); d.refused == nil {
			decimals := refs.settings[setting{"currency", d.record.Currency}]
			d.refused = checkTotals(d.record, int32(decimals))
		}
	}
	plans, err := planOrders(ctx, tx, accepted(drafts), refs)
	if err != nil {
		return err
	}
	if _, err := assign(ctx, tx, "orders", drafts); err != nil {
		return err
	}
	return writePlans(ctx, tx, plans, refs)
}

// planOrders decides what becomes of each order, and refuses what can no longer follow the store.
func planOrders(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Order], refs orderRefs) ([]orderPlan, error) {
	standings, err := lockStandings(ctx, tx, drafts)
	if err != nil {
		return nil, err
	}
	plans := make([]orderPlan, 0, len(drafts))
	for _, d := range drafts {
		p := orderPlan{draft: d, warehouse: refs.settings[setting{"warehouse", d.record.Warehouse}]}
		if p.amounts, err = amountsOf(d.record); err != nil {
			return nil, err
		}
		if d.created {
			p.change = newOrder(d.record)
		} else {
			s := standings[d.id]
			p.before, p.delivered = s.Kept, s.Delivered
			p.change, d.refused = changeOf(s, d.record, p.amounts, p.warehouse)
			if !p.Header {
				p.warehouse = s.Warehouse
			}
		}
		if d.refused == nil {
			plans = append(plans, p)
		}
	}
	return plans, nil
}

// amountsOf names the content of an order that is fixed once it is invoiced or shipped.
func amountsOf(o *erp.Order) (string, error) {
	fixed := erp.Order{Currency: o.Currency, Untaxed: o.Untaxed, Tax: o.Tax, Total: o.Total, Taxes: o.Taxes,
		Lines: make([]erp.OrderLine, len(o.Lines))}
	for i, line := range o.Lines {
		line.Description, line.SetAside = "", decimal.Zero
		fixed.Lines[i] = line
	}
	text, err := encode(fixed)
	return hashOf(text), err
}

// since is when the store set the order's goods aside, UTC: a stock count made later did not contain them.
func (p orderPlan) since() time.Time {
	if p.record.PaidAt.IsZero() {
		return p.record.Date
	}
	return p.record.PaidAt
}

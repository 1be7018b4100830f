package sales

import (
	"context"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// orderFields are the names under which a meta mapping may fill Odoo's own fields of orders. They are the same for every ERP.
var orderFields = map[string]string{"comment": "note", "reference": "client_order_ref"}

// Upsert lands orders as quotations. One whose product, tax, partner, address or price list is unknown is parked
// with the code "unknown_…" until that lands; one whose lines and taxes do not add up to its total fails with
// "totals_differ". Lines and taxes land in whole coins, as the store rounded them. One whose taxes are not those that Odoo has
// is parked with "taxes_differ" before anything is written. What Odoo makes of the lines is read back: another total parks the
// order with "totals_differ" and leaves none in Odoo.
//
// An order is replaced until it is invoiced or shipped; after that only what the store says of its progress follows.
// Other amounts are then parked with "order_locked", and a cancellation with "cancel_needs_person".
func (b *Book) Upsert(ctx context.Context, batch []erp.Order) ([]erp.Outcome, error) {
	return record.Catalogue[erp.Order]{
		Key:    func(o *erp.Order) *erp.Key { return &o.Key },
		Check:  check.Order,
		Model:  func(rpc.Release, *erp.Order) string { return "sale.order" },
		Name:   record.ExternalName,
		Marked: "sale.order",
		Write:  b.writeOrders,
	}.Upsert(ctx, b.records, batch)
}

func (b *Book) writeOrders(ctx context.Context, drafts []*record.Draft[erp.Order]) error {
	there, err := b.linesOf(ctx, record.LandedIDs(drafts))
	if err != nil {
		return err
	}
	snapshots, err := b.Snapshots(ctx, record.LandedIDs(drafts))
	if err != nil {
		return err
	}
	plain := rpc.Map(drafts, func(d *record.Draft[erp.Order]) *landing.Draft[erp.Order] { return d.Draft })
	if err := check.KeepProducts(ctx, plain, soldGoods{b, there, snapshots}); err != nil {
		return err
	}
	refs, err := b.resolveOrderRefs(ctx, drafts)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.Refused = refs.CheckFields("sale.order", d.Record.Fields, orderFields); d.Refused != nil {
			continue
		}
		if d.Refused = refs.check(d.Record); d.Refused == nil {
			d.Refused = check.Totals(d.Record, refs.Decimals(d.Record.Currency))
		}
	}
	units, err := b.lineUnits(ctx, there, refs)
	if err != nil {
		return err
	}
	plans, err := planOrders(landing.Accepted(drafts), snapshots, there, units)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if p.Replace {
			p.given, p.Refused = refs.coins(p.Record)
		}
	}
	w := orderWriter{Book: b, refs: refs}
	for _, step := range []func(context.Context, []*orderPlan) error{
		w.reopen, w.land, w.matchTotals, w.open, w.notes, w.stage, w.unmark,
	} {
		if err := step(ctx, landing.Accepted(plans)); err != nil {
			return err
		}
	}
	return nil
}

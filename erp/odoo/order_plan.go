package odoo

import (
	"context"
	"fmt"
	"time"

	"tandem/erp"
)

// orderPlan is an order with what is to be done about it.
type orderPlan struct {
	*draft[erp.Order]
	standing *standing // nil for a new order
	amounts  string    // digest of lines, taxes and totals
	lines    []lineRow // what the order has now
	names    map[int64]string

	stage   erp.OrderStage // that it is to be in
	byStore bool           // it is the store that cancels it
	header  bool           // partner, addresses and the like follow too, not only what the store says of its progress
	replace bool           // lines and taxes follow too
	// reopened is a confirmed order that is made a quotation while its lines are replaced, and confirmed again: Odoo keeps
	// the lines and the delivery of a confirmed order in step in one direction only.
	reopened bool
}

// reopenedStamp is the stamp of an order between being reopened and being confirmed again, so that this is not forgotten
// when something comes in between.
const reopenedStamp = "confirm"

// stampCell says what was landed, or what is still to be done.
func (p *orderPlan) stampCell() cell {
	if p.reopened {
		return cellOf(stampField, reopenedStamp)
	}
	return p.draft.stampCell()
}

// lineRow is a sale.order.line.
type lineRow struct {
	row
	Order     link   `json:"order_id"`
	Product   link   `json:"product_id"`
	Quantity  amount `json:"product_uom_qty"`
	Delivered amount `json:"qty_delivered"`
	Aside     amount `json:"x_tandem_aside"`
	State     text   `json:"state"` // the order's
}

var lineColumns = []string{"order_id", "product_id", "product_uom_qty", "qty_delivered", "x_tandem_aside", "state"}

// planOrders decides what becomes of each order, and refuses what can no longer follow the store.
func (b *Backend) planOrders(ctx context.Context, drafts []*draft[erp.Order]) ([]*orderPlan, error) {
	var ids []int64
	for _, d := range drafts {
		if d.id != 0 {
			ids = append(ids, d.id)
		}
	}
	standings, err := b.standings(ctx, ids)
	if err != nil {
		return nil, err
	}
	lines, names, err := b.linesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var plans []*orderPlan
	for _, d := range drafts {
		p := &orderPlan{draft: d, stage: erp.Quotation, header: true, replace: true, names: names, lines: lines[d.id]}
		if p.amounts, err = amountsOf(d.record); err != nil {
			return nil, err
		}
		if s, ok := standings[d.id]; ok {
			p.standing = &s
			d.refused = p.follow()
			p.reopened = p.replace && p.stage == erp.Confirmed
		} else if p.byStore = d.record.Cancelled; p.byStore {
			p.stage = erp.Cancelled
		}
		d.pending = p.reopened || p.stage == erp.Cancelled || len(d.record.Notes) > 0
		if d.refused == nil {
			plans = append(plans, p)
		}
	}
	return plans, nil
}

// linesOf reads the lines of orders, and their external ids.
func (b *Backend) linesOf(ctx context.Context, orders []int64) (map[int64][]lineRow, map[int64]string, error) {
	rows, err := searchBy[lineRow](ctx, b, "sale.order.line", "order_id", orders, nil, lineColumns...)
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	lines := map[int64][]lineRow{}
	for _, r := range rows {
		lines[r.Order.ID] = append(lines[r.Order.ID], r)
	}
	names, err := b.namesOf(ctx, "sale.order.line", mapped(rows, lineRow.id))
	return lines, names, err
}

// follow decides how an order that is there is brought up to date; the refusal says why it cannot be.
func (p *orderPlan) follow() *refusal {
	s, given := *p.standing, p.record
	same := string(s.Amounts) == p.amounts
	switch {
	case given.Cancelled && s.stage() != erp.Cancelled && s.locked():
		return parkedCancel(s)
	case s.locked() && !same:
		return parked("order_locked", fmt.Sprintf("the order is invoiced or shipped with a total of %s %s and can no longer follow "+
			"the store's %s %s: correct it by hand", s.round(s.Total), s.Currency.Name, given.Total, given.Currency))
	case s.locked():
		p.stage, p.header, p.replace = s.stage(), false, false
		return nil
	}
	p.stage = s.nextStage(given)
	p.byStore = given.Cancelled && (s.stage() != erp.Cancelled || s.Cancelled)
	p.replace = !same || s.Warehouse.ID != parseID(given.Warehouse)
	if p.before == reopenedStamp && !given.Cancelled {
		p.stage, p.replace = erp.Confirmed, true
	}
	return nil
}

// nextStage follows the store into and out of cancellation. What a person cancelled in Odoo stays cancelled.
func (s standing) nextStage(given *erp.Order) erp.OrderStage {
	switch {
	case given.Cancelled:
		return erp.Cancelled
	case s.stage() == erp.Cancelled && s.Cancelled:
		return erp.Quotation
	default:
		return s.stage()
	}
}

func parkedCancel(s standing) *refusal {
	what := "invoiced"
	if s.delivered() {
		what = "shipped"
	}
	return parked("cancel_needs_person", fmt.Sprintf("the store cancelled this order, but it is %s already: undo that by hand", what))
}

// from is the stage the order is in now.
func (p *orderPlan) from() erp.OrderStage {
	if p.standing == nil {
		return erp.Quotation
	}
	return p.standing.stage()
}

// since is when the store set the order's goods aside, UTC: a stock count made later did not contain them.
func (p *orderPlan) since() time.Time {
	if p.record.PaidAt.IsZero() {
		return p.record.Date
	}
	return p.record.PaidAt
}

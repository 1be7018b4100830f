package sales

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
	"tandem/erp/salecycle"
)

// orderPlan is an order with what has to be done about it.
type orderPlan struct {
	*record.Draft[erp.Order]
	salecycle.Change
	snapshot *Snapshot       // nil for a new order
	amounts  string          // digest of lines, taxes and totals
	given    []erp.OrderLine // as Odoo is to have them, in whole coins
	lines    []lineRow       // what the order has now
	names    map[int64]string
	units    lineUnits
	mark     string        // what its stamp says while it is being landed
	opening  stock.Opening // goods to be put on hand for it
	// reopened is a confirmed order that is made a quotation while its lines are replaced, and confirmed again: Odoo keeps
	// the lines and the delivery of a confirmed order in step in one direction only.
	reopened bool
	resumed  bool // a landing of it was cut off
}

// The marks. While an order has one, its stamp is empty until the lines are in Odoo.
const (
	newMark      = "new"      // it lands for the first time: an order that has to be held is removed
	changedMark  = "changed"  // it follows the store
	reopenedMark = "confirm"  // it has to be confirmed again
	progressMark = "progress" // it follows the store, and its lines stay as people in Odoo wrote them
)

// lineRow is a sale.order.line.
type lineRow struct {
	rpc.Row
	Order    rpc.Link   `json:"order_id"`
	Product  rpc.Link   `json:"product_id"`
	Quantity rpc.Amount `json:"product_uom_qty"`
	OldUnit  rpc.Link   `json:"product_uom"`
	NewUnit  rpc.Link   `json:"product_uom_id"`
	Aside    rpc.Amount `json:"x_tandem_aside"`
	SoldAs   rpc.Text   `json:"x_tandem_product"`
	StandsIn bool       `json:"x_tandem_placeholder"`
}

var lineColumns = []string{"order_id", "product_id", "product_uom_qty", stock.AsideField, soldAsField, placeholderField}

// unit is the unit of measure that the line is ordered in, which is its product's own unless a person chose another.
func (l lineRow) unit() int64 { return cmp.Or(l.OldUnit.ID, l.NewUnit.ID) }

// planOrders decides what becomes of each order, and refuses what can no longer follow the store.
func planOrders(drafts []*record.Draft[erp.Order], snapshots map[int64]Snapshot, there orderLines, units lineUnits) ([]*orderPlan, error) {
	var plans []*orderPlan
	var err error
	for _, d := range drafts {
		p := &orderPlan{Draft: d, Change: salecycle.Land(d.Record), names: there.names, lines: there.lines[d.ID], units: units, mark: newMark}
		if p.amounts, err = salecycle.Amounts(d.Record); err != nil {
			return nil, err
		}
		if s, ok := snapshots[d.ID]; ok {
			p.snapshot = &s
			d.Refused = p.follow()
		}
		if d.Refused == nil {
			plans = append(plans, p)
		}
	}
	return plans, nil
}

// orderLines are the lines of orders in Odoo, by order, and the external ids of lines.
type orderLines struct {
	lines map[int64][]lineRow
	names map[int64]string
}

// linesOf reads the lines of orders, and their external ids.
func (b *Book) linesOf(ctx context.Context, orders []int64) (orderLines, error) {
	columns := append(slices.Clone(lineColumns), rpc.LineUnits.For(b.rpc.Release))
	rows, err := rpc.SearchBy[lineRow](ctx, b.rpc, "sale.order.line", "order_id", orders, nil, columns...)
	if err != nil || len(rows) == 0 {
		return orderLines{}, err
	}
	lines := map[int64][]lineRow{}
	for _, r := range rows {
		lines[r.Order.ID] = append(lines[r.Order.ID], r)
	}
	names, err := b.records.NamesOf(ctx, "sale.order.line", rpc.Map(rows, lineRow.RowID))
	return orderLines{lines, names}, err
}

// follow decides how an order that is there is brought up to date; the refusal says why it cannot be.
func (p *orderPlan) follow() (refused *landing.Refusal) {
	s, given := *p.snapshot, p.Record
	_, invoiced := s.Invoice()
	p.Change, refused = salecycle.Follow(salecycle.Held{
		Stage: s.stage(), StoreCancelled: s.Cancelled, Invoiced: invoiced, Delivered: s.delivered(),
		Amounts: string(s.Amounts), Given: p.amounts, Moved: !s.Exported && s.Warehouse.ID != rpc.ParseID(given.Warehouse),
		Total: s.Round(s.Total), Currency: s.Currency.Name,
	}, given)
	p.mark = changedMark
	p.resume()
	if p.reopened = p.reopened || p.Replace && p.Stage == erp.Confirmed; p.reopened {
		p.mark = reopenedMark
	} else if p.exported() && !p.Replace {
		p.mark = progressMark
	}
	return refused
}

// resume goes on with a landing that was cut off. The lines of a quotation are landed again, because they were perhaps not
// settled. An order that was reopened is confirmed again, unless it is the date only that was not put back.
func (p *orderPlan) resume() {
	mark, lines, _ := strings.Cut(p.Before, " ")
	switch mark {
	case progressMark:
		p.Before, p.resumed = "", true
		return
	case newMark:
		p.mark, p.Created = newMark, true
	case changedMark, reopenedMark:
	default:
		return
	}
	p.Before, p.resumed = "", true
	stage := p.snapshot.stage()
	cut := mark == reopenedMark && (lines == "" || stage != erp.Cancelled)
	if cut && !p.Record.Cancelled {
		p.Stage, p.reopened = erp.Confirmed, true
	}
	p.Replace = p.Replace || p.Header && (stage == erp.Quotation || cut && lines == "")
}

// exported reports whether the order was made in Odoo, and what is said of it besides its lines is Odoo's.
func (p *orderPlan) exported() bool { return p.snapshot != nil && p.snapshot.Exported }

// dated is when the order is dated once it is confirmed again: as in the store, or as people dated it in Odoo. Odoo forgets that meanwhile, so
// that it is noted.
func (p *orderPlan) dated() time.Time {
	switch {
	case !p.exported():
		return p.Record.Date
	case p.resumed && !p.snapshot.Placed.IsZero():
		return p.snapshot.Placed.Time
	default:
		return p.snapshot.Date.Time
	}
}

// from is the stage the order is in now.
func (p *orderPlan) from() erp.OrderStage {
	if p.snapshot == nil {
		return erp.Quotation
	}
	return p.snapshot.stage()
}

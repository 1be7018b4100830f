package sales

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// orderWriter writes the orders of one batch, step by step. Each step is given the plans that are not refused so far.
type orderWriter struct {
	*Book
	refs orderRefs
}

// cancelling is the context in which Odoo cancels without asking.
func (b *Book) cancelling() map[string]any {
	return rpc.With(b.rpc.BaseContext(), "disable_cancel_warning", true)
}

func (b *Book) cancelOrders(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return b.rpc.Call(ctx, rpc.Call{Model: "sale.order", Method: "action_cancel", IDs: ids, Context: b.cancelling()}, nil)
}

func (b *Book) onOrders(ctx context.Context, method string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return b.rpc.Run(ctx, "sale.order", method, ids, nil, nil)
}

func idsWhere(plans []*orderPlan, which func(*orderPlan) bool) []int64 {
	var ids []int64
	for _, p := range plans {
		if which(p) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// reopen makes quotations of the orders that change and of those the store takes up again.
func (w orderWriter) reopen(ctx context.Context, plans []*orderPlan) error {
	confirmed := idsWhere(plans, func(p *orderPlan) bool { return p.from() == erp.Confirmed && p.Replace })
	marked := idsWhere(plans, func(p *orderPlan) bool { return p.from() == erp.Confirmed && p.reopened })
	for _, p := range plans {
		if p.exported() && !p.resumed && slices.Contains(marked, p.ID) {
			noted := p.snapshot.Date.UTC().Format(rpc.TimeLayout)
			if err := w.rpc.Write(ctx, "sale.order", []int64{p.ID}, map[string]any{"x_tandem_date": noted}); err != nil {
				return err
			}
		}
	}
	if err := w.rpc.Write(ctx, "sale.order", marked, map[string]any{record.StampField: "", record.MarkField: reopenedMark}); err != nil {
		return err
	}
	if err := w.cancelOrders(ctx, confirmed); err != nil {
		return err
	}
	return w.onOrders(ctx, "action_draft", idsWhere(plans, func(p *orderPlan) bool {
		switch p.from() {
		case erp.Confirmed:
			return p.Replace
		case erp.Cancelled:
			return p.Replace || p.Stage == erp.Quotation
		default:
			return false
		}
	}))
}

// land writes the orders and their lines, along with a note of the goods that are to be put on hand for them. Nobody counts
// these meanwhile: whether a count contains them would not be clear.
func (w orderWriter) land(ctx context.Context, plans []*orderPlan) error {
	var goods []stock.LeftOut
	for _, p := range plans {
		goods = append(goods, p.openings(w.refs)...)
	}
	release, err := w.stock.LockShelves(ctx, stock.ProductsOf(goods))
	if err != nil {
		return err
	}
	defer release()
	for _, step := range []func(context.Context, []*orderPlan) error{w.noteOpenings, w.load, w.removeLines, w.progress} {
		if err := step(ctx, landing.Accepted(plans)); err != nil {
			return err
		}
	}
	return nil
}

// removeLines removes the lines that an order no longer has.
func (w orderWriter) removeLines(ctx context.Context, plans []*orderPlan) error {
	var gone []int64
	for _, p := range plans {
		if !p.Replace {
			continue
		}
		for _, line := range p.lines {
			kept := slices.ContainsFunc(p.given, func(l erp.OrderLine) bool { return p.lineName(l.ID) == p.names[line.ID] })
			if !kept {
				gone = append(gone, line.ID)
			}
		}
	}
	return w.rpc.Unlink(ctx, "sale.order.line", gone)
}

// load lands new orders and those whose lines are replaced.
func (w orderWriter) load(ctx context.Context, plans []*orderPlan) error {
	var loading []*orderPlan
	var records []*record.Record
	for _, p := range plans {
		if !p.Replace {
			continue
		}
		cells, err := p.headerCells(w.refs)
		if err != nil {
			return err
		}
		loading = append(loading, p)
		records = append(records, &record.Record{Name: record.ExternalName(p.Key), Cells: cells, Lines: p.orderLines(w.Book, w.refs)})
	}
	results, err := w.records.Load(ctx, "sale.order", records)
	for i, r := range results {
		if loading[i].Refused = r.Refused; r.Refused == nil {
			loading[i].ID = r.ID
		}
	}
	return err
}

// progress writes orders whose lines stay: what the store says of them, and what it has set aside for their lines.
func (w orderWriter) progress(ctx context.Context, plans []*orderPlan) error {
	for _, p := range plans {
		if p.Replace {
			continue
		}
		cells, err := p.progressCells(w.refs)
		if p.Header && err == nil {
			cells, err = p.headerCells(w.refs)
		}
		if err != nil {
			return err
		}
		vals := rpc.Values(cells)
		if p.from() == erp.Confirmed {
			delete(vals, "pricelist_id") // it keeps its own; a quotation would be given the partner's
		}
		if commands := p.asideCommands(); len(commands) > 0 {
			vals["order_line"] = commands
		}
		if err := w.rpc.Write(ctx, "sale.order", []int64{p.ID}, vals); err != nil {
			return err
		}
	}
	return nil
}

// asideCommands set what the store has set aside on the lines where it changed.
func (p *orderPlan) asideCommands() []any {
	var commands []any
	if p.KeepLines {
		return nil
	}
	for _, line := range p.lines {
		for _, given := range p.Record.Lines {
			if p.lineName(given.ID) == p.names[line.ID] && !given.SetAside.Equal(line.Aside.Decimal) {
				commands = append(commands, []any{1, line.ID, rpc.Values([]rpc.Cell{rpc.DecimalCell(stock.AsideField, given.SetAside)})})
			}
		}
	}
	return commands
}

// stage brings orders into the stage they belong in.
func (w orderWriter) stage(ctx context.Context, plans []*orderPlan) error {
	cancel := idsWhere(plans, func(p *orderPlan) bool {
		return p.Stage == erp.Cancelled && (p.from() != erp.Cancelled || p.Replace)
	})
	if err := w.cancelOrders(ctx, cancel); err != nil {
		return err
	}
	for _, p := range plans {
		if err := w.confirmAgain(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// confirmAgain confirms an order that was reopened, or only puts its date back when it was confirmed before the landing was
// cut off.
func (w orderWriter) confirmAgain(ctx context.Context, p *orderPlan) error {
	if !p.reopened {
		return nil
	}
	if p.from() != erp.Confirmed || p.Replace {
		if err := w.onOrders(ctx, "action_confirm", []int64{p.ID}); err != nil {
			return err
		}
	}
	dated := rpc.Values([]rpc.Cell{rpc.TimeCell("date_order", p.dated())})
	if p.exported() {
		dated["x_tandem_date"] = "" // of what was made in Odoo, the store has none
	}
	return w.rpc.Write(ctx, "sale.order", []int64{p.ID}, dated)
}

// unmark notes that orders are landed, and all that goes with them.
func (w orderWriter) unmark(ctx context.Context, plans []*orderPlan) error {
	ids := rpc.Map(plans, func(p *orderPlan) int64 { return p.ID })
	return w.rpc.Write(ctx, "sale.order", ids, map[string]any{record.MarkField: "", "x_tandem_opening": ""})
}

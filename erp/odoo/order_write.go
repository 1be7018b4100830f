package odoo

import (
	"context"
	"slices"

	"tandem/erp"
)

// orderWriter writes the orders of one batch, step by step. Each step is given the plans that are not refused so far.
type orderWriter struct {
	*Backend
	refs orderRefs
}

// cancelling is the context in which Odoo cancels without asking.
func (b *Backend) cancelling() map[string]any { return with(b.base(), "disable_cancel_warning", true) }

func (b *Backend) cancelOrders(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return b.api.call(ctx, call{model: "sale.order", method: "action_cancel", ids: ids, context: b.cancelling()}, nil)
}

func (b *Backend) onOrders(ctx context.Context, method string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return b.run(ctx, "sale.order", method, ids, nil, nil)
}

func idsWhere(plans []*orderPlan, which func(*orderPlan) bool) []int64 {
	var ids []int64
	for _, p := range plans {
		if which(p) {
			ids = append(ids, p.id)
		}
	}
	return ids
}

// reopen makes quotations of the orders that change and of those the store takes up again.
func (w orderWriter) reopen(ctx context.Context, plans []*orderPlan) error {
	confirmed := idsWhere(plans, func(p *orderPlan) bool { return p.from() == erp.Confirmed && p.replace })
	marked := idsWhere(plans, func(p *orderPlan) bool { return p.from() == erp.Confirmed && p.reopened })
	if err := w.write(ctx, "sale.order", marked, map[string]any{stampField: reopenedStamp}); err != nil {
		return err
	}
	if err := w.cancelOrders(ctx, confirmed); err != nil {
		return err
	}
	return w.onOrders(ctx, "action_draft", idsWhere(plans, func(p *orderPlan) bool {
		switch p.from() {
		case erp.Confirmed:
			return p.replace
		case erp.Cancelled:
			return p.replace || p.stage == erp.Quotation
		default:
			return false
		}
	}))
}

// removeLines removes the lines that an order no longer has.
func (w orderWriter) removeLines(ctx context.Context, plans []*orderPlan) error {
	var gone []int64
	for _, p := range plans {
		if !p.replace {
			continue
		}
		for _, line := range p.lines {
			kept := slices.ContainsFunc(p.record.Lines, func(l erp.OrderLine) bool { return p.lineName(l.ID) == p.names[line.ID] })
			if !kept {
				gone = append(gone, line.ID)
			}
		}
	}
	return w.unlink(ctx, "sale.order.line", gone)
}

// load lands new orders and those whose lines are replaced.
func (w orderWriter) load(ctx context.Context, plans []*orderPlan) error {
	var loading []*orderPlan
	var records []*record
	for _, p := range plans {
		if !p.replace {
			continue
		}
		cells, err := p.headerCells(w.refs)
		if err != nil {
			return err
		}
		loading = append(loading, p)
		records = append(records, &record{name: externalName(p.key), cells: cells, lines: p.orderLines(w.Backend, w.refs)})
	}
	results, err := w.Backend.load(ctx, "sale.order", records)
	for i, r := range results {
		if loading[i].refused = r.refused; r.refused == nil {
			loading[i].id = r.id
		}
	}
	return err
}

// progress writes orders whose lines stay: what the store says of them, and what it has set aside for their lines.
func (w orderWriter) progress(ctx context.Context, plans []*orderPlan) error {
	for _, p := range plans {
		if p.replace {
			continue
		}
		cells, err := p.progressCells()
		if p.header && err == nil {
			cells, err = p.headerCells(w.refs)
		}
		if err != nil {
			return err
		}
		vals := values(cells)
		delete(vals, "pricelist_id") // an order that is confirmed keeps its own
		if commands := p.asideCommands(); len(commands) > 0 {
			vals["order_line"] = commands
		}
		if err := w.write(ctx, "sale.order", []int64{p.id}, vals); err != nil {
			return err
		}
	}
	return nil
}

// asideCommands set what the store has set aside on the lines where it changed.
func (p *orderPlan) asideCommands() []any {
	var commands []any
	for _, line := range p.lines {
		for _, given := range p.record.Lines {
			if p.lineName(given.ID) == p.names[line.ID] && !given.SetAside.Equal(line.Aside.Decimal) {
				commands = append(commands, []any{1, line.ID, values([]cell{figure("x_tandem_aside", given.SetAside)})})
			}
		}
	}
	return commands
}

// stage brings orders into the stage they are to be in.
func (w orderWriter) stage(ctx context.Context, plans []*orderPlan) error {
	cancel := idsWhere(plans, func(p *orderPlan) bool {
		return p.stage == erp.Cancelled && (p.from() != erp.Cancelled || p.replace)
	})
	if err := w.cancelOrders(ctx, cancel); err != nil {
		return err
	}
	for _, p := range plans {
		if p.reopened {
			if err := w.confirm(ctx, p.id, p.record.Date); err != nil {
				return err
			}
		}
	}
	return nil
}

// stamp notes that orders which took several calls are landed.
func (w orderWriter) stamp(ctx context.Context, plans []*orderPlan) error {
	drafts := mapped(plans, func(p *orderPlan) *draft[erp.Order] { return p.draft })
	return stampPending(ctx, w.Backend, "sale.order", externalName, drafts)
}

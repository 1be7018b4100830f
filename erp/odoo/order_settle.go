package odoo

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
)

// difference is what Odoo makes of an order compared with what the store charged.
type difference struct {
	total     decimal.Decimal // the store's, without Odoo's
	tax       decimal.Decimal
	allowance decimal.Decimal // what is rounding
}

// rounding reports whether a rounding line may make up for the difference.
func (d difference) rounding() bool {
	return d.total.Abs().LessThanOrEqual(d.allowance) && d.tax.Abs().LessThanOrEqual(d.allowance)
}

// settle reads back what Odoo makes of orders that were loaded. A difference that is rounding gets a line of its own;
// an order with a larger one is held: a new one is removed, another keeps a mark that has it landed again.
func (w orderWriter) settle(ctx context.Context, plans []*orderPlan) error {
	byOrder := map[int64]*orderPlan{}
	for _, p := range plans {
		if p.Replace {
			byOrder[p.ID] = p
		}
	}
	ids := idsWhere(plans, func(p *orderPlan) bool { return p.Replace })
	rows, err := searchBy[orderRow](ctx, w.Backend, "sale.order", "id", ids, nil, "amount_total", "amount_tax")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := w.settleOne(ctx, byOrder[r.ID], r); err != nil {
			return err
		}
	}
	return nil
}

func (w orderWriter) settleOne(ctx context.Context, p *orderPlan, r orderRow) error {
	decimals := w.refs.decimals(p.Record.Currency)
	d := difference{
		total: p.Record.Total.Sub(r.Total.Decimal).Round(decimals), tax: p.Record.Tax.Sub(r.Tax.Decimal).Round(decimals),
		allowance: decimal.Max(coin(decimals), p.Record.RoundingLimit),
	}
	switch {
	case d.total.IsZero() && d.tax.Abs().LessThanOrEqual(d.allowance):
		return nil
	case d.rounding():
		return w.addRounding(ctx, p.ID, d.total)
	default:
		return w.hold(ctx, p, r.Total.Round(decimals), r.Tax.Round(decimals))
	}
}

// addRounding adds the cents between what Odoo makes of the lines and what the store charged.
func (b *Backend) addRounding(ctx context.Context, order int64, cents decimal.Decimal) error {
	products, err := b.serviceProducts(ctx)
	if err != nil {
		return err
	}
	rounding := services[erp.RoundingLine]
	_, err = b.create(ctx, "sale.order.line", []map[string]any{values([]cell{
		refer("order_id", order), refer("product_id", products[rounding.id]), cellOf("name", rounding.name),
		figure("product_uom_qty", decimal.NewFromInt(1)), figure("price_unit", cents), count("sequence", 9999),
		referAll(pick(b.release, lineTaxes), nil),
	})})
	return err
}

// coin is the smallest amount of a currency.
func coin(decimals int32) decimal.Decimal { return decimal.New(1, -decimals) }

func (w orderWriter) hold(ctx context.Context, p *orderPlan, total, tax decimal.Decimal) error {
	p.Refused = landing.Parked("totals_differ", fmt.Sprintf("Odoo makes %s %s with %s tax of the lines, but the store charged %s %s with %s tax: "+
		"check tax rates and rounding method in Odoo, or raise the rounding limit of the instance", total, p.Record.Currency, tax, p.Record.Total, p.Record.Currency, p.Record.Tax))
	if p.mark != newMark {
		return w.keepOpening(ctx, p)
	}
	held := p.ID
	p.ID = 0
	return w.unlink(ctx, "sale.order", []int64{held})
}

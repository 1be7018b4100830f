package sales

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// matchTotals reads back what Odoo makes of orders that were loaded. Where it rounds a line in another way than the store, the
// line is given the store's amounts. An order that comes to another total all the same is held: a new one is removed, another
// keeps a mark that has it landed again.
func (w orderWriter) matchTotals(ctx context.Context, plans []*orderPlan) error {
	byOrder := map[int64]*orderPlan{}
	for _, p := range plans {
		if p.Replace {
			byOrder[p.ID] = p
		}
	}
	off := byOrder
	if rpc.ManualTaxes.For(w.rpc.Release) {
		var err error
		if off, err = w.mismatched(ctx, byOrder, nil); err != nil {
			return err
		}
	}
	if err := w.correctLines(ctx, off); err != nil {
		return err
	}
	if _, err := w.mismatched(ctx, off, w.correctAmounts); err != nil {
		return err
	}
	_, err := w.mismatched(ctx, off, w.hold)
	return err
}

// mismatched gives the orders whose amounts in Odoo are not the store's, after something was done about them.
func (w orderWriter) mismatched(ctx context.Context, plans map[int64]*orderPlan, do func(context.Context, *orderPlan, orderRow) error) (map[int64]*orderPlan, error) {
	off := map[int64]*orderPlan{}
	rows, err := rpc.SearchBy[orderRow](ctx, w.rpc, "sale.order", "id", idsIn(plans), nil, "amount_total", "amount_tax")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		p := plans[r.ID]
		scale := w.refs.Decimals(p.Record.Currency)
		if r.Total.Round(scale).Equal(p.Record.Total.Round(scale)) && r.Tax.Round(scale).Equal(taxOf(p.Record).Round(scale)) {
			continue
		}
		off[r.ID] = p
		if do == nil {
			continue
		}
		if err := do(ctx, p, r); err != nil {
			return nil, err
		}
	}
	return off, nil
}

// correctLines gives the lines that Odoo rounds in another way the store's amounts. Odoo works them out again when a person
// changes such a line.
func (w orderWriter) correctLines(ctx context.Context, plans map[int64]*orderPlan) error {
	type amounts struct {
		rpc.Row
		Order    rpc.Link   `json:"order_id"`
		Sequence int        `json:"sequence"`
		Net      rpc.Amount `json:"price_subtotal"`
		Tax      rpc.Amount `json:"price_tax"`
	}
	rows, err := rpc.SearchBy[amounts](ctx, w.rpc, "sale.order.line", "order_id", idsIn(plans), nil,
		"order_id", "sequence", "price_subtotal", "price_tax")
	if err != nil {
		return err
	}
	var records []*record.Record
	for _, r := range rows {
		p := plans[r.Order.ID]
		if at := r.Sequence - firstSequence; at >= 0 && at < len(p.given) {
			net, tax := p.given[at].Total, lineTax(p.given[at])
			scale := w.refs.Decimals(p.Record.Currency)
			if !r.Net.Round(scale).Equal(net) || !r.Tax.Round(scale).Equal(tax) {
				records = append(records, &record.Record{ID: r.ID, Cells: []rpc.Cell{
					rpc.DecimalCell("price_subtotal", net), rpc.DecimalCell("price_tax", tax), rpc.DecimalCell("price_total", net.Add(tax))}})
			}
		}
	}
	_, err = w.records.Load(ctx, "sale.order.line", records)
	return err
}

// correctAmounts gives an order the store's amounts where Odoo does not sum up those of its lines.
func (w orderWriter) correctAmounts(ctx context.Context, p *orderPlan, _ orderRow) error {
	tax := taxOf(p.Record)
	if !sumOf(p.given).Equal(p.Record.Total) {
		return nil
	}
	return w.rpc.Write(ctx, "sale.order", []int64{p.ID}, rpc.Values([]rpc.Cell{
		rpc.DecimalCell("amount_untaxed", p.Record.Total.Sub(tax)), rpc.DecimalCell("amount_tax", tax), rpc.DecimalCell("amount_total", p.Record.Total)}))
}

// sumOf is what lines come to with their taxes.
func sumOf(lines []erp.OrderLine) (sum decimal.Decimal) {
	for _, line := range lines {
		sum = sum.Add(line.Total).Add(lineTax(line))
	}
	return sum
}

func lineTax(line erp.OrderLine) (sum decimal.Decimal) {
	for _, t := range line.Taxes {
		sum = sum.Add(t.Amount)
	}
	return sum
}

// taxData tells the tax engine of Odoo 19 what a line comes to and what its taxes are, which holds as long as price, quantity
// and discount of the line stay. The invoice takes it over.
func (refs orderRefs) taxData(o *erp.Order, line erp.OrderLine, quantity, price decimal.Decimal) string {
	number := func(d decimal.Decimal) json.Number { return json.Number(d.String()) }
	taxes := map[string]any{}
	for _, t := range line.Taxes {
		taxes[rpc.FormatID(refs.taxes[t.Tax])] = map[string]any{"tax_amount_currency": number(t.Amount)}
	}
	if len(taxes) == 0 {
		return ""
	}
	data, _ := json.Marshal(map[string]any{ // numbers and names only
		"currency_id": refs.Currencies[o.Currency].ID, "price_unit": number(price), "quantity": number(quantity), "discount": 0,
		"manual_total_excluded_currency": number(line.Total), "manual_tax_amounts": taxes,
	})
	return string(data)
}

// coin is the smallest amount of a currency.
func coin(decimals int32) decimal.Decimal { return decimal.New(1, -decimals) }

// hold parks an order that Odoo makes something else of. A new one is removed, line by line: Odoo forgets the external ids of
// what it is told to remove, and not of what goes along with it.
func (w orderWriter) hold(ctx context.Context, p *orderPlan, r orderRow) error {
	scale := w.refs.Decimals(p.Record.Currency)
	total, tax := r.Total.Round(scale), r.Tax.Round(scale)
	p.Refused = landing.Parked("totals_differ", fmt.Sprintf("Odoo makes %s %s with %s tax of the lines, but the store charged %s %s with %s tax, "+
		"a difference of %s: check the accuracy of prices and the tax rates in Odoo", total, p.Record.Currency, tax,
		p.Record.Total, p.Record.Currency, taxOf(p.Record), p.Record.Total.Sub(total)))
	if p.mark != newMark {
		return w.keepOpening(ctx, p)
	}
	lines, err := rpc.SearchBy[rpc.Row](ctx, w.rpc, "sale.order.line", "order_id", []int64{p.ID}, nil, "id")
	if err != nil {
		return err
	}
	if err := w.rpc.Unlink(ctx, "sale.order.line", rpc.Map(lines, rpc.Row.RowID)); err != nil {
		return err
	}
	held := p.ID
	p.ID = 0
	return w.rpc.Unlink(ctx, "sale.order", []int64{held})
}

func idsIn[T any](byID map[int64]T) []int64 {
	ids := make([]int64, 0, len(byID))
	for id := range byID {
		ids = append(ids, id)
	}
	return ids
}

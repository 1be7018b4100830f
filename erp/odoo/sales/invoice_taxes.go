package sales

import (
	"context"
	"encoding/json"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// entryLine is a line of a draft invoice's entry. Amounts owed to the company are negative.
type entryLine struct {
	rpc.Row
	Move    rpc.Link   `json:"move_id"`
	Tax     rpc.Link   `json:"tax_line_id"` // the tax that it is the amount of
	Amount  rpc.Amount `json:"amount_currency"`
	Balance rpc.Amount `json:"balance"` // in the company's currency
	Sold    []int64    `json:"sale_line_ids"`
	Display any        `json:"display_type"`
}

var entryColumns = []string{"move_id", "tax_line_id", "amount_currency", "balance", "sale_line_ids", "display_type"}

// draftEntry is the entry of a draft invoice, sorted out.
type draftEntry struct {
	goods []entryLine
	taxes map[int64][]entryLine
	due   []entryLine // what the customer owes
}

func sortEntry(lines []entryLine) draftEntry {
	e := draftEntry{taxes: map[int64][]entryLine{}}
	for _, line := range lines {
		switch {
		case line.Tax.ID != 0:
			e.taxes[line.Tax.ID] = append(e.taxes[line.Tax.ID], line)
		case len(line.Sold) > 0:
			e.goods = append(e.goods, line)
		case !line.Amount.IsZero():
			e.due = append(e.due, line)
		}
	}
	return e
}

// taxed is the amount of a tax in the entry.
func (e draftEntry) taxed(tax int64) (sum decimal.Decimal) {
	for _, line := range e.taxes[tax] {
		sum = sum.Sub(line.Amount.Decimal)
	}
	return sum
}

// charged are the taxes of an order that Tandem landed, by their ids in Odoo.
type chargedTaxes map[int64]erp.OrderTax

// settleTaxes gives draft invoices the taxes that the store charged of each rate, where Odoo rounds them in another way, and
// parks those that Odoo does not let it.
func (b *Book) settleTaxes(ctx context.Context, orders []*pendingOrder[erp.InvoiceRequest]) error {
	s, err := b.records.Prepared(ctx)
	if err != nil {
		return err
	}
	charged, err := b.chargedTaxes(ctx, orders)
	if err != nil {
		return err
	}
	entries, err := b.draftEntries(ctx, orders)
	if err != nil {
		return err
	}
	nets, err := b.soldFor(ctx, orders)
	if err != nil {
		return err
	}
	var settled []*pendingOrder[erp.InvoiceRequest]
	for _, d := range orders {
		invoice, _ := d.draftInvoice()
		entry := entries[invoice.ID]
		changed := entry.corrections(charged[d.ID], nets, d.decimals)
		if len(changed) == 0 {
			d.failure = d.checkTaxes(entry, charged[d.ID])
			continue
		}
		commands := b.entryCommands(entry, changed, s.Decimals(s.Currency))
		settled = append(settled, d)
		err := b.rpc.Write(ctx, "account.move", []int64{invoice.ID}, map[string]any{"line_ids": commands})
		if err != nil && !blames(err) {
			return err
		}
		d.failure = err
	}
	return b.checkEntries(ctx, unfailed(settled), charged)
}

// checkEntries reads back what was settled.
func (b *Book) checkEntries(ctx context.Context, orders []*pendingOrder[erp.InvoiceRequest], charged map[int64]chargedTaxes) error {
	if len(orders) == 0 {
		return nil
	}
	now, err := b.Snapshots(ctx, rpc.Map(orders, idOf[erp.InvoiceRequest]))
	if err != nil {
		return err
	}
	for _, d := range orders {
		d.Snapshot = now[d.ID]
	}
	entries, err := b.draftEntries(ctx, orders)
	for _, d := range orders {
		invoice, _ := d.draftInvoice()
		d.failure = d.checkTaxes(entries[invoice.ID], charged[d.ID])
	}
	return err
}

// checkTaxes compares the taxes of a draft invoice with what the store charged.
func (s Snapshot) checkTaxes(e draftEntry, charged chargedTaxes) error {
	for id, tax := range charged {
		if has := e.taxed(id).Round(s.decimals); !has.Equal(tax.Amount.Round(s.decimals)) {
			held := fault.New(fault.Parked, "Odoo invoices %s %s of the tax %s, but the store charged %s: a difference of %s. "+
				"Correct the draft invoice in Odoo and retry", has, s.Currency.Name, tax.Tax, tax.Amount, tax.Amount.Sub(has))
			held.Code = "taxes_differ"
			return held
		}
	}
	return nil
}

// chargedTaxes reads what the store charged of each tax, by order. An order that was landed before its lines were in whole coins
// has none: its own rounding line makes up for the taxes as Odoo rounds them.
func (b *Book) chargedTaxes(ctx context.Context, orders []*pendingOrder[erp.InvoiceRequest]) (map[int64]chargedTaxes, error) {
	given := map[int64][]erp.OrderTax{}
	var keys []erp.Key
	for _, d := range orders {
		var taxes []erp.OrderTax
		if salecycle.InCoins(string(d.Amounts)) {
			_ = json.Unmarshal([]byte(d.Taxes), &taxes) // an adopted order has none
		}
		given[d.ID] = taxes
		keys = append(keys, rpc.Map(taxes, func(t erp.OrderTax) erp.Key { return t.Tax })...)
	}
	ids, err := b.records.IDsOf(ctx, "account.tax", keys, record.ExternalName)
	charged := map[int64]chargedTaxes{}
	for order, taxes := range given {
		charged[order] = chargedTaxes{}
		for _, t := range taxes {
			if id := ids[t.Tax]; id != 0 {
				sum := charged[order][id]
				t.Amount = t.Amount.Add(sum.Amount) // two of the store's rates may be mapped onto one tax
				charged[order][id] = t
			}
		}
	}
	return charged, err
}

func (b *Book) draftEntries(ctx context.Context, orders []*pendingOrder[erp.InvoiceRequest]) (map[int64]draftEntry, error) {
	invoices := rpc.Map(orders, func(d *pendingOrder[erp.InvoiceRequest]) int64 { invoice, _ := d.draftInvoice(); return invoice.ID })
	rows, err := rpc.SearchBy[entryLine](ctx, b.rpc, "account.move.line", "move_id", invoices, nil, entryColumns...)
	lines := map[int64][]entryLine{}
	for _, r := range rows {
		lines[r.Move.ID] = append(lines[r.Move.ID], r)
	}
	entries := make(map[int64]draftEntry, len(lines))
	for invoice, list := range lines {
		entries[invoice] = sortEntry(list)
	}
	return entries, err
}

// soldFor reads the amounts without tax of the lines of orders.
func (b *Book) soldFor(ctx context.Context, orders []*pendingOrder[erp.InvoiceRequest]) (map[int64]decimal.Decimal, error) {
	if !rpc.PlainEntries.For(b.rpc.Release) {
		return nil, nil
	}
	type sold struct {
		rpc.Row
		Net rpc.Amount `json:"price_subtotal"`
	}
	rows, err := rpc.SearchBy[sold](ctx, b.rpc, "sale.order.line", "order_id", rpc.Map(orders, idOf[erp.InvoiceRequest]), nil, "price_subtotal")
	nets := make(map[int64]decimal.Decimal, len(rows))
	for _, r := range rows {
		nets[r.ID] = r.Net.Decimal
	}
	return nets, err
}

// corrections are the amounts, by line, that make the taxes of an entry those that were charged, and its goods what was sold.
func (e draftEntry) corrections(charged chargedTaxes, nets map[int64]decimal.Decimal, scale int32) map[int64]decimal.Decimal {
	changed := map[int64]decimal.Decimal{}
	for tax, t := range charged {
		lines := e.taxes[tax]
		if by := t.Amount.Sub(e.taxed(tax)).Round(scale); len(lines) > 0 && !by.IsZero() {
			largest := lines[0]
			for _, line := range lines {
				if line.Amount.Abs().GreaterThan(largest.Amount.Abs()) {
					largest = line
				}
			}
			changed[largest.ID] = largest.Amount.Sub(by).Round(scale)
		}
	}
	for _, line := range e.goods {
		if net, ok := nets[line.Sold[0]]; ok && len(line.Sold) == 1 && !line.Amount.Neg().Round(scale).Equal(net.Round(scale)) {
			changed[line.ID] = net.Neg().Round(scale)
		}
	}
	return changed
}

// entryCommands changes the amounts of an entry's lines. Where Odoo does not do so itself, what is due and the balances in the
// company's currency follow, which has so many decimals.
func (b *Book) entryCommands(e draftEntry, changed map[int64]decimal.Decimal, scale int32) []any {
	var commands []any
	change := func(line entryLine, amount, balance decimal.Decimal) {
		cells := []rpc.Cell{rpc.DecimalCell("amount_currency", amount)}
		if rpc.PlainEntries.For(b.rpc.Release) {
			cells = append(cells, rpc.DecimalCell("debit", decimal.Max(balance, decimal.Zero)), rpc.DecimalCell("credit", decimal.Max(balance.Neg(), decimal.Zero)))
		}
		commands = append(commands, []any{1, line.ID, rpc.Values(cells)})
	}
	lines := e.goods
	for _, taxes := range e.taxes {
		lines = append(lines, taxes...)
	}
	var moved, movedBalance decimal.Decimal
	for _, line := range lines {
		if amount, ok := changed[line.ID]; ok {
			balance := line.Balance.Add(e.converted(amount.Sub(line.Amount.Decimal), scale))
			change(line, amount, balance)
			moved, movedBalance = moved.Add(amount.Sub(line.Amount.Decimal)), movedBalance.Add(balance.Sub(line.Balance.Decimal))
		}
	}
	if rpc.PlainEntries.For(b.rpc.Release) && len(e.due) > 0 && (!moved.IsZero() || !movedBalance.IsZero()) {
		last := e.due[len(e.due)-1]
		change(last, last.Amount.Sub(moved), last.Balance.Sub(movedBalance))
	}
	return commands
}

// converted gives an amount in the company's currency, at the rate of the entry and in whole coins.
func (e draftEntry) converted(amount decimal.Decimal, scale int32) decimal.Decimal {
	if len(e.due) == 0 || e.due[0].Amount.IsZero() || e.due[0].Balance.Equal(e.due[0].Amount.Decimal) {
		return amount
	}
	return amount.Mul(e.due[0].Balance.Decimal).Div(e.due[0].Amount.Decimal).Round(scale)
}

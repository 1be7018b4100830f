package sales

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// noteReader reads credit notes for an instance.
type noteReader struct {
	*Book
	setup    *record.Setup
	instance string
	notes    map[int64]heldNote
	lines    map[int64][]noteLine // by credit note
	taxes    map[int64][]erp.OrderTax
	reversed map[int64]bool
	orders   map[int64]int64        // by credit note
	kinds    map[int64]erp.LineKind // of lines that are no goods, by product
	sold     map[int64]string       // what lines of orders are called in the store, by Odoo's id
	keys     map[int64][]erp.Key
	orderKey record.InstanceKeys
	taxKey   map[int64]erp.Key
	rates    map[int64]decimal.Decimal
}

// readNotes reads those credit notes of a list that are posted and of one order, ordered by their ids.
func (b *Book) readNotes(ctx context.Context, instance string, ids []int64) ([]readNote, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	setup, err := b.records.Prepared(ctx)
	if err != nil {
		return nil, err
	}
	r := noteReader{Book: b, setup: setup, instance: instance, kinds: map[int64]erp.LineKind{}}
	products, err := b.ServiceProducts(ctx)
	if err != nil {
		return nil, err
	}
	for kind, service := range services {
		r.kinds[products[service.id]] = kind
	}
	rows, err := rpc.SearchBy[heldNote](ctx, b.rpc, "account.move", "id", rpc.Distinct(ids), postedNotes, heldNoteColumns...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	r.notes = make(map[int64]heldNote, len(rows))
	for _, row := range rows {
		r.notes[row.ID] = row
	}
	for _, read := range []func(context.Context) error{r.readLines, r.readOrders, r.readNoteKeys, r.readTaxes, r.readReversals} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	var notes []readNote
	for _, id := range slices.Sorted(maps.Keys(r.notes)) {
		if r.orders[id] == 0 {
			continue // of no order, or of several
		}
		notes = append(notes, r.held(r.notes[id]))
	}
	return notes, nil
}

// readLines reads the lines of the credit notes that people see: no headings and notes.
func (r *noteReader) readLines(ctx context.Context) error {
	var ids []int64
	for _, note := range r.notes {
		ids = append(ids, note.Lines...)
	}
	rows, err := rpc.SearchBy[noteLine](ctx, r.rpc, "account.move.line", "id", rpc.Distinct(ids), nil, noteLineColumns...)
	if err != nil {
		return err
	}
	pieces, err := r.piecesOf(ctx, rpc.Map(rows, func(l noteLine) measured { return measured{l.Product.ID, l.Quantity.Decimal, l.Unit.ID} }))
	r.lines = map[int64][]noteLine{}
	for i, line := range rows {
		line.Quantity.Decimal = pieces[i]
		if line.Display != "line_section" && line.Display != "line_note" && line.Display != "line_subsection" {
			r.lines[line.Move.ID] = append(r.lines[line.Move.ID], line)
		}
	}
	return err
}

// readOrders finds the one order that each credit note is of: by its own lines, or by those of the invoice that it reverses.
func (r *noteReader) readOrders(ctx context.Context) error {
	var invoices []int64
	for _, note := range r.notes {
		if note.Origin.ID != 0 {
			invoices = append(invoices, note.Origin.ID)
		}
	}
	invoiced, err := rpc.SearchBy[noteLine](ctx, r.rpc, "account.move.line", "move_id", rpc.Distinct(invoices),
		[]any{rpc.Where("sale_line_ids", "!=", false)}, "move_id", "sale_line_ids")
	if err != nil {
		return err
	}
	var sold []int64
	for _, line := range invoiced {
		sold = append(sold, line.Sold...)
	}
	for _, lines := range r.lines {
		for _, line := range lines {
			sold = append(sold, line.Sold...)
		}
	}
	rows, err := rpc.SearchByID[pricedLine](ctx, r.rpc, "sale.order.line", rpc.Distinct(sold), "order_id")
	if err != nil {
		return err
	}
	names, err := r.records.NamesOf(ctx, "sale.order.line", rpc.Distinct(sold))
	if err != nil {
		return err
	}
	r.sold = map[int64]string{}
	for id, name := range names {
		key, _ := record.KeyOf(name)
		if _, line, ok := strings.Cut(key.ID, "/"); ok && key.Instance == r.instance {
			r.sold[id] = line
		}
	}
	of := map[int64][]int64{}
	note := func(move int64, lines []int64) {
		for _, line := range lines {
			of[move] = append(of[move], rows[line].Order.ID)
		}
	}
	for _, line := range invoiced {
		note(line.Move.ID, line.Sold)
	}
	for move, lines := range r.lines {
		for _, line := range lines {
			note(move, line.Sold)
		}
	}
	r.orders = map[int64]int64{}
	for id, n := range r.notes {
		if orders := rpc.Distinct(append(of[id], of[n.Origin.ID]...)); len(orders) == 1 {
			r.orders[id] = orders[0]
		}
	}
	return nil
}

// readNoteKeys reads the keys of the credit notes, in all instances, and those of their orders.
func (r *noteReader) readNoteKeys(ctx context.Context) (err error) {
	rows, err := rpc.SearchBy[record.Bound](ctx, r.rpc, "ir.model.data", "res_id", slices.Sorted(maps.Keys(r.notes)),
		[]any{rpc.Where("module", "=", record.Module), rpc.Where("model", "=", "account.move")}, "name", "res_id")
	if err != nil {
		return err
	}
	r.keys = map[int64][]erp.Key{}
	for _, row := range rows {
		if key, ok := record.KeyOf(row.Name); ok && key.Entity == refundEntity {
			r.keys[row.ResID] = append(r.keys[row.ResID], key)
		}
	}
	r.orderKey, err = r.records.KeysIn(ctx, r.instance, "sale.order", rpc.Distinct(slices.Collect(maps.Values(r.orders))))
	return err
}

// readTaxes reads the tax of each rate, with the rates and the keys that taxes have.
func (r *noteReader) readTaxes(ctx context.Context) error {
	sums, ids, err := r.noteTaxSums(ctx, slices.Sorted(maps.Keys(r.notes)))
	if err != nil {
		return err
	}
	for _, lines := range r.lines {
		for _, line := range lines {
			ids = append(ids, line.Taxes...)
		}
	}
	ids = rpc.Distinct(ids)
	keys, err := r.records.KeysIn(ctx, r.instance, "account.tax", ids)
	if err != nil {
		return err
	}
	if r.rates, err = r.Book.rates(ctx, []taxedLine{{Old: ids}}); err != nil {
		return err
	}
	r.taxKey = map[int64]erp.Key{}
	for _, id := range ids {
		r.taxKey[id] = keys.OrPending("tax", id)
	}
	r.taxes = map[int64][]erp.OrderTax{}
	for _, id := range ids {
		for move, note := range r.notes {
			if amount, ok := sums[[2]int64{move, id}]; ok {
				r.taxes[move] = append(r.taxes[move], erp.OrderTax{Tax: r.taxKey[id], Rate: r.rates[id], Amount: amount.Round(r.setup.Decimals(note.Currency.Name))})
			}
		}
	}
	return nil
}

// readReversals finds the credit notes that an entry takes back.
func (r *noteReader) readReversals(ctx context.Context) error {
	rows, err := rpc.SearchBy[bookedMove](ctx, r.rpc, "account.move", "reversed_entry_id", slices.Sorted(maps.Keys(r.notes)),
		[]any{rpc.Where("state", "=", "posted")}, "reversed_entry_id")
	r.reversed = map[int64]bool{}
	for _, row := range rows {
		r.reversed[row.Origin.ID] = true
	}
	return err
}

// held gives a credit note with the keys of the instance. Odoo puts goods back by returns, which it counts in its own stock.
func (r *noteReader) held(n heldNote) readNote {
	places := r.setup.Decimals(n.Currency.Name)
	held := readNote{HeldRefund: erp.HeldRefund{Posted: string(n.Name), ByHand: len(r.keys[n.ID]) == 0, Reversed: r.reversed[n.ID]}}
	held.ID = rpc.FormatID(n.ID)
	key := erp.PendingKey(r.instance, refundEntity, held.ID)
	for _, k := range r.keys[n.ID] {
		if k.Instance == r.instance {
			key = k
		} else {
			held.Of = k.Instance
		}
	}
	_, held.linked = r.orderKey.Of("order", r.orders[n.ID])
	held.Record = erp.Refund{
		Key: key, Order: r.orderKey.OrPending("order", r.orders[n.ID]), Number: string(n.Name), Date: n.Date.Time, Currency: n.Currency.Name,
		Taxes: r.taxes[n.ID], Untaxed: n.Untaxed.Round(places), Tax: n.Tax.Round(places), Total: n.Total.Round(places), Reason: string(n.Ref),
	}
	held.Record.Lines = r.heldLines(n, places)
	return held
}

// heldLines gives the lines of a credit note. Odoo has the tax of each rate of the whole only: the lines share it in whole coins by their amounts.
func (r *noteReader) heldLines(n heldNote, places int32) []erp.RefundLine {
	rows := r.lines[n.ID]
	slices.SortFunc(rows, func(a, b noteLine) int { return cmp.Compare(a.ID, b.ID) })
	lines := make([]erp.RefundLine, len(rows))
	for i, row := range rows {
		line := erp.RefundLine{OrderLine: erp.OrderLine{
			ID: rpc.FormatID(row.ID), Kind: r.kindOf(row), Description: string(row.Text), Quantity: row.Quantity.Decimal, Total: row.Net.Round(places),
		}}
		if len(row.Sold) == 1 {
			line.Of = r.sold[row.Sold[0]]
		}
		lines[i] = line
	}
	for tax, key := range r.taxKey {
		sum := decimal.Zero
		for _, t := range r.taxes[n.ID] {
			if t.Tax == key {
				sum = t.Amount
			}
		}
		shares := make([]decimal.Decimal, 0, len(rows))
		var on []int
		for i, row := range rows {
			if slices.Contains(row.Taxes, tax) {
				shares, on = append(shares, row.Net.Mul(r.rates[tax]).Shift(-2)), append(on, i)
			}
		}
		parts, ok := erp.ShareCoins(shares, sum, places)
		for j, i := range on {
			amount := shares[j].Round(places)
			if ok {
				amount = parts[j]
			}
			lines[i].Taxes = append(lines[i].Taxes, erp.LineTax{Tax: key, Amount: amount})
		}
	}
	for i := range lines {
		slices.SortFunc(lines[i].Taxes, func(a, b erp.LineTax) int { return cmp.Compare(a.Tax.ID, b.Tax.ID) })
	}
	return lines
}

// kindOf says what a line stands for: goods, unless its product is one of those that stand for something else, or it has none.
func (r *noteReader) kindOf(line noteLine) erp.LineKind {
	if kind, ok := r.kinds[line.Product.ID]; ok {
		return kind
	}
	if line.Product.ID == 0 {
		return erp.FeeLine
	}
	return erp.ProductLine
}

package sales

import (
	"context"
	"maps"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// heldNote is a credit note as Odoo has it, whoever made it.
type heldNote struct {
	bookedMove
	Untaxed rpc.Amount `json:"amount_untaxed"`
	Date    rpc.Moment `json:"invoice_date"`
}

var heldNoteColumns = append(slices.Clone(bookedColumns), "amount_untaxed", "invoice_date")

// noteLine is a line of a credit note or of its invoice that people see.
type noteLine struct {
	rpc.Row
	Move     rpc.Link   `json:"move_id"`
	Text     rpc.Text   `json:"name"`
	Quantity rpc.Amount `json:"quantity"`
	Unit     rpc.Link   `json:"product_uom_id"`
	Net      rpc.Amount `json:"price_subtotal"`
	Taxes    []int64    `json:"tax_ids"`
	Product  rpc.Link   `json:"product_id"`
	Sold     []int64    `json:"sale_line_ids"`
	Display  any        `json:"display_type"`
}

var noteLineColumns = []string{"move_id", "name", "quantity", "product_uom_id", "price_subtotal", "tax_ids", "product_id", "sale_line_ids", "display_type"}

// postedNotes are credit notes that stand.
var postedNotes = []any{rpc.Where("move_type", "=", "out_refund"), rpc.Where("state", "=", "posted")}

// UnsentRefunds gives, in ascending order, the credit notes that people made for orders of an instance, and that no store has. What Tandem booked
// is stamped, and Odoo does not copy the stamp when somebody duplicates it.
func (b *Book) UnsentRefunds(ctx context.Context, instance, after string, limit int) ([]erp.HeldRefund, error) {
	last := rpc.ParseID(after)
	if after != "" && last == 0 {
		return nil, fault.Field("after", "is not the id of a credit note")
	}
	if _, err := b.records.Prepared(ctx); err != nil {
		return nil, err
	}
	var unsent []erp.HeldRefund
	for {
		var page []rpc.Row
		domain := append([]any{rpc.Where("id", ">", last), rpc.Where(record.StampField, "in", []any{false, ""})}, postedNotes...)
		err := b.rpc.Call(ctx, rpc.Call{Model: "account.move", Method: "search_read", Context: b.rpc.BaseContext(), Args: map[string]any{
			"domain": domain, "fields": []string{"id"}, "limit": rpc.PageSize, "order": "id"}}, &page)
		if err != nil {
			return nil, err
		}
		notes, err := b.readNotes(ctx, instance, rpc.Map(page, rpc.Row.RowID))
		if err != nil {
			return nil, err
		}
		for _, note := range notes {
			if note.unsent() {
				unsent = append(unsent, note.HeldRefund)
			}
		}
		if len(unsent) >= limit {
			return unsent[:limit], nil
		}
		if len(page) < rpc.PageSize {
			return unsent, nil
		}
		last = page[len(page)-1].ID
	}
}

// UnsentOf gives the same of some orders only.
func (b *Book) UnsentOf(ctx context.Context, orders []erp.Key) ([]erp.HeldRefund, error) {
	known, err := b.records.IDsOf(ctx, "sale.order", orders, record.ExternalName)
	if err != nil || len(known) == 0 {
		return nil, err
	}
	snapshots, err := b.Snapshots(ctx, slices.Collect(maps.Values(known)))
	if err != nil {
		return nil, err
	}
	var invoices []int64
	for _, s := range snapshots {
		invoices = append(invoices, s.Invoices...)
	}
	rows, err := rpc.SearchBy[rpc.Row](ctx, b.rpc, "account.move", "reversed_entry_id", rpc.Distinct(invoices), postedNotes, "id")
	if err != nil {
		return nil, err
	}
	// Odoo counts a credit note among the invoices of an order when its lines are those of the order.
	notes, err := b.readNotes(ctx, orders[0].Instance, rpc.Distinct(append(rpc.Map(rows, rpc.Row.RowID), invoices...)))
	var unsent []erp.HeldRefund
	for _, note := range notes {
		if note.unsent() && slices.Contains(orders, note.Record.Order) {
			unsent = append(unsent, note.HeldRefund)
		}
	}
	return unsent, err
}

// ReadRefunds reads credit notes by Odoo's ids.
func (b *Book) ReadRefunds(ctx context.Context, instance string, texts []string) ([]erp.HeldRefund, error) {
	if _, err := b.records.Prepared(ctx); err != nil {
		return nil, err
	}
	ids := slices.DeleteFunc(rpc.Map(texts, rpc.ParseID), func(id int64) bool { return id == 0 })
	notes, err := b.readNotes(ctx, instance, ids)
	return rpc.Map(notes, func(n readNote) erp.HeldRefund { return n.HeldRefund }), err
}

// readNote is a credit note with what is known of whether a store has it.
type readNote struct {
	erp.HeldRefund
	linked bool // its order is one of the instance's store
}

// unsent reports whether a person made the credit note for an order that the store has, it stands, and no store has it.
func (n readNote) unsent() bool {
	_, pending := erp.PendingID(n.Record.Key)
	return n.linked && pending && n.ByHand && !n.Reversed && n.Of == ""
}

// AdoptRefunds binds credit notes to what a store made of them.
func (b *Book) AdoptRefunds(ctx context.Context, batch []erp.Adoption[erp.Refund]) error {
	records := make([]record.Adopted, len(batch))
	for i := range batch {
		var err error
		if records[i], err = record.NewAdopted(&batch[i], func(r *erp.Refund) *erp.Key { return &r.Key }, record.ExternalName); err != nil {
			return err
		}
	}
	return b.records.Adopt(ctx, "account.move", records, nil)
}

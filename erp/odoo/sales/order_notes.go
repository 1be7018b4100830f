package sales

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// notes puts the store's notes on orders beside them in Odoo, where only staff sees them. They are written as messages
// and not posted, so nobody is sent one.
func (w orderWriter) notes(ctx context.Context, plans []*orderPlan) error {
	var records []*record.Record
	subtype := int64(0)
	for _, p := range plans {
		for _, note := range p.Record.Notes {
			if subtype == 0 {
				var err error
				if subtype, err = w.records.XMLID(ctx, "mail", "mt_note"); err != nil {
					return err
				}
			}
			records = append(records, p.noteRecord(note, subtype))
		}
	}
	_, err := w.records.Load(ctx, "mail.message", records) // a note that Odoo does not take keeps no order from landing
	return err
}

func (p *orderPlan) noteRecord(note erp.Note, subtype int64) *record.Record {
	key := erp.Key{Entity: "order_note", Instance: p.Key.Instance, ID: p.Key.ID + "/" + note.ID}
	return &record.Record{Name: record.ExternalName(key), Cells: []rpc.Cell{
		rpc.TextCell("model", "sale.order"), rpc.IntCell("res_id", int(p.ID)), rpc.TextCell("message_type", "comment"),
		rpc.LinkCell("subtype_id", subtype), rpc.TextCell("body", record.Paragraph(note.Text)), rpc.TimeCell("date", note.At),
	}}
}

package partner

import (
	"context"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/partnerbook"
)

// vatField is Odoo's field of the VAT number. Modules of countries refuse contacts whose number cannot be one, by rules of their own;
// base_vat, which does so for many, is told not to by the context of every call.
const vatField = "vat"

// withoutRefusedVAT gives the record of a partner as it is tried: with its VAT number, and, where Odoo refuses it so, without. A number
// that the contact does not get is noted, and the contact not yet stamped: the note follows.
func withoutRefusedVAT(p *partnerbook.Partner, r *record.Record, try int, notes map[*partnerbook.Partner]string) *record.Record {
	number := r.Text(vatField)
	switch {
	case try == 0 && p.Content.InvalidTaxID == "":
		return r
	case try == 0:
		notes[p] = p.Content.InvalidTaxID
		return r.With(rpc.TextCell(record.StampField, ""))
	case try == 1 && number != "":
		notes[p] = number
		p.Steps = append(p.Steps, "VAT number not taken by Odoo: kept as a note on the contact")
		return r.With(rpc.TextCell(vatField, ""), rpc.TextCell(record.StampField, ""))
	default:
		return nil
	}
}

// landVATNotes puts numbers that are none beside their contacts, where only staff sees them, one note for each contact, and stamps the
// contacts.
func (w *Writer) landVATNotes(ctx context.Context, notes map[*partnerbook.Partner]string) error {
	var partners []*partnerbook.Partner
	for p := range notes {
		if p.Refused == nil {
			partners = append(partners, p)
		}
	}
	if len(partners) == 0 {
		return nil
	}
	subtype, err := w.records.XMLID(ctx, "mail", "mt_note")
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	_, err = w.records.Load(ctx, "mail.message", rpc.Map(partners, func(p *partnerbook.Partner) *record.Record {
		key := erp.Key{Entity: "vat_note", Instance: p.Content.Key.Instance, ID: rpc.FormatID(p.ID)}
		return &record.Record{Name: record.ExternalName(key), Cells: []rpc.Cell{
			rpc.TextCell("model", model), rpc.IntCell("res_id", int(p.ID)), rpc.TextCell("message_type", "comment"),
			rpc.LinkCell("subtype_id", subtype), rpc.TextCell("body", record.Paragraph("VAT number given in the store, not valid: "+notes[p])),
			rpc.TimeCell("date", now),
		}}
	})) // a note that Odoo does not take keeps no contact from landing
	if err != nil {
		return err
	}
	results, err := w.records.Load(ctx, model, rpc.Map(partners, func(p *partnerbook.Partner) *record.Record {
		return &record.Record{ID: p.ID, Cells: []rpc.Cell{rpc.TextCell(record.StampField, p.Digest)}}
	}))
	for i, r := range results {
		partners[i].Refused = r.Refused
	}
	return err
}

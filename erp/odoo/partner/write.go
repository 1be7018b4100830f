package partner

import (
	"context"

	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/partnerbook"
)

// writeBook writes what a batch did to the book: e-mails given up, partners, the names they are found by, addresses.
func (w *Writer) writeBook(ctx context.Context, book *partnerbook.Book, s *record.Setup) error {
	if err := w.dropEmails(ctx, book.Partners); err != nil {
		return err
	}
	names := map[string]int64{}
	for _, p := range book.Partners {
		if !p.Created {
			nameInto(names, p)
		}
	}
	if err := w.records.Bind(ctx, "res.partner", names); err != nil {
		return err
	}
	if err := w.loadPartners(ctx, book.Partners, s); err != nil {
		return err
	}
	fresh := map[string]int64{}
	for _, p := range book.Partners {
		if p.Created && p.Refused == nil {
			nameInto(fresh, p)
		}
	}
	if err := w.records.Bind(ctx, "res.partner", fresh); err != nil {
		return err
	}
	return w.loadAddresses(ctx, book.Moved, s)
}

// nameInto collects the external ids a partner must be found by and is not yet.
func nameInto(names map[string]int64, p *partnerbook.Partner) {
	for _, key := range p.Keys {
		names[record.ExternalName(key)] = p.ID
	}
	if p.Mailbox != "" && (p.Content != nil || p.Claimed) {
		names[p.Mailbox] = p.ID
	}
}

func (w *Writer) dropEmails(ctx context.Context, partners []*partnerbook.Partner) error {
	var names []string
	for _, p := range partners {
		if !p.Created {
			names = append(names, p.Dropped...)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return w.records.Unbind(ctx, names)
}

func (w *Writer) loadPartners(ctx context.Context, partners []*partnerbook.Partner, s *record.Setup) error {
	var changed []*partnerbook.Partner
	for _, p := range partners {
		if p.Content != nil {
			changed = append(changed, p)
		}
	}
	notes := map[*partnerbook.Partner]string{}
	results, err := record.LoadOr(ctx, w.records, model, changed, func(p *partnerbook.Partner, try int) *record.Record {
		return withoutRefusedVAT(p, partnerRecord(p, s), try, notes)
	})
	if err != nil {
		return err
	}
	for i, p := range changed {
		if p.Refused = results[i].Refused; p.Refused == nil {
			p.ID = results[i].ID
		}
	}
	return w.landVATNotes(ctx, notes)
}

func (w *Writer) loadAddresses(ctx context.Context, moved []*partnerbook.Address, s *record.Setup) error {
	var ready []*partnerbook.Address
	for _, a := range moved {
		if a.Refused = a.Owner.Refused; a.Refused == nil {
			ready = append(ready, a)
		}
	}
	results, err := w.records.Load(ctx, "res.partner", rpc.Map(ready, func(a *partnerbook.Address) *record.Record { return addressRecord(a, s) }))
	if err != nil {
		return err
	}
	var named []*partnerbook.Address
	for i, a := range ready {
		if a.Refused, a.ID = results[i].Refused, results[i].ID; a.Refused == nil && a.Content.Company != "" {
			named = append(named, a)
		}
	}
	results, err = w.records.Load(ctx, "res.partner", rpc.Map(named, companyRecord))
	for i, r := range results {
		named[i].Refused = r.Refused
	}
	return err
}

package partner

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/partnerbook"
)

// emailName gives the external id under which an e-mail finds its partner within an instance, so that the database
// keeps two partners from getting one e-mail. It holds a digest, not the address. "" without an e-mail.
func emailName(rec *erp.Partner) string {
	email := partnerbook.EmailKey(rec.Email)
	if email == "" {
		return ""
	}
	return record.ExternalName(erp.Key{Entity: "email", Instance: rec.Key.Instance, ID: landing.Hash(email)[:32]})
}

// contact is a partner or an address as Odoo has it.
type contact struct {
	record.Stamped
	Parent rpc.Link `json:"parent_id"`
}

// openBook reads what the records may refer to.
func (w *Writer) openBook(ctx context.Context, records []*erp.Partner) (*partnerbook.Book, error) {
	var names []string
	for _, r := range records {
		names = append(names, record.ExternalName(r.Key), emailName(r))
		for _, a := range r.Addresses {
			names = append(names, record.ExternalName(a.Key))
		}
	}
	known, err := w.records.Resolve(ctx, names)
	if err != nil {
		return nil, err
	}
	contacts, err := w.contactsOf(ctx, known)
	if err != nil {
		return nil, err
	}
	r := bookReader{book: partnerbook.New(emailName), known: known, contacts: contacts, byID: map[int64]*partnerbook.Partner{}}
	for _, record := range records {
		r.enter(record)
	}
	return r.book, w.readEmails(ctx, r)
}

// bookReader fills a book with what Odoo has.
type bookReader struct {
	book     *partnerbook.Book
	known    map[string]record.Bound // by external id
	contacts map[int64]contact
	byID     map[int64]*partnerbook.Partner
}

// enter notes what Odoo has of one record.
func (r bookReader) enter(rec *erp.Partner) {
	if c, ok := r.contact(record.ExternalName(rec.Key)); ok {
		r.book.EnterKey(rec.Key, r.partner(c.ID))
	}
	if name := emailName(rec); name != "" {
		if c, ok := r.contact(name); ok {
			r.book.EnterMailbox(name, r.partner(c.ID))
		}
	}
	for _, a := range rec.Addresses {
		if c, ok := r.contact(record.ExternalName(a.Key)); ok {
			r.book.EnterAddress(&partnerbook.Address{Key: a.Key, ID: c.ID, Owner: r.partner(c.Parent.ID), Digest: string(c.Stamp)})
		}
	}
}

// contact finds what an external id names.
func (r bookReader) contact(name string) (contact, bool) {
	at := r.known[name]
	c, ok := r.contacts[at.ResID]
	return c, ok && at.Model == "res.partner"
}

// partner gives the one partner in memory that stands for an id.
func (r bookReader) partner(id int64) *partnerbook.Partner {
	if r.byID[id] == nil {
		r.byID[id] = &partnerbook.Partner{ID: id, Digest: string(r.contacts[id].Stamp)}
	}
	return r.byID[id]
}

func (w *Writer) contactsOf(ctx context.Context, known map[string]record.Bound) (map[int64]contact, error) {
	ids := make([]int64, 0, len(known))
	for _, k := range known {
		ids = append(ids, k.ResID)
	}
	rows, err := rpc.SearchBy[contact](ctx, w.rpc, "res.partner", "id", rpc.Distinct(ids), nil, record.StampField, "parent_id")
	found := make(map[int64]contact, len(rows))
	for _, r := range rows {
		found[r.ID] = r
	}
	return found, err
}

// readEmails finds the e-mails by which the partners of the book are found now, and which of them are accounts.
func (w *Writer) readEmails(ctx context.Context, r bookReader) error {
	ids := make([]int64, 0, len(r.byID))
	for id := range r.byID {
		ids = append(ids, id)
	}
	rows, err := rpc.SearchBy[record.Bound](ctx, w.rpc, "ir.model.data", "res_id", ids, []any{
		rpc.Where("module", "=", record.Module), rpc.Where("model", "=", "res.partner"),
		"|", rpc.Where("name", "=like", `email\_%`), rpc.Where("name", "=like", erp.AccountEntity+`\_%`)}, "name", "res_id")
	for _, row := range rows {
		if key, ok := record.KeyOf(row.Name); ok && key.Entity == erp.AccountEntity {
			r.book.EnterAccount(key.Instance, r.byID[row.ResID])
		} else {
			r.book.EnterMailbox(row.Name, r.byID[row.ResID])
		}
	}
	return err
}

package odoo

import (
	"context"
	"strings"

	"tandem/erp"
)

// UpsertPartners lands customers and guests as contacts with their addresses below them. Records of a batch count in
// their order: a later one finds by e-mail what an earlier one made. When a key is bound to a partner that was there
// already, or an address changes, the partner counts as updated.
func (b *Backend) UpsertPartners(ctx context.Context, batch []erp.Partner) ([]erp.Outcome, error) {
	return landing[erp.Partner]{
		key:   func(p *erp.Partner) erp.Key { return p.Key },
		check: checkPartner,
		names: partnerNames,
		land:  b.landPartners,
	}.run(ctx, b, batch)
}

// partnerNames are the records that calls about a partner take turns on.
func partnerNames(p *erp.Partner) []string {
	names := []string{emailName(p)}
	for _, a := range p.Addresses {
		names = append(names, a.Key.String())
	}
	return names
}

func checkPartner(p *erp.Partner) *refusal {
	for i := range p.Addresses {
		a := &p.Addresses[i]
		switch a.Kind {
		case erp.InvoiceAddress, erp.DeliveryAddress, erp.OtherAddress, erp.ContactAddress:
		default:
			return failed("invalid_kind", "the address %s is of the unknown kind %q", a.Key, a.Kind)
		}
		if r := checkKey(a.Key); r != nil {
			return r
		}
		if r := checkCountry(a.Country); r != nil {
			return r
		}
	}
	return nil
}

func (b *Backend) landPartners(ctx context.Context, records []*erp.Partner) ([]erp.Outcome, error) {
	s, err := b.prepared(ctx)
	if err != nil {
		return nil, err
	}
	outcomes := make([]erp.Outcome, len(records))
	book, err := b.openPartnerBook(ctx, records)
	if err != nil {
		return nil, err
	}
	drafts := make([]*partnerDraft, len(records))
	for i, record := range records {
		if r := s.checkFields("res.partner", record.Fields, partnerFields); r != nil {
			outcomes[i] = r.outcome(record.Key)
			continue
		}
		if drafts[i], err = book.take(record); err != nil {
			return nil, err
		}
	}
	if err := b.writePartners(ctx, book, s); err != nil {
		return nil, err
	}
	for i, d := range drafts {
		if d != nil {
			outcomes[i] = d.outcome()
		}
	}
	return outcomes, nil
}

// contact is a partner or an address as Odoo has it.
type contact struct {
	stamped
	Parent link `json:"parent_id"`
}

// openPartnerBook reads what the records may refer to.
func (b *Backend) openPartnerBook(ctx context.Context, records []*erp.Partner) (*partnerBook, error) {
	book := &partnerBook{byKey: map[erp.Key]*partner{}, byEmail: map[string]*partner{}, addresses: map[erp.Key]*address{}}
	var names []string
	for _, r := range records {
		names = append(names, externalName(r.Key), emailName(r))
		for _, a := range r.Addresses {
			names = append(names, externalName(a.Key))
		}
	}
	known, err := b.resolve(ctx, names)
	if err != nil {
		return nil, err
	}
	contacts, err := b.contactsOf(ctx, known)
	if err != nil {
		return nil, err
	}
	partners := map[int64]*partner{}
	at := func(id int64) *partner {
		if partners[id] == nil {
			partners[id] = &partner{id: id, digest: string(contacts[id].Stamp)}
		}
		return partners[id]
	}
	for _, r := range records {
		book.enter(r, known, contacts, at)
	}
	return book, b.readEmails(ctx, book, partners)
}

// enter notes what Odoo has of one record.
func (b *partnerBook) enter(r *erp.Partner, known map[string]bound, contacts map[int64]contact, at func(int64) *partner) {
	has := func(name string) (contact, bool) {
		c, ok := contacts[known[name].ResID]
		return c, ok && known[name].Model == "res.partner"
	}
	if c, ok := has(externalName(r.Key)); ok {
		b.byKey[r.Key] = at(c.ID)
	}
	if name := emailName(r); name != "" {
		if c, ok := has(name); ok {
			b.byEmail[name] = at(c.ID)
		}
	}
	for _, a := range r.Addresses {
		if c, ok := has(externalName(a.Key)); ok && b.addresses[a.Key] == nil {
			b.addresses[a.Key] = &address{key: a.Key, id: c.ID, owner: at(c.Parent.ID), digest: string(c.Stamp)}
		}
	}
}

func (b *Backend) contactsOf(ctx context.Context, known map[string]bound) (map[int64]contact, error) {
	ids := make([]int64, 0, len(known))
	for _, k := range known {
		ids = append(ids, k.ResID)
	}
	rows, err := searchBy[contact](ctx, b, "res.partner", "id", distinct(ids), nil, stampField, "parent_id")
	found := make(map[int64]contact, len(rows))
	for _, r := range rows {
		found[r.ID] = r
	}
	return found, err
}

// readEmails finds the e-mails by which the partners of the book are found now.
func (b *Backend) readEmails(ctx context.Context, book *partnerBook, partners map[int64]*partner) error {
	ids := make([]int64, 0, len(partners))
	for id := range partners {
		ids = append(ids, id)
	}
	rows, err := searchBy[bound](ctx, b, "ir.model.data", "res_id", ids, []any{
		term("module", "=", module), term("model", "=", "res.partner"), term("name", "=like", `email\_%`)}, "name", "res_id")
	for _, r := range rows {
		p := partners[r.ResID]
		p.email = r.Name
		book.byEmail[r.Name] = p
	}
	return err
}

// partnerRecord gives a partner as load takes it.
func partnerRecord(p *partner, s *setup) *record {
	c := p.content
	name := c.Name
	if strings.TrimSpace(name) == "" {
		name = strings.TrimSpace(c.FirstName + " " + c.LastName)
	}
	if name == "" {
		name = c.Key.Entity + " " + c.Key.ID // Odoo wants a name
	}
	cells := []cell{
		cellOf("name", name), flag("is_company", c.Company), cellOf("type", "contact"), cellOf("email", c.Email),
		cellOf("phone", c.Phone), cellOf("vat", c.TaxID), cellOf("lang", s.installed(c.Language)), cellOf(stampField, p.digest),
	}
	return &record{name: p.landsUnder(), cells: setFields(cells, c.Fields, partnerFields)}
}

// landsUnder gives the external id a partner is landed under. A new one with an e-mail gets the e-mail's, so that two
// guests with one e-mail who order at the same moment become one partner.
func (p *partner) landsUnder() string {
	if p.created && p.email != "" {
		return p.email
	}
	return externalName(p.content.Key)
}

func addressRecord(a *address, s *setup) *record {
	c := a.content
	state, street2 := s.states[c.Country+"-"+c.State], c.Street2
	if state == 0 && c.State != "" {
		street2 = strings.TrimPrefix(street2+", "+c.State, ", ") // a state Odoo has no code for stays readable
	}
	return &record{name: externalName(c.Key), cells: []cell{
		cellOf("name", c.Name), cellOf("type", string(c.Kind)), refer("parent_id", a.owner.id),
		cellOf("company_name", c.Company), cellOf("street", c.Street), cellOf("street2", street2), cellOf("city", c.City),
		cellOf("zip", c.Zip), refer("state_id", state), refer("country_id", s.countries[c.Country]),
		cellOf("email", c.Email), cellOf("phone", c.Phone), cellOf(stampField, a.digest),
	}}
}

package partner

import (
	"context"
	"strings"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/partnerbook"
)

// partnerFields are the names under which a meta mapping may fill Odoo's own fields of contacts. They are the same for every ERP.
var partnerFields = map[string]string{"comment": "comment", "language": "lang", "phone": "phone", "reference": "ref", "tax_id": "vat"}

// Upsert lands customers and guests as contacts with their addresses below them. Records of a batch count in
// their order: a later one finds by e-mail what an earlier one made. When a key is bound to a partner that was there
// already, or an address changes, the partner counts as updated.
func (w *Writer) Upsert(ctx context.Context, batch []erp.Partner) ([]erp.Outcome, error) {
	return record.Writer[erp.Partner]{
		Key:   func(p *erp.Partner) *erp.Key { return &p.Key },
		Check: check.Partner,
		Names: partnerNames,
		Land:  w.landPartners,
	}.Upsert(ctx, w.records, batch)
}

// partnerNames are the records that calls about a partner take turns on.
func partnerNames(p *erp.Partner) []string {
	var names []string
	if email := emailName(p); email != "" {
		names = append(names, email)
	}
	for _, a := range p.Addresses {
		names = append(names, a.Key.String())
	}
	return names
}

func (w *Writer) landPartners(ctx context.Context, records []*erp.Partner) ([]erp.Outcome, error) {
	s, err := w.records.Prepared(ctx)
	if err != nil {
		return nil, err
	}
	book, err := w.openBook(ctx, records)
	if err != nil {
		return nil, err
	}
	outcomes := make([]erp.Outcome, len(records))
	drafts := make([]*partnerbook.Draft, len(records))
	for i, record := range records {
		if r := s.CheckFields("res.partner", record.Fields, partnerFields); r != nil {
			outcomes[i] = r.Outcome(record.Key)
			continue
		}
		if drafts[i], err = book.Take(record); err != nil {
			return nil, err
		}
	}
	if err := w.writeBook(ctx, book, s); err != nil {
		return nil, err
	}
	for i, d := range drafts {
		if d != nil {
			outcomes[i] = d.Outcome()
		}
	}
	return outcomes, nil
}

// partnerRecord gives a partner as load takes it.
func partnerRecord(p *partnerbook.Partner, s *record.Setup) *record.Record {
	c := p.Content
	cells := []rpc.Cell{
		rpc.TextCell("name", landedName(c)), rpc.BoolCell("is_company", c.Company), rpc.TextCell("type", "contact"), rpc.TextCell("email", c.Email),
		rpc.TextCell("phone", c.Phone), rpc.TextCell("vat", c.TaxID), rpc.TextCell("lang", s.Installed(c.Language)), rpc.TextCell(record.StampField, p.Digest),
	}
	return &record.Record{Name: landsUnder(p), Cells: record.SetFields(cells, c.Fields, partnerFields)}
}

// landedName is what a partner is called in Odoo, which requires a name.
func landedName(p *erp.Partner) string {
	if strings.TrimSpace(p.Name) != "" {
		return p.Name
	}
	if name := strings.TrimSpace(p.FirstName + " " + p.LastName); name != "" {
		return name
	}
	return p.Key.Entity + " " + p.Key.ID
}

// landsUnder gives the external id a partner is landed under. A new one with an e-mail gets the e-mail's, so that two
// guests with one e-mail who order at the same moment become one partner.
func landsUnder(p *partnerbook.Partner) string {
	if p.Created && p.Mailbox != "" {
		return p.Mailbox
	}
	return record.ExternalName(p.Content.Key)
}

func addressRecord(a *partnerbook.Address, s *record.Setup) *record.Record {
	c := a.Content
	state, street2 := statePlace(s, c)
	stamp := a.Digest
	if c.Company != "" {
		stamp = "" // companyRecord follows
	}
	return &record.Record{Name: record.ExternalName(c.Key), Cells: []rpc.Cell{
		rpc.TextCell("name", c.Name), rpc.TextCell("type", string(c.Kind)), rpc.LinkCell("parent_id", a.Owner.ID),
		rpc.TextCell("street", c.Street), rpc.TextCell("street2", street2), rpc.TextCell("city", c.City),
		rpc.TextCell("zip", c.Zip), rpc.LinkCell("state_id", state), rpc.LinkCell("country_id", s.Countries[c.Country]),
		rpc.TextCell("email", c.Email), rpc.TextCell("phone", c.Phone), rpc.TextCell(record.StampField, stamp),
	}}
}

// statePlace gives the id of the state of an address, and its second line: a state that Odoo has no code for stays readable there.
func statePlace(s *record.Setup, a *erp.Address) (state int64, street2 string) {
	state, street2 = s.States[a.Country+"-"+a.State], a.Street2
	if state == 0 && a.State != "" {
		street2 = strings.TrimPrefix(street2+", "+a.State, ", ")
	}
	return state, street2
}

// companyRecord gives an address the name of its company. Odoo empties that whenever the parent of a contact is written, so it takes
// a call of its own.
func companyRecord(a *partnerbook.Address) *record.Record {
	return &record.Record{Name: record.ExternalName(a.Content.Key), Cells: []rpc.Cell{
		rpc.TextCell("company_name", a.Content.Company), rpc.TextCell(record.StampField, a.Digest),
	}}
}

package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
)

type partnerRow struct {
	ID        int64             `json:"id"`
	Company   bool              `json:"company"`
	Name      string            `json:"name"`
	FirstName string            `json:"first_name"`
	LastName  string            `json:"last_name"`
	Email     string            `json:"email"`
	EmailKey  string            `json:"email_key"`
	Phone     string            `json:"phone"`
	TaxID     string            `json:"tax_id"`
	Language  string            `json:"language"`
	Guest     bool              `json:"guest"`
	Reference string            `json:"reference"`
	Comment   string            `json:"comment"`
	Fields    map[string]string `json:"fields"`
}

type addressRow struct {
	ID        int64           `json:"id"`
	PartnerID int64           `json:"partner_id"`
	Kind      erp.AddressKind `json:"kind"`
	Name      string          `json:"name"`
	Company   string          `json:"company"`
	Street    string          `json:"street"`
	Street2   string          `json:"street2"`
	City      string          `json:"city"`
	State     string          `json:"state"`
	Zip       string          `json:"zip"`
	Country   string          `json:"country"`
	Email     string          `json:"email"`
	Phone     string          `json:"phone"`
}

// write puts what changed into the tables. Without changes it sends nothing.
func (b *partnerBook) write(ctx context.Context, tx *sqlx.Tx) error {
	if err := b.assign(ctx, tx); err != nil {
		return err
	}
	var fresh, changed []binding
	partners := make([]partnerRow, len(b.filled))
	for i, p := range b.filled {
		partners[i] = newPartnerRow(p)
		if !p.created {
			changed = append(changed, bindingOf(p.content.Key, "partner", p.id, p.digest))
		}
	}
	for _, entry := range b.bound {
		fresh = append(fresh, bindingOf(entry.key, "partner", entry.partner.id, entry.partner.digest))
	}
	addresses := make([]addressRow, len(b.moved))
	for i, a := range b.moved {
		addresses[i] = newAddressRow(a)
		entry := bindingOf(a.content.Key, "address", a.id, a.digest)
		if a.created {
			fresh = append(fresh, entry)
		} else {
			changed = append(changed, entry)
		}
	}
	if err := upsertRows(ctx, tx, "partners", partners); err != nil {
		return err
	}
	if err := upsertRows(ctx, tx, "addresses", addresses); err != nil {
		return err
	}
	if err := bind(ctx, tx, fresh); err != nil {
		return err
	}
	return stamp(ctx, tx, changed)
}

// assign gives ids to the new partners and addresses.
func (b *partnerBook) assign(ctx context.Context, tx *sqlx.Tx) error {
	var targets []*int64
	for _, p := range b.filled {
		if p.created {
			targets = append(targets, &p.id)
		}
	}
	if err := setIDs(ctx, tx, "partners", targets); err != nil {
		return err
	}
	targets = nil
	for _, a := range b.moved {
		if a.created {
			targets = append(targets, &a.id)
		}
	}
	return setIDs(ctx, tx, "addresses", targets)
}

func newPartnerRow(p *partner) partnerRow {
	c := p.content
	row := partnerRow{
		ID: p.id, Company: c.Company, Name: c.Name, FirstName: c.FirstName, LastName: c.LastName, Email: c.Email,
		EmailKey: emailKey(c.Email), Phone: c.Phone, TaxID: c.TaxID, Language: c.Language, Guest: c.Guest,
	}
	row.Fields = setFields(c.Fields, map[string]*string{
		"comment": &row.Comment, "language": &row.Language, "phone": &row.Phone, "reference": &row.Reference, "tax_id": &row.TaxID,
	})
	return row
}

func newAddressRow(a *address) addressRow {
	c := a.content
	return addressRow{
		ID: a.id, PartnerID: a.owner.id, Kind: c.Kind, Name: c.Name, Company: c.Company, Street: c.Street, Street2: c.Street2,
		City: c.City, State: c.State, Zip: c.Zip, Country: c.Country, Email: c.Email, Phone: c.Phone,
	}
}

package ledger

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/partnerbook"
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

// writeBook puts what changed into the tables. Without changes it sends nothing.
func writeBook(ctx context.Context, tx *sqlx.Tx, book *partnerbook.Book) error {
	if err := assignBook(ctx, tx, book); err != nil {
		return err
	}
	var fresh, changed []binding
	var partners []partnerRow
	for _, p := range book.Partners {
		if p.Content != nil {
			partners = append(partners, newPartnerRow(p))
		}
		if p.Content != nil && !p.Created {
			changed = append(changed, bindingOf(p.Content.Key, "partner", p.ID, p.Digest))
		}
		for _, key := range p.Keys {
			fresh = append(fresh, bindingOf(key, "partner", p.ID, p.Digest))
		}
	}
	addresses := make([]addressRow, len(book.Moved))
	for i, a := range book.Moved {
		addresses[i] = newAddressRow(a)
		entry := bindingOf(a.Key, "address", a.ID, a.Digest)
		if a.Created {
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

// assignBook gives ids to the new partners and addresses.
func assignBook(ctx context.Context, tx *sqlx.Tx, book *partnerbook.Book) error {
	var targets []*int64
	for _, p := range book.Partners {
		if p.Created {
			targets = append(targets, &p.ID)
		}
	}
	if err := setIDs(ctx, tx, "partners", targets); err != nil {
		return err
	}
	targets = nil
	for _, a := range book.Moved {
		if a.Created {
			targets = append(targets, &a.ID)
		}
	}
	return setIDs(ctx, tx, "addresses", targets)
}

func newPartnerRow(p *partnerbook.Partner) partnerRow {
	c := p.Content
	row := partnerRow{
		ID: p.ID, Company: c.Company, Name: c.Name, FirstName: c.FirstName, LastName: c.LastName, Email: c.Email,
		EmailKey: partnerbook.EmailKey(c.Email), Phone: c.Phone, TaxID: c.TaxID, Language: c.Language, Guest: c.Guest,
	}
	row.Fields = setFields(c.Fields, map[string]*string{
		"comment": &row.Comment, "language": &row.Language, "phone": &row.Phone, "reference": &row.Reference, "tax_id": &row.TaxID,
	})
	if c.InvalidTaxID != "" {
		row.Comment = strings.TrimSpace(row.Comment + "\nVAT number given in the store, not valid: " + c.InvalidTaxID)
	}
	return row
}

func newAddressRow(a *partnerbook.Address) addressRow {
	c := a.Content
	return addressRow{
		ID: a.ID, PartnerID: a.Owner.ID, Kind: c.Kind, Name: c.Name, Company: c.Company, Street: c.Street, Street2: c.Street2,
		City: c.City, State: c.State, Zip: c.Zip, Country: c.Country, Email: c.Email, Phone: c.Phone,
	}
}

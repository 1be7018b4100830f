package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
)

// UpsertPartners lands customers and guests with their addresses. Records of a batch count in their order: a later one
// finds by e-mail what an earlier one made. When a key is bound to a partner that was there already, or an address
// changes, the partner counts as updated.
func (l *Ledger) UpsertPartners(ctx context.Context, batch []erp.Partner) ([]erp.Outcome, error) {
	return landing[erp.Partner]{
		key:   func(p *erp.Partner) erp.Key { return p.Key },
		check: checkPartner,
		land:  landPartners,
	}.run(ctx, l, batch)
}

// partnerFields are the columns that a meta mapping may fill.
var partnerFields = []string{"comment", "language", "phone", "reference", "tax_id"}

func checkPartner(p *erp.Partner) *refusal {
	if r := checkFields(p.Fields, partnerFields); r != nil {
		return r
	}
	for i := range p.Addresses {
		if r := checkAddress(&p.Addresses[i]); r != nil {
			return r
		}
	}
	return nil
}

func checkAddress(a *erp.Address) *refusal {
	switch a.Kind {
	case erp.InvoiceAddress, erp.DeliveryAddress, erp.OtherAddress, erp.ContactAddress:
	default:
		return failed("invalid_kind", "the address %s is of the unknown kind %q", a.Key, a.Kind)
	}
	if r := checkKey(a.Key); r != nil {
		return r
	}
	return checkCountry(a.Country)
}

func landPartners(ctx context.Context, tx *sqlx.Tx, records []*erp.Partner) ([]erp.Outcome, error) {
	book, err := openPartnerBook(ctx, tx, records)
	if err != nil {
		return nil, err
	}
	drafts := make([]partnerDraft, len(records))
	for i, record := range records {
		if drafts[i], err = book.take(record); err != nil {
			return nil, err
		}
	}
	if err := book.write(ctx, tx); err != nil {
		return nil, err
	}
	outcomes := make([]erp.Outcome, len(drafts))
	for i := range drafts {
		outcomes[i] = drafts[i].outcome()
	}
	return outcomes, nil
}

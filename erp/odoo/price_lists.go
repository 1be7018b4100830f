package odoo

import (
	"context"

	"tandem/erp"
)

var priceLists = catalogue[erp.PriceList]{
	key:   func(p *erp.PriceList) *erp.Key { return &p.Key },
	check: checkPriceList,
	model: func(*Backend, *erp.PriceList) string { return "product.pricelist" },
	name:  externalName,
	write: writePriceLists,
}

// UpsertPriceLists lands price lists. A currency that is not active in Odoo fails the list with "unknown_currency".
func (b *Backend) UpsertPriceLists(ctx context.Context, batch []erp.PriceList) ([]erp.Outcome, error) {
	return priceLists.upsert(ctx, b, batch)
}

func checkPriceList(p *erp.PriceList) *refusal {
	switch {
	case p.Name == "":
		return failed("invalid_name", "the price list has no name")
	case p.Kind != erp.Regular && p.Kind != erp.Sale:
		return failed("invalid_kind", "the price list is of the unknown kind %q", p.Kind)
	}
	return nil
}

func writePriceLists(ctx context.Context, b *Backend, drafts []*draft[erp.PriceList]) error {
	s, err := b.prepared(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if s.currencies[d.record.Currency].ID == 0 {
			d.refused = failed("unknown_currency", "the currency %q is not active in Odoo: activate it there", d.record.Currency)
		}
	}
	return loadDrafts(ctx, b, "product.pricelist", drafts, func(d *draft[erp.PriceList]) *record {
		return &record{name: externalName(d.key), cells: []cell{
			cellOf("name", d.record.Name), refer("currency_id", s.currencies[d.record.Currency].ID), cellOf(stampField, d.after)}}
	})
}

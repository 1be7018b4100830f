package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
)

var priceLists = catalogue[erp.PriceList]{
	key:   func(p *erp.PriceList) *erp.Key { return &p.Key },
	check: check.PriceList,
	model: func(*Backend, *erp.PriceList) string { return "product.pricelist" },
	name:  externalName,
	write: writePriceLists,
}

// UpsertPriceLists lands price lists. A currency that is not active in Odoo fails the list with "unknown_currency".
func (b *Backend) UpsertPriceLists(ctx context.Context, batch []erp.PriceList) ([]erp.Outcome, error) {
	return priceLists.upsert(ctx, b, batch)
}

func writePriceLists(ctx context.Context, b *Backend, drafts []*draft[erp.PriceList]) error {
	s, err := b.prepared(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if s.currencies[d.Record.Currency].ID == 0 {
			d.Refused = landing.Failed("unknown_currency", "the currency %q is not active in Odoo: activate it there", d.Record.Currency)
		}
	}
	return loadDrafts(ctx, b, "product.pricelist", drafts, func(d *draft[erp.PriceList]) *record {
		return &record{name: externalName(d.Key), cells: []rpc.Cell{
			rpc.TextCell("name", d.Record.Name), rpc.LinkCell("currency_id", s.currencies[d.Record.Currency].ID), rpc.TextCell(stampField, d.After)}}
	})
}

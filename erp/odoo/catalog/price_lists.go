package catalog

import (
	"context"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// UpsertPriceLists lands price lists. A currency that is not active in Odoo fails the list with "unknown_currency".
func (w *Writer) UpsertPriceLists(ctx context.Context, batch []erp.PriceList) ([]erp.Outcome, error) {
	return record.Catalogue[erp.PriceList]{
		Key:   func(p *erp.PriceList) *erp.Key { return &p.Key },
		Check: check.PriceList,
		Model: func(rpc.Release, *erp.PriceList) string { return "product.pricelist" },
		Name:  record.ExternalName,
		Write: w.writePriceLists,
	}.Upsert(ctx, w.records, batch)
}

func (w *Writer) writePriceLists(ctx context.Context, drafts []*record.Draft[erp.PriceList]) error {
	s, err := w.records.Prepared(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if s.Currencies[d.Record.Currency].ID == 0 {
			d.Refused = landing.Failed("unknown_currency", "the currency %q is not active in Odoo: activate it there", d.Record.Currency)
		}
	}
	return record.LoadDrafts(ctx, w.records, "product.pricelist", drafts, func(d *record.Draft[erp.PriceList]) *record.Record {
		return &record.Record{Name: record.ExternalName(d.Key), Cells: []rpc.Cell{
			rpc.TextCell("name", d.Record.Name), rpc.LinkCell("currency_id", s.Currencies[d.Record.Currency].ID), rpc.TextCell(record.StampField, d.After)}}
	})
}

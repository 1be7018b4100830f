package catalog

import (
	"context"
	"fmt"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// priceItem is an entry of a price list.
type priceItem struct {
	rpc.Row
	Variant rpc.Link `json:"product_id"`
}

// writePrices lands the prices of products, one entry of a price list each, and removes those that are gone. Products
// that come without prices keep theirs.
func (w productWriter) writePrices(ctx context.Context, drafts []*record.Draft[erp.Product]) error {
	var records []*record.Record
	var owners []*record.Draft[erp.Product]
	var known []int64
	wanted := map[string]bool{}
	for _, d := range drafts {
		for i := range d.Record.Variants {
			v := &d.Record.Variants[i]
			if v.Prices != nil && !d.Created {
				known = append(known, w.variants[v.Key])
			}
			for place, price := range v.Prices {
				r := w.priceRecord(d, v, place, price)
				records, owners = append(records, r), append(owners, d)
				wanted[r.Name] = true
			}
		}
	}
	if err := w.removePrices(ctx, known, wanted); err != nil {
		return err
	}
	results, err := w.records.Load(ctx, "product.pricelist.item", records)
	for i, r := range results {
		if r.Refused != nil {
			owners[i].Refused = r.Refused
		}
	}
	return err
}

func (w productWriter) priceRecord(d *record.Draft[erp.Product], v *erp.Variant, place int, price erp.Price) *record.Record {
	key := erp.Key{Entity: "price", Instance: v.Key.Instance, ID: fmt.Sprintf("%s/%s/%d", v.Key.ID, price.List.ID, place)}
	return &record.Record{Name: record.ExternalName(key), Cells: []rpc.Cell{
		rpc.LinkCell("pricelist_id", w.refs.lists[price.List]), rpc.TextCell("applied_on", "0_product_variant"),
		rpc.LinkCell("product_tmpl_id", d.ID), rpc.LinkCell("product_id", w.variants[v.Key]),
		rpc.TextCell("compute_price", "fixed"), rpc.DecimalCell("fixed_price", price.Amount),
		rpc.TimeCell("date_start", price.From), rpc.TimeCell("date_end", price.Until),
	}}
}

// removePrices removes the prices Tandem landed for variants that have others now.
func (w productWriter) removePrices(ctx context.Context, variants []int64, wanted map[string]bool) error {
	items, err := rpc.SearchBy[priceItem](ctx, w.rpc, "product.pricelist.item", "product_id", variants, nil, "product_id")
	if err != nil || len(items) == 0 {
		return err
	}
	names, err := w.records.NamesOf(ctx, "product.pricelist.item", rpc.Map(items, func(i priceItem) int64 { return i.ID }))
	if err != nil {
		return err
	}
	var gone []int64
	for id, name := range names {
		if strings.HasPrefix(name, "price_") && !wanted[name] {
			gone = append(gone, id)
		}
	}
	return w.rpc.Unlink(ctx, "product.pricelist.item", gone)
}

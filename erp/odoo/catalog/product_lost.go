package catalog

import (
	"context"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// lost is what products no longer have in the store, by their templates, and what they have instead.
type lost struct {
	category map[int64]int64 // the category of new products; 0 is none
	price    map[int64]bool
}

// lostBy finds what products had from the store and have no longer. What a person gave a product that has none in the store
// stays.
func (w productWriter) lostBy(ctx context.Context, drafts []*record.Draft[erp.Product]) (lost, error) {
	category, err := w.lostCategories(ctx, drafts)
	if err != nil {
		return lost{}, err
	}
	price, err := w.lostPrices(ctx, drafts)
	return lost{category, price}, err
}

// lostCategories finds the products without a category that are in one of the store's.
func (w productWriter) lostCategories(ctx context.Context, drafts []*record.Draft[erp.Product]) (map[int64]int64, error) {
	type classed struct {
		rpc.Row
		Category rpc.Link `json:"categ_id"`
	}
	bare := record.LandedIDs(slices.DeleteFunc(slices.Clone(drafts), func(d *record.Draft[erp.Product]) bool { return len(d.Record.Categories) > 0 }))
	rows, err := rpc.SearchBy[classed](ctx, w.rpc, "product.template", "id", bare, nil, "categ_id")
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	names, err := w.records.NamesOf(ctx, "product.category", rpc.Distinct(rpc.Map(rows, func(r classed) int64 { return r.Category.ID })))
	if err != nil || len(names) == 0 {
		return nil, err
	}
	usual, err := w.usualCategory(ctx)
	if fault.Is(err, fault.Unsupported) {
		return nil, nil // a person deleted Odoo's own: there is none to take instead
	}
	left := map[int64]int64{}
	for _, r := range rows {
		if names[r.Category.ID] != "" {
			left[r.ID] = usual
		}
	}
	return left, err
}

// usualCategory is the category of products that have none of the store's; 0 is none, which newer versions take.
func (w *Writer) usualCategory(ctx context.Context) (int64, error) {
	needed, err := rpc.Search[rpc.Row](ctx, w.rpc, "ir.model.fields",
		[]any{rpc.Where("model", "=", "product.template"), rpc.Where("name", "=", "categ_id"), rpc.Where("required", "=", true)}, "id")
	if err != nil || len(needed) == 0 {
		return 0, err
	}
	return w.records.XMLID(ctx, "product", "product_category_all")
}

// lostPrices finds the products without a price that have one from the store in the company's currency.
func (w productWriter) lostPrices(ctx context.Context, drafts []*record.Draft[erp.Product]) (map[int64]bool, error) {
	type listed struct {
		rpc.Row
		Template rpc.Link `json:"product_tmpl_id"`
	}
	bare := record.LandedIDs(slices.DeleteFunc(slices.Clone(drafts), func(d *record.Draft[erp.Product]) bool { return !isUnpriced(d.Record) }))
	items, err := rpc.SearchBy[listed](ctx, w.rpc, "product.pricelist.item", "product_tmpl_id", bare, nil, "product_tmpl_id")
	if err != nil || len(items) == 0 {
		return nil, err
	}
	names, err := w.records.NamesOf(ctx, "product.pricelist.item", rpc.Map(items, func(i listed) int64 { return i.ID }))
	regular := "/" + erp.PriceListID(erp.Regular, w.currency) + "/"
	left := map[int64]bool{}
	for _, item := range items {
		if key, ok := record.KeyOf(names[item.ID]); ok && strings.Contains(key.ID, regular) {
			left[item.Template.ID] = true
		}
	}
	return left, err
}

// isUnpriced reports whether prices were imported and the product has none.
func isUnpriced(p *erp.Product) bool {
	return len(p.Variants) > 0 && !slices.ContainsFunc(p.Variants, func(v erp.Variant) bool { return v.Prices == nil || len(v.Prices) > 0 })
}

// classCells put a product into the first of the store's categories, or out of them. One that was in none stays where it is.
func (w productWriter) classCells(d *record.Draft[erp.Product]) []rpc.Cell {
	if len(d.Record.Categories) > 0 {
		return []rpc.Cell{rpc.LinkCell("categ_id", w.refs.terms[d.Record.Categories[0]])}
	}
	if usual, left := w.lost.category[d.ID]; left {
		return []rpc.Cell{rpc.LinkCell("categ_id", usual)}
	}
	return nil
}

// priceCells give a product its sales price. One whose price was emptied costs nothing rather than what it used to: Odoo knows no
// product without a price. One that had none from the store keeps the one it has.
func (w productWriter) priceCells(d *record.Draft[erp.Product]) []rpc.Cell {
	if price := w.salesPrice(d.Record); price.Valid {
		return []rpc.Cell{rpc.DecimalCell("list_price", price.Decimal)}
	}
	if w.lost.price[d.ID] || d.ID == 0 && isUnpriced(d.Record) {
		return []rpc.Cell{rpc.DecimalCell("list_price", decimal.Zero)}
	}
	return nil
}

package catalog

import (
	"cmp"
	"context"
	"strconv"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// listedItem is an entry of a price list as it is read back.
type listedItem struct {
	rpc.Row
	Variant  rpc.Link   `json:"product_id"`
	Template rpc.Link   `json:"product_tmpl_id"`
	Amount   rpc.Amount `json:"fixed_price"`
	From     rpc.Moment `json:"date_start"`
	Until    rpc.Moment `json:"date_end"`
}

// Prices reads a page of a price list in the order in which its entries were made.
func (w *Writer) Prices(ctx context.Context, list erp.Key, after string, limit int) ([]erp.ListedPrice, string, error) {
	cursor, err := strconv.ParseInt(cmp.Or(after, "0"), 10, 64)
	if err != nil {
		return nil, "", fault.Field("after", "%q is not the end of a page of this list", after)
	}
	lists, err := w.records.IDsOf(ctx, "product.pricelist", []erp.Key{list}, record.ExternalName)
	if err != nil {
		return nil, "", err
	}
	if lists[list] == 0 {
		return nil, "", fault.New(fault.NotFound, "there is no price list %s in Odoo: import products in its currency first", list)
	}
	var page []erp.ListedPrice
	next := ""
	for {
		items, err := w.listItems(ctx, lists[list], cursor, limit+1)
		if err != nil {
			return nil, "", err
		}
		prices, err := w.pricesOf(ctx, list, items)
		if err != nil {
			return nil, "", err
		}
		for i, price := range prices {
			if price == nil {
				continue
			}
			if len(page) == limit {
				return page, next, nil
			}
			page, next = append(page, *price), rpc.FormatID(items[i].ID)
		}
		if len(items) <= limit {
			return page, "", nil
		}
		cursor = items[len(items)-1].ID
	}
}

func (w *Writer) listItems(ctx context.Context, list, after int64, limit int) ([]listedItem, error) {
	var items []listedItem
	err := w.rpc.Call(ctx, rpc.Call{Model: "product.pricelist.item", Method: "search_read", Context: w.rpc.ArchivedContext(), Args: map[string]any{
		"domain": []any{rpc.Where("id", ">", after), rpc.Where("pricelist_id", "=", list), rpc.Where("applied_on", "=", "0_product_variant"),
			rpc.Where("compute_price", "=", "fixed"), rpc.Where("product_id.active", "=", true)},
		"fields": []string{"product_id", "product_tmpl_id", "fixed_price", "date_start", "date_end"},
		"limit":  limit, "order": "id"}}, &items)
	return items, err
}

// pricesOf gives the prices of items, nil for those whose variant has no key of the list's instance.
func (w *Writer) pricesOf(ctx context.Context, list erp.Key, items []listedItem) ([]*erp.ListedPrice, error) {
	variants, err := w.records.KeysFor(ctx, list.Instance, "product.product", rpc.Map(items, func(i listedItem) int64 { return i.Variant.ID }))
	if err != nil {
		return nil, err
	}
	products, err := w.records.KeysFor(ctx, list.Instance, "product.template", rpc.Map(items, func(i listedItem) int64 { return i.Template.ID }))
	if err != nil {
		return nil, err
	}
	prices := make([]*erp.ListedPrice, len(items))
	for i, item := range items {
		variant, ok := variants[item.Variant.ID]
		product, known := products[item.Template.ID]
		if ok && known {
			prices[i] = &erp.ListedPrice{Product: product, Variant: variant,
				Price: erp.Price{List: list, Amount: item.Amount.Decimal, From: item.From.Time, Until: item.Until.Time}}
		}
	}
	return prices, nil
}

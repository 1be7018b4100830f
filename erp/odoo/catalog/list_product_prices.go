package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// heldItem is an entry of a price list as products are read with it.
type heldItem struct {
	listedItem
	List rpc.Link `json:"pricelist_id"`
}

// heldPrices are the fixed prices of products, by variant or, where an entry is about all of a product, by template.
type heldPrices struct {
	lists      map[int64]erp.Key
	currency   string
	instance   string
	byVariant  map[int64][]heldItem
	byTemplate map[int64][]heldItem
}

// readLists finds the price lists of the instance.
func (r *productReader) readLists(ctx context.Context) error {
	const model = "product.pricelist"
	ids, err := r.records.IDsIn(ctx, r.instance, model, "price_list")
	if err != nil {
		return err
	}
	keys, err := r.records.KeysIn(ctx, r.instance, model, ids)
	r.lists = make(map[int64]erp.Key, len(ids))
	for _, id := range ids {
		r.lists[id], _ = keys.Of("price_list", id)
	}
	return err
}

// inLists finds the entries of the instance's price lists that are prices of products.
func (r productReader) inLists(more ...any) []any {
	return append([]any{rpc.In("pricelist_id", slices.Sorted(maps.Keys(r.lists))), rpc.Where("compute_price", "=", "fixed"),
		rpc.In("applied_on", []string{"0_product_variant", "1_product"}), rpc.Where("min_quantity", "<=", 1)}, more...)
}

// readPrices reads what the lists of the instance say of products.
func (h *heldProducts) readPrices(ctx context.Context, ids []int64) error {
	h.prices = heldPrices{lists: h.lists, currency: h.currency, instance: h.instance, byVariant: map[int64][]heldItem{}, byTemplate: map[int64][]heldItem{}}
	if len(h.lists) == 0 {
		return nil
	}
	items, err := rpc.SearchBy[heldItem](ctx, h.rpc, "product.pricelist.item", "product_tmpl_id", ids, h.inLists(),
		"product_id", "product_tmpl_id", "fixed_price", "date_start", "date_end", "pricelist_id")
	for _, i := range items {
		if i.Variant.ID != 0 {
			h.prices.byVariant[i.Variant.ID] = append(h.prices.byVariant[i.Variant.ID], i)
		} else {
			h.prices.byTemplate[i.Template.ID] = append(h.prices.byTemplate[i.Template.ID], i)
		}
	}
	return err
}

// of gives the prices of a variant. One that no list has a regular price for has that of the product in the company's currency, unless
// the store has the variant: then none came from there.
func (p heldPrices) of(t heldTemplate, v heldVariant) []erp.Price {
	var prices []erp.Price
	for list, key := range p.lists {
		items := slices.DeleteFunc(slices.Clone(p.byVariant[v.ID]), func(i heldItem) bool { return i.List.ID != list })
		if len(items) == 0 {
			items = slices.DeleteFunc(slices.Clone(p.byTemplate[t.ID]), func(i heldItem) bool { return i.List.ID != list })
		}
		for _, i := range items {
			prices = append(prices, erp.Price{List: key, Amount: i.Amount.Decimal, From: i.From.Time, Until: i.Until.Time})
		}
	}
	if !slices.ContainsFunc(prices, isRegular) && v.Price.IsPositive() {
		list := erp.Key{Instance: p.instance, Entity: "price_list", ID: erp.PriceListID(erp.Regular, p.currency)}
		prices = append(prices, erp.Price{List: list, Amount: v.Price.Decimal})
	}
	slices.SortStableFunc(prices, func(a, b erp.Price) int { return cmp.Compare(a.List.ID, b.List.ID) })
	return prices
}

func isRegular(p erp.Price) bool { return strings.HasPrefix(p.List.ID, string(erp.Regular)+"-") }

// listed reports whether a list has a regular price of a variant, which is then the one that counts.
func (p heldPrices) listed(template, variant int64) bool {
	return slices.ContainsFunc(slices.Concat(p.byVariant[variant], p.byTemplate[template]), func(i heldItem) bool {
		return isRegular(erp.Price{List: p.lists[i.List.ID]})
	})
}

// repriced finds the templates that have another price since.
func (r productReader) repriced(ctx context.Context, since time.Time) ([]int64, error) {
	if len(r.lists) == 0 {
		return []int64{}, nil
	}
	items, err := rpc.Search[listedItem](ctx, r.rpc, "product.pricelist.item",
		r.inLists(rpc.Where("write_date", ">=", since.Format(rpc.TimeLayout))), "product_tmpl_id")
	return rpc.Distinct(rpc.Map(items, func(i listedItem) int64 { return i.Template.ID })), err
}

// tracePrices counts the entries of the lists up to the last one there is: when some are missing of those that there were, one was
// deleted.
func (r productReader) tracePrices(ctx context.Context, before string) (now string, gone bool, err error) {
	if len(r.lists) == 0 {
		return "", false, nil
	}
	var last, count int
	if _, err := fmt.Sscanf(before, "%d/%d", &last, &count); err == nil {
		left, err := r.countPrices(ctx, rpc.Where("id", "<=", last))
		if err != nil {
			return before, false, err
		}
		gone = left < count
	}
	var newest []rpc.Row
	err = r.rpc.Call(ctx, rpc.Call{Model: "product.pricelist.item", Method: "search_read", Context: r.rpc.ArchivedContext(), Args: map[string]any{
		"domain": r.inLists(), "fields": []string{"id"}, "limit": 1, "order": "id desc"}}, &newest)
	if err != nil || len(newest) == 0 {
		return "", gone, err
	}
	total, err := r.countPrices(ctx, rpc.Where("id", "<=", newest[0].ID))
	return fmt.Sprintf("%d/%d", newest[0].ID, total), gone, err
}

func (r productReader) countPrices(ctx context.Context, condition any) (int, error) {
	var count int
	err := r.rpc.Call(ctx, rpc.Call{Model: "product.pricelist.item", Method: "search_count", Context: r.rpc.ArchivedContext(),
		Args: map[string]any{"domain": r.inLists(condition)}}, &count)
	return count, err
}

package sales

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// ensurePriceLists gives every currency a price list, for orders in it that name none or one in another currency: an
// order of Odoo has the currency of its price list.
func (b *Book) ensurePriceLists(ctx context.Context, drafts []*record.Draft[erp.Order], refs *orderRefs) error {
	type list struct {
		rpc.Row
		Currency rpc.Link `json:"currency_id"`
	}
	var ids []int64
	for _, id := range refs.priceLists {
		ids = append(ids, id)
	}
	rows, err := rpc.SearchBy[list](ctx, b.rpc, "product.pricelist", "id", rpc.Distinct(ids), nil, "currency_id")
	if err != nil {
		return err
	}
	refs.currencyOf = map[int64]string{}
	for _, r := range rows {
		refs.currencyOf[r.ID] = r.Currency.Name
	}
	wanted := map[string]string{}
	var names []string
	for _, d := range drafts {
		code := d.Record.Currency
		if refs.Currencies[code].ID != 0 && refs.currencyOf[refs.priceLists[d.Record.PriceList]] != code {
			name := "currency_list_" + record.EncodeNamePart(code)
			wanted[name] = code
			names = append(names, name)
		}
	}
	made, err := b.records.Ensure(ctx, "product.pricelist", rpc.Distinct(names), func(name string) []rpc.Cell {
		return []rpc.Cell{rpc.TextCell("name", "Tandem "+wanted[name]), rpc.LinkCell("currency_id", refs.Currencies[wanted[name]].ID),
			rpc.LinkCell("company_id", 0)} // of all companies
	})
	refs.ownLists = map[string]int64{}
	for name, id := range made {
		refs.ownLists[wanted[name]] = id
	}
	return err
}

// priceList gives the list an order is in: its own when that has the order's currency.
func (refs orderRefs) priceList(o *erp.Order) int64 {
	if id := refs.priceLists[o.PriceList]; refs.currencyOf[id] == o.Currency {
		return id
	}
	return refs.ownLists[o.Currency]
}

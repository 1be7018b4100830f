package api

import (
	"cmp"
	"context"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/instance"
)

// ListPriceLists lists the price lists the ERP holds for an instance.
func (s *server) ListPriceLists(ctx context.Context, in gen.ListPriceListsRequestObject) (gen.ListPriceListsResponseObject, error) {
	inst, backend, err := s.backendOf(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	wanted := priceLists(inst)
	keys := collect(wanted, func(l gen.PriceList) erp.Key {
		return priceListKey(inst, erp.PriceListID(l.Kind, l.Currency))
	})
	ids, err := backend.Lookup(ctx, keys)
	if err != nil {
		return nil, err
	}
	options, err := backend.Options(ctx)
	if err != nil {
		return nil, err
	}
	items := []gen.PriceList{}
	for i, list := range wanted {
		if ids[i] == "" {
			continue
		}
		list.Key, list.ERPID, list.Name = keys[i].String(), ids[i], chosen(options.PriceLists, ids[i]).Name
		items = append(items, list)
	}
	return gen.ListPriceLists200JSONResponse{Items: items}, nil
}

// ListPrices reads a page of what a price list holds.
func (s *server) ListPrices(ctx context.Context, in gen.ListPricesRequestObject) (gen.ListPricesResponseObject, error) {
	inst, backend, err := s.backendOf(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	page, next, err := backend.Prices(ctx, priceListKey(inst, in.List), in.Params.After, cmp.Or(in.Params.Limit, pageSize))
	return gen.ListPrices200JSONResponse{
		Body:    gen.PricePage{Items: collect(page, price), Next: next},
		Headers: gen.ListPrices200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

func price(p erp.ListedPrice) gen.Price {
	return gen.Price{
		ProductKey: p.Product.String(), VariantKey: p.Variant.String(), Amount: p.Amount.String(), From: p.From, Until: p.Until,
	}
}

func priceListKey(in instance.Instance, id string) erp.Key {
	return erp.Key{Instance: in.ID, Entity: "price_list", ID: id}
}

// priceLists are the lists an instance's imports fill: Regular and Sale for each of its currencies.
func priceLists(in instance.Instance) []gen.PriceList {
	currencies := in.Config.General.Currencies
	if in.Config.General.Currency != "" {
		currencies = append([]string{in.Config.General.Currency}, currencies...)
	}
	var lists []gen.PriceList
	for _, currency := range currencies {
		for _, kind := range []erp.PriceKind{erp.Regular, erp.Sale} {
			lists = append(lists, gen.PriceList{Kind: kind, Currency: currency})
		}
	}
	return lists
}

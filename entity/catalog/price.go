package catalog

import (
	"context"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// priced is what a product or variation says of its price.
type priced struct {
	regular, sale woo.Decimal
	from, until   woo.Time
}

// oddSale says why a sale price is no price that anybody pays; "" when it is one. WooCommerce shows the regular price then.
func (p priced) oddSale() string {
	switch {
	case !p.sale.Valid:
		return ""
	case p.from.Odd || p.until.Odd:
		return "a date of the sale is not a date"
	case !p.from.IsZero() && !p.until.IsZero() && p.until.Before(p.from.Time):
		return "the sale ends before it begins"
	case p.sale.IsNegative():
		return "the sale price is negative"
	case p.regular.Valid && p.sale.GreaterThanOrEqual(p.regular.Decimal):
		return "the sale price is not below the regular one"
	}
	return ""
}

// priceNotes says which prices of a product or variation are left out, so that the rest of it sells.
func priceNotes(ec mapping.Context, what string, p priced) []string {
	if !ec.Instance.Config.Product.ImportPrice {
		return nil
	}
	var notes []string
	if p.regular.IsNegative() {
		notes = append(notes, "regular price of "+what+" left out: it is negative")
	}
	if why := p.oddSale(); why != "" {
		notes = append(notes, "sale price of "+what+" left out: "+why)
	}
	return notes
}

// pricesOf gives the entries of the two price lists, in the store's currency. A price the store leaves empty is not
// zero: there is no entry, nor for one that nobody pays. nil says that prices are not imported.
func pricesOf(ec mapping.Context, p priced) []erp.Price {
	currency := mapping.StoreCurrency(ec.Instance)
	if !ec.Instance.Config.Product.ImportPrice || currency == "" {
		return nil
	}
	prices := []erp.Price{}
	if p.regular.Valid && !p.regular.IsNegative() {
		prices = append(prices, erp.Price{List: mapping.PriceListKey(ec, erp.Regular, currency), Amount: p.regular.Decimal})
	}
	if p.sale.Valid && p.oddSale() == "" {
		prices = append(prices, erp.Price{
			List: mapping.PriceListKey(ec, erp.Sale, currency), Amount: p.sale.Decimal, From: p.from.Time, Until: p.until.Time,
		})
	}
	return prices
}

// priceLists are the regular and the sale list of every currency of the instance.
func priceLists(ec mapping.Context) []erp.PriceList {
	var lists []erp.PriceList
	for _, currency := range mapping.Currencies(ec.Instance) {
		for _, kind := range []erp.PriceKind{erp.Regular, erp.Sale} {
			title := "Regular"
			if kind == erp.Sale {
				title = "Sale"
			}
			lists = append(lists, erp.PriceList{
				Key: mapping.PriceListKey(ec, kind, currency), Kind: kind, Currency: currency,
				Name: ec.Instance.Name + " " + title + " " + currency,
			})
		}
	}
	return lists
}

// LandPriceLists makes the instance's price lists. Everything else needs them, so one that is refused fails the page.
func LandPriceLists(ctx context.Context, ec mapping.Context) error {
	outcomes, err := mapping.Upsert(ctx, ec, erp.Backend.UpsertPriceLists, priceLists(ec))
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if !o.Landed() {
			return fault.New(fault.Invalid, "the ERP refuses the price list %s: %s", o.Key.ID, o.Reason)
		}
	}
	return nil
}

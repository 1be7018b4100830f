package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/fault"
)

func newLedgerProducts() *cobra.Command {
	c := ledgerKind[gen.LedgerProduct]{
		use: "products", one: "a product", many: "products",
		head: []any{"ID", "KIND", "STATUS", "SKU", "NAME", "VARIANTS"},
		row: func(p gen.LedgerProduct) []any {
			return []any{p.ID, p.Kind, p.Status, orDash(p.SKU), cut(p.Name, 60), len(p.Variants)}
		},
		flags: productFlags,
	}.group()
	c.AddCommand(newProductImages())
	c.Example = `  tandem ledger products create --name "Mobile phone" --sku PHONE-1 --price 299 --currency EUR --status publish --track-stock
  tandem ledger products edit 12 --price 279
  tandem ledger products edit 12 --price 279 --store myshop            one that was imported: the price in that store
  tandem ledger products show 12 > phone.json; tandem ledger products edit 12 --file phone.json`
	return c
}

func productFlags(c *cobra.Command) func(func() (gen.LedgerProduct, error)) (map[string]any, error) {
	texts := textFlags(c, [2]string{"name", "name"}, [2]string{"kind", "simple, variable or external; chosen once, simple by default"},
		[2]string{"sku", "SKU"}, [2]string{"barcode", "GTIN, UPC, EAN or ISBN"}, [2]string{"slug", "end of its address in a store"},
		[2]string{"status", "draft, pending, private or publish; draft by default"},
		[2]string{"description", "description, as HTML"}, [2]string{"short_description", "short description, as HTML"},
		[2]string{"tax_class", "tax class; standard by default"}, [2]string{"shipping_class", "id of its shipping class"})
	lists := map[string]*[]string{
		"categories": c.Flags().StringSlice("category", nil, "id of a category; may be repeated, and replaces those it has"),
		"tags":       c.Flags().StringSlice("tag", nil, "id of a tag; may be repeated, and replaces those it has"),
		"brands":     c.Flags().StringSlice("brand", nil, "id of a brand; may be repeated, and replaces those it has"),
	}
	flagOf := map[string]string{"categories": "category", "tags": "tag", "brands": "brand"}
	track := c.Flags().Bool("track-stock", false, "keep stock of it")
	price := c.Flags().String("price", "", `regular price, e.g. 19.99; "" takes it away`)
	sale := c.Flags().String("sale-price", "", `sale price; "" takes it away`)
	currency := c.Flags().String("currency", "", "currency of the prices, e.g. EUR")
	store := c.Flags().String("store", "", "the prices of this store, e.g. those that were imported; without it those for every store that has none of its own")
	completingFlag(c, "store", instanceIDs)
	completingFlag(c, "status", words("draft", "pending", "private", "publish"))
	completingFlag(c, "kind", words("simple", "variable", "external"))
	return func(show func() (gen.LedgerProduct, error)) (map[string]any, error) {
		said := texts()
		for field, ids := range lists {
			if c.Flags().Changed(flagOf[field]) {
				said[field] = *ids
			}
		}
		if c.Flags().Changed("track-stock") {
			said["track_stock"] = *track
		}
		amounts := map[erp.PriceKind]string{}
		for flag, kind := range map[string]erp.PriceKind{"price": erp.Regular, "sale-price": erp.Sale} {
			if c.Flags().Changed(flag) {
				amounts[kind] = map[erp.PriceKind]string{erp.Regular: *price, erp.Sale: *sale}[kind]
			}
		}
		if len(amounts) == 0 {
			return said, nil
		}
		return withPrices(said, priceChange{store: *store, currency: *currency, amounts: amounts}, show)
	}
}

// priceChange is what a person says of prices.
type priceChange struct {
	store    string // whose prices they are; empty for those of every store that has none of its own
	currency string // empty is that of the prices which the product has there
	amounts  map[erp.PriceKind]string
}

// withPrices puts prices among those a product has in other lists, and has the change refused when they are others by then.
func withPrices(said map[string]any, change priceChange, show func() (gen.LedgerProduct, error)) (map[string]any, error) {
	prices := []gen.LedgerPrice{}
	if show != nil {
		before, err := show()
		if err != nil {
			return nil, err
		}
		prices, said["version"] = before.Prices, before.Version
	}
	currency, err := change.currencyOf(prices)
	if err != nil {
		return nil, err
	}
	prices = slices.DeleteFunc(slices.Clone(prices), func(p gen.LedgerPrice) bool {
		_, given := change.amounts[p.Kind]
		return given && p.Instance == change.store && p.Currency == currency
	})
	for _, kind := range []erp.PriceKind{erp.Regular, erp.Sale} {
		if change.amounts[kind] != "" {
			prices = append(prices, gen.LedgerPrice{Kind: kind, Instance: change.store, Currency: currency, Amount: change.amounts[kind]})
		}
	}
	if len(prices) == 0 {
		said["prices"] = nil
	} else {
		said["prices"] = prices
	}
	return said, nil
}

// currencyOf gives the currency that is meant. A product that a store has prices of its own for would be given a price which that store
// does not show, so it has to be said which is meant.
func (c priceChange) currencyOf(prices []gen.LedgerPrice) (string, error) {
	if c.currency != "" {
		return c.currency, nil
	}
	var stores []string
	for _, p := range prices {
		if p.Instance == c.store {
			return p.Currency, nil
		}
		if !slices.Contains(stores, p.Instance) {
			stores = append(stores, p.Instance)
		}
	}
	if c.store == "" && len(stores) > 0 {
		return "", fault.Field("--store", "is missing: the product has prices of its own in %s: name that store to change them, or with "+
			"--currency give a price for all other stores", strings.Join(stores, ", "))
	}
	return "", fault.Field("--currency", "name the currency of the price, e.g. EUR")
}

package main

import (
	"slices"

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
	c.Example = `  tandem ledger products create --name "Mobile phone" --sku PHONE-1 --price 299 --currency EUR --status publish --track-stock
  tandem ledger products edit 12 --price 279
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
		return withPrices(said, amounts, *currency, show)
	}
}

// withPrices puts prices among those a product has in other lists, and has the change refused when they are others by then.
func withPrices(said map[string]any, amounts map[erp.PriceKind]string, currency string, show func() (gen.LedgerProduct, error)) (map[string]any, error) {
	prices := []gen.LedgerPrice{}
	if show != nil {
		before, err := show()
		if err != nil {
			return nil, err
		}
		prices, said["version"] = before.Prices, before.Version
	}
	if currency == "" {
		own := slices.IndexFunc(prices, func(p gen.LedgerPrice) bool { return p.Instance == "" })
		if own < 0 {
			return nil, fault.Field("--currency", "name the currency of the price, e.g. EUR")
		}
		currency = prices[own].Currency
	}
	prices = slices.DeleteFunc(slices.Clone(prices), func(p gen.LedgerPrice) bool {
		_, given := amounts[p.Kind]
		return given && p.Instance == "" && p.Currency == currency
	})
	for _, kind := range []erp.PriceKind{erp.Regular, erp.Sale} {
		if amounts[kind] != "" {
			prices = append(prices, gen.LedgerPrice{Kind: kind, Currency: currency, Amount: amounts[kind]})
		}
	}
	if len(prices) == 0 {
		said["prices"] = nil
	} else {
		said["prices"] = prices
	}
	return said, nil
}

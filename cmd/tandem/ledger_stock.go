package main

import (
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newLedgerStock() *cobra.Command {
	return remoteGroup("stock", "Read the stock of the ledger, and set what was counted", newLedgerStockList(), newLedgerStockCount())
}

func newLedgerStockList() *cobra.Command {
	var search, after, warehouse, product string
	var limit int
	c := remoteCommand("list", "List what stock is kept of, with its quantities", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var page gen.LedgerStockPage
		query := given("search", search, "after", after, "warehouse", warehouse, "product", product, "limit", strconv.Itoa(limit))
		if err := remote().Get(c.Context(), "/ledger/stock", query, &page); err != nil {
			return err
		}
		return answer(c, page, func(w io.Writer) error {
			rows := make([][]any, len(page.Items))
			for i, s := range page.Items {
				rows[i] = []any{s.Product, orDash(s.SKU), cut(s.Name, 50), s.OnHand, s.Reserved, s.Free}
			}
			return printTable(w, []any{"PRODUCT", "SKU", "NAME", "ON HAND", "RESERVED", "FREE"}, rows, "no stock is kept of anything that fits")
		})
	})
	c.Flags().StringVar(&search, "search", "", "only those with this in their name, SKU or barcode")
	c.Flags().StringVar(&after, "after", "", `only those that come after this "next" of a page before`)
	c.Flags().StringVar(&warehouse, "warehouse", "", "code of the warehouse; the first one by default")
	c.Flags().StringVar(&product, "product", "", "only of this product, by its id")
	c.Flags().IntVar(&limit, "limit", 50, "how many, 1 to "+strconv.Itoa(mostListed))
	return c
}

func newLedgerStockCount() *cobra.Command {
	var warehouse string
	c := remoteCommand("count PRODUCT QUANTITY [PRODUCT QUANTITY]...", "Set what lies on the shelf", evenArgs, func(c *cobra.Command, args []string) error {
		counts := gen.LedgerStockCounts{Warehouse: warehouse}
		for i := 0; i < len(args); i += 2 {
			counts.Counts = append(counts.Counts, gen.LedgerStockCount{Product: args[i], OnHand: args[i+1]})
		}
		if err := remote().Post(c.Context(), "/ledger/stock-counts", counts, nil); err != nil {
			return err
		}
		return told(c, counts, "%d counted", len(counts.Counts))
	})
	c.Long += `

What a person counts lies on the shelf, whether or not orders have reserved it.`
	c.Example = `  tandem ledger stock count 12 25 13/35 4    25 of product 12, and 4 of variant 35 of product 13`
	c.Flags().StringVar(&warehouse, "warehouse", "", "code of the warehouse; the first one by default")
	return c
}

// evenArgs takes pairs, and at least one.
func evenArgs(c *cobra.Command, args []string) error {
	if len(args)%2 != 0 {
		return cobra.ExactArgs(len(args)+1)(c, args)
	}
	return cobra.MinimumNArgs(2)(c, args)
}

package main

import (
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newStock() *cobra.Command {
	return remoteGroup("stock", "See which stock figures a store is to show", newStockExplain())
}

func newStockExplain() *cobra.Command {
	c := remoteCommand("explain INSTANCE PRODUCT", "Say where the stock figure of a product or variation comes from", cobra.ExactArgs(2), func(c *cobra.Command, args []string) error {
		var e gen.StockExplanation
		if err := remote().Get(c.Context(), address("instances", args[0], "stock", args[1]), nil, &e); err != nil {
			return err
		}
		return answer(c, e, func(w io.Writer) error { return printStock(w, e) })
	})
	c.Long += "\n\nPRODUCT is the store's id of a product or variation. The ERP and the store are asked at this moment."
	return completing(c, instanceIDs, words())
}

func printStock(w io.Writer, e gen.StockExplanation) error {
	rows := make([][]any, len(e.Warehouses))
	for i, p := range e.Warehouses {
		rows[i] = []any{p.Warehouse, p.OnHand, p.Reserved, p.Incoming, p.Outgoing, p.Free, p.Forecast}
	}
	err := printTable(w, []any{"WAREHOUSE", "ON HAND", "RESERVED", "INCOMING", "OUTGOING", "FREE", "FORECAST"}, rows, "no warehouses")
	if err != nil {
		return err
	}
	if err := say(w, "%s in the ERP: %s", e.Field, e.Figure); err != nil {
		return err
	}
	for _, o := range e.Orders {
		if err := say(w, "kept back for order %s, which has not landed: %s", o.WooID, o.Quantity); err != nil {
			return err
		}
	}
	if err := say(w, "buffer: %d", e.Buffer); err != nil {
		return err
	}
	for _, id := range e.SharedWith {
		if err := say(w, "shares the stock of its product: variation %s", id); err != nil {
			return err
		}
	}
	return say(w, "the store is to show %s, and shows %s%s", e.Quantity, e.Store.Quantity, whyNotTold(e))
}

// whyNotTold says why the store is not told the figure.
func whyNotTold(e gen.StockExplanation) string {
	switch {
	case !e.Store.Counted:
		return "; it is not told, because it does not count the stock of this product"
	case !e.Tracked:
		return "; it is not told, because the ERP keeps no stock of this product"
	default:
		return ""
	}
}

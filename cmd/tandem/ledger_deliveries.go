package main

import (
	"cmp"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newLedgerDeliveries() *cobra.Command {
	c := remoteGroup("deliveries", "Ship orders of the ledger in parts, and say how they went out", newDeliveryList(), newDeliveryShip(), newDeliveryTrack())
	c.Example = `  tandem ledger deliveries ship 31 --line 1:2 --carrier DHL --tracking-number JD0146    two pieces of line 1 of order 31
  tandem ledger deliveries ship 31                                                      all that is left of it
  tandem ledger deliveries track 12 --carrier DHL --tracking-number JD0147`
	return c
}

func newDeliveryList() *cobra.Command {
	return completing(remoteCommand("list ORDER", "List the deliveries of an order", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var list gen.LedgerDeliveryList
		if err := remote().Get(c.Context(), address("ledger", "orders", args[0], "deliveries"), nil, &list); err != nil {
			return err
		}
		return answer(c, list.Items, func(w io.Writer) error {
			rows := make([][]any, len(list.Items))
			for i, d := range list.Items {
				shipped, lines := "", make([]string, len(d.Lines))
				if !d.ShippedAt.IsZero() {
					shipped = d.ShippedAt.Format(time.DateTime)
				}
				for j, line := range d.Lines {
					lines[j] = line.Line + ":" + line.Quantity
				}
				rows[i] = []any{d.ID, d.Number, d.State, orDash(shipped), orDash(strings.Join(lines, " ")), orDash(d.Carrier), orDash(d.TrackingNumber), yesNo(d.Returned)}
			}
			return printTable(w, []any{"ID", "NUMBER", "STATE", "SHIPPED", "LINES", "CARRIER", "TRACKING NUMBER", "RETURNED"}, rows, "the order has no deliveries")
		})
	}), words())
}

func newDeliveryShip() *cobra.Command {
	var lines []string
	var key string
	var said gen.NewLedgerDelivery
	c := remoteCommand("ship ORDER", "Ship lines of an order, or all that is left of it", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		said.Lines = nil
		for _, text := range lines {
			line, quantity, _ := strings.Cut(text, ":")
			said.Lines = append(said.Lines, gen.LedgerDeliveryLine{Line: line, Quantity: cmp.Or(quantity, "1")})
		}
		var made gen.LedgerDelivery
		path := address("ledger", "orders", args[0], "deliveries")
		if err := remote().PostOnce(c.Context(), cmp.Or(key, uuid.NewString()), path, said, &made); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), made)
	})
	c.Flags().StringArrayVar(&lines, "line", nil, "LINE:QUANTITY: so many of a line of the order, one without QUANTITY; may be repeated")
	trackingFlags(c, &said.Carrier, &said.TrackingNumber, &said.TrackingURL)
	keyFlag(c, &key)
	return completing(c, words())
}

func newDeliveryTrack() *cobra.Command {
	var said gen.LedgerTracking
	c := remoteCommand("track DELIVERY", "Say how a delivery went out", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var now gen.LedgerDelivery
		if err := remote().Put(c.Context(), address("ledger", "deliveries", args[0], "tracking"), said, &now); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), now)
	})
	c.Long += "\n\nWhat is left out is taken away."
	trackingFlags(c, &said.Carrier, &said.TrackingNumber, &said.TrackingURL)
	return completing(c, words())
}

func trackingFlags(c *cobra.Command, carrier, number, address *string) {
	c.Flags().StringVar(carrier, "carrier", "", "who carries it, e.g. DHL")
	c.Flags().StringVar(number, "tracking-number", "", "under which number")
	c.Flags().StringVar(address, "tracking-url", "", "where the parcel is followed")
}

package main

import (
	"cmp"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

func newLedgerCreditNotes() *cobra.Command {
	c := remoteGroup("credit-notes", "Give back of invoiced orders of the ledger", newCreditNoteList(),
		creditNoteCommand("show ID", "Print a credit note as JSON", func(c *cobra.Command, id string, note *gen.LedgerCreditNote) error {
			return remote().Get(c.Context(), address("ledger", "credit-notes", id), nil, note)
		}),
		newCreditNoteCreate(),
		creditNoteCommand("reverse ID", "Post the amounts of a credit note the other way round", func(c *cobra.Command, id string, note *gen.LedgerCreditNote) error {
			return remote().Post(c.Context(), address("ledger", "credit-notes", id, "reverse"), nil, note)
		}))
	c.Example = `  tandem ledger credit-notes create 31 --line 1:2 --reason Broken --restock    two pieces of line 1 of order 31, back on the shelf
  tandem ledger credit-notes create 31 --amount 5.00                           5.00 with tax, shared out over what is left
  tandem ledger credit-notes create 31 --all`
	return c
}

func creditNoteCommand(use, short string, ask func(c *cobra.Command, id string, note *gen.LedgerCreditNote) error) *cobra.Command {
	return completing(remoteCommand(use, short, cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var note gen.LedgerCreditNote
		if err := ask(c, args[0], &note); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), note)
	}), words())
}

func newCreditNoteList() *cobra.Command {
	var search, order, after string
	var limit int
	c := remoteCommand("list", "List credit notes, newest first", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var page gen.LedgerCreditNotePage
		query := given("search", search, "order", order, "after", after, "limit", strconv.Itoa(limit))
		if err := remote().Get(c.Context(), "/ledger/credit-notes", query, &page); err != nil {
			return err
		}
		return answer(c, page.Items, func(w io.Writer) error {
			rows := make([][]any, len(page.Items))
			for i, n := range page.Items {
				rows[i] = []any{n.ID, n.Number, n.Date.Format(time.DateOnly), n.OrderNumber, n.Total + " " + n.Currency, yesNo(n.PaidOut), yesNo(n.Reversed),
					orDash(n.Instance), orDash(n.StoreRefund)}
			}
			return printTable(w, []any{"ID", "NUMBER", "DATE", "ORDER", "TOTAL", "PAID OUT", "REVERSED", "STORE", "REFUND"}, rows, "no credit notes found")
		})
	})
	c.Flags().StringVar(&search, "search", "", "only those with this in their number, reason, order or customer")
	c.Flags().StringVar(&order, "order", "", "only of this order, by its id")
	c.Flags().StringVar(&after, "after", "", "only those that come after this one, by its id")
	limitFlag(c, &limit)
	return c
}

func newCreditNoteCreate() *cobra.Command {
	var lines []string
	var date, key string
	var said gen.NewLedgerCreditNote
	c := remoteCommand("create ORDER", "Give back of an invoiced order", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		said.Order, said.Lines = args[0], nil
		for _, text := range lines {
			line, quantity, _ := strings.Cut(text, ":")
			said.Lines = append(said.Lines, gen.LedgerCreditLine{Line: line, Quantity: quantity})
		}
		if date != "" {
			day, err := time.Parse(time.DateOnly, date)
			if err != nil {
				return fault.Field("--date", "must be a day, e.g. 2026-03-10")
			}
			said.Date = day
		}
		var made gen.LedgerCreditNote
		if err := remote().PostOnce(c.Context(), cmp.Or(key, uuid.NewString()), "/ledger/credit-notes", said, &made); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), made)
	})
	c.Long += "\n\nOne of --line, --amount and --all says what is given back. It is never more than is left of the order."
	c.Flags().StringArrayVar(&lines, "line", nil, "LINE or LINE:QUANTITY: all that is left of a line of the order, or so many of it; may be repeated")
	c.Flags().StringVar(&said.Amount, "amount", "", "an amount with tax, shared out over what is left of the order")
	c.Flags().BoolVar(&said.All, "all", false, "all that is left of the order")
	c.Flags().BoolVar(&said.Restock, "restock", false, "put what was shipped and is given back on the shelf again")
	c.Flags().StringVar(&said.Reason, "reason", "", "why")
	c.Flags().StringVar(&date, "date", "", "accounting date, UTC; today by default")
	keyFlag(c, &key)
	return completing(c, words())
}

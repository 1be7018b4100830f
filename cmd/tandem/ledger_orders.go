package main

import (
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/fault"
)

func newLedgerOrders() *cobra.Command {
	c := ledgerKind[gen.LedgerOrder]{
		use: "orders", one: "an order", many: "quotations and orders",
		head: []any{"ID", "NUMBER", "DATE", "STAGE", "CUSTOMER", "TOTAL", "INVOICE", "PAID", "SHIPPED", "STORE"},
		row: func(o gen.LedgerOrder) []any {
			invoice := ""
			if o.Invoice != nil {
				invoice = o.Invoice.Number
			}
			return []any{o.ID, o.Number, o.Date.Format(time.DateOnly), o.Stage, o.Partner, o.Total + " " + o.Currency, orDash(invoice),
				yesNo(o.Paid), yesNo(o.Shipped), orDash(o.Instance)}
		},
		flags:    orderFlags,
		readOnly: []string{"number", "stage", "instance", "untaxed", "tax", "total", "taxes", "invoice", "paid", "shipped", "partly_shipped"},
	}.group(
		newLedgerStep(erp.StepValidate, "Make a quotation an order, and reserve its goods"),
		newLedgerStep(erp.StepInvoice, "Post the invoice of an order"),
		newLedgerStep(erp.StepPay, "Register the payment of all that is due of an order's invoice"),
		newLedgerStep(erp.StepShip, "Deliver what is left to deliver of an order"),
		newLedgerStep(erp.StepCancel, "Give up an order that is neither invoiced nor shipped"),
	)
	c.Example = `  echo '{"lines":[{"product":"12","quantity":"3","unit_price":"19.99","taxes":["2"]},
    {"kind":"shipping","description":"Parcel","unit_price":"4.90","taxes":["2"]}]}' |
    tandem ledger orders create --partner 7 --currency EUR --file -
  tandem ledger orders validate 31
  tandem ledger orders pay 31 --journal BNK1`
	return c
}

func orderFlags(c *cobra.Command) func(func() (gen.LedgerOrder, error)) (map[string]any, error) {
	texts := textFlags(c, [2]string{"partner", "id of the customer"}, [2]string{"currency", "currency, e.g. EUR"},
		[2]string{"date", "date, e.g. 2026-03-10T12:00:00Z; now by default"},
		[2]string{"invoice_address", "id of the customer's address for the invoice"}, [2]string{"delivery_address", "id of the customer's address for the delivery"},
		[2]string{"price_list", "id of the price list"}, [2]string{"warehouse", "code of the warehouse; the first one by default"},
		[2]string{"payment_term", "code of the payment term"}, [2]string{"sales_team", "code of the sales team"},
		[2]string{"salesperson", "code of the salesperson"}, [2]string{"note", "note of the customer"})
	return func(func() (gen.LedgerOrder, error)) (map[string]any, error) { return texts(), nil }
}

// newLedgerStep is a command that moves an order on in its cycle. It has flags for what the step is asked for besides.
func newLedgerStep(step erp.Step, short string) *cobra.Command {
	var said gen.LedgerStep
	var date string
	c := remoteCommand(string(step)+" ID", short, cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		if date != "" {
			day, err := time.Parse(time.DateOnly, date)
			if err != nil {
				return fault.Field("--date", "must be a day, e.g. 2026-03-10")
			}
			said.Date = day
		}
		var now gen.LedgerOrder
		if err := remote().Post(c.Context(), address("ledger", "orders", args[0], string(step)), said, &now); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), now)
	})
	c.Long += "\n\nA step that is done already changes nothing."
	if step == erp.StepInvoice || step == erp.StepPay {
		c.Flags().StringVar(&date, "date", "", "accounting date, UTC; today by default")
	}
	if step == erp.StepPay {
		c.Flags().StringVar(&said.Journal, "journal", "", "code of the bank or cash journal")
		c.Flags().StringVar(&said.Method, "method", "", "code of the payment method; the first one by default")
		c.Flags().StringVar(&said.Memo, "memo", "", "what the payment refers to")
	}
	if step == erp.StepShip {
		c.Flags().BoolVar(&said.Partial, "partial", false, "ship what is on hand when that is not all of it")
	}
	return completing(c, words())
}

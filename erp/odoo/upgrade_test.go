package odoo

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/salecycle"
)

// An order that a version before landed has the lines as Odoo rounds them, a line that makes up for the store's rounding, and
// one digest of unrounded amounts. Shipped or invoiced, it goes on as it is.
func TestAnOrderOfAVersionBeforeGoesOn(t *testing.T) {
	for _, version := range []int{14, 19} {
		for name, invoicedBefore := range map[string]bool{"shipped": false, "invoiced": true} {
			_, b, tale := inStock(t, version)
			do := func(acts ...act) {
				t.Helper()
				for _, do := range acts {
					_, err := do(t.Context(), b)
					require.NoError(t, err, "%s, Odoo %d", name, version)
				}
			}
			do(tale.landOrder(quiet))
			landedBefore(t, b, tale.order.Key)
			do(tale.confirm)
			if invoicedBefore {
				do(tale.invoice)
			} else {
				do(tale.ship)
			}

			given := tale.order
			given.Notes, given.StoreStatus = nil, "completed"
			given.Tax, given.Total, given.TransactionID = dec("21.66"), dec("129.99"), "tx-2"
			given.Taxes = []erp.OrderTax{{Tax: tale.tax.Key, Label: "Value added tax", Rate: dec("20"), Amount: given.Tax}}
			outcomes, err := b.UpsertOrders(t.Context(), []erp.Order{given})
			require.NoError(t, err)
			require.Equal(t, erp.Updated, outcomes[0].Status, "%s, Odoo %d: %s", name, version, outcomes[0].Reason)

			progress, err := stepsOf(b).InvoiceOrder(t.Context(), given.Key, erp.InvoiceRequest{Date: given.Date})
			require.NoError(t, err, "%s, Odoo %d", name, version)
			require.Equal(t, "129.99", progress.Due.String())
			type entryLine struct {
				rpc.Row
				Amount rpc.Amount `json:"amount_currency"`
			}
			taxed, err := rpc.SearchBy[entryLine](t.Context(), b.rpc, "account.move.line", "move_id", []int64{rpc.ParseID(progress.InvoiceID)},
				[]any{rpc.Where("tax_line_id", "!=", false)}, "amount_currency")
			require.NoError(t, err)
			for _, line := range taxed {
				require.Equal(t, "-21.67", line.Amount.String(), "%s, Odoo %d: the rounding line makes up for it", name, version)
			}
		}
	}
}

// landedBefore gives a landed order what a version before gave it whose store charged a cent less of tax.
func landedBefore(t *testing.T, b *Backend, order erp.Key) {
	t.Helper()
	ids, err := b.records.IDsOf(t.Context(), "sale.order", []erp.Key{order}, record.ExternalName)
	require.NoError(t, err)
	taxes, err := json.Marshal([]erp.OrderTax{{Tax: erp.Key{Instance: order.Instance, Entity: "tax", ID: "1"}, Label: "VAT", Rate: dec("20"), Amount: dec("21.66")}})
	require.NoError(t, err)
	known, err := b.records.Resolve(t.Context(), []string{"service_rounding"})
	require.NoError(t, err)
	_, err = b.rpc.Create(t.Context(), "sale.order.line", []map[string]any{rpc.Values([]rpc.Cell{
		rpc.LinkCell("order_id", ids[order]), rpc.LinkCell("product_id", known["service_rounding"].ResID), rpc.TextCell("name", "Rounding"),
		rpc.DecimalCell("product_uom_qty", dec("1")), rpc.DecimalCell("price_unit", dec("-0.01")), rpc.LinksCell(rpc.LineTaxes.For(b.rpc.Release), nil),
	})})
	require.NoError(t, err)
	before := map[string]any{"x_tandem_amounts": "digest", "x_tandem_total": "129.99", "x_tandem_taxes": string(taxes)}
	require.False(t, salecycle.InCoins("digest"))
	require.NoError(t, b.rpc.Write(t.Context(), "sale.order", []int64{ids[order]}, before))
}

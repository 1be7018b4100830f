//go:build odoo

package odoo

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// A refund of what was sold with the tax in its price is booked to the cent, paid out, put back and reversed once each, though every
// first reply to a call that writes is lost.
func TestLostRepliesBookNoRefundTwice(t *testing.T) {
	records(t, func(t *testing.T, s Settings) {
		honest, sale := opened(t, s)
		order := sale.order.Key
		again(t, func() (erp.Progress, error) { return stepsOf(honest).ConfirmOrder(t.Context(), order) })
		again(t, func() (erp.Progress, error) {
			return stepsOf(honest).InvoiceOrder(t.Context(), order, erp.InvoiceRequest{Date: sale.order.Date})
		})
		again(t, func() (erp.Progress, error) { return stepsOf(honest).PayOrder(t.Context(), order, sale.payment) })
		again(t, func() (erp.Progress, error) { return stepsOf(honest).ShipOrder(t.Context(), order, erp.ShipRequest{}) })

		transport := &forgetful{RoundTripper: http.DefaultTransport}
		s.HTTP = &http.Client{Transport: transport, Timeout: time.Minute}
		b, err := Open(t.Context(), s)
		require.NoError(t, err)
		mug := sale.order.Lines[0]
		mug.Quantity, mug.Total, mug.Taxes = dec("1"), dec("54.17"), []erp.LineTax{{Tax: sale.tax.Key, Amount: dec("10.83")}}
		refund := erp.Refund{Key: erp.Key{Instance: order.Instance, Entity: "refund", ID: "1/2"}, Order: order, Number: sale.order.Number + "/2",
			Date: sale.order.Date, Currency: "EUR", Lines: []erp.RefundLine{{OrderLine: mug, Of: mug.ID, PutBack: dec("1")}},
			Taxes:   []erp.OrderTax{{Tax: sale.tax.Key, Rate: dec("20"), Amount: dec("10.83")}},
			Untaxed: dec("54.17"), Tax: dec("10.83"), Total: dec("65"), Reason: "Chipped & <cracked>"}
		outcome := again(t, func() ([]erp.Outcome, error) { return b.UpsertRefunds(t.Context(), []erp.Refund{refund}) })[0]
		require.Equal(t, erp.Created, outcome.Status, "%v", outcome)
		require.Greater(t, transport.lost.Load(), int64(4))
		got := requireRefunds(t, b, order)
		require.Equal(t, []any{"65", "10.83", true, false}, []any{got.Total.String(), got.Tax.String(), got.PaidOut, got.Reversed})
		require.Equal(t, "10.83", got.Taxes[0].Amount.String())
		counts := func() []int {
			return []int{
				count(t, b, "account.move", rpc.Where("ref", "=", refund.Number), rpc.Where("move_type", "=", "out_refund")),
				count(t, b, "account.payment", rpc.Where(rpc.MemoFields.For(b.rpc.Release), "=", refund.Number)),
				count(t, b, "stock.move", rpc.Where("sale_line_id.order_id.client_order_ref", "=", sale.order.Number), rpc.Where("state", "=", "done"),
					rpc.Where("origin_returned_move_id", "!=", false)),
				count(t, b, "account.move", rpc.Where("reversed_entry_id.ref", "=", refund.Number), rpc.Where("reversed_entry_id.move_type", "=", "out_refund"),
					rpc.Where("state", "=", "posted")),
			}
		}
		require.Equal(t, []int{1, 1, 1, 0}, counts())

		again(t, func() ([]erp.Outcome, error) { return b.ReverseRefunds(t.Context(), []erp.Key{refund.Key}) })
		require.True(t, requireRefunds(t, b, order).Reversed)
		require.Equal(t, 1, counts()[3])
		require.True(t, stoodAs(t, b, order).State().Paid)
	})
}

func requireRefunds(t *testing.T, b *Backend, order erp.Key) erp.RefundFigures {
	t.Helper()
	figures, err := b.OrderFigures(t.Context(), []erp.Key{order})
	require.NoError(t, err)
	require.Len(t, figures[0].Refunds, 1)
	return figures[0].Refunds[0]
}

func count(t *testing.T, b *Backend, model string, domain ...any) int {
	t.Helper()
	rows, err := rpc.Search[rpc.Row](t.Context(), b.rpc, model, domain, "id")
	require.NoError(t, err)
	return len(rows)
}

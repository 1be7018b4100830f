//go:build odoo

package odoo

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
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

// A person reverses an invoice in Odoo, in part: the credit note is offered to the store by the lines that it gives back of, once; what the
// store made of it is tied to it, and is not booked again.
func TestCreditNotesOfPeopleAreSentOnce(t *testing.T) {
	records(t, func(t *testing.T, s Settings) {
		b, sale := opened(t, s)
		order, instance := sale.order.Key, sale.order.Key.Instance
		for _, step := range []func() (erp.Progress, error){
			func() (erp.Progress, error) { return stepsOf(b).ConfirmOrder(t.Context(), order) },
			func() (erp.Progress, error) {
				return stepsOf(b).InvoiceOrder(t.Context(), order, erp.InvoiceRequest{Date: sale.order.Date})
			},
			func() (erp.Progress, error) { return stepsOf(b).PayOrder(t.Context(), order, sale.payment) },
		} {
			again(t, step)
		}
		unsent := func() []string {
			notes, err := b.UnsentRefunds(t.Context(), instance, "", 10)
			require.NoError(t, err)
			var ids []string
			for _, note := range notes {
				ids = append(ids, note.ID)
			}
			return ids
		}
		require.Empty(t, unsent())

		note := b.reverseByHand(t, rpc.ParseID(stoodAs(t, b, order).State().InvoiceID))
		require.Empty(t, unsent(), "a draft gives nothing back")
		require.NoError(t, b.rpc.Run(t.Context(), "account.move", "action_post", []int64{note}, nil, nil))
		id := rpc.FormatID(note)
		require.Equal(t, []string{id}, unsent())
		later, err := b.UnsentRefunds(t.Context(), instance, id, 10)
		require.NoError(t, err)
		require.Empty(t, later)
		other, err := b.UnsentRefunds(t.Context(), instance+"-other", "", 10)
		require.NoError(t, err)
		require.Empty(t, other, "its order is none of that store")

		held, err := b.ReadRefunds(t.Context(), instance, []string{id, "987654321", "nonsense"})
		require.NoError(t, err)
		require.Len(t, held, 1)
		got := held[0].Record
		require.Equal(t, []any{erp.PendingKey(instance, "refund", id), order, true, false, false}, []any{got.Key, got.Order, held[0].ByHand, held[0].Reversed, held[0].Restock})
		require.True(t, got.Total.Equal(sale.order.Total), "%s instead of %s", got.Total, sale.order.Total)
		require.True(t, got.Tax.Equal(sale.order.Tax), "%s instead of %s", got.Tax, sale.order.Tax)
		sum := got.Tax
		for _, line := range got.Lines {
			sum = sum.Add(line.Total)
			taxes := dec("0")
			for _, tax := range line.Taxes {
				require.Equal(t, sale.tax.Key, tax.Tax)
				taxes = taxes.Add(tax.Amount)
			}
			at := slices.IndexFunc(sale.order.Lines, func(l erp.OrderLine) bool { return l.ID == line.Of })
			require.GreaterOrEqual(t, at, 0, "line %q", line.Description)
			sold := sale.order.Lines[at]
			require.Equal(t, sold.Kind, line.Kind)
			require.Equal(t, []string{sold.Quantity.String(), sold.Total.Round(2).String()}, []string{line.Quantity.String(), line.Total.String()})
			soldTax := dec("0")
			for _, tax := range sold.Taxes {
				soldTax = soldTax.Add(tax.Amount)
			}
			require.True(t, soldTax.Round(2).Equal(taxes), "the tax of %q is %s instead of %s", line.Description, taxes, soldTax)
		}
		require.Len(t, got.Lines, len(sale.order.Lines))
		require.True(t, sum.Equal(got.Total), "lines and taxes add up to %s instead of %s", sum, got.Total)
		of, err := b.UnsentOf(t.Context(), []erp.Key{order})
		require.NoError(t, err)
		require.Equal(t, held, of)

		stored := got
		stored.Key, stored.Number = erp.Key{Instance: instance, Entity: "refund", ID: "1/7"}, sale.order.Number+"/7"
		require.NoError(t, b.AdoptRefunds(t.Context(), []erp.Adoption[erp.Refund]{{ID: id, Record: stored}}))
		require.Empty(t, unsent())
		outcomes, err := b.UpsertRefunds(t.Context(), []erp.Refund{stored})
		require.NoError(t, err)
		require.Equal(t, []any{erp.Unchanged, id}, []any{outcomes[0].Status, outcomes[0].ID}, outcomes[0].Reason)
		require.Equal(t, stored.Key, requireRefunds(t, b, order).Key)
		err = b.AdoptRefunds(t.Context(), []erp.Adoption[erp.Refund]{{ID: "987654321", Record: stored}})
		require.Equal(t, fault.NotFound, fault.KindOf(err))
	})
}

// reverseByHand does what a person does with the button "Credit Note" of an invoice, and gives the draft.
func (b *Backend) reverseByHand(t *testing.T, invoice int64) int64 {
	t.Helper()
	type move struct {
		rpc.Row
		Journal rpc.Link `json:"journal_id"`
	}
	moves, err := rpc.SearchByID[move](t.Context(), b.rpc, "account.move", []int64{invoice}, "journal_id")
	require.NoError(t, err)
	values, button := map[string]any{"reason": "Chipped", "journal_id": moves[invoice].Journal.ID}, "refund_moves"
	if b.rpc.Release.Major < 17 {
		values["refund_method"], button = "refund", "reverse_moves"
	}
	env := rpc.With(rpc.With(b.rpc.BaseContext(), "active_model", "account.move"), "active_ids", []int64{invoice})
	var wizard []int64
	require.NoError(t, b.rpc.Call(t.Context(), rpc.Call{Model: "account.move.reversal", Method: "create", Args: map[string]any{"vals_list": []any{values}}, Context: env}, &wizard))
	require.NoError(t, b.rpc.Call(t.Context(), rpc.Call{Model: "account.move.reversal", Method: button, IDs: wizard, Context: env}, nil))
	notes, err := rpc.Search[move](t.Context(), b.rpc, "account.move", []any{rpc.Where("reversed_entry_id", "=", invoice), rpc.Where("move_type", "=", "out_refund")}, "journal_id")
	require.NoError(t, err)
	require.NotEmpty(t, notes)
	return notes[len(notes)-1].ID
}

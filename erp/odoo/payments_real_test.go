//go:build odoo

package odoo

import (
	"cmp"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

func TestSeveralOrdersArePaidAtOnce(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		all := sale.several()
		for _, do := range all.invoiced() {
			again(t, func() (string, error) { return do(t.Context(), b) })
		}
		require.NotEqual(t, stoodAs(t, b, all[0].order.Key).Invoicee.ID, stoodAs(t, b, all[2].order.Key).Invoicee.ID)
		for range 2 {
			for _, answer := range all.ask(t.Context(), b) {
				require.NoError(t, answer.Err)
				require.True(t, answer.Paid)
			}
		}
		for i, s := range all {
			invoice, _ := stoodAs(t, b, s.order.Key).Invoice()
			paid, err := rpc.Search[booked](t.Context(), b.rpc, "account.payment",
				[]any{rpc.Where(rpc.PaidInvoices.For(b.rpc.Release), "=", invoice.ID), rpc.Where("amount", "=", 130)},
				rpc.MemoFields.For(b.rpc.Release), "journal_id", "reconciled_invoice_ids")
			require.NoError(t, err)
			require.Len(t, paid, 1)
			require.Equal(t, []int64{invoice.ID}, paid[0].Invoices)
			require.Equal(t, []string{all.memos()[i], s.payment.Journal}, []string{paid[0].memo(), rpc.FormatID(paid[0].Journal.ID)})
		}
	})
}

func TestOdoosOwnMemosAreMended(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		all := sale.several()
		for _, do := range all.invoiced() {
			again(t, func() (string, error) { return do(t.Context(), b) })
		}
		end := b.meddle("account.payment", "search_read", func(rpc.Call, any) (bool, error) {
			return true, fault.New(fault.Unavailable, "it is cut off here")
		})
		for _, answer := range all.ask(t.Context(), b) {
			require.True(t, fault.Retryable(answer.Err))
		}
		end()

		payments, err := rpc.Search[booked](t.Context(), b.rpc, "account.payment",
			[]any{rpc.Where("journal_id", "=", rpc.ParseID(sale.payment.Journal))}, rpc.MemoFields.For(b.rpc.Release), "reconciled_invoice_ids")
		require.NoError(t, err)
		made := rpc.Map(payments, func(p booked) string { return p.memo() })
		require.Contains(t, made, all.memos()[0])
		require.Subset(t, made, rpc.Map(all[1:], func(s story) string {
			invoice, _ := stoodAs(t, b, s.order.Key).Invoice()
			return string(cmp.Or(invoice.Reference, invoice.Ref, invoice.Name))
		}))
		for _, memo := range all.memos()[1:] {
			require.NotContains(t, made, memo)
		}
		_, err = all.pay(t.Context(), b)
		require.NoError(t, err)
		for _, memo := range all.memos() {
			readBack(t, b, "account.payment", []any{rpc.Where(rpc.MemoFields.For(b.rpc.Release), "=", memo)}, "id")
		}
	})
}

package odoo

import (
	"cmp"
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/sales"
)

// stories are orders of one store that are paid together.
type stories []story

// several makes three orders of the story's, the third of another customer and without a transaction. The first payment is
// to name the transaction, the others something else.
func (s story) several() stories {
	all := make(stories, 3)
	for i := range all {
		n := s
		id := fmt.Sprint(i + 1)
		n.order.Key.ID, n.order.Notes = id, nil
		n.order.Number += "-" + id
		n.order.TransactionID += "-" + id
		all[i] = n
	}
	all[1].payment.Memo, all[2].payment.Memo = "card-"+s.order.Key.Instance, "cheque-"+s.order.Key.Instance
	all[2].order.TransactionID = ""
	guest := erp.Key{Instance: s.order.Key.Instance, Entity: "guest", ID: "1"}
	all[2].partner = erp.Partner{Key: guest, Name: "B. Roe", Email: "roe@" + s.order.Key.Instance + ".example"}
	all[2].order.Partner, all[2].order.DeliveryAddress = guest, erp.Key{}
	return all
}

// invoiced lands and invoices them.
func (all stories) invoiced() []act {
	acts := []act{all[2].landPartner}
	for _, s := range all {
		acts = append(acts, s.landOrder(), s.confirm, s.invoice)
	}
	return acts
}

// ask has them paid in one round.
func (all stories) ask(ctx context.Context, b *Backend) []erp.StepResult {
	return b.PayOrders(ctx, rpc.Map(all, func(s story) erp.Ask[erp.PaymentRequest] {
		return erp.Ask[erp.PaymentRequest]{Order: s.order.Key, With: s.payment}
	}))
}

func (all stories) pay(ctx context.Context, b *Backend) (string, error) {
	states := ""
	for _, answer := range all.ask(ctx, b) {
		state, err := tellState(answer.Progress, answer.Err)
		if err != nil {
			return "", err
		}
		states += state + "\n"
	}
	return states, nil
}

// memos are what their payments are to refer to.
func (all stories) memos() []string {
	return rpc.Map(all, func(s story) string { return cmp.Or(s.payment.Memo, s.order.TransactionID) })
}

// stoodAs reads where an order stands.
func stoodAs(t *testing.T, b *Backend, order erp.Key) sales.Snapshot {
	t.Helper()
	ids, err := b.records.IDsOf(t.Context(), "sale.order", []erp.Key{order}, record.ExternalName)
	require.NoError(t, err)
	found, err := b.sales.Snapshots(t.Context(), []int64{ids[order]})
	require.NoError(t, err)
	require.Contains(t, found, ids[order])
	return found[ids[order]]
}

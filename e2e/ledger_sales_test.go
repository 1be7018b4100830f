package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/woo/wootest"
)

// TestQuotationByHand makes a quotation on the command line, sells it there, and has it exported into the store, where it comes to the
// same amounts.
func TestQuotationByHand(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(20, 5, 0))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)
	x.allowExports()
	require.NoError(t, x.api.Patch(t.Context(), "/instances/"+instanceID, map[string]any{"config": map[string]any{"export": map[string]bool{"orders": true, "refunds": true}}}, nil))
	x.env = append(x.env, "TANDEM_URL="+x.url, "TANDEM_TOKEN="+x.token)

	mug := made[gen.LedgerProduct](x, "ledger", "products", "create", "--name", "Mug by hand", "--price", "20", "--currency", "EUR",
		"--status", "publish", "--track-stock")
	x.command("ledger", "stock", "count", mug.ID, "50")
	x.exportRecord("product", mug.ID, 1, 0)
	buyer := made[gen.LedgerPartner](x, "ledger", "partners", "create", "--file", x.file(`{"first_name": "Ada", "last_name": "Lovelace",
		"email": "ada@hand.example", "addresses": [{"kind": "invoice", "street": "1 Road", "city": "Paris", "zip": "75001", "country": "FR"}]}`))
	x.exportRecord("customer", buyer.ID, 1, 0)
	vat := x.text(`SELECT id::text FROM ledger.taxes WHERE country = 'FR' AND rate = 20 AND class = 'standard' LIMIT 1`)
	order := made[gen.LedgerOrder](x, "ledger", "orders", "create", "--partner", buyer.ID, "--invoice-address", buyer.Addresses[0].ID,
		"--delivery-address", buyer.Addresses[0].ID, "--currency", "EUR", "--file", x.file(fmt.Sprintf(`{"lines": [
			{"product": %q, "quantity": "3", "unit_price": "20", "discount": "6", "taxes": [%q]},
			{"kind": "shipping", "description": "Parcel", "unit_price": "4.90", "taxes": [%q]}]}`, mug.ID, vat, vat)))
	require.Equal(t, []string{"S00001", "70.68"}, []string{order.Number, order.Total})

	for _, args := range [][]string{{"validate", order.ID}, {"invoice", order.ID}, {"pay", order.ID, "--journal", "BNK1"}, {"ship", order.ID}} {
		order = made[gen.LedgerOrder](x, append([]string{"ledger", "orders"}, args...)...)
	}
	require.Equal(t, []any{"0", true, true}, []any{order.Invoice.Due, order.Paid, order.Shipped})

	x.exportRecord("order", order.ID, 1, 0)
	link := get[gen.LinkPage](x, "/links?entity=order&erp_id="+order.ID).Items[0]
	require.Equal(t, []string{"70.68", "11.78"}, store.amountsOf(link.WooID))
	back := x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{link.WooID}}, "order")
	require.Equal(t, 1, back.Progress[0].Unchanged, "no echo: %+v", back.Progress[0])
	x.sendsBack(store, made[gen.LedgerOrder](x, "ledger", "orders", "show", order.ID), link.WooID)
	require.Equal(t, "0", x.text(`SELECT trim_scale(sum(debit - credit))::text FROM ledger.postings`))
}

// sendsBack gives one piece back on the command line, and has it kept as a refund by the store, which moves no money for it.
func (x *tandem) sendsBack(store *shop, order gen.LedgerOrder, wooID string) {
	x.t.Helper()
	note := made[gen.LedgerCreditNote](x, "ledger", "credit-notes", "create", order.ID, "--line", order.Lines[0].ID+":1", "--reason", "Broken")
	require.Equal(x.t, []string{"18", "3.6", "21.6"}, []string{note.Untaxed, note.Tax, note.Total})
	x.exportRecord("refund", note.ID, 1, 0)
	x.exportRecord("refund", note.ID, 0, 0)
	refunds := list[struct {
		ID     int
		Amount string
		Paid   bool `json:"refunded_payment"`
	}](store, "orders/"+wooID+"/refunds", nil)
	require.Len(x.t, refunds, 1)
	require.Equal(x.t, []any{"21.60", false}, []any{refunds[0].Amount, refunds[0].Paid})
	id := fmt.Sprintf("%s/%d", wooID, refunds[0].ID)
	back := x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{id}}, "refund")
	require.Equal(x.t, 1, back.Progress[0].Unchanged, "no echo: %+v", back.Progress[0])
	require.Equal(x.t, 1, x.number(`SELECT count(*) FROM ledger.journal_entries WHERE kind = 'credit_note'`))
	now := made[gen.LedgerCreditNote](x, "ledger", "credit-notes", "show", note.ID)
	require.Equal(x.t, []string{instanceID, id}, []string{now.Instance, now.StoreRefund})
}

// text reads one text from the database.
func (x *tandem) text(query string, args ...any) string {
	x.t.Helper()
	var text string
	require.NoError(x.t, x.database.GetContext(x.t.Context(), &text, query, args...))
	return text
}

// amountsOf gives the total and the tax of an order of the store.
func (s *shop) amountsOf(id string) []string {
	s.t.Helper()
	for _, o := range list[struct {
		ID    int
		Total string
		Tax   string `json:"total_tax"`
	}](s, "orders", nil) {
		if fmt.Sprint(o.ID) == id {
			return []string{o.Total, o.Tax}
		}
	}
	require.Fail(s.t, "the store has no order "+id)
	return nil
}

package exporttest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// sold is a quotation that was made by hand, exported, invoiced, paid and shipped; the store says that its payment gateway can refund.
func (b *buying) sold() (quote erp.Version[erp.SaleOrder], store string) {
	b.t.Helper()
	b.ec.Instance.Config.Export.OrderStatus = "processing"
	b.edit(`UPDATE ledger.stock_quants SET on_hand = 100 WHERE on_hand < 100`)
	quote = b.quote()
	made := b.run(flow.Export, "order", quote.ID)[quote.ID]
	require.Equal(b.t, flow.Created, made.Status, "%s: %s", made.Code, made.Reason)
	b.ask(http.MethodPut, "orders/"+made.Key.ID, map[string]any{"payment_method": "card"})
	ctx, key := b.t.Context(), erp.OwnKey("order", quote.ID)
	require.NoError(b.t, b.ec.Backend.ConfirmOrders(ctx, []erp.Ask[erp.ConfirmRequest]{{Order: key}})[0].Err)
	require.NoError(b.t, b.ec.Backend.InvoiceOrders(ctx, []erp.Ask[erp.InvoiceRequest]{{Order: key}})[0].Err)
	require.NoError(b.t, b.ec.Backend.PayOrders(ctx, []erp.Ask[erp.PaymentRequest]{{Order: key, With: erp.PaymentRequest{Journal: "BNK1"}}})[0].Err)
	require.NoError(b.t, b.ec.Backend.ShipOrders(ctx, []erp.Ask[erp.ShipRequest]{{Order: key}})[0].Err)
	return quote, made.Key.ID
}

// credit makes a credit note by hand, and gives its id.
func (b *buying) credit(order string, ask erp.CreditRequest) string {
	b.t.Helper()
	desk, err := erp.Desks.Of(b.ec.Backend)
	require.NoError(b.t, err)
	ask.Order = erp.OwnKey("order", order)
	b.requests++
	note, err := desk.CreateCreditNote(b.t.Context(), "credit-"+strconv.Itoa(b.requests), ask)
	require.NoError(b.t, err)
	return note.ID
}

func (b *buying) creditNotes() int {
	b.t.Helper()
	var n int
	require.NoError(b.t, b.books.Get(&n, `SELECT count(*) FROM ledger.journal_entries WHERE kind = 'credit_note'`))
	return n
}

func (b *buying) refundsOf(order string) []map[string]any {
	b.t.Helper()
	return b.list("orders/" + order + "/refunds")
}

// restockNotes are the notes on an order in the store that say what was put back into stock.
func (b *buying) restockNotes(order string) []string {
	b.t.Helper()
	var texts []string
	for _, note := range b.list("orders/" + order + "/notes") {
		if text := note["note"].(string); strings.HasPrefix(text, "Put back") {
			texts = append(texts, text)
		}
	}
	return texts
}

// N35, N36: by lines with the store's ids and the tax of each rate, and with an amount that is their sum.
func TestACreditNoteIsSentOnceAndMovesNoMoney(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	quote, store := b.sold()
	piece := b.credit(quote.ID, erp.CreditRequest{Reason: "Broken", Restock: true, Lines: []erp.CreditedLine{{Of: b.lineOf(quote.ID, "product"), Quantity: decimal.NewFromInt(1)}}})
	shipping := b.credit(quote.ID, erp.CreditRequest{Lines: []erp.CreditedLine{{Of: b.lineOf(quote.ID, "shipping")}}})
	amount := b.credit(quote.ID, erp.CreditRequest{Amount: decimal.NewFromInt(5)})
	stock := func() string {
		return jsonNumber(b.ask(http.MethodGet, fmt.Sprintf("products/%d", b.mug), nil)["stock_quantity"])
	}
	require.Equal(t, "47", stock())

	sent := b.run(flow.Export, "refund")
	require.Len(t, sent, 3)
	for id, o := range sent {
		require.Equal(t, flow.Created, o.Status, "%s: %s: %s", id, o.Code, o.Reason)
	}
	require.Equal(t, "48", stock(), "what was put on the shelf in the ERP is put there in the store, and nothing else")
	said := b.restockNotes(store)
	require.Len(t, said, 1, "N38: the API itself leaves no note of what it puts back")
	require.Regexp(t, `^Put back into stock: 1 × Mug \(refund \d+, credit note RINV/\d{4}/00001\)$`, said[0])
	paid := map[string]any{}
	for _, r := range b.refundsOf(store) {
		require.Equal(t, false, r["refunded_payment"], "no refund moves money")
		paid[r["amount"].(string)] = r["reason"]
	}
	require.Equal(t, map[string]any{"21.61": "Broken (RINV/2026/00001)", "5.88": "(RINV/2026/00002)", "5.00": "(RINV/2026/00003)"}, withYear(paid))

	before := b.writes()
	require.Empty(t, b.run(flow.Export, "refund"), "nothing is left to send")
	for id, o := range b.run(flow.Export, "refund", piece, shipping, amount) {
		require.Equal(t, flow.Unchanged, o.Status, "%s: %s: %s", id, o.Code, o.Reason)
	}
	require.Equal(t, before, b.writes())

	notes := b.creditNotes()
	back := b.run(flow.Import, "refund")
	require.Len(t, back, 3)
	for id, o := range back {
		require.Equal(t, flow.Unchanged, o.Status, "%s: %s: %s", id, o.Code, o.Reason)
	}
	require.Equal(t, notes, b.creditNotes(), "its import books nothing")
}

// withYear makes the numbers of this year's credit notes those of 2026.
func withYear(reasons map[string]any) map[string]any {
	for amount, reason := range reasons {
		text := reason.(string)
		at := len(text) - len("2026/00001)")
		reasons[amount] = text[:at] + "2026" + text[at+4:]
	}
	return reasons
}

// lineOf gives the id of the first line of a kind.
func (b *buying) lineOf(order, kind string) string {
	b.t.Helper()
	var id string
	require.NoError(b.t, b.books.Get(&id, `SELECT store_line FROM ledger.order_lines WHERE order_id = $1 AND kind = $2 ORDER BY position LIMIT 1`, order, kind))
	return id
}

func TestAllOfAnOrderIsSent(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	quote, store := b.sold()
	note := b.credit(quote.ID, erp.CreditRequest{Reason: "Returned"})
	o := b.run(flow.Export, "refund", note)[note]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	order := b.ask(http.MethodGet, "orders/"+store, nil)
	require.Equal(t, "refunded", order["status"])
	require.Equal(t, "-"+order["total"].(string), order["refunds"].([]any)[0].(map[string]any)["total"])
	require.Equal(t, "47", jsonNumber(b.ask(http.MethodGet, fmt.Sprintf("products/%d", b.mug), nil)["stock_quantity"]), "nothing was put back")
}

// A refund that is read while it is being exported is not booked as another one; it is known by its mark, or, before the store has
// written that, by the number in its reason.
func TestARefundThatIsBeingExportedIsNotBooked(t *testing.T) {
	t.Parallel()
	for name, marked := range map[string]bool{"with its mark": true, "before it": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := connectBuyers(t, wootest.Options{})
			quote, store := b.sold()
			note := b.credit(quote.ID, erp.CreditRequest{Reason: "Broken", Amount: decimal.NewFromInt(5)})
			var number string
			require.NoError(t, b.books.Get(&number, `SELECT number FROM ledger.journal_entries WHERE kind = 'credit_note'`))
			body := map[string]any{"amount": "5.00", "reason": "Broken (" + number + ")", "api_refund": false}
			if marked {
				body["reason"], body["meta_data"] = "Other", []map[string]any{{"key": "_tandem_erp_id", "value": "demo/" + note}}
			}
			made := jsonNumber(b.ask(http.MethodPost, "orders/"+store+"/refunds", body)["id"])
			id := store + "/" + made
			o := b.run(flow.Import, "refund", id)[id]
			require.Equal(t, []any{"export_unfinished", []erp.Key{erp.PendingKey("demo", "refund", note)}}, []any{o.Code, o.Waits}, o.Reason)
			require.Equal(t, 1, b.creditNotes())

			sent := b.run(flow.Export, "refund", note)[note]
			require.Equal(t, []any{flow.Unchanged, id}, []any{sent.Status, sent.Key.ID}, "it is found: %s: %s", sent.Code, sent.Reason)
			require.Contains(t, sent.Also, o.Waits[0], "what waits for it goes on")
			require.Contains(t, b.run(flow.Export, "refund", note)[note].Also, o.Waits[0], "also when the process died before that was noted")
			require.Len(t, b.refundsOf(store), 1)
			require.Equal(t, flow.Unchanged, b.run(flow.Import, "refund", id)[id].Status)
		})
	}
}

// Lost replies give nothing back twice, wherever they are lost.
func TestLostRepliesGiveNothingBackTwice(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	quote, store := b.sold()
	var ids []string
	for range 8 {
		ids = append(ids, b.credit(quote.ID, erp.CreditRequest{Amount: decimal.NewFromInt(3)}))
	}
	b.shop.SetFaults(wootest.Faults{RateCut: 0.3, RateTimeout: 0.2, TimeoutAfter: 1, Seed: 7})
	b.untilThrough(flow.Export, "refund", ids...)
	b.shop.SetFaults(wootest.Faults{})
	for id, o := range b.run(flow.Export, "refund", ids...) {
		require.Equal(t, flow.Unchanged, o.Status, "%s: %s %s", id, o.Code, o.Reason)
	}
	require.Len(t, b.refundsOf(store), len(ids))
	require.Equal(t, len(ids), b.creditNotes())
}

func TestWhatIsNotSent(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	quote, store := b.sold()
	desk, err := erp.Desks.Of(b.ec.Backend)
	require.NoError(t, err)
	reversed := b.credit(quote.ID, erp.CreditRequest{Amount: decimal.NewFromInt(3)})
	_, err = desk.ReverseCreditNote(t.Context(), reversed)
	require.NoError(t, err)
	tooMuch := b.credit(quote.ID, erp.CreditRequest{})
	b.ask(http.MethodPost, "orders/"+store+"/refunds", map[string]any{"amount": "20.00", "api_refund": false})
	before := b.writes()
	for id, code := range map[string]string{reversed: "reversed", tooMuch: "refund_too_much", "4711": "not_in_erp"} {
		require.Equal(t, code, b.run(flow.Export, "refund", id)[id].Code)
	}
	b.edit(`DELETE FROM ledger.external_ids WHERE model = 'order' AND instance = 'demo'`)
	o := b.run(flow.Export, "refund", tooMuch)[tooMuch]
	require.Equal(t, "unlinked_reference", o.Code, o.Reason)
	require.Equal(t, before, b.writes())
}

// One that came out otherwise is held, and not made again.
func TestARefundThatDiffersIsHeld(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	quote, store := b.sold()
	note := b.credit(quote.ID, erp.CreditRequest{Lines: []erp.CreditedLine{{Of: b.lineOf(quote.ID, "shipping")}}})
	b.ask(http.MethodPost, "orders/"+store+"/refunds", map[string]any{
		"amount": "4.00", "api_refund": false, "meta_data": []map[string]any{{"key": "_tandem_erp_id", "value": "demo/" + note}},
	})
	for range 2 {
		o := b.run(flow.Export, "refund", note)[note]
		require.Equal(t, "store_differs", o.Code, o.Reason)
		require.Contains(t, o.Reason, "the total is 4 EUR instead of 5.88")
	}
	require.Len(t, b.refundsOf(store), 1)
}

// What a person gave back in the ERP is not given back once more when the store refunds it too.
func TestNoMoreIsCreditedThanWasSold(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	quote, store := b.sold()
	note := b.credit(quote.ID, erp.CreditRequest{Amount: decimal.NewFromInt(100)})
	refund := func(amount string) string {
		made := b.ask(http.MethodPost, "orders/"+store+"/refunds", map[string]any{"amount": amount, "api_refund": false})
		return store + "/" + jsonNumber(made["id"])
	}
	fits, same := refund("5.80"), refund("60.00")
	outcomes := b.run(flow.Import, "refund", fits, same)
	require.Equal(t, flow.Created, outcomes[fits].Status, "%s: %s", outcomes[fits].Code, outcomes[fits].Reason)
	require.Equal(t, []any{flow.Parked, "refund_mismatch"}, []any{outcomes[same].Status, outcomes[same].Code}, outcomes[same].Reason)
	require.Contains(t, outcomes[same].Reason, "but 10 of order")
	require.Equal(t, 2, b.creditNotes())

	desk, err := erp.Desks.Of(b.ec.Backend)
	require.NoError(t, err)
	_, err = desk.ReverseCreditNote(t.Context(), note)
	require.NoError(t, err)
	now := b.run(flow.Import, "refund", same)[same]
	require.Equal(t, flow.Created, now.Status, "%s: %s", now.Code, now.Reason)
	require.Equal(t, flow.Unchanged, b.run(flow.Import, "refund", same)[same].Status)
}

// A shop that cancels an order and then gives the money back by a refund gives it back once.
func TestACancelledOrderThatIsRefundedIsCreditedOnce(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	_, store := b.sold()
	b.ask(http.MethodPut, "orders/"+store, map[string]any{"status": "cancelled"})
	cancellation := store + "/cancellation"
	o := b.run(flow.Import, "refund", cancellation)[cancellation]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)

	made := b.ask(http.MethodPost, "orders/"+store+"/refunds", map[string]any{"amount": "115.80", "api_refund": false})
	id := store + "/" + jsonNumber(made["id"])
	o = b.run(flow.Import, "refund", id)[id]
	require.Equal(t, []any{flow.Parked, "refund_mismatch"}, []any{o.Status, o.Code}, o.Reason)
	require.Equal(t, 1, b.creditNotes())
}

// An order that was taken up again and is cancelled once more is credited once more.
func TestAnOrderThatIsCancelledTwiceIsCreditedTwice(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	_, store := b.sold()
	b.ask(http.MethodPut, "orders/"+store, map[string]any{"status": "cancelled"})
	first, second := store+"/cancellation", store+"/cancellation-2"
	require.Equal(t, flow.Created, b.run(flow.Import, "refund", first)[first].Status)
	book, err := erp.Refunds.Of(b.ec.Backend)
	require.NoError(t, err)
	_, err = book.ReverseRefunds(t.Context(), []erp.Key{{Instance: "demo", Entity: "refund", ID: first}})
	require.NoError(t, err)

	o := b.run(flow.Import, "refund", second)[second]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	figures, err := b.ec.Backend.OrderFigures(t.Context(), []erp.Key{{Instance: "demo", Entity: "order", ID: store}})
	require.NoError(t, err)
	require.Len(t, figures[0].Refunds, 2)
	require.Equal(t, []any{true, false, "115.8"}, []any{figures[0].Refunds[0].Reversed, figures[0].Refunds[1].Reversed, figures[0].Refunds[1].Total.String()})
}

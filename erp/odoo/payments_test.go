package odoo

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/odootest"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// payDesk is a fake Odoo with three invoiced orders.
type payDesk struct {
	*Backend
	server *odootest.Server
	stories
	before int // calls
}

func newPayDesk(t *testing.T, version int) *payDesk {
	t.Helper()
	server := odootest.Start(t, version)
	s := taleIn("tale")
	p := &payDesk{server: server, stories: s.several()}
	var err error
	p.Backend, err = Open(t.Context(), Settings{URL: server.URL, Database: odootest.Database, Login: odootest.Login,
		Secret: odootest.Key, Protocol: JSONRPC})
	require.NoError(t, err)
	for _, do := range slices.Concat([]act{s.landTax, s.landProduct, s.landPartner}, p.invoiced()) {
		_, err := do(t.Context(), p.Backend)
		require.NoError(t, err)
	}
	p.before = len(server.Calls())
	return p
}

// called counts the calls since the orders are invoiced.
func (p *payDesk) called(model, method string) int {
	count := 0
	for _, c := range p.server.Calls()[p.before:] {
		if c.Model == model && c.Method == method {
			count++
		}
	}
	return count
}

func (p *payDesk) wizards() int {
	return p.called("account.payment.register", "action_create_payments")
}

// booked is an account.payment, whose memo is named differently.
type booked struct {
	rpc.Row
	Journal  rpc.Link `json:"journal_id"`
	Invoices []int64  `json:"reconciled_invoice_ids"`
	Old      rpc.Text `json:"ref"`
	New      rpc.Text `json:"memo"`
}

func (p booked) memo() string { return string(p.Old + p.New) }

// payments reads the payments by the id of the order they pay, of which each has at most one.
func (p *payDesk) payments(t *testing.T) map[string]booked {
	t.Helper()
	rows, err := rpc.Search[booked](t.Context(), p.rpc, "account.payment", nil, rpc.MemoFields.For(p.rpc.Release), "journal_id", "reconciled_invoice_ids")
	require.NoError(t, err)
	found := map[string]booked{}
	for _, r := range rows {
		for _, s := range p.stories {
			if slices.Equal(r.Invoices, stoodAs(t, p.Backend, s.order.Key).Invoices) {
				require.NotContains(t, found, s.order.Key.ID, "paid twice")
				found[s.order.Key.ID] = r
			}
		}
	}
	require.Len(t, found, len(rows), "payments of other invoices")
	return found
}

// memosNow reads the memos of the payments in the order of the stories.
func (p *payDesk) memosNow(t *testing.T) []string {
	t.Helper()
	payments := p.payments(t)
	return rpc.Map(p.stories, func(s story) string { return payments[s.order.Key.ID].memo() })
}

// setMemo writes a memo as a person would.
func (p *payDesk) setMemo(t *testing.T, id int64, memo string) {
	t.Helper()
	require.NoError(t, p.rpc.Write(t.Context(), "account.payment", []int64{id}, map[string]any{rpc.MemoFields.For(p.rpc.Release): memo}))
}

func (p *payDesk) requirePaid(t *testing.T) {
	t.Helper()
	for _, a := range p.ask(t.Context(), p.Backend) {
		require.NoError(t, a.Err)
		require.True(t, a.Paid)
	}
}

func TestOrdersOfARoundArePaidAtOnce(t *testing.T) {
	for _, version := range []int{14, 17, 19} {
		p := newPayDesk(t, version)
		p.requirePaid(t)
		require.Equal(t, 1, p.wizards())
		require.Equal(t, []int{1, 1}, []int{p.called("account.journal", "search_read"), p.called("account.payment", "load")})
		require.Equal(t, p.memos(), p.memosNow(t))
		for _, memo := range p.memos() {
			require.Equal(t, 1, p.server.Count("account.move", []any{"ref", "=", memo}), "the entry says it, too")
		}

		p.requirePaid(t)
		require.Equal(t, 1, p.wizards(), "what is paid is not paid again")
		require.Equal(t, 1, p.called("account.payment", "load"), "and has its memo")
	}
}

func TestOneOrderIsPaidWithItsMemo(t *testing.T) {
	p := newPayDesk(t, 19)
	p.stories = p.stories[:1]
	p.requirePaid(t)
	require.Equal(t, p.memos(), p.memosNow(t))
	require.Zero(t, p.called("account.payment", "load"))
}

// addCash adds a cash journal with the method manual.
func (p *payDesk) addCash(t *testing.T) string {
	t.Helper()
	ids, err := p.rpc.Create(t.Context(), "account.journal", []map[string]any{{"name": "Cash", "type": "cash", "active": true}})
	require.NoError(t, err)
	if rpc.MethodLines.For(p.rpc.Release) {
		_, err := p.rpc.Create(t.Context(), "account.payment.method.line",
			[]map[string]any{{"name": "Manual", "code": "manual", "payment_type": "inbound", "journal_id": ids[0]}})
		require.NoError(t, err)
	}
	return rpc.FormatID(ids[0])
}

func TestWhatPaymentsHaveToHaveInCommon(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(t *testing.T, p *payDesk)
		wizards int
	}{
		"all of it":       {func(*testing.T, *payDesk) {}, 1},
		"the hour is not": {func(_ *testing.T, p *payDesk) { p.stories[0].payment.Date = p.stories[0].payment.Date.Add(3600e9) }, 1},
		"the day":         {func(_ *testing.T, p *payDesk) { p.stories[0].payment.Date = p.stories[0].payment.Date.AddDate(0, 0, 1) }, 2},
		"the journal":     {func(t *testing.T, p *payDesk) { p.stories[1].payment.Journal = p.addCash(t) }, 2},
		"a term in one":   {func(t *testing.T, p *payDesk) { p.setTerm(t, 1) }, 1},
		"no instalments":  {func(t *testing.T, p *payDesk) { p.setTerm(t, 2) }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			for _, version := range []int{14, 19} {
				p := newPayDesk(t, version)
				c.change(t, p)
				p.requirePaid(t)
				require.Equal(t, c.wizards, p.wizards())
				require.Equal(t, p.memos(), p.memosNow(t))
				for id, payment := range p.payments(t) {
					at := slices.IndexFunc(p.stories, func(s story) bool { return s.order.Key.ID == id })
					require.Equal(t, p.stories[at].payment.Journal, rpc.FormatID(payment.Journal.ID))
				}
			}
		})
	}
}

// setTerm gives two of the invoices a payment term of some instalments.
func (p *payDesk) setTerm(t *testing.T, lines int) {
	t.Helper()
	list := make([]any, lines)
	for i := range list {
		list[i] = []any{0, 0, map[string]any{}}
	}
	ids, err := p.rpc.Create(t.Context(), "account.payment.term", []map[string]any{{"name": "30 days", "line_ids": list}})
	require.NoError(t, err)
	for _, s := range p.stories[:2] {
		invoice, _ := stoodAs(t, p.Backend, s.order.Key).Invoice()
		require.NoError(t, p.rpc.Write(t.Context(), "account.move", []int64{invoice.ID}, map[string]any{"invoice_payment_term_id": ids[0]}))
	}
}

func TestAnUnknownJournalOrMethodBlocksNobodyElse(t *testing.T) {
	p := newPayDesk(t, 19)
	p.stories[0].payment.Method = "bitcoin"
	p.stories[1].payment.Journal = "99"
	answers := p.ask(t.Context(), p.Backend)
	for i, field := range []string{"method", "journal"} {
		require.True(t, fault.Is(answers[i].Err, fault.Invalid))
		require.Equal(t, field, fault.From(answers[i].Err).Field)
	}
	require.NoError(t, answers[2].Err)
	require.True(t, answers[2].Paid)
	require.Len(t, p.payments(t), 1)
}

func TestAnInvoiceThatIsRefusedBlocksNobodyElse(t *testing.T) {
	p := newPayDesk(t, 19)
	ids := rpc.Map(p.stories, func(s story) int64 { invoice, _ := stoodAs(t, p.Backend, s.order.Key).Invoice(); return invoice.ID })
	var once sync.Once
	p.meddle("account.payment.register", "create", func(rpc.Call, any) (bool, error) {
		once.Do(func() { // others change them after Tandem has read them
			require.NoError(t, p.rpc.Write(t.Context(), "account.move", ids[:1], map[string]any{"state": "draft"}))
			require.NoError(t, p.rpc.Write(t.Context(), "account.move", ids[1:2], map[string]any{"payment_state": "in_payment"})) // without an entry
		})
		return false, nil
	})
	answers := p.ask(t.Context(), p.Backend)

	require.True(t, fault.Is(answers[0].Err, fault.Invalid))
	require.NoError(t, answers[1].Err)
	require.NoError(t, answers[2].Err)
	require.Len(t, p.payments(t), 1, "what is in payment is not paid again")
	require.Equal(t, p.memos()[2], p.payments(t)["3"].memo())
}

func TestMemosAreMendedByTheNextCall(t *testing.T) {
	for _, version := range []int{14, 19} {
		p := newPayDesk(t, version)
		p.server.Inject(odootest.Rule{Call: odootest.Call{Model: "account.payment", Method: "load"}, Nth: 1, Kind: odootest.DropBefore})
		for _, a := range p.ask(t.Context(), p.Backend) {
			require.True(t, fault.Retryable(a.Err))
		}
		invoice, _ := stoodAs(t, p.Backend, p.stories[2].order.Key).Invoice()
		require.Equal(t, []string{p.memos()[0], p.stories[1].order.TransactionID, string(invoice.Name)}, p.memosNow(t), "Odoo's own")
		p.requirePaid(t)
		require.Equal(t, p.memos(), p.memosNow(t))
		require.Equal(t, 1, p.wizards())

		p.setMemo(t, p.payments(t)["2"].ID, "by hand")
		p.setMemo(t, p.payments(t)["3"].ID, "")
		p.requirePaid(t)
		require.Equal(t, []string{p.memos()[0], "by hand", p.memos()[2]}, p.memosNow(t))
	}
}

func TestPaymentsWithoutEntriesAreMended(t *testing.T) {
	p := newPayDesk(t, 19)
	p.requirePaid(t)
	for _, payment := range p.payments(t) {
		p.setMemo(t, payment.ID, "")
		require.NoError(t, p.rpc.Write(t.Context(), "account.payment", []int64{payment.ID}, map[string]any{"move_id": false}))
	}
	p.requirePaid(t)
	require.Equal(t, p.memos()[1:], p.memosNow(t)[1:])
}

func TestTheTransactionNeedsNoMending(t *testing.T) {
	p := newPayDesk(t, 19)
	p.stories = p.stories[:2]
	p.stories[1].payment.Memo = ""
	p.requirePaid(t)
	p.requirePaid(t)
	require.Equal(t, p.memos(), p.memosNow(t))
	require.Equal(t, 1, p.called("account.payment", "search_read"), "that of the test")
}

func TestPaymentsThatAreNotMended(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, p *payDesk){
		"no memo is wanted": func(_ *testing.T, p *payDesk) {
			p.stories[1].payment.Memo, p.stories[2].payment.Memo = "", ""
		},
		"a person paid in another journal": func(t *testing.T, p *payDesk) {
			cash := rpc.ParseID(p.addCash(t))
			for _, payment := range p.payments(t) {
				require.NoError(t, p.rpc.Write(t.Context(), "account.payment", []int64{payment.ID}, map[string]any{"journal_id": cash}))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPayDesk(t, 19)
			p.requirePaid(t)
			for _, payment := range p.payments(t) {
				p.setMemo(t, payment.ID, "")
			}
			change(t, p)
			p.requirePaid(t)
			require.Equal(t, []string{"", "", ""}, p.memosNow(t))
		})
	}
}

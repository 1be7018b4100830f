package sales

import (
	"context"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
	"tandem/erp/odoo/stock"
	"tandem/fault"
)

// selling is an Odoo with one order in a state, which a method may change.
type selling struct {
	rpctest.Calls
	state string
	total string
	moves map[string]string // the state a method leads to; "!" in front raises instead
}

func newSelling(state, total string, moves map[string]string) (*Book, *selling) {
	s := &selling{state: state, total: total, moves: moves}
	s.Answer = s.reply
	b := newBook(&rpc.Client{Caller: s, Release: rpc.Release{Version: "19.0", Major: 19}})
	if _, err := b.records.Prepared(context.Background()); err != nil {
		panic(err)
	}
	s.Made, b.services = nil, tea().services
	return b, s
}

// usualSetup is what an Odoo answers that is set up for euros.
var usualSetup = map[string]map[string]any{
	"res.users":    {"id": 2, "company_id": []any{1, "Shop"}, "company_ids": []int64{1}},
	"res.company":  {"id": 1, "name": "Shop", "currency_id": []any{1, "EUR"}},
	"res.lang":     {"id": 1, "code": "en_US"},
	"res.currency": {"id": 1, "name": "EUR", "decimal_places": 2},
}

func (s *selling) reply(c rpc.Call) (any, error) {
	switch {
	case usualSetup[c.Model] != nil:
		return []any{usualSetup[c.Model]}, nil
	case c.Model == "ir.model.data":
		return []any{map[string]any{"id": 1, "name": record.ExternalName(orderKey), "model": "sale.order", "res_id": 5}}, nil
	case c.Method == "search_read" && c.Model == "sale.order":
		return []any{map[string]any{"id": 5, "state": s.state, "amount_total": 12, "x_tandem_total": s.total,
			"currency_id": []any{1, "EUR"}, "date_order": "2026-03-10 12:00:00"}}, nil
	case c.Method == "search_read":
		return []any{}, nil
	case c.Method == "create":
		return []int64{9}, nil
	}
	next, ok := s.moves[c.Method]
	if to, raises := strings.CutPrefix(next, "!"); raises {
		s.state = to
		return nil, fault.New(fault.Invalid, "Odoo refuses this")
	} else if ok {
		s.state = to
	}
	return true, nil
}

func (s *selling) did(method string) bool {
	for _, c := range s.Made {
		if c.Method == method {
			return true
		}
	}
	return false
}

func TestConfirming(t *testing.T) {
	for name, c := range map[string]struct {
		state, total string
		moves        map[string]string
		kind         fault.Kind
		acts         bool
	}{
		"a quotation":                          {"draft", "12", map[string]string{"action_confirm": "sale"}, "", true},
		"what is confirmed already":            {"sale", "12", nil, "", false},
		"what is cancelled":                    {"cancel", "12", nil, fault.Conflict, false},
		"a total that is off":                  {"draft", "13", nil, fault.Parked, false},
		"a total that is off by a cent":        {"draft", "12.01", nil, fault.Parked, false},
		"an order nobody knows the total of":   {"draft", "", map[string]string{"action_confirm": "sale"}, "", true},
		"refused":                              {"draft", "12", map[string]string{"action_confirm": "!draft"}, fault.Invalid, true},
		"refused because another was faster":   {"draft", "12", map[string]string{"action_confirm": "!sale"}, "", true},
		"an answer of true and nothing done":   {"draft", "12", map[string]string{"action_confirm": "draft"}, fault.Parked, true},
		"what Odoo locks when it is confirmed": {"draft", "12", map[string]string{"action_confirm": "done"}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			b, s := newSelling(c.state, c.total, c.moves)
			state, err := single(b.Confirm(t.Context(), []erp.Ask[erp.ConfirmRequest]{{Order: orderKey}}))
			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, c.acts, s.did("action_confirm"))
			if c.kind == "" {
				require.Equal(t, erp.Confirmed, state.Stage)
			}
		})
	}
}

// A cent between Odoo and the store is a person's change: a line that made up for it would make the invoice differ, whose
// taxes are the store's.
func TestNoCentIsMadeUpForWhenConfirming(t *testing.T) {
	b, s := newSelling("draft", "12.01", nil)
	_, err := single(b.Confirm(t.Context(), []erp.Ask[erp.ConfirmRequest]{{Order: orderKey}}))
	require.Equal(t, "totals_differ", fault.From(err).Code)
	require.ErrorContains(t, err, "a difference of 0.01")
	require.False(t, s.did("create"))
}

func TestCancellingDoesNotAsk(t *testing.T) {
	b, s := newSelling("sale", "12", map[string]string{"action_cancel": "cancel"})
	state, err := single(b.Cancel(t.Context(), []erp.Ask[erp.CancelRequest]{{Order: orderKey}}))
	require.NoError(t, err)
	require.Equal(t, erp.Cancelled, state.Stage)
	for _, c := range s.Made {
		if c.Method == "action_cancel" {
			require.Equal(t, true, c.Context["disable_cancel_warning"])
			require.NotContains(t, c.Context, "active_test", "business methods do not work with archived rules")
		}
	}
}

func TestStates(t *testing.T) {
	order := orderRow{Row: rpc.Row{ID: 5}, State: "sale", Total: rpc.Amount{Decimal: dec("29.000000004")}, Currency: rpc.Link{ID: 1, Name: "EUR"}}
	invoice := func(payment string, residual string) []Invoice {
		return []Invoice{{State: "draft", Kind: "out_invoice"}, {Row: rpc.Row{ID: 8}, Name: "INV/1", State: "posted", Kind: "out_invoice",
			PaymentState: rpc.Text(payment), Residual: rpc.Amount{Decimal: dec(residual)}}}
	}
	out := func(states ...string) []stock.Picking {
		return rpc.Map(states, func(state string) stock.Picking { return stock.Picking{State: rpc.Text(state), Kind: "outgoing"} })
	}
	for name, c := range map[string]struct {
		snapshot                Snapshot
		invoiced, paid, shipped bool
		due                     string
		deliveries              int
	}{
		"confirmed":                     {Snapshot{orderRow: order, decimals: 2, pickings: out("assigned", "cancel")}, false, false, false, "0", 1},
		"a service":                     {Snapshot{orderRow: order, decimals: 2}, false, false, true, "0", 0},
		"invoiced":                      {Snapshot{orderRow: order, decimals: 2, invoices: invoice("not_paid", "29"), pickings: out("confirmed")}, true, false, false, "29", 1},
		"paid and waiting for the bank": {Snapshot{orderRow: order, decimals: 2, invoices: invoice("in_payment", "29"), pickings: out("done")}, true, true, true, "0", 1},
		"paid in part":                  {Snapshot{orderRow: order, decimals: 2, invoices: invoice("partial", "9"), pickings: out("done", "waiting")}, true, false, false, "9", 2},
	} {
		t.Run(name, func(t *testing.T) {
			state := c.snapshot.State()
			require.Equal(t, []any{erp.Confirmed, "29", "EUR", "5"}, []any{state.Stage, state.Total.String(), state.Currency, state.ID})
			require.Equal(t, []bool{c.invoiced, c.paid, c.shipped}, []bool{state.Invoiced, state.Paid, state.Shipped})
			require.Equal(t, []any{c.due, c.deliveries}, []any{state.Due.String(), state.Deliveries})
			if c.invoiced {
				require.Equal(t, []string{"8", "INV/1"}, []string{state.InvoiceID, state.InvoiceNumber})
			}
		})
	}
}

func TestTheTaxOfALineIsSharedOutByItsRates(t *testing.T) {
	line := taxedLine{Tax: rpc.Amount{Decimal: dec("2.55")}, New: []int64{1, 2}}
	shares := line.shares(map[int64]decimal.Decimal{1: dec("20"), 2: dec("5.5")})
	require.Equal(t, []string{"2", "0.55"}, []string{shares[1].Round(6).String(), shares[2].Round(6).String()})
	require.Empty(t, taxedLine{Tax: rpc.Amount{Decimal: dec("1")}, Old: []int64{3}}.shares(nil))
}

// single is the answer about the one order of a call.
func single(results []erp.StepResult) (erp.Progress, error) {
	return results[0].Progress, results[0].Err
}

func TestAnOrderNamedTwiceIsTakenInTurn(t *testing.T) {
	asks := func(ids ...string) (asks []erp.Ask[erp.ConfirmRequest]) {
		for _, id := range ids {
			asks = append(asks, erp.Ask[erp.ConfirmRequest]{Order: erp.Key{Instance: "shop", Entity: "order", ID: id}})
		}
		return asks
	}
	require.Empty(t, inTurn(asks()))
	require.Equal(t, [][]int{{0, 1}}, inTurn(asks("1", "2")))
	require.Equal(t, [][]int{{0, 1, 4}, {2}, {3}}, inTurn(asks("1", "2", "1", "1", "3")))
}

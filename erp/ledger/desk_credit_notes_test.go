package ledger_test

import (
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// sold is a quotation that was confirmed, invoiced, paid and shipped by hand.
func (s *seller) sold() (id string, order erp.Key) {
	s.tb.Helper()
	made, err := s.Orders().Create(s.tb.Context(), "request-sold", s.quotation())
	require.NoError(s.tb, err)
	key := erp.OwnKey("order", made.ID)
	s.confirm(key)
	s.invoice(key, saleDate)
	s.pay(key)
	_, err = s.ShipOrder(s.tb.Context(), key, erp.ShipRequest{})
	require.NoError(s.tb, err)
	return made.ID, key
}

func (s *seller) balance() []string {
	return s.column(`
		SELECT a.code || ' ' || trim_scale(sum(p.debit - p.credit))::text FROM ledger.postings p JOIN ledger.accounts a ON a.id = p.account_id
		GROUP BY a.code HAVING sum(p.debit - p.credit) <> 0 ORDER BY a.code`)
}

func TestACreditNoteIsMadeOnceAndReversed(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	id, order := s.sold()
	before := s.balance()
	ask := erp.CreditRequest{Order: order, Date: saleDate, Reason: "Broken", Lines: []erp.CreditedLine{{Of: "1", Quantity: decimal.NewFromInt(2)}}, Restock: true}
	made, err := s.CreateCreditNote(t.Context(), "request-1", ask)
	require.NoError(t, err)
	n := made.Record
	require.Equal(t, []any{"36", "7.2", "43.2", "S00001/1", "S00001", "Broken", true, true, false, ""},
		[]any{n.Untaxed.String(), n.Tax.String(), n.Total.String(), n.Number, n.OrderNumber, n.Reason, n.PaidOut, n.Restock, n.Reversed, n.Store})
	again, err := s.CreateCreditNote(t.Context(), "request-1", ask)
	require.NoError(t, err)
	require.Equal(t, made, again, "the same request gives back once")
	require.Equal(t, []string{"999999"}, s.column(`SELECT trim_scale(on_hand)::text FROM ledger.stock_quants`), "two of three are on the shelf again")

	_, err = s.CreateCreditNote(t.Context(), "request-2", ask)
	require.Equal(t, "lines[0].quantity", fault.From(err).Field, "one piece is left")
	rest, err := s.CreateCreditNote(t.Context(), "request-3", erp.CreditRequest{Order: order})
	require.NoError(t, err)
	require.Equal(t, "27.48", rest.Record.Total.String())
	_, err = s.CreateCreditNote(t.Context(), "request-4", erp.CreditRequest{Order: order})
	require.Equal(t, fault.Conflict, fault.KindOf(err), "nothing is left")
	require.Equal(t, []string{"0"}, s.column(`SELECT trim_scale(sum(debit - credit))::text FROM ledger.postings`))

	for range 2 {
		reversed, err := s.ReverseCreditNote(t.Context(), rest.ID)
		require.NoError(t, err)
		require.True(t, reversed.Record.Reversed)
	}
	_, err = s.ReverseCreditNote(t.Context(), made.ID)
	require.NoError(t, err)
	require.Equal(t, before, s.balance(), "what was reversed leaves nothing")
	_, err = s.CreateCreditNote(t.Context(), "request-5", ask)
	require.NoError(t, err, "what was reversed can be given back again")

	notes, next, err := s.SearchCreditNotes(t.Context(), erp.CreditNoteSearch{RecordSearch: erp.RecordSearch{Text: "broken", Limit: 1}, Order: id})
	require.NoError(t, err)
	require.Len(t, notes, 1)
	notes, _, err = s.SearchCreditNotes(t.Context(), erp.CreditNoteSearch{RecordSearch: erp.RecordSearch{Text: "broken", Limit: 1, After: next}, Order: id})
	require.NoError(t, err)
	require.Equal(t, made.ID, notes[0].ID)
	_, err = s.CreditNote(t.Context(), "4711")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}

func TestOnlyWhatIsInvoicedIsGivenBack(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	made, err := s.Orders().Create(t.Context(), "request-1", s.quotation())
	require.NoError(t, err)
	order := erp.OwnKey("order", made.ID)
	_, err = s.CreateCreditNote(t.Context(), "request-2", erp.CreditRequest{Order: order})
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	s.confirm(order)
	s.invoice(order, saleDate)
	s.exec(`UPDATE ledger.companies SET lock_date = '2999-01-01'`)
	_, err = s.CreateCreditNote(t.Context(), "request-2", erp.CreditRequest{Order: order})
	require.Equal(t, "closed_period", fault.From(err).Code)
	s.exec(`UPDATE ledger.companies SET lock_date = NULL`)
	_, err = s.CreateCreditNote(t.Context(), "request-2", erp.CreditRequest{Order: order, Amount: decimal.NewFromInt(10)})
	require.NoError(t, err)
	current, err := s.Orders().Get(t.Context(), made.ID)
	require.NoError(t, err)
	require.Equal(t, "60.68", current.Record.State.Due.String(), "less is left to pay")
	_, err = s.CreateCreditNote(t.Context(), "request-3", erp.CreditRequest{Order: erp.OwnKey("order", "4711")})
	require.Equal(t, "order", fault.From(err).Field)
}

// Of requests at the same time for all that is left one gives it back.
func TestNoMoreThanIsLeftIsGivenBackAtOnce(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	_, order := s.sold()
	var group sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		group.Go(func() {
			_, errs[i] = s.CreateCreditNote(t.Context(), "request-"+string(rune('a'+i)), erp.CreditRequest{Order: order})
		})
	}
	group.Wait()
	given := 0
	for _, err := range errs {
		if err == nil {
			given++
		} else {
			require.Equal(t, fault.Conflict, fault.KindOf(err), "%v", err)
		}
	}
	require.Equal(t, 1, given)
}

// What a store gave back is left no more, whether or not its lines name the order's.
func TestACreditNoteIsOfWhatStoresLeft(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 3, 1)
	key := s.confirmed(1)[0]
	s.invoice(key, saleDate)
	refund := erp.Refund{
		Key: benchKey("refund", 1), Order: key, Number: "WEB-1/9", Date: saleDate, Currency: "EUR", Reason: "returned",
		Lines: []erp.RefundLine{{Of: "1", OrderLine: erp.OrderLine{ID: "9", Kind: erp.ProductLine, Quantity: decimal.NewFromInt(1), Total: decimal.NewFromInt(5),
			Taxes: []erp.LineTax{{Tax: benchKey("tax", 0), Amount: decimal.NewFromInt(1)}}}}},
		Taxes:   []erp.OrderTax{{Tax: benchKey("tax", 0), Label: "VAT", Rate: decimal.NewFromInt(20), Amount: decimal.NewFromInt(1)}},
		Untaxed: decimal.NewFromInt(5), Tax: decimal.NewFromInt(1), Total: decimal.NewFromInt(6),
	}
	s.landed(s.UpsertRefunds(t.Context(), []erp.Refund{refund}))
	own := s.own("order", 1)
	_, err := s.CreateCreditNote(t.Context(), "request-1", erp.CreditRequest{Order: own, Lines: []erp.CreditedLine{{Of: "1"}}})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	notes, _, err := s.SearchCreditNotes(t.Context(), erp.CreditNoteSearch{RecordSearch: erp.RecordSearch{Limit: 10}})
	require.NoError(t, err)
	require.Equal(t, []string{benchKey("refund", 1).Instance, benchKey("refund", 1).ID}, []string{notes[0].Record.Store, notes[0].Record.StoreID})
	_, err = s.ReverseCreditNote(t.Context(), notes[0].ID)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	rest, err := s.CreateCreditNote(t.Context(), "request-1", erp.CreditRequest{Order: own})
	require.NoError(t, err)
	require.Equal(t, "18.2", rest.Record.Total.String())
	figures, err := s.OrderFigures(t.Context(), []erp.Key{key})
	require.NoError(t, err)
	require.Len(t, figures[0].Refunds, 2, "each once, whatever keys it has")
}

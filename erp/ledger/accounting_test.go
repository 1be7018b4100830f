package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

func TestInvoicePostsToTheAccountsOfItsParts(t *testing.T) {
	s := newSeller(t, 4, 1)
	s.landed(s.UpsertTaxes(t.Context(), []erp.Tax{{Key: benchKey("tax", 1), Name: "2 %", Rate: decimal.NewFromInt(2), Account: "252000"}}))
	order := s.batch(1)[0]
	order.Lines = append(order.Lines, erp.OrderLine{ID: "r", Kind: erp.RoundingLine, Total: decimal.New(1, -2)})
	order.Total = order.Total.Add(decimal.New(1, -2))
	s.landed(s.UpsertOrders(t.Context(), []erp.Order{order}))
	s.confirm(order.Key)
	s.invoice(order.Key, saleDate)
	s.pay(order.Key)
	require.Equal(t, []string{
		"invoice 121000 24.21 0", "invoice 400000 0 20.00", "invoice 251000 0 4.00 tax", "invoice 252000 0 0.20 tax", "invoice 490000 0 0.01",
		"payment 101000 24.21 0", "payment 121000 0 24.21",
	}, s.column(`
		SELECT concat_ws(' ', e.kind, a.code, round(p.debit, CASE p.debit WHEN 0 THEN 0 ELSE 2 END),
		                 round(p.credit, CASE p.credit WHEN 0 THEN 0 ELSE 2 END), CASE WHEN p.tax_id IS NOT NULL THEN 'tax' END)
		FROM ledger.postings p
		JOIN ledger.journal_entries e ON e.id = p.entry_id
		JOIN ledger.accounts a ON a.id = p.account_id
		ORDER BY e.id, p.position`))
}

func TestInvoiceDates(t *testing.T) {
	s := newSeller(t, 3, 1)
	for _, tt := range []struct {
		name, term string
		date       time.Time
		want       string // number, date, due date
	}{
		{"forced date", "30_days", saleDate, "INV/2026/00001 2026-03-10 2026-04-09"},
		{"late in the evening, UTC", "15_days", time.Date(2025, 12, 31, 23, 59, 0, 0, time.UTC), "INV/2025/00001 2025-12-31 2026-01-15"},
		{"another zone's day", "", time.Date(2026, 1, 1, 0, 30, 0, 0, time.FixedZone("", 3600)), "INV/2025/00002 2025-12-31 2025-12-31"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			order := s.batch(1)[0]
			order.PaymentTerm = tt.term
			s.landed(s.UpsertOrders(t.Context(), []erp.Order{order}))
			s.confirm(order.Key)
			state := s.invoice(order.Key, tt.date)
			require.Equal(t, []string{tt.want},
				s.column(`SELECT concat_ws(' ', number, date, due_date) FROM ledger.journal_entries WHERE id = $1`, state.InvoiceID))
		})
	}
	before := time.Now().UTC().Format(time.DateOnly)
	state := s.invoice(s.confirmed(1)[0], time.Time{})
	after := time.Now().UTC().Format(time.DateOnly)
	dated := s.column(`SELECT date::text FROM ledger.journal_entries WHERE id = $1`, state.InvoiceID)[0]
	require.Contains(t, []string{before, after}, dated, "without a date it is dated today")
}

// Calls that are cut off at random moments, in parallel, must neither skip a number nor give one twice.
func TestNumbersHaveNoGaps(t *testing.T) {
	const orders, callers = 40, 4
	s := newSeller(t, 10, 5)
	keys := s.confirmed(orders)
	random := rand.New(rand.NewPCG(3, 4))
	delays := make([]time.Duration, orders)
	for i := range delays {
		delays[i] = time.Duration(random.IntN(4000)) * time.Microsecond
	}
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for i := caller; i < orders; i += callers {
				ctx, cancel := context.WithTimeout(t.Context(), delays[i])
				_, _ = s.InvoiceOrder(ctx, keys[i], erp.InvoiceRequest{Date: saleDate}) // may or may not get through
				cancel()
			}
		})
	}
	group.Wait()
	for _, key := range keys {
		s.invoice(key, saleDate)
	}
	want := make([]string, orders)
	for i := range want {
		want[i] = fmt.Sprintf("INV/2026/%05d", i+1)
	}
	require.Equal(t, want, s.column(`SELECT number FROM ledger.journal_entries ORDER BY number`))
	require.Equal(t, []string{fmt.Sprint(orders)}, s.column(`SELECT last::text FROM ledger.journal_counters`))
}

func TestClosedPeriodWaitsForAPerson(t *testing.T) {
	s := newSeller(t, 3, 1)
	keys := s.confirmed(2)
	s.invoice(keys[1], saleDate)
	s.exec(`UPDATE ledger.companies SET lock_date = '2026-03-10'`)
	_, err := s.InvoiceOrder(t.Context(), keys[0], erp.InvoiceRequest{Date: saleDate})
	require.Equal(t, fault.Parked, fault.KindOf(err))
	require.Equal(t, "closed_period", fault.From(err).Code)
	_, err = s.PayOrder(t.Context(), keys[1], erp.PaymentRequest{Journal: "BNK1", Method: "manual", Date: saleDate})
	require.Equal(t, "closed_period", fault.From(err).Code)
	require.Equal(t, fault.Parked, fault.KindOf(err))
	require.Equal(t, "INV/2026/00002", s.invoice(keys[0], saleDate.AddDate(0, 0, 1)).InvoiceNumber, "the refusal took no number")
}

func TestJournals(t *testing.T) {
	s := newSeller(t, 3, 1)
	keys := s.confirmed(2)
	s.exec(`INSERT INTO ledger.journal_counters (journal_id, year, last) SELECT id, 2026, 99998 FROM ledger.journals WHERE code = 'INV'`)
	require.Equal(t, "INV/2026/99999", s.invoice(keys[0], saleDate).InvoiceNumber)
	require.Equal(t, "INV/2026/100000", s.invoice(keys[1], saleDate).InvoiceNumber, "numbers grow past five digits")
	s.exec(`UPDATE ledger.journals SET currency = 'USD' WHERE code = 'BNK1'`)
	_, err := s.PayOrder(t.Context(), keys[0], erp.PaymentRequest{Journal: "BNK1", Method: "manual"})
	require.Equal(t, fault.Invalid, fault.KindOf(err), "a journal with a currency accepts no other")
	require.Equal(t, "journal", fault.From(err).Field)
}

func TestPaymentsSayWhatTheyReferTo(t *testing.T) {
	s := newSeller(t, 3, 1)
	batch := s.batch(2)
	batch[0].TransactionID, batch[1].TransactionID = "txn_1", "txn_2"
	s.landed(s.UpsertOrders(t.Context(), batch))
	for i, memo := range []string{"", "cheque 7"} {
		s.confirm(batch[i].Key)
		s.invoice(batch[i].Key, saleDate)
		_, err := s.PayOrder(t.Context(), batch[i].Key, erp.PaymentRequest{Journal: "BNK1", Method: "manual", Memo: memo})
		require.NoError(t, err)
	}
	require.Equal(t, []string{"invoice: ", "payment: txn_1", "invoice: ", "payment: cheque 7"},
		s.column(`SELECT kind || ': ' || memo FROM ledger.journal_entries ORDER BY id`))
}

func TestWhatIsPostedStays(t *testing.T) {
	s := newSeller(t, 3, 1)
	s.invoice(s.confirmed(1)[0], saleDate)
	for name, statement := range map[string]string{
		"change an entry":     `UPDATE ledger.journal_entries SET amount = 1`,
		"remove an entry":     `DELETE FROM ledger.journal_entries`,
		"change a posting":    `UPDATE ledger.postings SET debit = debit + 1 WHERE debit > 0`,
		"remove a posting":    `DELETE FROM ledger.postings`,
		"remove all postings": `TRUNCATE ledger.postings`,
		"remove all entries":  `TRUNCATE ledger.journal_entries CASCADE`,
		"add a balanced pair": `INSERT INTO ledger.postings SELECT entry_id, 90 + n, account_id, NULL, 1 * (n % 2), 1 - n % 2 FROM ledger.postings, generate_series(1, 2) n WHERE position = 1`,
		"invoice an order again": `INSERT INTO ledger.journal_entries (kind, journal_id, number, date, order_id, partner_id, currency, amount, due_date, memo)
			SELECT kind, journal_id, 'X', date, order_id, partner_id, currency, amount, due_date, memo FROM ledger.journal_entries`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.db.ExecContext(t.Context(), statement)
			require.Error(t, err)
		})
	}
	require.Equal(t, []string{"4"}, s.column(`SELECT count(*)::text FROM ledger.postings`))
	_, err := s.db.ExecContext(t.Context(), `
		WITH entry AS (
			INSERT INTO ledger.journal_entries (kind, journal_id, number, date, order_id, partner_id, currency, amount, invoice_id, payment_method_id, memo)
			SELECT 'payment', journal_id, 'X', date, order_id, partner_id, currency, amount, id, 1, '' FROM ledger.journal_entries
			RETURNING id
		)
		INSERT INTO ledger.postings (entry_id, position, account_id, debit, credit)
		SELECT id, n, 1, 5 * (n % 2), 4 * (1 - n % 2) FROM entry, generate_series(1, 2) n`)
	require.ErrorContains(t, err, "balance")
}

package ledger_test

import (
	"database/sql"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/schema/schematest"
)

// open opens a pool as a process of Tandem does, with a limit of its own for idle transactions.
func open(t *testing.T, address, idle string) *sqlx.DB {
	t.Helper()
	connector, err := db.Connector(address + "&idle_in_transaction_session_timeout=" + idle)
	require.NoError(t, err)
	pool := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}

// TestAVanishedSessionDoesNotStopInvoicing leaves a transaction open that holds the counter of the invoices' journal, as a
// worker does whose host is lost in the middle of an invoice. Others invoice as soon as the server ends that session.
func TestAVanishedSessionDoesNotStopInvoicing(t *testing.T) {
	address := schematest.URL(t)
	s := newSellerIn(t, open(t, address, "30s"), 1, 1)
	orders := s.confirmed(2)
	s.invoice(orders[0], saleDate)
	lost, err := open(t, address, "1s").BeginTxx(t.Context(), nil)
	require.NoError(t, err)
	counters, err := lost.Exec(`UPDATE ledger.journal_counters SET last = last + 1`)
	require.NoError(t, err)
	held, err := counters.RowsAffected()
	require.NoError(t, err)
	require.NotZero(t, held)

	s.invoice(orders[1], saleDate)

	require.Error(t, lost.Commit(), "the server ended the session")
	var last, entries int
	require.NoError(t, s.db.Get(&entries, `SELECT count(*) FROM ledger.journal_entries WHERE kind = 'invoice'`))
	require.NoError(t, s.db.Get(&last, `SELECT sum(last) FROM ledger.journal_counters`))
	require.Equal(t, 2, entries)
	require.Equal(t, entries, last, "the numbers have no gap")
}

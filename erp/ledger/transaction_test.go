package ledger

import (
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/schema/schematest"
)

// TestAPanicKeepsNoTransaction panics inside a transaction, as a defect would. A transaction left open would hold its locks
// and its connection.
func TestAPanicKeepsNoTransaction(t *testing.T) {
	pool := schematest.New(t)
	pool.SetMaxOpenConns(1)
	l := Open(pool)
	require.PanicsWithValue(t, "defect", func() {
		_ = l.inTx(t.Context(), func(*sqlx.Tx) error { panic("defect") })
	})
	require.NoError(t, l.inTx(t.Context(), func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`UPDATE ledger.journal_counters SET last = last`)
		return err
	}))
}

package db

import (
	"context"
	"database/sql"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/schema/schematest"
)

func openLimited(t *testing.T, address string) *sqlx.DB {
	t.Helper()
	connector, err := Connector(address)
	require.NoError(t, err)
	pool := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}

func TestSessionsAreLimited(t *testing.T) {
	t.Parallel()
	address := schematest.URL(t)
	for name, tt := range map[string]struct{ address, idle string }{
		"by default":         {address, "30s"},
		"as the address has": {address + "&idle_in_transaction_session_timeout=5s", "5s"},
	} {
		t.Run(name, func(t *testing.T) {
			pool := openLimited(t, tt.address)
			for setting, want := range map[string]string{
				"idle_in_transaction_session_timeout": tt.idle, "lock_timeout": "30s", "statement_timeout": "2min",
			} {
				var got string
				require.NoError(t, pool.Get(&got, "SHOW "+setting))
				require.Equal(t, want, got, setting)
			}
		})
	}
}

// TestAVanishedSessionLosesItsLocks is what a worker leaves behind whose host is lost in the middle of a transaction.
func TestAVanishedSessionLosesItsLocks(t *testing.T) {
	t.Parallel()
	address := schematest.URL(t)
	lost, err := openLimited(t, address+"&idle_in_transaction_session_timeout=1s").BeginTxx(context.Background(), nil)
	require.NoError(t, err)
	_, err = lost.Exec(`LOCK TABLE tandem.order_runs`)
	require.NoError(t, err)

	_, err = openLimited(t, address).Exec(`UPDATE tandem.order_runs SET state = state`)
	require.NoError(t, err)

	_, err = lost.Exec(`SELECT 1`)
	requireKind(t, fault.Unavailable, classify(err, "going on"))
	_ = lost.Rollback() // its connection is gone
}

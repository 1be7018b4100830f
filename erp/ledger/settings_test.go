package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/ledger"
	"tandem/fault"
	"tandem/schema/schematest"
)

func TestProbeNeedsTheTables(t *testing.T) {
	_, err := ledger.Open(schematest.Empty(t)).Probe(t.Context())
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.ErrorContains(t, err, "migrations")
}

func TestProbeNeedsAWritableDatabase(t *testing.T) {
	db := schematest.New(t)
	db.SetMaxOpenConns(1)
	_, err := db.Exec(`SET default_transaction_read_only = on`)
	require.NoError(t, err)
	_, err = ledger.Open(db).Probe(t.Context())
	require.Equal(t, fault.Unauthorized, fault.KindOf(err))
}

func TestCurrenciesKnowTheirDecimals(t *testing.T) {
	db := schematest.New(t)
	for code, decimals := range map[string]int{"EUR": 2, "JPY": 0, "KWD": 3} {
		require.Equal(t, 1, count(t, db, `ledger.currencies WHERE code = $1 AND decimals = $2`, code, decimals))
	}
}

func TestTheCompanysAccountsAreOfTheRightKind(t *testing.T) {
	db := schematest.New(t)
	for column, kind := range map[string]string{
		"receivable_account_id": "receivable", "income_account_id": "income", "tax_account_id": "tax",
		"refund_tax_account_id": "tax_refund", "rounding_account_id": "rounding", "credit_account_id": "credit",
	} {
		require.Equal(t, 1, count(t, db, `ledger.companies c JOIN ledger.accounts a ON a.id = c.`+column+` WHERE a.kind = $1`, kind))
	}
}

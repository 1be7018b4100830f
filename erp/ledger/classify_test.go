package ledger

import (
	"context"
	"database/sql/driver"
	"testing"

	"github.com/lib/pq"
	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/schema/schematest"
)

func TestClassifySaysWhatMayBeDone(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		want fault.Kind
	}{
		{"deadlock", &pq.Error{Code: "40P01"}, fault.Unavailable},
		{"serialization", &pq.Error{Code: "40001"}, fault.Unavailable},
		{"lock not available", &pq.Error{Code: "55P03"}, fault.Unavailable},
		{"idle in transaction", &pq.Error{Code: "25P03"}, fault.Unavailable},
		{"statement time-out", &pq.Error{Code: "57014"}, fault.Unavailable},
		{"shutdown", &pq.Error{Code: "57P01"}, fault.Unavailable},
		{"too many connections", &pq.Error{Code: "53300"}, fault.Unavailable},
		{"no permission", &pq.Error{Code: "42501"}, fault.Unauthorized},
		{"no table", &pq.Error{Code: "42P01"}, fault.Unavailable},
		{"syntax", &pq.Error{Code: "42601"}, fault.Internal},
		{"not null", &pq.Error{Code: "23502"}, fault.Invalid},
		{"number too large", &pq.Error{Code: "22003"}, fault.Invalid},
		{"lost connection", driver.ErrBadConn, fault.Unavailable},
		{"ended context", context.Canceled, fault.Unavailable},
		{"known already", fault.New(fault.Parked, "waits"), fault.Parked},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := classify(test.err)
			require.Equal(t, test.want, fault.KindOf(err))
			require.ErrorIs(t, err, test.err)
		})
	}
	require.NoError(t, classify(nil))
}

func TestClassifyTellsNoValues(t *testing.T) {
	db := schematest.New(t)
	_, err := db.Exec(`INSERT INTO ledger.warehouses (code, name) VALUES ('', 'Ada Lovelace')`)
	require.ErrorContains(t, err, "warehouses")

	err = classify(err)

	require.Equal(t, "the record breaks the rule warehouses_code_check of the ledger", err.Error())
	require.Equal(t, "warehouses_code_check", fault.From(err).Code)
}

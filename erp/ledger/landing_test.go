package ledger

import (
	"context"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
	"tandem/schema/schematest"
)

// recorder lands tags and keeps the sizes of the batches it was given.
type recorder struct {
	sizes []int
	land  func([]*erp.Term) error
}

func (r *recorder) writer() writer[erp.Term] {
	return writer[erp.Term]{
		key:   termKey,
		check: func(*erp.Term) *landing.Refusal { return nil },
		land: func(_ context.Context, _ *sqlx.Tx, records []*erp.Term) ([]erp.Outcome, error) {
			r.sizes = append(r.sizes, len(records))
			outcomes := make([]erp.Outcome, len(records))
			for i, record := range records {
				outcomes[i] = erp.Outcome{Key: record.Key, Status: erp.Created}
			}
			return outcomes, r.land(records)
		},
	}
}

func tag(id string) erp.Term {
	return erp.Term{Key: erp.Key{Instance: "demo", Entity: "tag", ID: id}, Kind: erp.Tag, Name: "Tag"}
}

func TestABadRecordIsFoundByHalves(t *testing.T) {
	l := Open(schematest.New(t))
	r := &recorder{land: func(records []*erp.Term) error {
		for _, record := range records {
			if record.Key.ID == "3" {
				return fault.New(fault.Invalid, "no such thing")
			}
		}
		return nil
	}}

	outcomes, err := r.writer().upsert(t.Context(), l, []erp.Term{tag("1"), tag("2"), tag("3"), tag("4")})

	require.NoError(t, err)
	require.Equal(t, []int{4, 2, 2, 1, 1}, r.sizes)
	require.Equal(t, erp.Failed, outcomes[2].Status)
	require.Equal(t, "no such thing", outcomes[2].Reason)
	for _, i := range []int{0, 1, 3} {
		require.Equal(t, erp.Created, outcomes[i].Status)
	}
}

func TestOtherErrorsEndTheBatch(t *testing.T) {
	l := Open(schematest.New(t))
	r := &recorder{land: func([]*erp.Term) error { return errors.New("connection reset") }}

	outcomes, err := r.writer().upsert(t.Context(), l, []erp.Term{tag("1"), tag("2")})

	require.Nil(t, outcomes)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.Equal(t, []int{2}, r.sizes, "it is not tried by halves")
}

func TestABatchWithoutGoodRecordsOpensNoTransaction(t *testing.T) {
	db := schematest.New(t)
	require.NoError(t, db.Close())

	outcomes, err := Open(db).UpsertTerms(t.Context(), []erp.Term{{Kind: erp.Tag}})

	require.NoError(t, err)
	require.Equal(t, erp.Failed, outcomes[0].Status)
	require.Equal(t, "invalid_key", outcomes[0].Code)
	db2, err := Open(db).UpsertTerms(t.Context(), []erp.Term{tag("1")})
	require.Nil(t, db2)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.True(t, fault.Retryable(err))
}

package schema_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/schema"
	"tandem/schema/schematest"
)

func TestMain(m *testing.M) { schematest.Main(m) }

func TestApplyBringsAnEmptyDatabaseUpToDate(t *testing.T) {
	db, ctx := schematest.Empty(t), t.Context()

	pending, err := schema.Pending(ctx, db.DB)
	require.NoError(t, err)
	require.Contains(t, pending, "ledger/0001_base.sql")

	applied, err := schema.Apply(ctx, db.DB)
	require.NoError(t, err)
	require.Equal(t, pending, applied)

	pending, err = schema.Pending(ctx, db.DB)
	require.NoError(t, err)
	require.Empty(t, pending)

	applied, err = schema.Apply(ctx, db.DB)
	require.NoError(t, err)
	require.Empty(t, applied, "the second time there is nothing to do")
}

func TestPendingWritesNothing(t *testing.T) {
	db := schematest.Empty(t)

	_, err := schema.Pending(t.Context(), db.DB)
	require.NoError(t, err)

	var schemas int
	require.NoError(t, db.Get(&schemas, `SELECT count(*) FROM pg_namespace WHERE nspname IN ('ledger', 'tandem')`))
	require.Zero(t, schemas)
}

func TestApplyKeepsToItsSchemas(t *testing.T) {
	db := schematest.New(t)

	var strays []string
	require.NoError(t, db.Select(&strays, `
		SELECT schemaname || '.' || tablename FROM pg_tables
		WHERE schemaname NOT IN ('ledger', 'tandem', 'pg_catalog', 'information_schema')`))
	require.Empty(t, strays)
}

func TestApplyInParallelAppliesEachFileOnce(t *testing.T) {
	db := schematest.Empty(t)
	applied := make([][]string, 2)
	errs := make([]error, len(applied))

	var group sync.WaitGroup
	for i := range applied {
		group.Go(func() { applied[i], errs[i] = schema.Apply(t.Context(), db.DB) })
	}
	group.Wait()

	seen := map[string]int{}
	for i := range applied {
		require.NoError(t, errs[i])
		for _, name := range applied[i] {
			seen[name]++
		}
	}
	require.Contains(t, seen, "ledger/0001_base.sql")
	for name, times := range seen {
		require.Equal(t, 1, times, name)
	}
}

func TestApplyWithOneConnection(t *testing.T) {
	db := schematest.Empty(t)
	db.SetMaxOpenConns(1)

	_, err := schema.Apply(t.Context(), db.DB)

	require.NoError(t, err, "the lock must not wait for a connection that the lock itself holds")
}

func TestErrorsAreClassified(t *testing.T) {
	db := schematest.Empty(t)
	require.NoError(t, db.Close())

	_, err := schema.Apply(t.Context(), db.DB)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))

	_, err = schema.Pending(t.Context(), db.DB)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

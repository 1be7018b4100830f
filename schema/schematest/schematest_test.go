package schematest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/schema"
	"tandem/schema/schematest"
)

func TestMain(m *testing.M) { schematest.Main(m) }

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	one, two := schematest.New(t), schematest.New(t)

	_, err := one.Exec(`INSERT INTO ledger.sales_teams (code, name) VALUES ('own', 'Own')`)
	require.NoError(t, err)

	var found int
	require.NoError(t, two.Get(&found, `SELECT count(*) FROM ledger.sales_teams WHERE code = 'own'`))
	require.Zero(t, found)
}

func TestDatabasesAreMigratedUnlessEmptyIsAskedFor(t *testing.T) {
	pending, err := schema.Pending(t.Context(), schematest.New(t).DB)
	require.NoError(t, err)
	require.Empty(t, pending)

	pending, err = schema.Pending(t.Context(), schematest.Empty(t).DB)
	require.NoError(t, err)
	require.NotEmpty(t, pending)
}

func TestDatabasesAreDroppedAtTheEnd(t *testing.T) {
	var name string
	t.Run("inner", func(t *testing.T) {
		require.NoError(t, schematest.New(t).Get(&name, `SELECT current_database()`))
	})
	var left int
	require.NoError(t, schematest.New(t).Get(&left, `SELECT count(*) FROM pg_database WHERE datname = $1`, name))
	require.Zero(t, left)
}

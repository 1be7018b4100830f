package ledger_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/schema/schematest"
)

// versions names the exact row versions of every table of the ledger: rewriting a row with what it holds changes them.
func versions(t *testing.T, db *sqlx.DB) map[string]string {
	t.Helper()
	var tables []string
	require.NoError(t, db.Select(&tables, `SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'`))
	found := make(map[string]string, len(tables))
	for _, table := range tables {
		var version string
		require.NoError(t, db.Get(&version, fmt.Sprintf(
			`SELECT coalesce(md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)), '') FROM ledger.%s`, table)))
		found[table] = version
	}
	return found
}

func TestUnchangedWritesNothing(t *testing.T) {
	db, backend := stocked(t)
	terms, lists := benchTerms(), benchPriceLists()
	guest := benchPartner(2)
	guest.KeepExisting = true
	for name, land := range map[string]func() ([]erp.Outcome, error){
		"terms":       func() ([]erp.Outcome, error) { return backend.UpsertTerms(t.Context(), terms) },
		"price lists": func() ([]erp.Outcome, error) { return backend.UpsertPriceLists(t.Context(), lists) },
		"products": func() ([]erp.Outcome, error) {
			return backend.UpsertProducts(t.Context(), []erp.Product{benchProduct(1, terms, lists), benchProduct(2, terms, lists)})
		},
		"partners": func() ([]erp.Outcome, error) {
			return backend.UpsertPartners(t.Context(), []erp.Partner{benchPartner(1), guest})
		},
		"taxes": func() ([]erp.Outcome, error) {
			return backend.UpsertTaxes(t.Context(), []erp.Tax{{Key: benchKey("tax", 1), Name: "VAT"}})
		},
		"coupons": func() ([]erp.Outcome, error) {
			return backend.UpsertCoupons(t.Context(), []erp.Coupon{{Key: benchKey("coupon", 1), Code: "ten"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := land()
			require.NoError(t, err)
			before := versions(t, db)

			outcomes, err := land()

			require.NoError(t, err)
			for _, outcome := range outcomes {
				require.Equal(t, erp.Unchanged, outcome.Status)
			}
			require.Equal(t, before, versions(t, db))
		})
	}
}

func TestParkedWritesNothing(t *testing.T) {
	db := schematest.New(t)
	before := versions(t, db)

	outcomes, err := ledger.Open(db).UpsertProducts(t.Context(), []erp.Product{benchProduct(1, benchTerms(), benchPriceLists())})

	require.NoError(t, err)
	require.Equal(t, erp.Parked, outcomes[0].Status)
	require.Equal(t, before, versions(t, db))
}

// Batches that share records in opposite orders would deadlock if each locked them in its own order.
func TestOppositeBatchesNeedNoRepeat(t *testing.T) {
	_, backend := stocked(t)
	terms, lists := benchTerms(), benchPriceLists()
	const rounds, size = 10, 20
	errs := make([]error, 4)
	var group sync.WaitGroup
	for worker := range errs {
		group.Go(func() {
			for round := 0; round < rounds && errs[worker] == nil; round++ {
				partners, products := make([]erp.Partner, size), make([]erp.Product, size)
				for i := range size {
					partners[i], products[i] = benchPartner(i), benchProduct(i, terms, lists)
					partners[i].Name, products[i].Name = fmt.Sprint(worker, round), fmt.Sprint(worker, round)
				}
				if worker%2 == 1 {
					slices.Reverse(partners)
					slices.Reverse(products)
				}
				if _, errs[worker] = backend.UpsertPartners(t.Context(), partners); errs[worker] == nil {
					_, errs[worker] = backend.UpsertProducts(t.Context(), products)
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

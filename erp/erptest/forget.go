package erptest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// forgottenRecords are written once more, and then are unchanged again.
func forgottenRecords(t *testing.T, s shop) {
	reader := readerOf(t, s)
	simple, _ := s.sellable(t)
	land(t, s, putProducts, []erp.Product{simple}, erp.Created)
	land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Created)
	keys := []erp.Key{simple.Key, s.customer(1).Key, s.customer(1).Addresses[0].Key, s.category(1).Key, s.key("category", 99)}
	require.NoError(t, reader.Forget(t.Context(), keys))
	for _, status := range []erp.Status{erp.Updated, erp.Unchanged} {
		land(t, s, putProducts, []erp.Product{simple}, status)
		land(t, s, putPartners, []erp.Partner{s.customer(1)}, status)
		land(t, s, putTerms, []erp.Term{s.category(1), s.category(2)}, status, erp.Unchanged)
	}
	require.NoError(t, reader.Forget(t.Context(), nil))
}

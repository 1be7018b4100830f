package budget

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAServerHasOneBudget(t *testing.T) {
	var r Registry
	fresh := func() *Budget { return New(Options{}) }
	erp := r.Get("https://erp.example.com", fresh)
	require.Same(t, erp, r.Get("https://erp.example.com", fresh))
	require.NotSame(t, erp, r.Get("https://other.example.com", fresh))
	use(t, erp, 3, Answer{})
	require.EqualValues(t, 3, r.Stats()["https://erp.example.com"].Requests)
	require.Len(t, r.Stats(), 2)
}

func TestWithoutARegistryNothingIsShared(t *testing.T) {
	var none *Registry
	fresh := func() *Budget { return New(Options{}) }
	require.NotSame(t, none.Get("a", fresh), none.Get("a", fresh))
	require.Empty(t, none.Stats())
}

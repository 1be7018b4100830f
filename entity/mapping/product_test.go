package mapping_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

func TestKindsOfPlugins(t *testing.T) {
	for kind, want := range map[string]erp.ProductKind{
		"subscription": erp.Simple, "bundle": erp.Simple, "booking": erp.Simple, "": erp.Simple, "variable": erp.Variable,
	} {
		require.Equal(t, want, mapping.Product{Product: woo.Product{Type: kind}}.Kind(), kind)
	}
	require.Equal(t, erp.Variable, mapping.Product{Product: woo.Product{Type: "variable-subscription", Variations: []woo.ID{1}}}.Kind())
}

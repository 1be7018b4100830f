package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestWhereTermsAreKept(t *testing.T) {
	for _, c := range []struct {
		version string
		kind    erp.TermKind
		model   string
	}{
		{"14.0", erp.Category, "product.category"},
		{"14.0", erp.Tag, termModel},
		{"16.0", erp.Tag, "product.tag"},
		{"19.0", erp.Brand, "product.tag"},
		{"15.0", erp.Brand, termModel},
		{"19.0", erp.Attribute, "product.attribute"},
		{"19.0", erp.ShippingClass, termModel},
	} {
		require.Equal(t, c.model, termHome(at(t, c.version), c.kind), "%s in %s", c.kind, c.version)
	}
}

package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

func at(t *testing.T, version string) release {
	t.Helper()
	r, err := releaseOf(version)
	require.NoError(t, err)
	return r
}

func TestVersionsAreRead(t *testing.T) {
	for version, major := range map[string]int{"14.0": 14, "17.0+e": 17, "saas~18.2": 18, "19.0": 19, "19.0-20260101": 19, "21.0": 21} {
		require.Equal(t, major, at(t, version).major, version)
	}
	for _, version := range []string{"13.0", "", "master"} {
		_, err := releaseOf(version)
		require.Equal(t, fault.Unsupported, fault.KindOf(err), version)
	}
	require.False(t, at(t, "19.0").unknown())
	require.True(t, at(t, "20.0").unknown())
}

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
		require.Equal(t, c.model, at(t, c.version).termHome(c.kind), "%s in %s", c.kind, c.version)
	}
}

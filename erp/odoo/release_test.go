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
	require.False(t, at(t, "18.0").json2)
	require.True(t, at(t, "19.0").json2)
	require.False(t, at(t, "19.0").unknown())
	require.True(t, at(t, "20.0").unknown())
}

// rows checks a version table: what holds in each version from 14 on, and the newest for one that is unknown.
func rows[T any](t *testing.T, table []since[T], want ...T) {
	t.Helper()
	require.Len(t, want, 6)
	for i, version := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		require.Equal(t, want[i], pick(at(t, version), table), version)
	}
	require.Equal(t, want[5], pick(at(t, "23.0"), table), "newer than any that is known")
}

func TestVersionTables(t *testing.T) {
	rows(t, lineTaxes, "tax_id", "tax_id", "tax_id", "tax_id", "tax_id", "tax_ids")
	rows(t, taxLabels, "description", "description", "description", "invoice_label", "invoice_label", "invoice_label")
	rows(t, taxBases, "", "is_base_affected", "is_base_affected", "is_base_affected", "is_base_affected", "is_base_affected")
	rows(t, accountKinds, "user_type_id", "user_type_id", "account_type", "account_type", "account_type", "account_type")
	rows(t, accountCompanies, "company_id", "company_id", "company_id", "company_id", "company_ids", "company_ids")
	rows(t, tagModels, "", "", "product.tag", "product.tag", "product.tag", "product.tag")
	rows(t, couponModels, "coupon.program", "coupon.program", "loyalty.program", "loyalty.program", "loyalty.program", "loyalty.program")
	rows(t, couponModules, "sale_coupon", "sale_coupon", "sale_loyalty", "sale_loyalty", "sale_loyalty", "sale_loyalty")
	rows(t, methodLines, false, true, true, true, true, true)
	rows(t, wizardOrders, false, false, true, true, true, true)
	rows(t, consolidates, false, false, false, true, true, true)
	rows(t, accessMethods, "check_access_rights", "check_access_rights", "check_access_rights", "check_access_rights", "has_access", "has_access")
	rows(t, storableFlags, "", "", "", "", "is_storable", "is_storable")
	const later = "inventory_quantity_auto_apply"
	rows(t, countFields, "inventory_quantity", later, later, later, later, later)
	old, marked := doneQuantity{"quantity_done", false}, doneQuantity{"quantity", true}
	rows(t, doneQuantities, old, old, old, marked, marked, marked)
	include, override := taxInclude{"price_include", "1", "0"}, taxInclude{"price_include_override", "tax_included", "tax_excluded"}
	rows(t, taxIncludes, include, include, include, include, override, override)
	apart, together := taxAccount{"invoice_tax_id", "refund_tax_id"}, taxAccount{"tax_id", "tax_id"}
	rows(t, taxAccounts, apart, apart, apart, together, together, together)
}

func TestStorableGoods(t *testing.T) {
	for version, want := range map[string][][]string{
		"14.0": {{"type"}, {"product"}, {"consu"}, {"service"}},
		"17.0": {{"detailed_type"}, {"product"}, {"consu"}, {"service"}},
		"18.0": {{"type", "is_storable"}, {"consu", "1"}, {"consu", "0"}, {"service", "0"}},
	} {
		kind := pick(at(t, version), storables)
		require.Equal(t, want, [][]string{kind.columns, kind.counted, kind.uncounted, kind.service}, version)
	}
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

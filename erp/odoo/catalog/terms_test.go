package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
)

func TestWhereTermsAreKept(t *testing.T) {
	for _, c := range []struct {
		version string
		kind    erp.TermKind
		model   string
	}{
		{"14.0", erp.Category, "product.category"},
		{"14.0", erp.Tag, record.TermModel},
		{"16.0", erp.Tag, "product.tag"},
		{"19.0", erp.Brand, "product.tag"},
		{"15.0", erp.Brand, record.TermModel},
		{"19.0", erp.Attribute, "product.attribute"},
		{"19.0", erp.ShippingClass, record.TermModel},
	} {
		require.Equal(t, c.model, TermModelOf(at(t, c.version), c.kind), "%s in %s", c.kind, c.version)
	}
}

func TestValuesGetNamesOfTheirOwn(t *testing.T) {
	value := func(id, name string) *record.Draft[erp.Term] {
		key := erp.Key{Instance: "demo", Entity: "attribute_value", ID: id}
		return draftOf(&erp.Term{Key: key, Name: name}, key)
	}
	red, scarlet, again, taken, kept := value("1", "Red"), value("2", "Scarlet"), value("3", "Red"), value("4", "Blue"), value("5", "Green")
	values := []*record.Draft[erp.Term]{red, scarlet, again, taken, kept}
	held := map[erp.Key]int64{kept.Key: 95}
	there := map[valueRef]int64{{8, "Scarlet"}: 92, {8, "Blue"}: 95, {8, "Green"}: 99}

	names, adopted := nameValues(values, []int64{8, 8, 8, 8, 8}, held, there)

	require.Equal(t, map[erp.Key]string{red.Key: "Red", scarlet.Key: "Scarlet", again.Key: "Red (3)", taken.Key: "Blue (4)",
		kept.Key: "Green (5)"}, names)
	require.Equal(t, map[string]int64{record.ExternalName(scarlet.Key): 92}, adopted, "a name that is free to take is taken over")
}

package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/woo"
)

func TestSalePricesThatLand(t *testing.T) {
	day := func(text string) woo.Time {
		var at woo.Time
		require.NoError(t, at.UnmarshalJSON([]byte(`"`+text+`"`)))
		return at
	}
	for name, test := range map[string]struct {
		regular, sale string
		from, until   string
		amounts       []string // of the entries that land
		note          string
	}{
		"a sale":                       {"10", "8", "2026-04-01", "2026-05-01", []string{"10", "8"}, ""},
		"a sale of one day":            {"10", "8", "2026-04-01", "2026-04-01", []string{"10", "8"}, ""},
		"without an end":               {"10", "8", "2026-04-01", "", []string{"10", "8"}, ""},
		"ends before it begins":        {"10", "8", "2026-05-01", "2026-04-01", []string{"10"}, "ends before it begins"},
		"a date that is none":          {"10", "8", "20265-05-01", "", []string{"10"}, "not a date"},
		"an end that is none":          {"10", "8", "", "never", []string{"10"}, "not a date"},
		"a zero date":                  {"10", "8", "0000-00-00", "-0001-11-30T00:00:00", []string{"10", "8"}, ""},
		"as dear as the regular price": {"10", "10", "", "", []string{"10"}, "not below"},
		"dearer":                       {"10", "12", "", "", []string{"10"}, "not below"},
		"negative":                     {"10", "-1", "", "", []string{"10"}, "negative"},
		"free":                         {"10", "0", "", "", []string{"10", "0"}, ""},
		"without a regular price":      {"", "8", "", "", []string{"8"}, ""},
		"a negative regular price":     {"-10", "", "", "", nil, "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			p := productRecord{Product: mapping.Product{Product: woo.Product{ID: 5, Type: "simple"}}}
			if test.regular != "" {
				p.RegularPrice = entitytest.Some(test.regular)
			}
			if test.sale != "" {
				p.SalePrice = entitytest.Some(test.sale)
			}
			p.OnSaleFrom, p.OnSaleTo = day(test.from), day(test.until)
			plan, err := planProduct(entitytest.Demo(), p)
			require.NoError(t, err)
			var amounts []string
			for _, price := range plan.product.Variants[0].Prices {
				amounts = append(amounts, price.Amount.String())
			}
			require.Equal(t, test.amounts, amounts)
			require.Equal(t, test.note == "", len(plan.notes) == 0, plan.notes)
			if test.note != "" {
				require.Contains(t, plan.notes[0], test.note)
				require.Contains(t, plan.notes[0], "5")
			}

			variation := woo.Variation{ID: 51, RegularPrice: p.RegularPrice, SalePrice: p.SalePrice, OnSaleFrom: p.OnSaleFrom, OnSaleTo: p.OnSaleTo}
			plan, err = planProduct(entitytest.Demo(), productRecord{Product: mapping.Product{Product: woo.Product{ID: 5, Type: "variable"}, VariationRecords: []woo.Variation{variation}}})
			require.NoError(t, err)
			require.Len(t, plan.product.Variants[0].Prices, len(test.amounts))
			require.Equal(t, test.note == "", len(plan.notes) == 0)
		})
	}
}

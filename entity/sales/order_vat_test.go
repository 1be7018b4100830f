package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/woo"
)

// TestVATNumberOfAnOrder: the number goes to the contact that the order makes, and stays on the order (U11).
func TestVATNumberOfAnOrder(t *testing.T) {
	for name, c := range map[string]struct {
		meta          []woo.Meta
		number, given string
		note          string
	}{
		"none": {},
		"EU VAT Number": {
			meta: []woo.Meta{entitytest.Meta("_billing_vat_number", `"DE 136695976"`), entitytest.Meta("_vat_number_is_valid", `"true"`),
				entitytest.Meta("is_vat_exempt", `"yes"`)},
			number: "DE136695976", note: "VAT number of the buyer: DE136695976; the store found the number to be valid; exempt from tax in the store",
		},
		"of the buyer's country":  {meta: []woo.Meta{entitytest.Meta("_billing_eu_vat_number", `"40303265045"`)}, number: "FR40303265045", note: "VAT number of the buyer: FR40303265045"},
		"not valid":               {meta: []woo.Meta{entitytest.Meta("_vat_number", `"none"`)}, given: "none", note: "VAT number of the buyer, not valid: none"},
		"exempt without a number": {meta: []woo.Meta{entitytest.Meta("is_vat_exempt", `"yes"`)}, note: "exempt from tax in the store"},
		"not exempt":              {meta: []woo.Meta{entitytest.Meta("is_vat_exempt", `"no"`)}},
	} {
		t.Run(name, func(t *testing.T) {
			o := entitytest.RecordedOrder(t, "order_guest_get_dp6")
			o.MetaData = c.meta
			o.Billing.Country = "FR"
			for _, account := range []woo.ID{0, 7} {
				o.CustomerID = account
				plan, err := planOrder(entitytest.Demo(), orderRecord{Order: o})
				require.NoError(t, err)
				require.Equal(t, c.number, plan.partner.TaxID)
				require.Equal(t, c.given, plan.partner.InvalidTaxID)
				if c.note == "" {
					require.Empty(t, plan.order.Notes)
					continue
				}
				require.Len(t, plan.order.Notes, 1)
				require.Equal(t, c.note, plan.order.Notes[0].Text)
				require.NotZero(t, plan.order.Notes[0].At)
			}
		})
	}
}

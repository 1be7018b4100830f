package entity

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/woo"
)

func TestMapRecordedTaxes(t *testing.T) {
	ec := entitytest.Demo()
	ec.Instance.Store.PricesIncludeTax = true
	ec.Instance.Config.Tax.InvoiceAccount, ec.Instance.Config.Tax.CreditNoteAccount = "4457", "4458"
	rate, err := woo.Decode[woo.TaxRate](entitytest.RecordedList(t, "taxes_list")[1])
	require.NoError(t, err)
	mapped, err := mapTax(ec, rate)
	require.NoError(t, err)
	entitytest.RequireAmount(t, "5.5", mapped.Rate)
	mapped.Rate = rate.Rate.Decimal
	require.Equal(t, erp.Tax{
		Key: entitytest.Key("tax", "2@5.5-FR"), Name: "TVA 5.5", Rate: rate.Rate.Decimal, Country: "FR", Class: "reduced-rate",
		Postcodes: rate.Postcodes, Cities: rate.Cities, Priority: 1, Shipping: true, PriceInclude: true,
		Account: "4457", RefundAccount: "4458",
	}, mapped)
}

func TestTaxWithoutNameOrClass(t *testing.T) {
	mapped, err := mapTax(entitytest.Demo(), woo.TaxRate{ID: 3, Country: "DE", State: "DE-BE", Rate: entitytest.Some("19")})
	require.NoError(t, err)
	require.Equal(t, "DE 19 %", mapped.Name)
	require.Equal(t, "BE", mapped.State)
	require.Equal(t, "standard", mapped.Class)
}

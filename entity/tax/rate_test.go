package tax

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
	mapped, err := mapRate(ec, rate)
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
	mapped, err := mapRate(entitytest.Demo(), woo.TaxRate{ID: 3, Country: "DE", State: "DE-BE", Rate: entitytest.Some("19")})
	require.NoError(t, err)
	require.Equal(t, "DE 19 %", mapped.Name)
	require.Equal(t, "BE", mapped.State)
	require.Equal(t, "standard", mapped.Class)
}

func TestMapTaxClass(t *testing.T) {
	taxed, err := woo.Decode[woo.TaxClass](entitytest.RecordedList(t, "tax_classes")[1])
	require.NoError(t, err)
	term, err := mapClass(entitytest.Demo(), taxed)
	require.NoError(t, err)
	require.Equal(t, erp.Term{
		Key: entitytest.Key("tax_class", "reduced-rate"), Kind: erp.TaxClass, Name: "Reduced rate", Code: "reduced-rate", Active: true,
	}, term)
}

func TestLandRates(t *testing.T) {
	stub := &entitytest.Ledger{}
	ec := entitytest.Demo()
	ec.Backend = stub
	results, err := entitytest.Land(t.Context(), ec, Rates, entitytest.PageOf(Rates, woo.TaxRate{ID: 1}))
	require.NoError(t, err)
	require.Equal(t, erp.Created, results[0].Status)
	require.Equal(t, []string{"taxes 1"}, stub.Calls)
}

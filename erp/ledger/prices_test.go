package ledger_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/schema/schematest"
)

// Two shops may fill one price list once it was mapped by hand. Each is shown its own prices, under its own keys.
func TestPricesAreThoseOfOneInstance(t *testing.T) {
	backend := ledger.Open(schematest.New(t))
	mine, theirs := erp.Key{Instance: "mine", Entity: "price_list", ID: "regular-EUR"}, erp.Key{Instance: "theirs", Entity: "price_list", ID: "regular-EUR"}
	lists, err := backend.UpsertPriceLists(t.Context(), []erp.PriceList{{Key: mine, Name: "Regular", Kind: erp.Regular, Currency: "EUR"}})
	require.NoError(t, err)
	require.NoError(t, backend.Adopt(t.Context(), theirs, lists[0].ID))
	for _, list := range []erp.Key{mine, theirs} {
		key := erp.Key{Instance: list.Instance, Entity: "product", ID: "7"}
		outcome := landProduct(t, backend, erp.Product{
			Key: key, Kind: erp.Simple, Name: "Product", Status: "publish",
			Variants: []erp.Variant{{Key: key, Active: true, Prices: []erp.Price{{List: list, Amount: decimal.NewFromInt(5)}}}},
		})
		require.Equal(t, erp.Created, outcome.Status, outcome.Reason)
	}
	for _, list := range []erp.Key{mine, theirs} {
		page, next, err := backend.Prices(t.Context(), list, "", 10)
		require.NoError(t, err)
		require.Empty(t, next)
		require.Len(t, page, 1)
		require.Equal(t, erp.Key{Instance: list.Instance, Entity: "product", ID: "7"}, page[0].Variant)
	}
}

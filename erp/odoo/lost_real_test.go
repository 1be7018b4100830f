//go:build odoo

package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// What the store takes away from a product goes in Odoo too. What a person gave it there stays.
func TestProductsLoseWhatTheStoreTakesAway(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		category := erp.Term{Key: sale.product.Key, Kind: erp.Category, Name: "Mugs", Active: true}
		category.Key.Entity = "category"
		list := erp.PriceList{Key: sale.product.Key, Kind: erp.Regular, Currency: "EUR", Name: "Regular " + sale.product.Key.Instance}
		list.Key.Entity, list.Key.ID = "price_list", "regular-EUR"
		for _, land := range []func() ([]erp.Outcome, error){
			func() ([]erp.Outcome, error) { return b.UpsertTerms(t.Context(), []erp.Term{category}) },
			func() ([]erp.Outcome, error) { return b.UpsertPriceLists(t.Context(), []erp.PriceList{list}) },
		} {
			outcomes := again(t, land)
			require.True(t, outcomes[0].Landed(), "%v", outcomes)
		}
		mug := sale.product
		put := func(categories []erp.Key, prices []erp.Price) anyRow {
			mug.Categories = categories
			mug.Variants = []erp.Variant{{Key: mug.Key, Active: true, TrackStock: true, Prices: prices}}
			outcome := again(t, func() ([]erp.Outcome, error) { return b.UpsertProducts(t.Context(), []erp.Product{mug}) })[0]
			require.True(t, outcome.Landed(), "%v", outcome)
			return readBack(t, b, "product.template", []any{rpc.Where("id", "=", rpc.ParseID(outcome.ID))}, "list_price", "categ_id")
		}
		usual := put(nil, nil)["categ_id"]
		full := put([]erp.Key{category.Key}, []erp.Price{{List: list.Key, Amount: dec("65.5")}})
		require.Equal(t, "65.5", number(t, full["list_price"]))
		require.NotEqual(t, usual, full["categ_id"])
		kept := put([]erp.Key{category.Key}, nil)
		require.Equal(t, "65.5", number(t, kept["list_price"]), "prices are not imported any more")
		bare := put(nil, []erp.Price{})
		require.Equal(t, "0", number(t, bare["list_price"]))
		require.NotEqual(t, full["categ_id"], bare["categ_id"])

		own, err := b.rpc.Create(t.Context(), "product.category", []map[string]any{{"name": "By hand"}})
		require.NoError(t, err)
		ids, err := b.records.IDsOf(t.Context(), "product.template", []erp.Key{mug.Key}, record.TemplateName)
		require.NoError(t, err)
		require.NoError(t, b.rpc.Write(t.Context(), "product.template", []int64{ids[mug.Key]}, map[string]any{"categ_id": own[0], "list_price": 7}))
		mug.Name = "Other mug"
		byHand := put(nil, []erp.Price{})
		require.Equal(t, "7", number(t, byHand["list_price"]))
		require.Contains(t, byHand["categ_id"], "By hand")
	})
}

func TestAddressesKeepTheirCompany(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		for _, company := range []string{"Lee & Sons", "Lee Ltd", ""} {
			buyer := sale.partner
			buyer.Addresses = []erp.Address{sale.partner.Addresses[0]}
			buyer.Addresses[0].Company = company
			for _, status := range []erp.Status{erp.Updated, erp.Unchanged} {
				outcome := again(t, func() ([]erp.Outcome, error) { return b.UpsertPartners(t.Context(), []erp.Partner{buyer}) })[0]
				require.Equal(t, status, outcome.Status, "%v", outcome)
			}
			ids, err := b.records.IDsOf(t.Context(), "res.partner", []erp.Key{buyer.Addresses[0].Key}, record.ExternalName)
			require.NoError(t, err)
			read := readBack(t, b, "res.partner", []any{rpc.Where("id", "=", ids[buyer.Addresses[0].Key])}, "company_name", "street")
			want := any(company)
			if company == "" {
				want = false
			}
			require.Equal(t, want, read["company_name"])
			require.Equal(t, "1 Main Street", read["street"])
		}
	})
}

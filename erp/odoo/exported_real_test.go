//go:build odoo

package odoo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// feed reads what changed of products from a cursor on, and gives it by id with the next one.
func feed(t *testing.T, b *Backend, instance, after string) (map[string]erp.Product, string) {
	t.Helper()
	products := map[string]erp.Product{}
	for {
		page, err := b.ListProducts(t.Context(), erp.RecordQuery{Instance: instance, After: after, Limit: 500})
		require.NoError(t, err)
		for _, held := range page.Records {
			products[held.ID] = held.Record
		}
		if after = page.Next; page.Done {
			return products, after
		}
	}
}

// What a person makes in Odoo is exported as a draft at its sales price, once it is for sale; what stands for lines of orders never is.
func TestProductsMadeInOdooAreListed(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		instance := sale.product.Key.Instance
		ids, err := b.rpc.Create(t.Context(), "product.template", []map[string]any{
			{"name": "Made by hand", "default_code": instance, "list_price": 12.5, "sale_ok": true, "weight": 0.5},
			{"name": "Not for sale", "sale_ok": false},
		})
		require.NoError(t, err)
		products, _ := feed(t, b, instance, "")
		made, ok := products[rpc.FormatID(ids[0])]
		require.True(t, ok)
		require.Equal(t, erp.PendingKey(instance, "product", rpc.FormatID(ids[0])), made.Key)
		require.Equal(t, []any{"Made by hand", instance, "draft", erp.Simple, "0.5", "12.5"},
			[]any{made.Name, made.SKU, made.Status, made.Kind, made.Measures.Weight.String(), made.Variants[0].Prices[0].Amount.String()})
		require.NotContains(t, products, rpc.FormatID(ids[1]))
		for _, p := range products {
			require.NotContains(t, []string{"Shipping", "Fee", "Rounding"}, p.Name)
		}

		stored := made
		stored.Key.ID = "4711"
		stored.Variants = []erp.Variant{made.Variants[0]}
		stored.Variants[0].Key, stored.Status, stored.Slug = stored.Key, "publish", "made-by-hand"
		list := erp.PriceList{Key: stored.Variants[0].Prices[0].List, Name: instance, Kind: erp.Regular, Currency: "EUR"}
		again(t, func() ([]erp.Outcome, error) { return b.UpsertPriceLists(t.Context(), []erp.PriceList{list}) })
		require.NoError(t, b.AdoptProducts(t.Context(), []erp.Adoption[erp.Product]{{ID: rpc.FormatID(ids[0]), Record: stored}}))
		outcomes, err := b.UpsertProducts(t.Context(), []erp.Product{stored})
		require.NoError(t, err)
		require.Equal(t, erp.Unchanged, outcomes[0].Status, outcomes[0].Reason)
		stored.Name = "Renamed in the store"
		outcomes, err = b.UpsertProducts(t.Context(), []erp.Product{stored})
		require.NoError(t, err)
		require.Equal(t, []any{erp.Updated, rpc.FormatID(ids[0])}, []any{outcomes[0].Status, outcomes[0].ID}, outcomes[0].Reason)
		variants, err := rpc.Search[rpc.Row](t.Context(), b.rpc, "product.product", []any{rpc.Where("product_tmpl_id", "=", ids[0])}, "id")
		require.NoError(t, err)
		require.Len(t, variants, 1, "the variant that is there is the store's")
	})
}

// fromNow gives a cursor after which only what changes from now on is told, with the trace that another one keeps.
func fromNow(cursor string) string {
	time.Sleep(1100 * time.Millisecond) // Odoo tells changes by the second
	return fmt.Sprintf("%d-0-0-%s", time.Now().Unix(), strings.SplitN(cursor, "-", 4)[3])
}

// A change of a variant or of a price writes no date on the template, a deleted price none at all; all are told.
func TestChangesOfProductsAreTold(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		instance := sale.product.Key.Instance
		list := erp.PriceList{Key: erp.Key{Instance: instance, Entity: "price_list", ID: "regular-EUR"}, Name: instance, Kind: erp.Regular, Currency: "EUR"}
		again(t, func() ([]erp.Outcome, error) { return b.UpsertPriceLists(t.Context(), []erp.PriceList{list}) })
		sale.product.Variants[0].Prices = []erp.Price{{List: list.Key, Amount: dec("20")}}
		id := again(t, func() ([]erp.Outcome, error) { return b.UpsertProducts(t.Context(), []erp.Product{sale.product}) })[0].ID
		_, cursor := feed(t, b, instance, "")
		told := func(change func()) (erp.Product, bool) {
			from := fromNow(cursor)
			before, _ := feed(t, b, instance, from)
			require.NotContains(t, before, id, "nothing has changed")
			change()
			var products map[string]erp.Product
			products, cursor = feed(t, b, instance, from)
			product, ok := products[id]
			return product, ok
		}
		only := func(model string) []int64 {
			rows, err := rpc.Search[rpc.Row](t.Context(), b.rpc, model, []any{rpc.Where("product_tmpl_id", "=", rpc.ParseID(id))}, "id")
			require.NoError(t, err)
			return []int64{rows[0].ID}
		}

		p, ok := told(func() {
			require.NoError(t, b.rpc.Write(t.Context(), "product.product", only("product.product"), map[string]any{"default_code": instance + "-new"}))
		})
		require.True(t, ok)
		require.Equal(t, instance+"-new", p.SKU)
		p, ok = told(func() {
			require.NoError(t, b.rpc.Write(t.Context(), "product.pricelist.item", only("product.pricelist.item"), map[string]any{"fixed_price": 21}))
		})
		require.True(t, ok)
		require.Equal(t, "21", p.Variants[0].Prices[0].Amount.String())
		_, ok = told(func() {
			require.NoError(t, b.rpc.Unlink(t.Context(), "product.pricelist.item", only("product.pricelist.item")))
		})
		require.True(t, ok, "a deleted price")

		stored := sale.product
		stored.Status = "publish"
		require.NoError(t, b.rpc.Write(t.Context(), "product.template", []int64{rpc.ParseID(id)}, map[string]any{"active": false}))
		page, err := b.ListProducts(t.Context(), erp.RecordQuery{Instance: instance, IDs: []string{id}, Limit: 1})
		require.NoError(t, err)
		require.Equal(t, "draft", page.Merge(page.Records[0].Record, stored).Status, "what is archived is shown no more")
	})
}

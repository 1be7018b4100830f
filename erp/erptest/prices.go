package erptest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var priceTests = []test{
	{"a price list shows what was landed in it", listShowsPrices},
	{"a price list is read page by page", listIsPaged},
	{"a price that is gone is shown no more", goneIsNotListed},
	{"what is no price list cannot be read", noListNoPrices},
}

// listed reads all prices of a list in pages of one size, with amounts as text: 5 and 5.00 are one price.
func listed(t *testing.T, s shop, list erp.Key, size int) []string {
	t.Helper()
	var all []string
	for after := ""; ; {
		page, next, err := s.Prices(t.Context(), list, after, size)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page), size)
		for _, price := range page {
			require.Equal(t, list, price.List)
			all = append(all, priceText(price))
		}
		if next == "" {
			return all
		}
		require.Len(t, page, size, "only the last page may be short")
		require.NotEqual(t, after, next)
		after = next
	}
}

func priceText(p erp.ListedPrice) string {
	text := p.Product.ID + " " + p.Variant.ID + " " + p.Amount.StringFixed(2)
	for _, limit := range []time.Time{p.From, p.Until} {
		if !limit.IsZero() {
			text += " " + limit.Format(time.RFC3339)
		}
	}
	return text
}

func listShowsPrices(t *testing.T, s shop) {
	regular, sale := s.priceList(1), s.priceList(2)
	land(t, s, putPriceLists, []erp.PriceList{regular, sale}, erp.Created, erp.Created)
	require.Empty(t, listed(t, s, regular.Key, 10))

	simple := s.priced(1, regular.Key, "19.95")
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	simple.Variants[0].Prices = append(simple.Variants[0].Prices,
		erp.Price{List: sale.Key, Amount: dec("14.95"), From: day, Until: day.AddDate(0, 0, 7)})
	variable := s.variable(2, 21, 22)
	for i, amount := range []string{"30", "31.50"} {
		variable.Variants[i].Prices = []erp.Price{{List: regular.Key, Amount: dec(amount)}}
	}
	land(t, s, putProducts, []erp.Product{simple, variable, s.product(3)}, times(3, erp.Created)...)

	require.ElementsMatch(t, []string{"1 1 19.95", "2 21 30.00", "2 22 31.50"}, listed(t, s, regular.Key, 10))
	require.Equal(t, []string{"1 1 14.95 2026-03-01T00:00:00Z 2026-03-08T00:00:00Z"}, listed(t, s, sale.Key, 10))
}

func listIsPaged(t *testing.T, s shop) {
	list := s.priceList(1)
	land(t, s, putPriceLists, []erp.PriceList{list}, erp.Created)
	var products []erp.Product
	for id := range 5 {
		products = append(products, s.priced(id+1, list.Key, "9.99"))
	}
	land(t, s, putProducts, products, times(5, erp.Created)...)

	whole := listed(t, s, list.Key, 100)
	require.Len(t, whole, 5)
	for size := range 6 {
		require.Equal(t, whole, listed(t, s, list.Key, size+1), "in pages of %d", size+1)
	}
}

func goneIsNotListed(t *testing.T, s shop) {
	list := s.priceList(1)
	land(t, s, putPriceLists, []erp.PriceList{list}, erp.Created)
	simple, variable := s.priced(1, list.Key, "9.99"), s.variable(2, 21, 22)
	for i := range variable.Variants {
		variable.Variants[i].Prices = []erp.Price{{List: list.Key, Amount: dec("5")}}
	}
	land(t, s, putProducts, []erp.Product{simple, variable}, times(2, erp.Created)...)
	simple.Variants[0].Prices = []erp.Price{}
	variable.Variants = variable.Variants[1:]
	land(t, s, putProducts, []erp.Product{simple, variable}, times(2, erp.Updated)...)
	require.Equal(t, []string{"2 22 5.00"}, listed(t, s, list.Key, 10))
}

func noListNoPrices(t *testing.T, s shop) {
	list := s.priceList(1)
	_, _, err := s.Prices(t.Context(), list.Key, "", 10)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	land(t, s, putPriceLists, []erp.PriceList{list}, erp.Created)
	_, _, err = s.Prices(t.Context(), list.Key, "no cursor", 10)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.Equal(t, "after", fault.From(err).Field)
}

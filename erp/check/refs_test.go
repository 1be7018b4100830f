package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/check"
)

// landed knows the given keys.
func landed(keys ...erp.Key) check.Landed {
	known := map[erp.Key]int64{}
	for _, key := range keys {
		known[key] = 0
	}
	return check.In(known)
}

func TestKeySet(t *testing.T) {
	var set check.KeySet
	require.Empty(t, set.List())
	a, b := key("tag", "1"), key("tag", "2")
	set.Add(b, erp.Key{}, a)
	set.Add(a, b)
	require.Equal(t, []erp.Key{b, a}, set.List(), "in the order they came, each once, without the zero key")
}

func TestProductRefs(t *testing.T) {
	mugs, gift, acme := key("category", "1"), key("tag", "2"), key("brand", "3")
	bulky, colour, list := key("shipping_class", "4"), key("attribute", "5"), key("price_list", "regular-EUR")
	product := erp.Product{
		Categories: []erp.Key{mugs}, Tags: []erp.Key{gift}, Brands: []erp.Key{acme}, ShippingClass: bulky,
		Attributes: []erp.ProductAttribute{{Key: colour}, {Name: "its own"}},
		Components: []erp.Key{key("product", "9")},
		Variants:   []erp.Variant{{Prices: []erp.Price{{List: list}}}, {Prices: []erp.Price{{List: list}}}},
	}
	terms := []erp.Key{mugs, gift, acme, bulky, colour}
	require.Nil(t, check.ProductRefs(&product, landed(terms...), landed(list)))
	require.Nil(t, check.ProductRefs(&erp.Product{}, landed(), landed()))
	for i, code := range []string{"unknown_category", "unknown_tag", "unknown_brand", "unknown_shipping_class", "unknown_attribute"} {
		others := append(append([]erp.Key{}, terms[:i]...), terms[i+1:]...)
		r := check.ProductRefs(&product, landed(others...), landed())
		require.Equal(t, code, r.Code)
		require.Equal(t, erp.Parked, r.Status)
		require.Equal(t, []erp.Key{terms[i], list}, r.Waits, "all that is missing")
	}
	r := check.ProductRefs(&product, landed(terms...), landed())
	require.Equal(t, "unknown_price_list", r.Code)
	require.Equal(t, []erp.Key{list}, r.Waits, "once, however many variants name it")
}

func TestOrderRefs(t *testing.T) {
	tea, vat, city, ann := key("product", "1"), key("tax", "2"), key("tax", "3"), key("customer", "4")
	home, shop, list := key("address", "5"), key("address", "6"), key("price_list", "regular-EUR")
	order := erp.Order{
		Partner: ann, InvoiceAddress: home, DeliveryAddress: shop, PriceList: list, Taxes: []erp.OrderTax{{Tax: vat}},
		Lines: []erp.OrderLine{{Kind: erp.ProductLine, Product: tea, Taxes: []erp.LineTax{{Tax: vat}, {Tax: city}}}, {Kind: erp.FeeLine}},
	}
	all := check.OrderRefs{Products: landed(tea), Taxes: landed(vat, city), Partners: landed(ann), Addresses: landed(home, shop), PriceLists: landed(list)}
	for name, c := range map[string]struct {
		refs  func(*check.OrderRefs)
		code  string
		waits []erp.Key
	}{
		"all is there":    {func(*check.OrderRefs) {}, "", nil},
		"no product":      {func(r *check.OrderRefs) { r.Products = landed() }, "unknown_product", []erp.Key{tea}},
		"a tax of a line": {func(r *check.OrderRefs) { r.Taxes = landed(vat) }, "unknown_tax", []erp.Key{city}},
		"no partner":      {func(r *check.OrderRefs) { r.Partners = landed() }, "unknown_partner", []erp.Key{ann}},
		"one address":     {func(r *check.OrderRefs) { r.Addresses = landed(home) }, "unknown_address", []erp.Key{shop}},
		"no price list":   {func(r *check.OrderRefs) { r.PriceLists = landed() }, "unknown_price_list", []erp.Key{list}},
		"a tax and the customer, who comes last": {func(r *check.OrderRefs) { r.Taxes, r.Partners = landed(city), landed() }, "unknown_tax",
			[]erp.Key{vat}},
		"customer and address": {func(r *check.OrderRefs) { r.Partners, r.Addresses = landed(), landed() }, "unknown_partner",
			[]erp.Key{ann, home, shop}},
		"a tax and a list": {func(r *check.OrderRefs) { r.Taxes, r.PriceLists = landed(city), landed() }, "unknown_tax", []erp.Key{vat, list}},
	} {
		t.Run(name, func(t *testing.T) {
			refs := all
			c.refs(&refs)
			r := refs.Check(&order)
			if c.code == "" {
				require.Nil(t, r)
				return
			}
			require.Equal(t, c.code, r.Code)
			require.Equal(t, erp.Parked, r.Status)
			require.Equal(t, c.waits, r.Waits, "all that is missing")
			for _, key := range c.waits {
				require.Contains(t, r.Reason, key.String())
			}
		})
	}
	require.Nil(t, check.OrderRefs{Products: landed(), Taxes: landed(), Partners: landed(ann), Addresses: landed(),
		PriceLists: landed()}.Check(&erp.Order{Partner: ann}), "what an order does not name is not missing")
}

func TestSettings(t *testing.T) {
	order := erp.Order{Warehouse: "WH", SalesTeam: "web", PaymentTerm: "net30"}
	named := check.SettingsOf(&order)
	require.Equal(t, []check.Setting{{Kind: "warehouse", Code: "WH"}, {Kind: "sales team", Code: "web"}, {Kind: "payment term", Code: "net30"}}, named)
	require.Equal(t, []check.Setting{{Kind: "warehouse"}}, check.SettingsOf(&erp.Order{}), "a warehouse is needed")

	require.Nil(t, check.Settings(named, func(check.Setting) bool { return true }))
	r := check.Settings(named, func(s check.Setting) bool { return s.Kind != "sales team" })
	require.Equal(t, "unknown_sales_team", r.Code)
	require.Equal(t, erp.Failed, r.Status)
	require.Contains(t, r.Reason, `"web"`)
}

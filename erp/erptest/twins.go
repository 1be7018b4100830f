package erptest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

var twinTests = []test{
	{"two stores with the same content share an ERP", twoStores},
}

// content is what a store has of everything. Names, codes and numbers are the same in a twin of it.
type content struct {
	terms    []erp.Term
	taxes    []erp.Tax
	lists    []erp.PriceList
	products []erp.Product
	coupons  []erp.Coupon
	partners []erp.Partner
	orders   []erp.Order
}

func contentOf(s *store, name string) content {
	attribute := s.attribute(1)
	variants := s.variable(shirt, shirtS, shirtM)
	product := s.product(mug)
	product.Barcode, product.SKU = name, name
	product.Variants[0].Barcode, product.Variants[0].SKU = name, name
	product.Tags, product.Categories = []erp.Key{s.key("tag", 1)}, []erp.Key{s.key("category", 1)}
	list := s.priceList(1)
	list.Name = name
	customer := s.customer(buyer)
	customer.Email = name + "@shop.example"
	customer.Addresses = []erp.Address{s.address(billing), s.address(shipping)}
	tax := s.tax(standardRate)
	tax.Rate = dec("20")
	order := s.order(1, s.taxed(s.aside(mug, "2", "20"), standardRate, "4"), s.charge(erp.ShippingLine, "5"))
	order.Number = name
	return content{
		terms: []erp.Term{s.category(1), attribute,
			{Key: s.key("tag", 1), Kind: erp.Tag, Name: name, Active: true}, {Key: s.key("brand", 1), Kind: erp.Brand, Name: name + " brand", Active: true},
			{Key: s.key("shipping_class", 1), Kind: erp.ShippingClass, Name: "Bulky", Code: "bulky", Active: true}},
		taxes: []erp.Tax{tax}, lists: []erp.PriceList{list}, products: []erp.Product{product, variants},
		coupons:  []erp.Coupon{{Key: s.key("coupon", 1), Code: name, Kind: "percent", Amount: dec("10"), Status: "publish"}},
		partners: []erp.Partner{customer}, orders: []erp.Order{order},
	}
}

// landsAll lands everything and requires one status for all of it.
func (c content) landsAll(s *store, status erp.Status) {
	s.t.Helper()
	land(s.t, s.shop, putTerms, c.terms, times(len(c.terms), status)...)
	land(s.t, s.shop, putTaxes, c.taxes, times(len(c.taxes), status)...)
	land(s.t, s.shop, putPriceLists, c.lists, times(len(c.lists), status)...)
	land(s.t, s.shop, putProducts, c.products, times(len(c.products), status)...)
	land(s.t, s.shop, putCoupons, c.coupons, times(len(c.coupons), status)...)
	land(s.t, s.shop, putPartners, c.partners, times(len(c.partners), status)...)
	s.lands(status, c.orders...)
}

func twoStores(t *testing.T, one shop) {
	options, err := one.Options(t.Context())
	require.NoError(t, err)
	stores := []*store{}
	for _, instance := range []string{one.instance, one.instance + "-twin"} {
		stores = append(stores, &store{shop: shop{Backend: one.Backend, Batcher: one.Batcher, instance: instance}, t: t, options: options, warehouse: options.Warehouses[0].ID})
	}
	for _, status := range []erp.Status{erp.Created, erp.Unchanged} {
		for _, s := range stores {
			contentOf(s, one.instance).landsAll(s, status)
		}
	}
	for _, s := range stores {
		s.count(mug, "7", later)
		s.confirm(1)
		s.invoice(1)
		require.True(t, s.pay(1).Paid)
		require.True(t, s.ship(1).Shipped)
		require.Equal(t, 1, s.totals().Orders[0].Count)
	}
	for _, s := range stores {
		s.holds(mug, "7", "0", "7")
	}
}

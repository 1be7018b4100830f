package erptest

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"tandem/erp"
)

// The port's batch methods as functions, for statements about all of them.
func putTerms(b erp.Backend, t *testing.T, batch []erp.Term) ([]erp.Outcome, error) {
	return b.UpsertTerms(t.Context(), batch)
}

func putTaxes(b erp.Backend, t *testing.T, batch []erp.Tax) ([]erp.Outcome, error) {
	return b.UpsertTaxes(t.Context(), batch)
}

func putPriceLists(b erp.Backend, t *testing.T, batch []erp.PriceList) ([]erp.Outcome, error) {
	return b.UpsertPriceLists(t.Context(), batch)
}

func putProducts(b erp.Backend, t *testing.T, batch []erp.Product) ([]erp.Outcome, error) {
	return b.UpsertProducts(t.Context(), batch)
}

func putCoupons(b erp.Backend, t *testing.T, batch []erp.Coupon) ([]erp.Outcome, error) {
	return b.UpsertCoupons(t.Context(), batch)
}

func putPartners(b erp.Backend, t *testing.T, batch []erp.Partner) ([]erp.Outcome, error) {
	return b.UpsertPartners(t.Context(), batch)
}

func (s shop) category(id int) erp.Term {
	return erp.Term{Key: s.key("category", id), Kind: erp.Category, Name: fmt.Sprintf("Category %d", id),
		Code: fmt.Sprintf("category-%d", id), Active: true}
}

func (s shop) tax(id int) erp.Tax {
	return erp.Tax{Key: s.key("tax", id), Name: fmt.Sprintf("Tax %d", id), Rate: dec("5.5"),
		Country: "FR", Class: "standard", Priority: 1, Shipping: true}
}

// priceList gives a price list in euros. Like all records here, those with different ids differ.
func (s shop) priceList(id int) erp.PriceList {
	return erp.PriceList{Key: s.key("price_list", id), Name: fmt.Sprintf("%s %d", s.instance, id), Kind: erp.Regular, Currency: "EUR"}
}

// product gives a simple product that tracks stock.
func (s shop) product(id int) erp.Product {
	key := s.key("product", id)
	return erp.Product{Key: key, Kind: erp.Simple, Name: fmt.Sprintf("Product %d", id), Slug: fmt.Sprintf("product-%d", id),
		Status: "publish", SKU: fmt.Sprintf("SKU-%d", id), Taxable: true, TaxClass: "standard",
		Variants: []erp.Variant{{Key: key, SKU: fmt.Sprintf("SKU-%d", id), Active: true, TrackStock: true}}}
}

// variable gives a product with one variant per variation id.
func (s shop) variable(id int, variations ...int) erp.Product {
	product := s.product(id)
	product.Kind, product.Variants = erp.Variable, nil
	product.Attributes = []erp.ProductAttribute{{Name: "Size", Visible: true, Variation: true}}
	for _, variation := range variations {
		value := fmt.Sprintf("Size %d", variation)
		product.Attributes[0].Values = append(product.Attributes[0].Values, value)
		product.Variants = append(product.Variants, erp.Variant{
			Key: s.key("product", variation), SKU: fmt.Sprintf("SKU-%d-%d", id, variation), Active: true, TrackStock: true,
			Options: []erp.Option{{Attribute: "Size", Value: value}},
		})
	}
	return product
}

func (s shop) coupon(id int) erp.Coupon {
	return erp.Coupon{Key: s.key("coupon", id), Code: fmt.Sprintf("%s-%d", s.instance, id), Kind: "percent",
		Amount: decimal.NewFromInt(10), Status: "publish"}
}

// customer gives a person with an e-mail of their own and an invoice address.
func (s shop) customer(id int) erp.Partner {
	return erp.Partner{Key: s.key("customer", id), Name: fmt.Sprintf("Customer %d", id), FirstName: "Customer",
		LastName: fmt.Sprint(id), Email: s.email(id), Phone: "+33 1 23 45 67 89",
		Addresses: []erp.Address{s.address(id)}}
}

// guest gives the same person as customer, who ordered without an account.
func (s shop) guest(id int) erp.Partner {
	guest := s.customer(id)
	guest.Key, guest.Guest = s.key("guest", id), true
	return guest
}

func (s shop) address(id int) erp.Address {
	return erp.Address{Key: s.key("address", id), Kind: erp.InvoiceAddress, Name: fmt.Sprintf("Customer %d", id),
		Street: "1 Main Street", City: "Lyon", Zip: "69001", Country: "FR"}
}

func (s shop) email(id int) string { return fmt.Sprintf("customer-%d@%s.example", id, s.instance) }

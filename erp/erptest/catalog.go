package erptest

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

var catalogTests = []test{
	{"a category tree lands in any order", treeLands},
	{"an unknown parent parks, and landing it solves", parentParks},
	{"a parked parent parks its children", parentParksAll},
	{"a category cannot be its own ancestor", cycleFails},
	{"a moved category follows", categoryMoves},
	{"values land with their attribute", valuesLand},
	{"every kind of term lands", kindsLand},
	{"coupons may name what is gone", couponNamesGone},
	{"coupons may have one code", couponsOfOneCode},
	{"tax rates take places and compound", taxPlaces},
}

func treeLands(t *testing.T, s shop) {
	root, child, leaf := s.category(1), s.category(2), s.category(3)
	child.Parent, leaf.Parent = root.Key, child.Key
	batch := []erp.Term{leaf, child, root}
	land(t, s, putTerms, batch, times(3, erp.Created)...)
	land(t, s, putTerms, batch, times(3, erp.Unchanged)...)
}

func parentParks(t *testing.T, s shop) {
	root, child := s.category(1), s.category(2)
	child.Parent = root.Key
	outcomes := land(t, s, putTerms, []erp.Term{child, s.category(3)}, erp.Parked, erp.Created)
	require.Equal(t, "unknown_parent", outcomes[0].Code)
	require.Equal(t, []erp.Key{root.Key}, outcomes[0].Waits)
	land(t, s, putTerms, []erp.Term{root}, erp.Created)
	land(t, s, putTerms, []erp.Term{child}, erp.Created)
}

func parentParksAll(t *testing.T, s shop) {
	child, leaf := s.category(2), s.category(3)
	child.Parent, leaf.Parent = s.category(1).Key, child.Key
	land(t, s, putTerms, []erp.Term{child, leaf}, erp.Parked, erp.Parked)
	land(t, s, putTerms, []erp.Term{leaf, child, s.category(1)}, times(3, erp.Created)...)
}

func cycleFails(t *testing.T, s shop) {
	root, child := s.category(1), s.category(2)
	child.Parent = root.Key
	land(t, s, putTerms, []erp.Term{root, child}, times(2, erp.Created)...)
	root.Parent = child.Key
	land(t, s, putTerms, []erp.Term{root}, erp.Failed)
	self := s.category(3)
	land(t, s, putTerms, []erp.Term{self}, erp.Created)
	self.Parent = self.Key
	land(t, s, putTerms, []erp.Term{self}, erp.Failed)
}

func categoryMoves(t *testing.T, s shop) {
	leaf := s.category(3)
	leaf.Parent = s.category(1).Key
	land(t, s, putTerms, []erp.Term{s.category(1), s.category(2), leaf}, times(3, erp.Created)...)
	leaf.Parent = s.category(2).Key
	land(t, s, putTerms, []erp.Term{leaf}, erp.Updated)
	leaf.Parent = erp.Key{}
	land(t, s, putTerms, []erp.Term{leaf}, erp.Updated)
}

func (s shop) attribute(id int, values ...int) erp.Term {
	attribute := erp.Term{Key: s.key("attribute", id), Kind: erp.Attribute, Name: "Colour", Code: "pa_colour", Active: true}
	for _, value := range values {
		attribute.Values = append(attribute.Values,
			erp.Term{Key: s.key("attribute_value", value), Kind: erp.AttributeValue, Name: "Red", Code: "red", Active: true})
	}
	return attribute
}

func valuesLand(t *testing.T, s shop) {
	land(t, s, putTerms, []erp.Term{s.attribute(1, 10, 11)}, erp.Created)
	before := lookup(t, s, s.key("attribute_value", 10), s.key("attribute_value", 11))
	require.NotContains(t, before, "")
	require.NotEqual(t, before[0], before[1])

	land(t, s, putTerms, []erp.Term{s.attribute(1, 10, 11)}, erp.Unchanged)
	land(t, s, putTerms, []erp.Term{s.attribute(1, 10, 11, 12)}, erp.Updated)
	require.Equal(t, before, lookup(t, s, s.key("attribute_value", 10), s.key("attribute_value", 11)))
	require.NotContains(t, lookup(t, s, s.key("attribute_value", 12)), "")

	spoiled := s.attribute(2, 20)
	spoiled.Values[0].Kind = "no such kind"
	land(t, s, putTerms, []erp.Term{spoiled}, erp.Failed)
}

func kindsLand(t *testing.T, s shop) {
	var batch []erp.Term
	for i, kind := range erp.TermKinds {
		batch = append(batch, erp.Term{Key: s.key(string(kind), i), Kind: kind, Name: string(kind), Position: i,
			Extra: map[string]string{"title": "Title"}, Image: &erp.Image{URL: "https://shop.example/a.png"}})
	}
	land(t, s, putTerms, batch, times(len(batch), erp.Created)...)
	land(t, s, putTerms, batch, times(len(batch), erp.Unchanged)...)
}

// couponsOfOneCode lands coupons of which a store has deleted all but the last.
func couponsOfOneCode(t *testing.T, s shop) {
	coupons := []erp.Coupon{s.coupon(1), s.coupon(2), s.coupon(3), s.coupon(4)}
	for i := range coupons {
		coupons[i].Code = s.instance
	}
	coupons[0].Status = "draft"
	land(t, s, putCoupons, coupons[:3], times(3, erp.Created)...)
	land(t, s, putCoupons, coupons, erp.Unchanged, erp.Unchanged, erp.Unchanged, erp.Created)
	coupons[3].Amount = dec("20")
	land(t, s, putCoupons, coupons, erp.Unchanged, erp.Unchanged, erp.Unchanged, erp.Updated)
}

func couponNamesGone(t *testing.T, s shop) {
	coupon := s.coupon(1)
	coupon.Products, coupon.ExcludeCategory = []erp.Key{s.key("product", 404)}, []erp.Key{s.key("category", 404)}
	coupon.Expires = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	coupon.Emails = []string{"*@shop.example"}
	land(t, s, putCoupons, []erp.Coupon{coupon}, erp.Created)
	coupon.UsageCount++
	land(t, s, putCoupons, []erp.Coupon{coupon}, erp.Updated)
}

func taxPlaces(t *testing.T, s shop) {
	tax := s.tax(1)
	tax.Country, tax.State, tax.Compound = "US", "CA", true
	tax.Postcodes, tax.Cities = []string{"90210", "9001*"}, []string{"BEVERLY HILLS"}
	tax.Rate = dec("9.5000")
	zero := s.tax(2)
	zero.Country, zero.Rate = "", decimal.Zero
	land(t, s, putTaxes, []erp.Tax{tax, zero}, erp.Created, erp.Created)
	tax.Rate = dec("9.5")
	land(t, s, putTaxes, []erp.Tax{tax, zero}, erp.Unchanged, erp.Unchanged)
	negative := s.tax(3)
	negative.Rate = decimal.NewFromInt(-1)
	land(t, s, putTaxes, []erp.Tax{negative}, erp.Failed)
}

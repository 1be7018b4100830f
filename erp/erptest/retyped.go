package erptest

import (
	"slices"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// What becomes of orders when the shop makes another kind of product of what they sold.
var retypedTests = []test{
	{"lines keep the variation of a product that became simple", selling(soldVariationBecameSimple)},
	{"lines keep their variation before the product is read again", selling(soldVariationNotReadAgain)},
	{"lines keep the variation that a once simple product no longer has", selling(soldVariationOfOnceSimple)},
	{"lines keep the simple product that became variable", selling(soldSimpleBecameVariable)},
	{"lines keep a variation that was made again", selling(soldVariationMadeAgain)},
	{"a line that sells another variation follows the shop", selling(otherVariationFollows)},
	{"what is sold after the change is the new product", selling(soldAfterTheChange)},
}

// asSimple makes the shirt a simple product, which the shop does by deleting its variations.
func (s *store) asSimple() {
	s.t.Helper()
	land(s.t, s.shop, putProducts, []erp.Product{s.product(shirt)}, erp.Updated)
}

// completed is an order as it comes after it was paid, with other products on its lines.
func (s *store) completed(order erp.Order, products ...int) erp.Order {
	order.Lines, order.StoreStatus = slices.Clone(order.Lines), "completed"
	for i, product := range products {
		order.Lines[i].Product = s.key("product", product)
	}
	return order
}

// landsTwice lands an order that follows the shop, and once more.
func (s *store) landsTwice(order erp.Order) {
	s.t.Helper()
	s.lands(erp.Updated, order)
	s.lands(erp.Unchanged, order)
}

// twoSold lands an order that is invoiced, 1, and a quotation, 2, of two lines.
func (s *store) twoSold(first, second int) []erp.Order {
	s.t.Helper()
	var orders []erp.Order
	for id := range 2 {
		orders = append(orders, s.order(id+1, s.aside(first, "2", "30"), s.aside(second, "1", "15")))
		s.lands(erp.Created, orders[id])
	}
	s.confirm(1)
	s.invoice(1)
	return orders
}

func soldVariationBecameSimple(s *store) {
	s.count(shirtS, "10", earlier)
	orders := s.twoSold(shirtS, shirtM)
	s.asSimple()
	for _, order := range orders {
		s.landsTwice(s.completed(order, shirt, shirt))
	}
	s.holds(shirtS, "10", "4", "6")
	s.confirm(2)
	s.invoice(2)
	s.count(shirtM, "10", later)
	require.True(s.t, s.ship(2).Shipped)
	s.holds(shirtS, "8", "2", "6")
	s.holds(shirt, "0", "0", "0")
}

func soldVariationNotReadAgain(s *store) {
	s.count(shirtS, "10", earlier)
	for _, order := range s.twoSold(shirtS, shirtM) {
		s.landsTwice(s.completed(order, shirt, shirt))
	}
	s.holds(shirtS, "10", "4", "6")
}

func soldVariationOfOnceSimple(s *store) {
	land(s.t, s.shop, putProducts, []erp.Product{s.variable(mug, 101, 102)}, erp.Updated)
	s.count(101, "10", earlier)
	orders := s.twoSold(101, 102)
	land(s.t, s.shop, putProducts, []erp.Product{s.variable(mug, 102)}, erp.Updated)
	for _, order := range orders {
		s.landsTwice(s.completed(order, mug, 102))
	}
	s.holds(101, "10", "4", "6")
	s.holds(mug, "0", "0", "0")
}

func soldSimpleBecameVariable(s *store) {
	s.count(mug, "10", earlier)
	orders := s.twoSold(mug, sticker)
	land(s.t, s.shop, putProducts, []erp.Product{s.variable(mug, 101, 102)}, erp.Updated)
	for _, order := range orders {
		s.landsTwice(s.completed(order))
	}
	s.holds(mug, "10", "4", "6")
	s.holds(101, "0", "0", "0")
	s.confirm(2)
	require.True(s.t, s.ship(2).Shipped)
	s.holds(mug, "8", "2", "6")
}

// soldVariationMadeAgain has the shop delete a variation and make one of the same size, which gets another number.
func soldVariationMadeAgain(s *store) {
	orders := s.twoSold(shirtS, shirtM)
	again := s.variable(shirt, shirtS, shirtM)
	again.Variants[0].Key = s.key("product", 29)
	land(s.t, s.shop, putProducts, []erp.Product{again}, erp.Updated)
	for _, order := range orders {
		s.landsTwice(s.completed(order, shirt, shirtM))
	}
	s.lands(erp.Created, s.order(3, s.aside(29, "1", "15")))
	require.True(s.t, s.invoice(s.confirmed(3)).Invoiced)
}

func otherVariationFollows(s *store) {
	s.count(shirtS, "10", earlier)
	s.count(shirtM, "10", earlier)
	orders := s.twoSold(shirtS, shirtM)
	outcome := s.lands(erp.Parked, s.completed(orders[0], shirtM, shirtM))[0]
	require.Equal(s.t, "order_locked", outcome.Code)
	s.landsTwice(s.completed(orders[1], shirtM, shirtM))
	s.holds(shirtS, "10", "2", "8")
	s.holds(shirtM, "10", "4", "6")
}

func soldAfterTheChange(s *store) {
	s.asSimple()
	land(s.t, s.shop, putProducts, []erp.Product{s.variable(mug, 101)}, erp.Updated)
	s.count(shirt, "5", earlier)
	s.count(101, "5", earlier)
	s.lands(erp.Created, s.order(1, s.aside(shirt, "2", "30"), s.aside(101, "1", "10")))
	s.holds(shirt, "5", "2", "3")
	s.holds(101, "5", "1", "4")
	s.invoice(s.confirmed(1))
	require.True(s.t, s.ship(1).Shipped)
	s.holds(shirt, "3", "0", "3")
	s.holds(101, "4", "0", "4")
}

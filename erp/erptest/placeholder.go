package erptest

import (
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// What becomes of lines that landed with a placeholder when the shop has their product again, as after a restore from its trash.
var placeholderTests = []test{
	{"an invoiced line keeps its placeholder", selling(invoicedKeepsPlaceholder)},
	{"a shipped line keeps its placeholder", selling(shippedKeepsPlaceholder)},
	{"a locked order does not wait for the product again", selling(lockedWaitsForNoProduct)},
	{"a confirmed line gets its product back", selling(confirmedGetsProduct)},
	{"an order with a placeholder is locked all the same", selling(placeholderIsLocked)},
}

// standIn lands an order of two shirts, which the shop does not have, and two mugs. It returns the order as it is once the shop has
// the shirts again.
func (s *store) standIn() erp.Order {
	s.t.Helper()
	s.count(shirtM, "10", earlier)
	s.count(shirtS, "10", earlier)
	order := s.order(1, s.aside(shirtS, "2", "30"), s.goods(mug, "2", "20"))
	order.Placeholder = s.key("product", shirtM)
	s.lands(erp.Created, forgotten(order, 1))
	order.StoreStatus = "completed"
	return order
}

func invoicedKeepsPlaceholder(s *store) {
	order := s.standIn()
	s.confirm(1)
	s.invoice(1)
	s.landsTwice(order)
	order.StoreStatus, order.Placeholder = "refunded", erp.Key{}
	s.landsTwice(order)
	order.StoreStatus, order.Placeholder = "on-hold", s.key("product", sticker)
	s.landsTwice(order)
	order.StoreStatus = "cash"
	s.landsTwice(forgotten(order, 1))
	s.holds(shirtM, "10", "2", "8")
	s.holds(shirtS, "10", "0", "10")
	s.count(mug, "2", later)
	require.True(s.t, s.ship(1).Shipped)
	s.holds(shirtM, "8", "0", "8")
	s.holds(shirtS, "10", "0", "10")
}

func shippedKeepsPlaceholder(s *store) {
	order := s.standIn()
	s.count(mug, "2", later)
	s.confirm(1)
	require.True(s.t, s.ship(1).Shipped)
	s.landsTwice(order)
	require.True(s.t, s.invoice(1).Invoiced)
	s.holds(shirtM, "8", "0", "8")
	s.holds(shirtS, "10", "0", "10")
}

func lockedWaitsForNoProduct(s *store) {
	order := s.standIn()
	s.confirm(1)
	s.invoice(1)
	order.Lines[0].Product = s.key("product", 98) // not imported yet
	s.landsTwice(order)
}

func confirmedGetsProduct(s *store) {
	order := s.standIn()
	s.confirm(1)
	s.landsTwice(order)
	s.holds(shirtM, "10", "0", "10")
	s.holds(shirtS, "10", "2", "8")
}

func placeholderIsLocked(s *store) {
	order := s.standIn()
	s.confirm(1)
	s.invoice(1)
	more := s.order(1, s.aside(shirtS, "3", "45"), s.goods(mug, "2", "20"))
	more.Placeholder = order.Placeholder
	s.refused(more, erp.Parked, "order_locked")
	other := s.completed(order, shirtS, shirtS)
	other.Placeholder = order.Placeholder
	s.refused(other, erp.Parked, "order_locked")
	s.holds(shirtS, "10", "0", "10")
}

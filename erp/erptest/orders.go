package erptest

import (
	"slices"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var orderTests = []test{
	{"a landed order is a quotation with the store's amounts", selling(orderIsQuotation)},
	{"an unknown order is not found", selling(orderNotFound)},
	{"every kind of line lands", selling(orderLines)},
	{"an order waits for its product", selling(orderWaitsForProduct)},
	{"a line whose product the shop forgot waits for a person", selling(orderWithoutProduct)},
	{"a placeholder stands for a product the shop forgot", selling(orderWithPlaceholder)},
	{"a landed line keeps the product that the shop forgot", selling(landedLineKeepsProduct)},
	{"a landed line keeps the key its product was sold under", selling(landedLineKeepsKey)},
	{"an invoiced order follows a shop that forgot its product", selling(invoicedLineKeepsProduct)},
	{"an order waits for its tax", selling(orderWaitsForTax)},
	{"an order waits for its partner", selling(orderWaitsForPartner)},
	{"an order waits for its address and price list", selling(orderWaitsForRest)},
	{"an order waits for everything but its customer at once", selling(orderWaitsForAll)},
	{"an unknown setting fails an order", selling(orderSettings)},
	{"amounts that do not add up fail an order", selling(orderTotals)},
	{"lines that cannot be told apart fail an order", selling(orderLineTwice)},
	{"meta fields land or are refused", selling(orderFields)},
}

func orderIsQuotation(s *store) {
	outcome := s.lands(erp.Created, s.order(1, s.taxed(s.aside(mug, "2", "20"), standardRate, "4")))[0]
	state := s.state(1)
	require.Equal(s.t, outcome.ID, state.ID)
	require.Equal(s.t, erp.Quotation, state.Stage)
	require.Equal(s.t, "24", state.Total.String())
	require.Equal(s.t, "EUR", state.Currency)
	require.False(s.t, state.Invoiced || state.Paid || state.Shipped)
	require.Zero(s.t, state.Deliveries)
	ids, err := s.Lookup(s.t.Context(), []erp.Key{s.key("order", 1), s.key("order", 2)})
	require.NoError(s.t, err)
	require.Equal(s.t, []string{outcome.ID, ""}, ids)
}

func orderNotFound(s *store) {
	for name, step := range s.steps() {
		_, err := step(1)
		require.Equal(s.t, fault.NotFound, fault.KindOf(err), name)
	}
}

func orderLines(s *store) {
	order := s.order(1, s.aside(mug, "2", "20"), s.aside(shirtS, "1", "15"), s.aside(sticker, "3", "3"), s.aside(course, "1", "50"),
		s.charge(erp.ShippingLine, "4.90"), s.charge(erp.FeeLine, "-10"), s.charge(erp.RoundingLine, "0.01"))
	order.Notes = []erp.Note{{ID: "1", At: ordered, Text: foreign, Customer: true}}
	order.Coupons = []string{"welcome", foreign}
	order.CustomerNote, order.GatewayTitle = foreign, foreign
	s.lands(erp.Created, order)
	require.Equal(s.t, "82.91", s.state(1).Total.String())
}

func orderWaitsForProduct(s *store) {
	order := s.order(1, s.aside(mug, "1", "10"), s.aside(98, "1", "10"), s.aside(99, "1", "10"))
	parked := s.refused(order, erp.Parked, "unknown_product")
	require.Equal(s.t, []erp.Key{s.key("product", 98), s.key("product", 99)}, parked.Waits)
	s.holds(mug, "0", "0", "0")
	require.NoError(s.t, allLanded(s.UpsertProducts(s.t.Context(), []erp.Product{s.product(98), s.product(99)})))
	s.lands(erp.Created, order)
}

// forgotten is an order as it comes once the shop no longer knows the products of some of its lines, which are numbered
// from 1.
func forgotten(order erp.Order, lines ...int) erp.Order {
	order.Lines = slices.Clone(order.Lines)
	for _, line := range lines {
		order.Lines[line-1].Product = erp.Key{}
	}
	return order
}

func orderWithoutProduct(s *store) {
	order := forgotten(s.order(1, s.aside(mug, "1", "10"), s.aside(shirtS, "1", "15")), 2)
	parked := s.refused(order, erp.Parked, erp.GoneProduct)
	require.Empty(s.t, parked.Waits)
	require.Contains(s.t, parked.Reason, "line 2")
	s.holds(mug, "0", "0", "0")
}

func orderWithPlaceholder(s *store) {
	order := forgotten(s.order(1, s.aside(mug, "1", "10"), s.goods(shirtS, "2", "30")), 2)
	order.Placeholder = s.key("product", 99)
	require.Equal(s.t, []erp.Key{order.Placeholder}, s.refused(order, erp.Parked, "unknown_product").Waits)
	order.Placeholder = s.key("product", sticker)
	s.lands(erp.Created, order)
	require.Equal(s.t, "40", s.state(1).Total.String())
	order.Placeholder = s.key("product", course)
	s.lands(erp.Unchanged, order)
}

// landedLineKeepsProduct would see the mug's stock set free if the line had become the placeholder's.
func landedLineKeepsProduct(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20"), s.aside(shirtM, "1", "15")))
	order := forgotten(s.order(1, s.aside(mug, "2", "20"), s.aside(shirtM, "1", "15")), 1, 2)
	order.Placeholder, order.StoreStatus = s.key("product", sticker), "completed"
	s.lands(erp.Updated, order)
	s.lands(erp.Unchanged, order)
	s.holds(mug, "10", "2", "8")

	more := forgotten(s.order(1, s.aside(mug, "3", "30"), s.aside(shirtM, "1", "15"), s.goods(mug, "1", "1")), 1, 2, 3)
	more.Placeholder = order.Placeholder
	s.lands(erp.Updated, more)
	s.holds(mug, "10", "3", "7")
	require.Equal(s.t, "46", s.state(1).Total.String())
}

// landedLineKeepsKey has one variant under two of the shop's keys: the later one is not the one that landed first.
func landedLineKeepsKey(s *store) {
	id, err := s.Lookup(s.t.Context(), []erp.Key{s.key("product", mug)})
	require.NoError(s.t, err)
	require.NoError(s.t, s.Adopt(s.t.Context(), s.key("product", 97), id[0]))
	for order, sold := range map[int]int{1: mug, 2: 97} {
		s.lands(erp.Created, s.order(order, s.goods(sold, "2", "20")))
		s.confirm(order)
		s.invoice(order)
		gone := forgotten(s.order(order, s.goods(sold, "2", "20")), 1)
		gone.StoreStatus = "completed"
		s.lands(erp.Updated, gone)
	}
}

func invoicedLineKeepsProduct(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.confirm(1)
	s.invoice(1)
	for _, placeholder := range []erp.Key{{}, s.key("product", sticker)} {
		order := forgotten(s.order(1, s.aside(mug, "2", "20")), 1)
		order.Placeholder, order.StoreStatus = placeholder, "status "+placeholder.ID
		s.lands(erp.Updated, order)
		s.lands(erp.Unchanged, order)
	}
	require.True(s.t, s.ship(1).Shipped)
	s.holds(mug, "8", "0", "8")
}

func orderWaitsForTax(s *store) {
	order := s.order(1, s.taxed(s.taxed(s.aside(mug, "1", "10"), standardRate, "2"), 3, "0.55"))
	parked := s.refused(order, erp.Parked, "unknown_tax")
	require.Equal(s.t, []erp.Key{s.key("tax", 3)}, parked.Waits)
	require.NoError(s.t, allLanded(s.UpsertTaxes(s.t.Context(), []erp.Tax{s.tax(3)})))
	s.lands(erp.Created, order)
}

func orderWaitsForPartner(s *store) {
	order := s.order(1, s.aside(mug, "1", "10"))
	order.Partner = s.key("customer", 8)
	parked := s.refused(order, erp.Parked, "unknown_partner")
	require.Equal(s.t, []erp.Key{order.Partner}, parked.Waits)
	require.NoError(s.t, allLanded(s.UpsertPartners(s.t.Context(), []erp.Partner{s.customer(8)})))
	s.lands(erp.Created, order)
}

func orderWaitsForRest(s *store) {
	order := s.order(1, s.aside(mug, "1", "10"))
	order.DeliveryAddress = s.key("address", 99)
	require.Equal(s.t, []erp.Key{order.DeliveryAddress}, s.refused(order, erp.Parked, "unknown_address").Waits)
	order.DeliveryAddress, order.PriceList = erp.Key{}, s.key("price_list", 99)
	require.Equal(s.t, []erp.Key{order.PriceList}, s.refused(order, erp.Parked, "unknown_price_list").Waits)
	order.PriceList = erp.Key{}
	s.lands(erp.Created, order)
}

func orderWaitsForAll(s *store) {
	order := s.order(1, s.taxed(s.aside(99, "1", "10"), 3, "2"))
	order.Partner = s.key("customer", 8)
	parked := s.refused(order, erp.Parked, "unknown_product")
	require.ElementsMatch(s.t, []erp.Key{s.key("product", 99), s.key("tax", 3)}, parked.Waits)
	order = s.order(1, s.aside(mug, "1", "10"))
	order.Partner, order.DeliveryAddress = s.key("customer", 8), s.key("address", 99)
	parked = s.refused(order, erp.Parked, "unknown_partner")
	require.ElementsMatch(s.t, []erp.Key{order.Partner, order.DeliveryAddress}, parked.Waits)
}

func orderSettings(s *store) {
	for code, spoil := range map[string]func(*erp.Order){
		"unknown_currency":     func(o *erp.Order) { o.Currency = "QQQ" },
		"unknown_warehouse":    func(o *erp.Order) { o.Warehouse = "no such" },
		"unknown_sales_team":   func(o *erp.Order) { o.SalesTeam = "no such" },
		"unknown_salesperson":  func(o *erp.Order) { o.Salesperson = "no such" },
		"unknown_payment_term": func(o *erp.Order) { o.PaymentTerm = "no such" },
	} {
		order := s.order(1, s.aside(mug, "1", "10"))
		spoil(&order)
		s.refused(order, erp.Failed, code)
	}
	order := s.order(1, s.aside(mug, "1", "10"))
	order.SalesTeam, order.Salesperson, order.PaymentTerm = "", "", ""
	s.lands(erp.Created, order)
}

func orderTotals(s *store) {
	order := s.order(1, s.taxed(s.aside(mug, "2", "20"), standardRate, "4"))
	order.Total = dec("24.01")
	reason := s.refused(order, erp.Failed, "totals_differ").Reason
	require.Contains(s.t, reason, "24 EUR")
	require.Contains(s.t, reason, "24.01 EUR")
	order.Total = dec("24.004")
	s.lands(erp.Created, order)
}

func orderLineTwice(s *store) {
	order := s.order(1, s.aside(mug, "1", "10"), s.aside(mug, "1", "10"))
	order.Lines[1].ID = order.Lines[0].ID
	require.Equal(s.t, erp.Failed, s.lands(erp.Failed, order)[0].Status)
}

func orderFields(s *store) {
	order := s.order(1, s.aside(mug, "1", "10"))
	order.Fields = map[string]string{"no_such_field": "1"}
	s.refused(order, erp.Failed, "unknown_field")
	order.Fields = map[string]string{"x_gift": foreign}
	s.lands(erp.Created, order)
}

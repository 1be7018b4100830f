package erptest

import (
	"slices"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var orderRecordTests = []test{
	{"an order is given as it was landed", selling(orderAsLanded)},
	{"an order of another store has pending keys", selling(orderOfAnotherStore)},
	{"what a store made of an order is noted", selling(orderAdopted)},
	{"orders are adopted together or not at all", selling(ordersAdoptedTogether)},
	{"an order with other lines is not adopted", selling(orderWithOtherLines)},
	{"lines of the same amount are told apart by what they sold", selling(orderLinesAlike)},
	{"an order that a store has is not adopted for another", selling(orderTaken)},
}

func (s *store) orderReader() erp.OrderReader {
	s.t.Helper()
	reader, err := erp.OrderRecords.Of(s.Backend)
	require.NoError(s.t, err)
	return reader
}

// readOrder reads the one order that exists of some ids.
func (s *store) readOrder(instance, id string) erp.HeldOrder {
	s.t.Helper()
	held, err := s.orderReader().ReadOrders(s.t.Context(), instance, []string{id, "987654321", "nonsense"})
	require.NoError(s.t, err)
	require.Len(s.t, held, 1, "what does not exist is left out")
	require.Equal(s.t, id, held[0].ID)
	return held[0]
}

// mixed is an order with a line of each kind that is exported, at two rates.
func (s *store) mixed(id int) erp.Order {
	return s.order(id, s.taxed(s.aside(mug, "2", "20"), standardRate, "4"), s.goods(shirtS, "1", "15"),
		s.taxed(s.charge(erp.ShippingLine, "4.90"), standardRate, "0.98"), s.charge(erp.FeeLine, "-3"))
}

func orderAsLanded(s *store) {
	order := s.mixed(1)
	id := s.lands(erp.Created, order)[0].ID
	held := s.readOrder(s.instance, id)
	got := held.Record
	require.Equal(s.t, []any{order.Key, order.Number, order.Currency, order.Partner, order.InvoiceAddress, order.DeliveryAddress},
		[]any{got.Key, got.Number, got.Currency, got.Partner, got.InvoiceAddress, got.DeliveryAddress})
	require.True(s.t, order.Date.Equal(got.Date))
	require.Equal(s.t, []any{erp.Quotation, "", order.InvoiceAddress, order.DeliveryAddress}, []any{held.Stage, held.Of, held.Invoice.Key, held.Delivery.Key})
	require.NotEmpty(s.t, held.Invoice.Country)
	require.Equal(s.t, []string{"36.9", "4.98", "41.88"}, []string{got.Untaxed.String(), got.Tax.String(), got.Total.String()})
	require.Len(s.t, got.Taxes, 1)
	require.Equal(s.t, []any{order.Taxes[0].Tax, "20", "4.98"}, []any{got.Taxes[0].Tax, got.Taxes[0].Rate.String(), got.Taxes[0].Amount.String()})
	require.Len(s.t, got.Lines, len(order.Lines))
	for i, line := range got.Lines {
		want := order.Lines[i]
		require.Equal(s.t, []any{want.ID, want.Kind, want.Product, want.Quantity.String(), want.Total.String(), len(want.Taxes)},
			[]any{line.ID, line.Kind, line.Product, line.Quantity.String(), line.Total.String(), len(line.Taxes)})
	}
	s.confirm(1)
	require.Equal(s.t, erp.Confirmed, s.readOrder(s.instance, id).Stage)
}

func orderOfAnotherStore(s *store) {
	id := s.lands(erp.Created, s.mixed(1))[0].ID
	other := s.instance + "-other"
	held := s.readOrder(other, id)
	require.Equal(s.t, []any{erp.PendingKey(other, "order", id), s.instance}, []any{held.Record.Key, held.Of})
	products, err := s.Lookup(s.t.Context(), []erp.Key{s.key("product", mug), s.key("customer", buyer)})
	require.NoError(s.t, err)
	require.Equal(s.t, erp.PendingKey(other, "product", products[0]), held.Record.Lines[0].Product, "the product is what is exported")
	require.Equal(s.t, erp.PendingKey(other, "customer", products[1]), held.Record.Partner)
}

func orderAdopted(s *store) {
	s.count(mug, "10", earlier)
	id := s.lands(erp.Created, s.mixed(1))[0].ID
	stored := s.mixed(1)
	stored.Number, stored.StoreStatus, stored.CustomerNote = "STORE-1", "on-hold", foreign
	stored.Lines[0].SetAside = dec("1")
	for range 2 { // the reply may be lost
		require.NoError(s.t, s.orderReader().AdoptOrders(s.t.Context(), []erp.Adoption[erp.Order]{{ID: id, Record: stored}}))
	}
	s.lands(erp.Unchanged, stored)
	held := s.readOrder(s.instance, id)
	require.Equal(s.t, []any{stored.Key, "WEB-1"}, []any{held.Record.Key, held.Record.Number}, "it keeps what else it has")
	for i, line := range held.Record.Lines {
		require.Equal(s.t, stored.Lines[i].ID, line.ID, "a line is called what the store calls it")
	}
	require.Equal(s.t, []string{"41.88", "4.98"}, []string{s.figures(1).Total.String(), s.figures(1).Tax.String()})
	require.Equal(s.t, "4.98", s.figures(1).Taxes[0].Amount.String())
	s.holds(mug, "10", "1", "9")
	stored.StoreStatus = "processing"
	s.lands(erp.Updated, stored)
	require.Equal(s.t, "41.88", s.state(1).Total.String())
	stored.Lines = slices.Delete(slices.Clone(stored.Lines), 1, 2)
	stored.Untaxed, stored.Total = dec("21.90"), dec("26.88")
	s.lands(erp.Updated, stored)
	changed := s.readOrder(s.instance, id)
	require.Equal(s.t, []any{"WEB-1", "26.88"}, []any{changed.Record.Number, changed.Record.Total.String()}, "people find it under its number still")
	require.True(s.t, held.Record.Date.Equal(changed.Record.Date))
}

func ordersAdoptedTogether(s *store) {
	first, second := s.mixed(1), s.mixed(2)
	id := s.lands(erp.Created, first, second)[0].ID
	first.StoreStatus = "on-hold"
	err := s.orderReader().AdoptOrders(s.t.Context(), []erp.Adoption[erp.Order]{{ID: id, Record: first}, {ID: "987654321", Record: second}})
	require.Equal(s.t, fault.NotFound, fault.KindOf(err))
	s.lands(erp.Updated, first)
}

func orderTaken(s *store) {
	first, second := s.mixed(1), s.mixed(2)
	id := s.lands(erp.Created, first)[0].ID
	err := s.orderReader().AdoptOrders(s.t.Context(), []erp.Adoption[erp.Order]{{ID: id, Record: second}})
	require.Equal(s.t, []any{fault.Conflict, "order_taken"}, []any{fault.KindOf(err), fault.From(err).Code})
	s.lands(erp.Unchanged, first)
	s.lands(erp.Created, second)
}

func orderWithOtherLines(s *store) {
	order := s.mixed(1)
	id := s.lands(erp.Created, order)[0].ID
	other := s.mixed(1)
	other.Lines = slices.Delete(slices.Clone(other.Lines), 1, 2)
	err := s.orderReader().AdoptOrders(s.t.Context(), []erp.Adoption[erp.Order]{{ID: id, Record: other}})
	require.Equal(s.t, fault.Conflict, fault.KindOf(err))
	s.lands(erp.Unchanged, order)
	other = s.mixed(1)
	other.Lines[0].Product = s.key("product", sticker)
	err = s.orderReader().AdoptOrders(s.t.Context(), []erp.Adoption[erp.Order]{{ID: id, Record: other}})
	require.Equal(s.t, fault.Conflict, fault.KindOf(err), "of something else the store may have sold for as much")
	s.lands(erp.Unchanged, order)
}

// orderLinesAlike is an order whose lines a plugin of the store lists in another order.
func orderLinesAlike(s *store) {
	id := s.lands(erp.Created, s.order(1, s.goods(mug, "1", "15"), s.goods(sticker, "1", "15")))[0].ID
	stored := s.order(1, s.goods(sticker, "1", "15"), s.goods(mug, "1", "15"))
	require.NoError(s.t, s.orderReader().AdoptOrders(s.t.Context(), []erp.Adoption[erp.Order]{{ID: id, Record: stored}}))
	sold := map[string]erp.Key{}
	for _, line := range s.readOrder(s.instance, id).Record.Lines {
		sold[line.ID] = line.Product
	}
	require.Equal(s.t, map[string]erp.Key{"1": s.key("product", sticker), "2": s.key("product", mug)}, sold)
}

package erptest

import (
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// orderChangeTests are of orders that the store changed or cancelled after they landed.
var orderChangeTests = []test{
	{"a quotation follows the store", selling(quotationFollows)},
	{"a confirmed order follows the store", selling(confirmedFollows)},
	{"an edit of a confirmed order is held, refused and accepted", selling(confirmedHeld)},
	{"a refused edit of an invoiced order leaves it as it is", selling(invoicedRefused)},
	{"an invoiced order follows the store's progress", selling(invoicedProgress)},
	{"an invoiced order's amounts are locked", selling(invoicedLocked)},
	{"a shipped order's amounts are locked", selling(shippedLocked)},
	{"an order that goods came back of follows the store", selling(goodsCameBack)},
	{"a shipped order keeps the taxes it was landed with", selling(shippedKeepsTaxes)},
	{"an order the store cancelled lands cancelled", selling(cancelledNew)},
	{"the store cancels a quotation", selling(cancelledQuotation)},
	{"the store cancels a confirmed order", selling(cancelledConfirmed)},
	{"the store cannot cancel an invoiced order", selling(cancelledInvoiced)},
	{"the store cannot cancel a shipped order", selling(cancelledShipped)},
	{"the store takes a cancellation back", selling(cancellationTakenBack)},
	{"what a person cancelled stays cancelled", selling(cancelledByPerson)},
}

func quotationFollows(s *store) {
	first := s.lands(erp.Created, s.order(1, s.taxed(s.aside(mug, "2", "20"), standardRate, "4")))[0]
	second := s.lands(erp.Updated, s.order(1, s.taxed(s.aside(mug, "1", "10"), reducedRate, "0.55"), s.charge(erp.ShippingLine, "5")))[0]
	require.Equal(s.t, first.ID, second.ID)
	require.Equal(s.t, first.After, second.Before)
	s.holds(mug, "0", "1", "-1")
	figures := s.figures(1)
	require.Equal(s.t, "15.55", figures.Total.String())
	require.Len(s.t, figures.Taxes, 1)
	require.Equal(s.t, s.key("tax", reducedRate), figures.Taxes[0].Tax)
}

func confirmedFollows(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.confirm(1)
	s.lands(erp.Updated, s.order(1, s.aside(mug, "3", "30"), s.aside(sticker, "1", "1")))
	state := s.state(1)
	require.Equal(s.t, erp.Confirmed, state.Stage)
	require.Equal(s.t, "31", state.Total.String())
	require.Equal(s.t, 1, state.Deliveries)
	s.holds(mug, "13", "3", "10")
	require.True(s.t, s.ship(1).Shipped)
	s.holds(mug, "10", "0", "10")
}

func confirmedHeld(s *store) {
	s.count(mug, "10", later)
	sold := s.order(1, s.aside(mug, "2", "20"), s.charge(erp.ShippingLine, "5"))
	s.lands(erp.Created, sold)
	s.confirm(1)
	edited := s.order(1, s.aside(mug, "3", "30"), s.aside(sticker, "1", "1"))
	edited.Edits = erp.HoldEdits
	reason := s.refused(edited, erp.Parked, "order_edited").Reason
	require.Contains(s.t, reason, "25 EUR")
	require.Contains(s.t, reason, "31 EUR")
	s.requireLines(sold)
	s.holds(mug, "12", "2", "10")

	edited.Edits = erp.RefuseEdits
	s.lands(erp.Updated, edited)
	s.requireLines(sold)
	s.holds(mug, "12", "2", "10")

	accepted := s.order(1, s.aside(mug, "3", "30"), s.aside(sticker, "1", "1"))
	accepted.StoreStatus = "completed"
	s.lands(erp.Updated, accepted)
	s.requireLines(accepted)
	state := s.state(1)
	require.Equal(s.t, erp.Confirmed, state.Stage)
	require.Equal(s.t, "31", state.Total.String())
	s.holds(mug, "13", "3", "10")
}

// requireLines finds these lines in the ERP, and none of an order that it does not have.
func (s *store) requireLines(want erp.Order) {
	s.t.Helper()
	lines, err := s.OrderLines(s.t.Context(), []erp.Key{s.key("order", 99), want.Key})
	require.NoError(s.t, err)
	require.Len(s.t, lines, 2)
	require.Empty(s.t, lines[0])
	require.Len(s.t, lines[1], len(want.Lines))
	for i, line := range want.Lines {
		held := lines[1][i]
		require.Equal(s.t, []any{line.ID, line.Product, line.Description}, []any{held.ID, held.Product, held.Description})
		require.Equal(s.t, []string{line.Quantity.String(), line.Total.String()}, []string{held.Quantity.String(), held.Total.String()})
	}
}

func invoicedRefused(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")))
	s.confirm(1)
	s.invoice(1)
	edited := s.order(1, s.goods(mug, "3", "30"))
	edited.Edits = erp.RefuseEdits
	s.lands(erp.Updated, edited)
	s.lands(erp.Unchanged, edited)
	require.Equal(s.t, "20", s.state(1).Due.String())
	s.requireLines(s.order(1, s.goods(mug, "2", "20")))
	s.balances()
}

func invoicedProgress(s *store) {
	s.count(mug, "10", earlier)
	order := s.order(1, s.goods(mug, "2", "20"))
	s.lands(erp.Created, order)
	s.confirm(1)
	s.invoice(1)
	order.StoreStatus, order.TransactionID, order.PaidAt = "completed", "tx-1", later
	order.Notes = []erp.Note{{ID: "1", At: later, Text: "packed"}}
	order.Lines[0].SetAside = dec("3")
	s.lands(erp.Updated, order)
	s.holds(mug, "10", "3", "7")
	s.lands(erp.Unchanged, order)
	require.Equal(s.t, "20", s.state(1).Due.String())
}

func invoicedLocked(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")))
	s.confirm(1)
	s.invoice(1)
	s.requireLocked()
}

func shippedLocked(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")))
	s.confirm(1)
	s.ship(1)
	s.requireLocked()
	order := s.order(1, s.aside(mug, "2", "20"))
	s.lands(erp.Updated, order)
	s.holds(mug, "8", "0", "8")
}

// goodsCameBack has refunds put goods back at each stage of an order: the count of the product then says how many are free.
func goodsCameBack(s *store) {
	s.count(mug, "10", earlier)
	order := s.order(1, s.aside(mug, "3", "30"))
	s.lands(erp.Created, order)
	for back, step := range []func(){func() {}, func() { s.confirm(1) }, func() { s.invoice(1) }, func() { s.ship(1) }} {
		step()
		before := s.quantities(mug)
		order.Lines = slices.Clone(order.Lines)
		order.Lines[0].Restocked = dec("1").Add(order.Lines[0].Restocked)
		s.landsTwice(order)
		require.Equal(s.t, before.Free().String(), s.quantities(mug).Free().String(), "landing moves no goods")
		free := before.Free().Add(dec("1"))
		s.count(mug, free.String(), later.Add(time.Duration(back)*time.Hour))
		require.Equal(s.t, []string{free.String(), before.Reserved.String()},
			[]string{s.quantities(mug).Free().String(), s.quantities(mug).Reserved.String()})
	}
	require.Equal(s.t, "30", s.state(1).Total.String())
}

// shippedKeepsTaxes has a shop name the same rate by another key once the goods are shipped: the invoice is of the tax that the
// lines have.
func shippedKeepsTaxes(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(mug, "3", "9.99"), standardRate, "2")))
	s.confirm(1)
	s.ship(1)
	renamed := s.tax(3)
	renamed.Rate = dec("20")
	require.NoError(s.t, allLanded(s.UpsertTaxes(s.t.Context(), []erp.Tax{renamed})))
	order := s.order(1, s.taxed(s.goods(mug, "3", "9.99"), 3, "2"))
	s.lands(erp.Updated, order)
	s.lands(erp.Unchanged, order)
	require.Equal(s.t, "11.99", s.invoice(1).Due.String())
	require.Equal(s.t, "2", amountOf(s.figures(1), s.key("tax", standardRate)))
	s.balances()
}

// requireLocked lands order 1, of 20 euros, with other amounts.
func (s *store) requireLocked() {
	s.t.Helper()
	reason := s.refused(s.order(1, s.goods(mug, "3", "30")), erp.Parked, "order_locked").Reason
	require.Contains(s.t, reason, "20 EUR")
	require.Contains(s.t, reason, "30 EUR")
	require.Equal(s.t, "20", s.state(1).Total.String())
	s.lands(erp.Unchanged, s.order(1, s.goods(mug, "2", "20")))
}

// cancelled is order 1 as it comes when the store cancelled it and took its goods back.
func (s *store) cancelled() erp.Order {
	order := s.order(1, s.goods(mug, "2", "20"))
	order.Cancelled, order.StoreStatus = true, "cancelled"
	return order
}

func cancelledNew(s *store) {
	s.lands(erp.Created, s.cancelled())
	require.Equal(s.t, erp.Cancelled, s.state(1).Stage)
	s.holds(mug, "0", "0", "0")
	s.lands(erp.Unchanged, s.cancelled())
}

func cancelledQuotation(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.lands(erp.Updated, s.cancelled())
	require.Equal(s.t, erp.Cancelled, s.state(1).Stage)
	s.holds(mug, "10", "0", "10")
}

func cancelledConfirmed(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.confirm(1)
	s.lands(erp.Updated, s.cancelled())
	state := s.state(1)
	require.Equal(s.t, erp.Cancelled, state.Stage)
	require.Zero(s.t, state.Deliveries)
	s.holds(mug, "10", "0", "10")
}

func cancelledInvoiced(s *store) {
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.confirm(1)
	s.invoice(1)
	s.refused(s.cancelled(), erp.Parked, "cancel_needs_person")
	require.Equal(s.t, erp.Confirmed, s.state(1).Stage)
}

func cancelledShipped(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(sticker, "2", "20")))
	s.confirm(1)
	s.ship(1)
	order := s.order(1, s.goods(sticker, "2", "20"))
	order.Cancelled = true
	s.refused(order, erp.Parked, "cancel_needs_person")
	require.Equal(s.t, erp.Confirmed, s.state(1).Stage)
}

func cancellationTakenBack(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.cancelled())
	s.lands(erp.Updated, s.order(1, s.aside(mug, "2", "20")))
	require.Equal(s.t, erp.Quotation, s.state(1).Stage)
	s.holds(mug, "10", "2", "8")
	require.Equal(s.t, erp.Confirmed, s.confirm(1).Stage)
}

func cancelledByPerson(s *store) {
	s.count(mug, "10", earlier)
	order := s.order(1, s.aside(mug, "2", "20"))
	s.lands(erp.Created, order)
	s.cancel(1)
	s.holds(mug, "10", "0", "10")
	order.StoreStatus, order.PaidAt = "completed", later
	s.lands(erp.Updated, order)
	require.Equal(s.t, erp.Cancelled, s.state(1).Stage)
	s.holds(mug, "10", "0", "10")
}

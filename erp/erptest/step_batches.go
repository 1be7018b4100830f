package erptest

import (
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var stepBatchTests = []test{
	{"no order, no result", selling(batchOfNone)},
	{"each order of a batch is confirmed or refused for itself", selling(batchConfirms)},
	{"each order of a batch is invoiced or refused for itself", selling(batchInvoices)},
	{"each order of a batch is paid or refused for itself", selling(batchPays)},
	{"each order of a batch is shipped or waits for itself", selling(batchShips)},
	{"each order of a batch is cancelled or refused for itself", selling(batchCancels)},
}

// unknownOrder has not landed.
const unknownOrder = 99

// asks asks for a step of orders, with nothing besides.
func asks[Q any](s *store, orders ...int) []erp.Ask[Q] {
	list := make([]erp.Ask[Q], len(orders))
	for i, order := range orders {
		list[i].Order = s.key("order", order)
	}
	return list
}

// requireResults requires one result for each order, in order: the kind of its error, or "" for a step that is done.
func (s *store) requireResults(results []erp.StepResult, kinds ...fault.Kind) {
	s.t.Helper()
	got := make([]fault.Kind, len(results))
	for i, result := range results {
		got[i] = fault.KindOf(result.Err)
	}
	require.Equal(s.t, kinds, got, "%v", results)
}

// sell lands orders of one mug each.
func (s *store) sell(orders ...int) {
	s.t.Helper()
	for _, order := range orders {
		s.lands(erp.Created, s.order(order, s.aside(mug, "1", "10")))
	}
}

func batchOfNone(s *store) {
	ctx := s.t.Context()
	require.Positive(s.t, s.StepBatch())
	require.Empty(s.t, s.ConfirmOrders(ctx, nil))
	require.Empty(s.t, s.InvoiceOrders(ctx, nil))
	require.Empty(s.t, s.PayOrders(ctx, nil))
	require.Empty(s.t, s.ShipOrders(ctx, nil))
	require.Empty(s.t, s.CancelOrders(ctx, nil))
}

func batchConfirms(s *store) {
	s.count(mug, "10", later)
	s.sell(1, 2, 3, 4)
	s.confirm(2)
	s.cancel(3)
	results := s.ConfirmOrders(s.t.Context(), asks[erp.ConfirmRequest](s, 3, 1, unknownOrder, 2, 1, 4))
	s.requireResults(results, fault.Conflict, "", fault.NotFound, "", "", "")
	for i, order := range map[int]int{1: 1, 3: 2, 4: 1, 5: 4} {
		require.Equal(s.t, s.state(order), results[i].OrderState, "result %d is of order %d", i, order)
	}
	require.Equal(s.t, erp.Cancelled, results[0].Before.Stage, "known all the same")
	require.Equal(s.t, []erp.OrderStage{erp.Quotation, erp.Confirmed, erp.Confirmed}, []erp.OrderStage{
		results[1].Before.Stage, results[3].Before.Stage, results[4].Before.Stage}, "of an order named twice the second finds what the first did")
	require.Equal(s.t, 1, s.state(1).Deliveries)
}

func batchInvoices(s *store) {
	s.count(mug, "10", later)
	s.sell(1, 2, 3)
	s.confirm(1)
	s.confirm(3)
	results := s.InvoiceOrders(s.t.Context(), asks[erp.InvoiceRequest](s, 1, 2, unknownOrder, 3, 1))
	s.requireResults(results, "", fault.Conflict, fault.NotFound, "", "")
	require.Equal(s.t, results[0].InvoiceID, results[4].InvoiceID, "one invoice")
	require.NotEqual(s.t, results[0].InvoiceID, results[3].InvoiceID)
	require.False(s.t, s.state(2).Invoiced)
	require.Equal(s.t, "20", s.totals().Postings[0].Debit.String(), "two invoices of 10")
}

func batchPays(s *store) {
	s.count(mug, "10", later)
	s.sell(1, 2, 3)
	for _, order := range []int{1, 2, 3} {
		s.confirm(order)
	}
	s.invoice(1)
	s.invoice(2)
	orders := asks[erp.PaymentRequest](s, 1, 1, 3, unknownOrder, 2)
	for i := range orders {
		orders[i].With = s.payment("bank")
	}
	orders[0].With.Journal = "999999"
	results := s.PayOrders(s.t.Context(), orders)
	s.requireResults(results, fault.Invalid, "", fault.Conflict, fault.NotFound, "")
	require.True(s.t, s.state(1).Paid && s.state(2).Paid)
	require.Equal(s.t, "40", s.totals().Postings[0].Debit.String(), "two invoices and two payments of 10")
}

func batchShips(s *store) {
	s.count(mug, "10", later)
	s.sell(1, 2)
	s.lands(erp.Created, s.order(3, s.goods(shirtS, "2", "40")), s.order(4, s.aside(mug, "1", "10")))
	for _, order := range []int{1, 3, 4} {
		s.confirm(order)
	}
	results := s.ShipOrders(s.t.Context(), asks[erp.ShipRequest](s, 3, 1, 2, unknownOrder, 4, 1))
	s.requireResults(results, fault.Parked, "", fault.Conflict, fault.NotFound, "", "")
	require.Equal(s.t, "no_stock", fault.From(results[0].Err).Code)
	require.True(s.t, s.state(1).Shipped && s.state(4).Shipped)
	require.False(s.t, s.state(3).Shipped || s.state(3).PartlyShipped)
}

func batchCancels(s *store) {
	s.count(mug, "10", later)
	s.sell(1, 2, 3)
	s.confirm(1)
	s.confirm(2)
	s.invoice(2)
	results := s.CancelOrders(s.t.Context(), asks[erp.CancelRequest](s, 1, 2, unknownOrder, 3, 1))
	s.requireResults(results, "", fault.Conflict, fault.NotFound, "", "")
	require.Equal(s.t, erp.Confirmed, s.state(2).Stage)
	require.Equal(s.t, erp.Cancelled, s.state(3).Stage)
}

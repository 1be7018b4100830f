package erptest

import (
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// The steps of an order's cycle, required to succeed.

func (s *store) state(order int) erp.OrderState {
	s.t.Helper()
	return s.figures(order).State
}

func (s *store) confirm(order int) erp.OrderState {
	s.t.Helper()
	return s.must(s.ConfirmOrder(s.t.Context(), s.key("order", order)))
}

func (s *store) invoice(order int) erp.OrderState {
	s.t.Helper()
	return s.must(s.InvoiceOrder(s.t.Context(), s.key("order", order), erp.InvoiceRequest{Date: ordered}))
}

func (s *store) pay(order int) erp.OrderState {
	s.t.Helper()
	return s.must(s.PayOrder(s.t.Context(), s.key("order", order), s.payment("bank")))
}

func (s *store) ship(order int) erp.OrderState {
	s.t.Helper()
	return s.must(s.ShipOrder(s.t.Context(), s.key("order", order), erp.ShipRequest{}))
}

func (s *store) cancel(order int) erp.OrderState {
	s.t.Helper()
	return s.must(s.CancelOrder(s.t.Context(), s.key("order", order)))
}

func (s *store) must(progress erp.Progress, err error) erp.OrderState {
	s.t.Helper()
	require.NoError(s.t, err)
	return progress.OrderState
}

// after is the state a step leads to.
func after(progress erp.Progress, err error) (erp.OrderState, error) { return progress.OrderState, err }

// payment asks for a payment in the first journal of a kind.
func (s *store) payment(kind string) erp.PaymentRequest {
	s.t.Helper()
	for _, journal := range s.options.Journals {
		if journal.Kind == kind {
			return erp.PaymentRequest{Journal: journal.ID, Method: s.options.PaymentMethods[0].ID, Memo: "tx-1", Date: later}
		}
	}
	require.Fail(s.t, "no journal", "of kind %s", kind)
	return erp.PaymentRequest{}
}

// steps names every method that moves an order.
func (s *store) steps() map[string]func(order int) (erp.OrderState, error) {
	ctx := s.t.Context()
	return map[string]func(int) (erp.OrderState, error){
		"confirm": func(order int) (erp.OrderState, error) { return after(s.ConfirmOrder(ctx, s.key("order", order))) },
		"invoice": func(order int) (erp.OrderState, error) {
			return after(s.InvoiceOrder(ctx, s.key("order", order), erp.InvoiceRequest{Date: ordered}))
		},
		"pay": func(order int) (erp.OrderState, error) {
			return after(s.PayOrder(ctx, s.key("order", order), s.payment("bank")))
		},
		"ship": func(order int) (erp.OrderState, error) {
			return after(s.ShipOrder(ctx, s.key("order", order), erp.ShipRequest{}))
		},
		"cancel": func(order int) (erp.OrderState, error) { return after(s.CancelOrder(ctx, s.key("order", order))) },
	}
}

func (s *store) figures(order int) erp.OrderFigures {
	s.t.Helper()
	figures, err := s.OrderFigures(s.t.Context(), []erp.Key{s.key("order", order)})
	require.NoError(s.t, err)
	require.Len(s.t, figures, 1)
	require.NotEmpty(s.t, figures[0].ID)
	return figures[0]
}

func (s *store) totals() erp.Totals {
	s.t.Helper()
	totals, err := s.Totals(s.t.Context(), s.instance)
	require.NoError(s.t, err)
	return totals
}

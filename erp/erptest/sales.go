package erptest

import (
	"sync"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var salesTests = []test{
	{"an order goes from quotation to shipped and paid", selling(fullCycle)},
	{"shipping does not wait for the invoice", selling(shipBeforeInvoice)},
	{"every step may be repeated", selling(stepsRepeat)},
	{"every step tells where it found the order", selling(stepsTellBefore)},
	{"parallel calls of a step act once", selling(stepsInParallel)},
	{"illegal steps are refused", selling(stepsRefused)},
	{"confirming reserves", selling(confirmReserves)},
	{"confirming what is set aside does not reserve twice", selling(confirmAside)},
	{"cancelling frees what was reserved", selling(cancelFrees)},
	{"shipping waits for stock", selling(shipWaits)},
	{"what is reserved for others is not shipped", selling(shipOthers)},
	{"shipping goods in fractions", selling(shipFractions)},
	{"a service is shipped when confirmed", selling(shipService)},
	{"untracked goods ship without stock", selling(shipUntracked)},
	{"goods that are no longer tracked ship without stock", selling(shipNoLongerTracked)},
	{"an untracked variant of tracked goods ships without stock", selling(shipUntrackedVariant)},
	{"a payment needs a journal and a method", selling(payUnknown)},
	{"a payment in cash", selling(payCash)},
	{"a payment by the journal's own method", selling(payByJournal)},
}

func fullCycle(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.taxed(s.aside(mug, "2", "20"), standardRate, "4"), s.charge(erp.ShippingLine, "5")))
	state := s.confirm(1)
	require.Equal(s.t, erp.Confirmed, state.Stage)
	require.Equal(s.t, 1, state.Deliveries)
	require.False(s.t, state.Invoiced || state.Shipped)

	state = s.invoice(1)
	require.True(s.t, state.Invoiced)
	require.False(s.t, state.Paid)
	require.NotEmpty(s.t, state.InvoiceID)
	require.NotEmpty(s.t, state.InvoiceNumber)
	require.Equal(s.t, "29", state.Due.String())

	state = s.pay(1)
	require.True(s.t, state.Paid)
	require.Equal(s.t, "0", state.Due.String())

	state = s.ship(1)
	require.True(s.t, state.Shipped)
	require.Equal(s.t, state, s.state(1))
	require.Equal(s.t, state, s.figures(1).State)
	s.holds(mug, "10", "0", "10")
}

func shipBeforeInvoice(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.confirm(1)
	require.True(s.t, s.ship(1).Shipped)
	require.True(s.t, s.invoice(1).Invoiced)
	require.True(s.t, s.pay(1).Paid)
}

func stepsRepeat(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")), s.order(2, s.aside(mug, "1", "10")))
	for _, step := range []func(int) erp.OrderState{s.confirm, s.invoice, s.pay, s.ship} {
		require.Equal(s.t, step(1), step(1))
	}
	s.confirm(1)
	require.Equal(s.t, s.state(1), s.invoice(1))
	require.Equal(s.t, s.cancel(2), s.cancel(2))
	s.holds(mug, "11", "0", "11")
	require.Equal(s.t, "40", s.totals().Postings[0].Debit.String(), "one invoice and one payment of 20")
}

func stepsTellBefore(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	ctx, order := s.t.Context(), s.key("order", 1)
	invoice := func() (erp.Progress, error) { return s.InvoiceOrder(ctx, order, erp.InvoiceRequest{Date: ordered}) }
	quotation := s.state(1)
	refused, err := invoice()
	require.Equal(s.t, fault.Conflict, fault.KindOf(err))
	require.Equal(s.t, quotation, refused.Before, "known all the same")
	for _, step := range []func() (erp.Progress, error){
		func() (erp.Progress, error) { return s.ConfirmOrder(ctx, order) },
		invoice,
		func() (erp.Progress, error) { return s.PayOrder(ctx, order, s.payment("bank")) },
		func() (erp.Progress, error) { return s.ShipOrder(ctx, order, erp.ShipRequest{}) },
	} {
		before := s.state(1)
		progress, err := step()
		require.NoError(s.t, err)
		require.Equal(s.t, erp.Progress{OrderState: s.state(1), Before: before}, progress)
		again, err := step()
		require.NoError(s.t, err)
		require.Equal(s.t, erp.Progress{OrderState: s.state(1), Before: s.state(1)}, again)
	}
}

func stepsInParallel(s *store) {
	const calls = 6
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	steps := s.steps()
	for _, name := range []string{"confirm", "invoice", "pay", "ship"} {
		states := make([]erp.OrderState, calls)
		errs := make([]error, calls)
		var group sync.WaitGroup
		for i := range calls {
			group.Go(func() {
				errs[i] = repeat(func() (err error) { states[i], err = steps[name](1); return err })
			})
		}
		group.Wait()
		for i := range calls {
			require.NoError(s.t, errs[i], name)
			require.Equal(s.t, s.state(1), states[i], name)
		}
	}
	require.Equal(s.t, 1, s.state(1).Deliveries)
	s.holds(mug, "10", "0", "10")
	require.Equal(s.t, "40", s.totals().Postings[0].Debit.String(), "one invoice and one payment of 20")
}

func stepsRefused(s *store) {
	s.count(mug, "10", later)
	line := func() erp.OrderLine { return s.aside(mug, "1", "10") }
	s.lands(erp.Created, s.order(1, line()), s.order(2, line()), s.order(3, line()), s.order(4, line()), s.order(5, line()))
	s.confirm(2)
	s.confirm(3)
	s.invoice(3)
	s.confirm(4)
	s.ship(4)
	s.cancel(5)
	steps := s.steps()
	for order, refused := range map[int][]string{
		1: {"invoice", "pay", "ship"},
		2: {"pay"},
		3: {"cancel"},
		4: {"pay", "cancel"},
		5: {"confirm", "invoice", "pay", "ship"},
	} {
		before := s.state(order)
		for _, name := range refused {
			_, err := steps[name](order)
			require.Equal(s.t, fault.Conflict, fault.KindOf(err), "%s order %d", name, order)
			require.NotEmpty(s.t, err.Error())
		}
		require.Equal(s.t, before, s.state(order))
	}
}

func confirmReserves(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20"), s.goods(mug, "1", "10")))
	s.holds(mug, "10", "0", "10")
	s.confirm(1)
	s.holds(mug, "10", "3", "7")
}

func confirmAside(s *store) {
	s.count(mug, "10", earlier)
	line := s.goods(mug, "3", "30")
	line.SetAside = dec("2")
	s.lands(erp.Created, s.order(1, line))
	s.holds(mug, "10", "2", "8")
	s.confirm(1)
	s.holds(mug, "10", "3", "7")
	s.ship(1)
	s.holds(mug, "7", "0", "7")
}

func cancelFrees(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")), s.order(2, s.goods(mug, "3", "30")))
	s.confirm(2)
	s.holds(mug, "10", "5", "5")
	require.Equal(s.t, erp.Cancelled, s.cancel(1).Stage)
	s.holds(mug, "10", "3", "7")
	state := s.cancel(2)
	require.Equal(s.t, erp.Cancelled, state.Stage)
	require.Zero(s.t, state.Deliveries)
	s.holds(mug, "10", "0", "10")
}

func shipWaits(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20"), s.goods(shirtS, "1", "20"), s.goods(sticker, "9", "9")))
	s.count(mug, "1", later)
	s.confirm(1)
	_, err := s.ShipOrder(s.t.Context(), s.key("order", 1), erp.ShipRequest{})
	require.Equal(s.t, fault.Parked, fault.KindOf(err))
	require.Equal(s.t, "no_stock", fault.From(err).Code)
	require.Contains(s.t, err.Error(), "10")
	require.Contains(s.t, err.Error(), "21")
	require.ElementsMatch(s.t, []string{
		s.key("product", mug).String(), s.key("product", shirt).String(), s.key("product", shirtS).String(),
	}, fault.From(err).Waits, "a variation's count comes with its product")
	s.holds(mug, "1", "2", "-1")
	s.count(mug, "0", later)
	s.count(shirtS, "0", later)
	require.True(s.t, s.ship(1).Shipped)
	s.holds(mug, "0", "0", "0")
}

func shipOthers(s *store) {
	s.count(mug, "5", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "3", "30")), s.order(2, s.aside(mug, "3", "30")))
	s.confirm(1)
	_, err := s.ShipOrder(s.t.Context(), s.key("order", 1), erp.ShipRequest{})
	require.Equal(s.t, fault.Parked, fault.KindOf(err), "of 5 on hand 3 are set aside for order 2")
	s.cancel(2)
	require.True(s.t, s.ship(1).Shipped)
	s.holds(mug, "2", "0", "2")
}

func shipFractions(s *store) {
	s.count(mug, "1.25", earlier)
	s.lands(erp.Created, s.order(1, s.aside(mug, "0.75", "7.50"), s.aside(mug, "0.5", "5")))
	s.confirm(1)
	s.ship(1)
	s.holds(mug, "0", "0", "0")
}

func shipService(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(course, "1", "50")))
	state := s.confirm(1)
	require.True(s.t, state.Shipped)
	require.Zero(s.t, state.Deliveries)
	require.Equal(s.t, state, s.ship(1))
	require.Equal(s.t, erp.Cancelled, s.cancel(1).Stage, "nothing was delivered")
}

func shipUntracked(s *store) {
	s.lands(erp.Created, s.order(1, s.aside(sticker, "5", "5")))
	require.False(s.t, s.confirm(1).Shipped)
	state := s.ship(1)
	require.True(s.t, state.Shipped)
	require.Equal(s.t, 1, state.Deliveries)
	s.holds(sticker, "0", "0", "0")
}

func shipNoLongerTracked(s *store) {
	s.lands(erp.Created, s.order(1, s.aside(mug, "5", "5")))
	s.confirm(1)
	untracked := s.product(mug)
	untracked.Variants[0].TrackStock = false
	require.NoError(s.t, allLanded(s.UpsertProducts(s.t.Context(), []erp.Product{untracked})))
	require.True(s.t, s.ship(1).Shipped)
	s.holds(mug, "0", "0", "0")
}

func shipUntrackedVariant(s *store) {
	mixed := s.variable(shirt, shirtS, shirtM)
	mixed.Variants[0].TrackStock = false
	require.NoError(s.t, allLanded(s.UpsertProducts(s.t.Context(), []erp.Product{mixed})))
	s.lands(erp.Created, s.order(1, s.goods(shirtS, "2", "20")), s.order(2, s.goods(shirtS, "1", "10")), s.order(3, s.goods(shirtM, "1", "10")))
	for order := 1; order <= 3; order++ {
		s.confirm(order)
	}
	require.True(s.t, s.ship(1).Shipped)
	require.True(s.t, s.ship(2).Shipped)
	_, err := s.ShipOrder(s.t.Context(), s.key("order", 3), erp.ShipRequest{})
	require.Equal(s.t, "no_stock", fault.From(err).Code, "the other variant is tracked")
}

func payUnknown(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(course, "1", "50")))
	s.confirm(1)
	s.invoice(1)
	for field, spoil := range map[string]func(*erp.PaymentRequest){
		"journal": func(r *erp.PaymentRequest) { r.Journal = "no such" },
		"method":  func(r *erp.PaymentRequest) { r.Method = "no such" },
	} {
		payment := s.payment("bank")
		spoil(&payment)
		_, err := s.PayOrder(s.t.Context(), s.key("order", 1), payment)
		require.Equal(s.t, fault.Invalid, fault.KindOf(err))
		require.Equal(s.t, field, fault.From(err).Field)
	}
	_, err := s.PayOrder(s.t.Context(), s.key("order", 1), erp.PaymentRequest{
		Journal: s.payment("sale").Journal, Method: s.payment("bank").Method})
	require.Equal(s.t, fault.Invalid, fault.KindOf(err), "money does not go into a sales journal")
	require.Equal(s.t, "50", s.state(1).Due.String())
}

func payCash(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(course, "1", "50")))
	s.confirm(1)
	s.invoice(1)
	require.True(s.t, s.must(s.PayOrder(s.t.Context(), s.key("order", 1), s.payment("cash"))).Paid)
}

func payByJournal(s *store) {
	for order, kind := range map[int]string{1: "bank", 2: "cash"} {
		s.lands(erp.Created, s.order(order, s.goods(course, "1", "50")))
		s.confirm(order)
		s.invoice(order)
		payment := s.payment(kind)
		payment.Method = ""
		require.True(s.t, s.must(s.PayOrder(s.t.Context(), s.key("order", order), payment)).Paid, kind)
	}
}

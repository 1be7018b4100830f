package erptest

import (
	"sync"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

var refundTests = []test{
	{"a part of a paid order is given back and paid out", selling(refundPart)},
	{"a refund is booked once, whoever asks how often", selling(refundOnce)},
	{"an order that is not invoiced is invoiced in full first", selling(refundBeforeInvoice)},
	{"what is refunded before it is paid is not paid", selling(refundBeforePayment)},
	{"a refund waits for its order, and for what it sells", selling(refundWaits)},
	{"a booked refund is never changed", selling(refundLocked)},
	{"of an order given back as a whole nothing is delivered any more", selling(refundWhole)},
	{"goods that were put back are on the shelf again", selling(refundPutsBack)},
	{"amounts without lines of the order, and several rates", selling(refundAmounts)},
	{"a refund of nothing", selling(refundNothing)},
	{"a refund that the shop deleted is reversed once", selling(refundReversed)},
}

func putRefunds(s *store, refunds ...erp.Refund) []erp.Outcome {
	s.t.Helper()
	book, err := erp.Refunds.Of(s.Backend)
	require.NoError(s.t, err)
	outcomes, err := book.UpsertRefunds(s.t.Context(), refunds)
	require.NoError(s.t, err)
	require.Len(s.t, outcomes, len(refunds))
	return outcomes
}

// gives lands refunds and requires one status for all of them.
func (s *store) gives(status erp.Status, refunds ...erp.Refund) []erp.Outcome {
	s.t.Helper()
	outcomes := putRefunds(s, refunds...)
	for _, outcome := range outcomes {
		require.Equal(s.t, status, outcome.Status, outcome.Reason)
		requireSound(s.t, outcome)
	}
	return outcomes
}

// refund gives lines back of an order, with their taxes; its total is what they come to.
func (s *store) refund(id, order int, lines ...erp.OrderLine) erp.Refund {
	of := s.order(order, lines...)
	r := erp.Refund{Key: s.key("refund", id), Order: of.Key, Number: of.Number + "/1", Date: ordered.AddDate(0, 0, 1), Currency: of.Currency,
		Taxes: of.Taxes, Untaxed: of.Untaxed, Tax: of.Tax, Total: of.Total, Reason: foreign}
	for _, line := range of.Lines {
		r.Lines = append(r.Lines, erp.RefundLine{OrderLine: line, Of: line.ID})
	}
	return r
}

// sold lands an order of two mugs at 24 with tax and shipping for 5, and takes it through its whole cycle.
func (s *store) sold(order int) {
	s.t.Helper()
	s.lands(erp.Created, s.order(order, s.taxed(s.goods(mug, "2", "20"), standardRate, "4"), s.charge(erp.ShippingLine, "5")))
	s.settle(order)
}

func refundPart(s *store) {
	s.count(mug, "10", later)
	s.sold(1)
	before := s.state(1)
	s.gives(erp.Created, s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2")))
	f := s.figures(1)
	require.Equal(s.t, "29", f.InvoiceTotal.String())
	require.Len(s.t, f.Refunds, 1)
	got := f.Refunds[0]
	require.Equal(s.t, s.key("refund", 1), got.Key)
	require.Equal(s.t, []string{"12", "2"}, []string{got.Total.String(), got.Tax.String()})
	require.Len(s.t, got.Taxes, 1)
	require.Equal(s.t, "2", got.Taxes[0].Amount.String())
	require.NotEmpty(s.t, got.Number)
	require.True(s.t, got.PaidOut)
	require.False(s.t, got.Reversed)
	require.Equal(s.t, before, f.State, "neither the invoice nor what is due of it changes")
	require.Equal(s.t, []string{"29", "4"}, []string{f.Total.String(), f.Tax.String()}, "nor does the order")
	totals := s.totals()
	require.Len(s.t, totals.Refunds, 1)
	require.Equal(s.t, []string{"EUR", "12", "2"}, []string{totals.Refunds[0].Currency, totals.Refunds[0].Total.String(), totals.Refunds[0].Tax.String()})
	require.Equal(s.t, 1, totals.Paid)
	s.balances()
}

func refundOnce(s *store) {
	s.count(mug, "10", later)
	s.sold(1)
	r := s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2"))
	statuses := make([]erp.Status, 4)
	var group sync.WaitGroup
	book, err := erp.Refunds.Of(s.Backend)
	require.NoError(s.t, err)
	for i := range statuses {
		group.Go(func() {
			_ = repeat(func() error {
				outcomes, err := book.UpsertRefunds(s.t.Context(), []erp.Refund{r})
				if err == nil {
					statuses[i] = outcomes[0].Status
				}
				return err
			})
		})
	}
	group.Wait()
	created := 0
	for _, status := range statuses {
		require.Contains(s.t, []erp.Status{erp.Created, erp.Unchanged}, status)
		if status == erp.Created {
			created++
		}
	}
	require.Equal(s.t, 1, created)
	require.Len(s.t, s.figures(1).Refunds, 1)
	r.Reason, r.Lines[0].Description = "another reason", "another text"
	s.gives(erp.Unchanged, r)
	require.Equal(s.t, "0", s.state(1).Due.String())
	s.balances()
}

func refundBeforeInvoice(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(mug, "2", "20"), standardRate, "4")))
	s.confirm(1)
	require.Equal(s.t, "0", s.figures(1).InvoiceTotal.String())
	s.gives(erp.Created, s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2")))
	require.Equal(s.t, "24", s.figures(1).InvoiceTotal.String())
	state := s.state(1)
	require.True(s.t, state.Invoiced)
	require.Equal(s.t, []string{"24", "12"}, []string{state.Total.String(), state.Due.String()}, "the invoice is of the whole order")
	require.Equal(s.t, state, s.invoice(1), "and the only one")
	s.balances()
}

func refundBeforePayment(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(mug, "2", "20"), standardRate, "4")))
	s.confirm(1)
	s.invoice(1)
	s.gives(erp.Created, s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2")))
	require.Equal(s.t, "12", s.state(1).Due.String())
	paid := s.pay(1)
	require.True(s.t, paid.Paid)
	require.Equal(s.t, "0", paid.Due.String())
	s.gives(erp.Created, s.refund(2, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2")))
	require.Equal(s.t, "0", s.state(1).Due.String(), "what is overpaid is paid out")
	require.Len(s.t, s.figures(1).Refunds, 2)
	s.balances()
}

func refundWaits(s *store) {
	r := s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2"))
	parked := s.gives(erp.Parked, r)[0]
	require.Equal(s.t, "unknown_order", parked.Code)
	require.Equal(s.t, []erp.Key{r.Order}, parked.Waits)
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(mug, "2", "20"), standardRate, "4")))
	parked = s.gives(erp.Parked, r)[0]
	require.Equal(s.t, "order_not_confirmed", parked.Code)
	require.Equal(s.t, []erp.Key{r.Order}, parked.Waits)
	require.Empty(s.t, s.figures(1).Refunds)
	s.confirm(1)
	other := s.refund(2, 1, s.taxed(s.goods(mug, "1", "10"), 99, "2"))
	require.Equal(s.t, "unknown_tax", s.gives(erp.Parked, other)[0].Code)
	s.gives(erp.Created, r)
}

func refundLocked(s *store) {
	s.count(mug, "10", later)
	s.sold(1)
	s.gives(erp.Created, s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2")))
	locked := s.gives(erp.Parked, s.refund(1, 1, s.charge(erp.ShippingLine, "5")))[0]
	require.Equal(s.t, "refund_locked", locked.Code)
	require.Contains(s.t, locked.Reason, "12")
	require.Equal(s.t, "12", s.figures(1).Refunds[0].Total.String())
	wrong := s.refund(2, 1, s.charge(erp.ShippingLine, "5"))
	wrong.Total = dec("6")
	require.Equal(s.t, "totals_differ", s.gives(erp.Failed, wrong)[0].Code)
}

func refundWhole(s *store) {
	s.count(mug, "10", later)
	order := func() erp.Order { return s.order(1, s.taxed(s.goods(mug, "2", "20"), standardRate, "4")) }
	s.lands(erp.Created, order())
	s.confirm(1)
	s.invoice(1)
	s.pay(1)
	s.holds(mug, "10", "2", "8")
	whole := s.refund(1, 1, s.taxed(s.goods(mug, "2", "20"), standardRate, "4"))
	whole.Whole = true
	s.gives(erp.Created, whole)
	s.holds(mug, "10", "0", "10")
	refunded := order()
	refunded.StoreStatus = "refunded"
	s.lands(erp.Updated, refunded)
	require.True(s.t, s.ship(1).Shipped, "nothing is left to deliver")
	s.holds(mug, "10", "0", "10")
}

func refundPutsBack(s *store) {
	s.count(mug, "10", later)
	s.sold(1)
	s.holds(mug, "8", "0", "8")
	first := s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2"))
	first.Lines[0].PutBack = dec("1")
	s.gives(erp.Created, first)
	s.holds(mug, "9", "0", "9")
	s.gives(erp.Unchanged, first)
	second := s.refund(2, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2"))
	second.Lines[0].PutBack = dec("1") // what the first one put back: this one put nothing back
	s.gives(erp.Created, second)
	s.holds(mug, "9", "0", "9")
}

func refundAmounts(s *store) {
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(course, "1", "100"), standardRate, "20"), s.taxed(s.charge(erp.FeeLine, "100"), reducedRate, "5.5")))
	s.settle(1)
	r := s.refund(1, 1, s.taxed(s.charge(erp.FeeLine, "10"), standardRate, "2"), s.taxed(s.charge(erp.FeeLine, "10"), reducedRate, "0.55"))
	for i := range r.Lines {
		r.Lines[i].Of = ""
	}
	s.gives(erp.Created, r)
	got := s.figures(1).Refunds[0]
	require.Equal(s.t, []string{"22.55", "2.55"}, []string{got.Total.String(), got.Tax.String()})
	perRate := map[erp.Key]string{}
	for _, tax := range got.Taxes {
		perRate[tax.Tax] = tax.Amount.String()
	}
	require.Equal(s.t, map[erp.Key]string{s.key("tax", standardRate): "2", s.key("tax", reducedRate): "0.55"}, perRate)
	s.balances()
}

func refundNothing(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(course, "1", "100")))
	s.settle(1)
	s.gives(erp.Created, s.refund(1, 1, s.charge(erp.FeeLine, "0")))
	s.gives(erp.Unchanged, s.refund(1, 1, s.charge(erp.FeeLine, "0")))
	require.Equal(s.t, "0", s.figures(1).Refunds[0].Total.String())
	require.True(s.t, s.state(1).Paid)
}

func refundReversed(s *store) {
	s.count(mug, "10", later)
	s.sold(1)
	s.gives(erp.Created, s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2")))
	book, err := erp.Refunds.Of(s.Backend)
	require.NoError(s.t, err)
	for _, status := range []erp.Status{erp.Updated, erp.Unchanged} {
		outcomes, err := book.ReverseRefunds(s.t.Context(), []erp.Key{s.key("refund", 1)})
		require.NoError(s.t, err)
		require.Equal(s.t, status, outcomes[0].Status, outcomes[0].Reason)
		requireSound(s.t, outcomes[0])
		require.True(s.t, s.figures(1).Refunds[0].Reversed)
		require.Equal(s.t, "0", s.state(1).Due.String(), "neither the credit note nor what was paid out stands")
	}
	require.Empty(s.t, s.totals().Refunds)
	s.balances()
	outcomes, err := book.ReverseRefunds(s.t.Context(), []erp.Key{s.key("refund", 2)})
	require.NoError(s.t, err)
	require.Equal(s.t, []any{erp.Failed, "not_booked"}, []any{outcomes[0].Status, outcomes[0].Code})
}

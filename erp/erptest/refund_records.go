package erptest

import (
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var refundRecordTests = []test{
	{"a refund of a shop is none that is sent into one", selling(refundOfAShop)},
	{"a credit note that a person made is sent once", selling(refundSent)},
}

func (s *store) refundReader() erp.RefundReader {
	s.t.Helper()
	reader, err := erp.RefundRecords.Of(s.Backend)
	require.NoError(s.t, err)
	return reader
}

func refundOfAShop(s *store) {
	s.count(mug, "10", later)
	s.sold(1)
	refund := s.refund(1, 1, s.taxed(s.goods(mug, "1", "10"), standardRate, "2"))
	id := s.gives(erp.Created, refund)[0].ID
	held, err := s.refundReader().ReadRefunds(s.t.Context(), s.instance, []string{id, "987654321", "nonsense"})
	require.NoError(s.t, err)
	require.Len(s.t, held, 1, "what does not exist is left out")
	require.Equal(s.t, []any{refund.Key, refund.Order, refund.Taxes[0].Tax, "12", false}, []any{held[0].Record.Key, held[0].Record.Order,
		held[0].Record.Taxes[0].Tax, held[0].Record.Total.String(), held[0].ByHand})
	s.unsent()
}

// unsent requires which credit notes there are to send.
func (s *store) unsent(ids ...string) {
	s.t.Helper()
	found, err := s.refundReader().UnsentRefunds(s.t.Context(), s.instance, "", 10)
	require.NoError(s.t, err)
	var listed []string
	for _, note := range found {
		listed = append(listed, note.ID)
	}
	require.ElementsMatch(s.t, ids, listed)
	notes, err := s.refundReader().UnsentOf(s.t.Context(), []erp.Key{s.key("order", 1)})
	require.NoError(s.t, err)
	var of []string
	for _, note := range notes {
		of = append(of, note.ID)
	}
	require.ElementsMatch(s.t, ids, of)
}

func refundSent(s *store) {
	desk, err := erp.Desks.Of(s.Backend)
	if err != nil {
		return // people make credit notes in the ERP itself
	}
	s.count(mug, "10", later)
	s.sold(1)
	order, err := s.Lookup(s.t.Context(), []erp.Key{s.key("order", 1)})
	require.NoError(s.t, err)
	made, err := desk.CreateCreditNote(s.t.Context(), s.instance, erp.CreditRequest{Order: erp.OwnKey("order", order[0]), Reason: foreign})
	require.NoError(s.t, err)
	s.unsent(made.ID)
	held, err := s.refundReader().ReadRefunds(s.t.Context(), s.instance, []string{made.ID})
	require.NoError(s.t, err)
	require.Equal(s.t, []any{erp.PendingKey(s.instance, "refund", made.ID), s.key("order", 1), true, "29"},
		[]any{held[0].Record.Key, held[0].Record.Order, held[0].ByHand, held[0].Record.Total.String()})

	stored := s.refund(7, 1, s.taxed(s.goods(mug, "2", "20"), standardRate, "4"), s.charge(erp.ShippingLine, "5"))
	require.NoError(s.t, s.refundReader().AdoptRefunds(s.t.Context(), []erp.Adoption[erp.Refund]{{ID: made.ID, Record: stored}}))
	s.unsent()
	s.gives(erp.Unchanged, stored)
	require.Len(s.t, s.figures(1).Refunds, 1, "it is booked once")
	require.Equal(s.t, stored.Key, s.figures(1).Refunds[0].Key, "a shop's key goes before the ERP's own")
	s.balances()
	err = s.refundReader().AdoptRefunds(s.t.Context(), []erp.Adoption[erp.Refund]{{ID: "987654321", Record: s.refund(8, 1)}})
	require.Equal(s.t, fault.NotFound, fault.KindOf(err))
}

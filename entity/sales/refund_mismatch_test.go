package sales

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// notesBook is an ERP in which people made credit notes that no store has.
type notesBook struct {
	*entitytest.Ledger
	erp.RefundReader
	notes []erp.HeldRefund
}

func (b notesBook) UnsentOf(context.Context, []erp.Key) ([]erp.HeldRefund, error) {
	return b.notes, nil
}

// heldOrder is the order of a recorded refund as an ERP may hold it: invoiced, and as the store sold it until a test changes that.
type heldOrder struct {
	sold    erp.Order
	figures erp.OrderFigures
	notes   []erp.HeldRefund
}

func heldAsSold(t *testing.T, r refundRecord) *heldOrder {
	t.Helper()
	order, err := mapRefunded(entitytest.Demo(), r.order)
	require.NoError(t, err)
	h := &heldOrder{sold: order.Order}
	h.sold.Lines, h.sold.Taxes = slices.Clone(order.Lines), slices.Clone(order.Taxes)
	h.figures = erp.OrderFigures{ID: "7", Currency: order.Currency, Total: order.Total, InvoiceTotal: order.Total,
		State: erp.OrderState{ID: "7", Stage: erp.Confirmed, Invoiced: true}}
	return h
}

// without has the ERP not sell a line, nor charge so much tax of a percentage.
func (h *heldOrder) without(line int, rate, tax string) {
	l := &h.sold.Lines[line]
	less := l.Total.Add(entitytest.Amount(tax))
	h.figures.Total = h.figures.Total.Sub(less)
	h.figures.InvoiceTotal = h.figures.Total
	h.sold.Lines = slices.Delete(h.sold.Lines, line, line+1)
	h.untaxed(rate, tax)
}

func (h *heldOrder) untaxed(rate, tax string) {
	for i := range h.sold.Taxes {
		if t := &h.sold.Taxes[i]; t.Rate.String() == rate {
			t.Amount = t.Amount.Sub(entitytest.Amount(tax))
		}
	}
}

// onePiece has the ERP sell one piece of the first line, of which the store sold three.
func (h *heldOrder) onePiece() {
	l := &h.sold.Lines[0]
	l.Quantity, l.Total = entitytest.Amount("1"), entitytest.Amount("8.33")
	h.figures.Total = entitytest.Amount("45.96")
	h.figures.InvoiceTotal = h.figures.Total
	h.untaxed("20", "3.33")
}

func (h *heldOrder) gaveBack(id, total string) {
	h.figures.Refunds = append(h.figures.Refunds, erp.RefundFigures{Key: entitytest.Key("refund", id), ID: "n" + id, Total: entitytest.Amount(total)})
}

// byHand has a person make a credit note in the ERP. listed says that the ERP's figures name it too.
func (h *heldOrder) byHand(total string, listed bool) {
	note := erp.HeldRefund{ByHand: true, Posted: "RINV/1"}
	note.ID, note.Record.Order, note.Record.Total = "note", h.sold.Key, entitytest.Amount(total)
	h.notes = append(h.notes, note)
	if listed {
		h.figures.Refunds = append(h.figures.Refunds, erp.RefundFigures{Key: erp.OwnKey("refund", "note"), ID: "note", Total: note.Record.Total})
	}
}

// land lands refunds in the ERP that holds the order.
func (h *heldOrder) land(t *testing.T, progress mapping.Progress, records ...refundRecord) ([]flow.Outcome, *entitytest.Ledger) {
	t.Helper()
	h.figures.Taxes = h.sold.Taxes
	stub := &entitytest.Ledger{Orders: []erp.Order{h.sold}, Figures: map[erp.Key]erp.OrderFigures{h.sold.Key: h.figures}}
	ec := entitytest.Demo()
	ec.Backend, ec.Progress = notesBook{Ledger: stub, notes: h.notes}, progress
	outcomes, err := entitytest.Land(t.Context(), ec, Refunds, entitytest.PageOf(Refunds, records...))
	require.NoError(t, err)
	return outcomes, stub
}

// No more is credited than the ERP sold, invoiced and did not give back yet: what gives back more waits for a person, with both amounts.
func TestARefundOfMoreThanWasInvoicedWaits(t *testing.T) {
	const partial, after = "refund_partial_line_restock_create", "refund_partial_line_no_restock_order_after"
	full := recordedRefund(t, "refund_full_restock_create", "refund_full_restock_order_after")
	amount := recordedRefund(t, "refund_amount_only_create", "refund_amount_only_order_after")
	shipping := recordedRefund(t, "refund_shipping_only_create", "refund_shipping_only_order_after")
	first, second := recordedRefund(t, partial, after), recordedRefund(t, "refund_partial_line_no_restock_get_dp6", after, partial)
	cancelled := refundRecord{id: "1317/cancellation", order: full.order}
	cancelled.order.Status, cancelled.DateCreated = woo.OrderCancelled, entitytest.SomeTime
	partly := refundRecord{id: "1310/cancellation", order: first.order, earlier: []woo.Refund{first.Refund, second.Refund}}
	partly.order.Status, partly.DateCreated = woo.OrderCancelled, entitytest.SomeTime
	for name, c := range map[string]struct {
		change func(*heldOrder)
		page   []refundRecord
		want   []string // of each: "" where it is booked, else what is left and what is asked for
	}{
		"all of what was sold":                    {nil, []refundRecord{full}, []string{""}},
		"all of less":                             {func(h *heldOrder) { h.without(1, "5.5", "1.56") }, []refundRecord{full}, []string{"total 35.96 65.94"}},
		"all of more":                             {func(h *heldOrder) { h.figures.Total = entitytest.Amount("99") }, []refundRecord{full}, []string{""}},
		"less was invoiced":                       {func(h *heldOrder) { h.figures.InvoiceTotal = entitytest.Amount("20") }, []refundRecord{full}, []string{"total 20 65.94"}},
		"nothing is invoiced yet":                 {func(h *heldOrder) { h.figures.InvoiceTotal = entitytest.Amount("0") }, []refundRecord{full}, []string{""}},
		"an amount that is there":                 {nil, []refundRecord{amount}, []string{""}},
		"an amount that is not":                   {func(h *heldOrder) { h.gaveBack("1313/1", "61.94") }, []refundRecord{amount}, []string{"total 4 5"}},
		"an amount of which a part was reversed":  {func(h *heldOrder) { h.gaveBack("1313/1", "61.94"); h.figures.Refunds[0].Reversed = true }, []refundRecord{amount}, []string{""}},
		"an amount with tax that nobody charged":  {func(h *heldOrder) { h.without(1, "5.5", "1.56") }, []refundRecord{amount}, []string{"tax 5.5% 0 0.12"}},
		"shipping that was sold":                  {func(h *heldOrder) { h.without(1, "5.5", "1.56") }, []refundRecord{shipping}, []string{""}},
		"shipping that was not":                   {func(h *heldOrder) { h.without(2, "20", "1") }, []refundRecord{shipping}, []string{"line 3375 0 4.99"}},
		"a piece of one":                          {(*heldOrder).onePiece, []refundRecord{first}, []string{""}},
		"another piece of one":                    {func(h *heldOrder) { h.onePiece(); h.gaveBack("1310/1311", "9.99") }, []refundRecord{second}, []string{"line 3359 0 8.33"}},
		"two pieces of one, at once":              {(*heldOrder).onePiece, []refundRecord{first, second}, []string{"", "line 3359 0 8.33"}},
		"a piece whose order has no ids of lines": {func(h *heldOrder) { h.onePiece(); h.sold.Lines, h.sold.Taxes = nil, nil }, []refundRecord{first, second}, []string{"", ""}},
		"credited in the ERP by hand":             {func(h *heldOrder) { h.byHand("62", false) }, []refundRecord{shipping}, []string{"total 3.94 5.99"}},
		"by hand, and there is enough":            {func(h *heldOrder) { h.byHand("59.95", true) }, []refundRecord{shipping}, []string{""}},
		"by hand, and invoiced again":             {func(h *heldOrder) { h.byHand("65.94", true); h.figures.InvoiceTotal = entitytest.Amount("131.88") }, []refundRecord{full}, []string{""}},
		"a quotation":                             {func(h *heldOrder) { h.figures.Total = entitytest.Amount("1"); h.figures.State.Stage = erp.Quotation }, []refundRecord{full}, []string{""}},
		"an order that the ERP does not have":     {func(h *heldOrder) { h.figures = erp.OrderFigures{} }, []refundRecord{full}, []string{""}},
		"cancelled":                               {nil, []refundRecord{cancelled}, []string{""}},
		"cancelled, of less":                      {func(h *heldOrder) { h.without(1, "5.5", "1.56") }, []refundRecord{cancelled}, []string{"total 35.96 65.94"}},
		"cancelled, of more": {func(h *heldOrder) {
			h.figures.Total, h.figures.InvoiceTotal = entitytest.Amount("99"), entitytest.Amount("99")
		}, []refundRecord{cancelled}, []string{"total 99 65.94"}},
		"cancelled along with the refunds before": {nil, []refundRecord{partly, first, second}, []string{"", "", ""}},
		"cancelled, and a part credited by hand":  {func(h *heldOrder) { h.byHand("5.94", false) }, []refundRecord{cancelled}, []string{"total 60 65.94"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := heldAsSold(t, c.page[0])
			if c.change != nil {
				c.change(h)
			}
			outcomes, stub := h.land(t, nil, c.page...)
			booked := 0
			for i, o := range outcomes {
				if c.want[i] == "" {
					require.Equal(t, erp.Created, o.Status, o.Reason)
					booked++
					continue
				}
				require.Equal(t, []any{erp.Parked, mapping.RefundMismatch}, []any{o.Status, o.Code}, o.Reason)
				d := o.Differences[0]
				require.Equal(t, c.want[i], d.Field+" "+d.ERP+" "+d.Store)
				require.Contains(t, o.Reason, d.ERP+" of order")
				require.Contains(t, o.Reason, d.Store+" EUR")
				require.NotEmpty(t, mapping.ChoicesOf(o.Code))
			}
			require.Len(t, stub.Refunds, booked)
		})
	}
}

// What a person chose is done with the refund as it was then: booked as the store gave it, or not at all.
func TestARefundOfMoreThanWasInvoicedLandsAsDecided(t *testing.T) {
	full := recordedRefund(t, "refund_full_restock_create", "refund_full_restock_order_after")
	for name, c := range map[string]struct {
		decided flow.Decision
		want    erp.Status
	}{
		"accept":              {flow.Decision{Choice: mapping.Accept, Subject: "refund_mismatch 65.94 EUR"}, erp.Created},
		"keep":                {flow.Decision{Choice: mapping.Keep, Subject: "refund_mismatch 65.94 EUR"}, erp.Unchanged},
		"of another amount":   {flow.Decision{Choice: mapping.Accept, Subject: "refund_mismatch 60 EUR"}, erp.Parked},
		"nothing was decided": {flow.Decision{}, erp.Parked},
	} {
		t.Run(name, func(t *testing.T) {
			h := heldAsSold(t, full)
			h.without(1, "5.5", "1.56")
			outcomes, stub := h.land(t, recordedProgress{edits: map[string]flow.Decision{full.id: c.decided}}, full)
			require.Equal(t, c.want, outcomes[0].Status)
			require.Equal(t, c.want == erp.Created, len(stub.Refunds) == 1)
			require.Equal(t, c.want == erp.Unchanged, outcomes[0].LeftOut)
			require.Equal(t, c.want == erp.Created, outcomes[0].Facts != nil, "reports count what is booked")
			if c.want == erp.Parked {
				require.Equal(t, "refund_mismatch 65.94 EUR", outcomes[0].Subject)
			}
		})
	}
}

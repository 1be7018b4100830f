package sales

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// recordedRefund is a refund as a real WooCommerce 10.5.0 gave it, with the order that was read after it and the refunds before it.
func recordedRefund(t *testing.T, name, order string, earlier ...string) refundRecord {
	t.Helper()
	o := entitytest.RecordedOrder(t, "woocommerce-10.5.0/"+order)
	r := refundRecord{Refund: decodeRefund(t, entitytest.Recorded(t, "woocommerce-10.5.0/"+name)), order: o}
	for _, before := range earlier {
		r.earlier = append(r.earlier, decodeRefund(t, entitytest.Recorded(t, "woocommerce-10.5.0/"+before)))
	}
	r.id = refundID(o.ID, r.ID)
	return r
}

// decodeRefund reads a refund, or the first of a list.
func decodeRefund(t *testing.T, raw json.RawMessage) woo.Refund {
	t.Helper()
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		raw = list[0]
	}
	r, err := woo.Decode[woo.Refund](raw)
	require.NoError(t, err)
	return r
}

// perPercent writes the taxes of a refund as "20:1.66 5.5:0.38".
func perPercent(taxes []erp.OrderTax) string {
	var parts []string
	for _, tax := range taxes {
		parts = append(parts, tax.Rate.String()+":"+tax.Amount.String())
	}
	return strings.Join(parts, " ")
}

// requireBalanced checks that the lines and taxes of a refund add up to its total, to the coin.
func requireBalanced(t *testing.T, r erp.Refund) {
	t.Helper()
	sum := sumTaxes(r.Taxes)
	for _, line := range r.Lines {
		require.True(t, line.Total.Equal(line.Total.Round(2)), "%s is finer than a coin", line.Total)
		sum = sum.Add(line.Total)
	}
	require.Equal(t, r.Total.String(), sum.String())
	require.Equal(t, r.Tax.String(), sumTaxes(r.Taxes).String())
	require.Equal(t, r.Total.String(), r.Untaxed.Add(r.Tax).String())
}

// C14, N36, N37: every refund that was recorded on a real store becomes a credit note of its amount, with the store's tax per rate.
func TestRecordedRefunds(t *testing.T) {
	const odd = "refund_order_odd_after"
	for name, c := range map[string]struct {
		record refundRecord
		total  string
		taxes  string
		lines  int
		whole  bool
	}{
		"a line, put back":          {recordedRefund(t, "refund_partial_line_restock_create", "refund_partial_line_restock_order_after"), "9.99", "20:1.66", 1, false},
		"a line, kept":              {recordedRefund(t, "refund_partial_line_no_restock_get_dp6", "refund_partial_line_no_restock_order_after", "refund_partial_line_restock_create"), "9.99", "20:1.66", 1, false},
		"shipping only":             {recordedRefund(t, "refund_shipping_only_create", "refund_shipping_only_order_after"), "5.99", "20:1", 1, false},
		"all by lines, put back":    {recordedRefund(t, "refund_full_restock_create", "refund_full_restock_order_after"), "65.94", "20:5.99 5.5:1.56", 3, true},
		"all by lines, kept":        {recordedRefund(t, "refund_full_no_restock_create", "refund_full_no_restock_order_after"), "65.94", "20:5.99 5.5:1.56", 3, true},
		"all by status":             {recordedRefund(t, "order_status_to_refunded_refunds_list", "order_status_to_refunded_put"), "65.94", "20:5.99 5.5:1.56", 3, true},
		"an amount only":            {recordedRefund(t, "refund_amount_only_create", "refund_amount_only_order_after"), "5", "20:0.45 5.5:0.12", 2, false},
		"nothing":                   {recordedRefund(t, "refund_zero_amount_create", odd), "0", "", 1, false},
		"summed by the store":       {recordedRefund(t, "refund_no_amount", odd), "9.99", "20:1.66", 1, false},
		"a line without its tax":    {recordedRefund(t, "refund_line_without_refund_tax", odd), "8.33", "", 1, false},
		"more pieces than sold":     {recordedRefund(t, "refund_line_quantity_too_much", odd), "1", "", 1, false},
		"a line that there is none": {recordedRefund(t, "refund_unknown_line", odd), "1", "20:0.09 5.5:0.02", 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := planRefund(entitytest.Demo(), c.record)
			require.NoError(t, err)
			r := plan.refund
			require.Equal(t, entitytest.Key("refund", c.record.id), r.Key)
			require.Equal(t, entitytest.Key("order", c.record.order.ID.String()), r.Order)
			require.Equal(t, c.total, r.Total.String())
			require.Equal(t, c.taxes, perPercent(r.Taxes))
			require.Len(t, r.Lines, c.lines)
			require.Equal(t, c.whole, r.Whole)
			requireBalanced(t, r)
		})
	}
}

// N36: the amount wins over the lines, and what they leave open is nobody's to guess.
func TestARefundWhoseAmountIsNotExplainedWaits(t *testing.T) {
	_, err := planRefund(entitytest.Demo(), recordedRefund(t, "refund_amount_differs_from_lines", "refund_order_odd_after"))
	f := fault.From(err)
	require.Equal(t, []any{fault.Parked, "refund_unclear"}, []any{f.Kind, f.Code})
	require.Contains(t, f.Message, "12.00 EUR")
	require.Contains(t, f.Message, "2.01 more")

	less := recordedRefund(t, "refund_partial_line_restock_create", "refund_partial_line_restock_order_after")
	less.Amount = woo.NewDecimal(decimal.RequireFromString("7"))
	_, err = planRefund(entitytest.Demo(), less)
	require.Contains(t, fault.From(err).Message, "2.99 less")
}

// N35: a refund that names no tax, but gives back more than its lines by exactly the tax that was charged on them.
func TestARefundOfTaxWithoutItsRate(t *testing.T) {
	r := recordedRefund(t, "refund_line_without_refund_tax", "refund_order_odd_after")
	r.Amount = woo.NewDecimal(decimal.RequireFromString("9.99"))
	plan, err := planRefund(entitytest.Demo(), r)
	require.NoError(t, err)
	require.Equal(t, "20:1.66", perPercent(plan.refund.Taxes))
	requireBalanced(t, plan.refund)
}

// N37: a refund that gives back the shipping besides its lines, and does not say so.
func TestARefundOfShippingThatNamesNone(t *testing.T) {
	r := recordedRefund(t, "refund_partial_line_restock_create", "refund_partial_line_restock_order_after")
	r.Amount = woo.NewDecimal(decimal.RequireFromString("15.98"))
	plan, err := planRefund(entitytest.Demo(), r)
	require.NoError(t, err)
	require.Equal(t, "20:2.66", perPercent(plan.refund.Taxes))
	require.Len(t, plan.refund.Lines, 2)
	require.Equal(t, erp.ShippingLine, plan.refund.Lines[1].Kind)
	requireBalanced(t, plan.refund)
}

// An order whose rest is given back ends at nothing, tax by tax, whatever the refunds before looked like.
func TestTheLastRefundLeavesNothing(t *testing.T) {
	ec := entitytest.Demo()
	r := recordedRefund(t, "refund_amount_only_create", "refund_partial_line_no_restock_order_after",
		"refund_partial_line_restock_create", "refund_partial_line_no_restock_get_dp6")
	order, err := mapRefunded(ec, r.order)
	require.NoError(t, err)
	left := order.untouched()
	given := append(slices.Clone(r.earlier), r.Refund)
	for _, before := range given {
		left.give(ec, order, before)
	}
	last := recordedRefund(t, "order_status_to_refunded_refunds_list", "refund_partial_line_no_restock_order_after")
	last.earlier, last.Amount = given, woo.NewDecimal(left.total)
	plan, err := planRefund(ec, last)
	require.NoError(t, err)
	require.True(t, plan.refund.Whole)
	requireBalanced(t, plan.refund)
	left.give(ec, order, last.Refund)
	require.True(t, left.total.IsZero())
	for _, tax := range left.taxes {
		require.True(t, tax.Amount.IsZero(), "%s %% has %s left", tax.Rate, tax.Amount)
	}
}

// What the store put back on the shelf is told with the lines only where no counts of the stock say it.
func TestRefundsTellWhatWasPutBack(t *testing.T) {
	r := recordedRefund(t, "refund_full_restock_create", "refund_full_restock_order_after")
	for counted, want := range map[bool]string{true: "0", false: "3"} {
		ec := entitytest.Demo()
		ec.Instance.Config.Stock.Import = counted
		plan, err := planRefund(ec, r)
		require.NoError(t, err)
		require.Equal(t, want, plan.refund.Lines[0].PutBack.String())
	}
}

// N03: nothing is taken back without a person's word.
func TestARefundThatTheStoreDeleted(t *testing.T) {
	ec := entitytest.Demo()
	r := refundRecord{id: "1310/1312", deleted: true}
	_, err := planRefund(ec, r)
	require.Equal(t, "refund_deleted", fault.From(err).Code)
	for decision, reverse := range map[string]bool{"reverse": true, "keep": false} {
		r.decision = decision
		plan, err := planRefund(ec, r)
		require.NoError(t, err)
		require.Equal(t, []bool{reverse, !reverse}, []bool{plan.reverse, plan.keep})
	}
}

func TestRefundIDs(t *testing.T) {
	for id, valid := range map[string]bool{"1310/1312": true, "1310/cancellation": true, "1310/cancellation-2": true, "1310/cancellation-0": false, "1310/cancellation-": false, "1312": false, "/1": false, "1/": false, "a/b": false, "1/2/3": false} {
		require.Equal(t, valid, isRefundID(id), id)
	}
}

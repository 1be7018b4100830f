package sales

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// refundFields gives what the store is sent of a credit note. Without api_refund it would have the payment gateway pay the amount out. The
// amount is the sum of what the lines give back, because the store takes any. Goods go back on its shelf if they did in the ERP.
func refundFields(ec mapping.Context, o woo.Order, r erp.HeldRefund) (woo.Fields, error) {
	fields := woo.Fields{
		"amount": r.Record.Total.String(), "reason": strings.TrimSpace(r.Record.Reason + " (" + r.Posted + ")"),
		"api_refund": false, "api_restock": r.Restock, "meta_data": mapping.Mark(ec, r.ID),
	}
	if !byLines(r.Record) {
		return fields, nil
	}
	var lines []woo.Fields
	for _, line := range r.Record.Lines {
		if line.Kind == erp.RoundingLine {
			continue // of which the store has no line
		}
		sent, err := refundLineFields(o, r.Record, line)
		if err != nil {
			return nil, err
		}
		lines = append(lines, sent)
	}
	fields["line_items"] = lines
	return fields, nil
}

// byLines reports whether every line of a refund is of a line that the store knows. What a gift card paid is none, and what an amount was
// shared out over is of no single one: the store then gets the amount only.
func byLines(r erp.Refund) bool {
	return len(r.Lines) > 0 && !slices.ContainsFunc(r.Lines, func(l erp.RefundLine) bool {
		return l.Kind == erp.CreditLine || l.Kind != erp.RoundingLine && l.Of == ""
	})
}

func refundLineFields(o woo.Order, r erp.Refund, line erp.RefundLine) (woo.Fields, error) {
	id, err := strconv.ParseInt(line.Of, 10, 64)
	sold, known := taxesOfLine(o, woo.ID(id))
	if err != nil || !known {
		return nil, mapping.Parked("line_gone", "the store's order does not have the line %q any more, of which the credit note gives back", line.Description)
	}
	sent := woo.Fields{"id": id, "refund_total": json.Number(line.Total.String())}
	if line.Kind == erp.ProductLine {
		if !line.Quantity.IsInteger() {
			return nil, mapping.Failed("odd_quantity", "its line %q is of %s pieces, and the store takes whole ones back only", line.Description, line.Quantity)
		}
		sent["quantity"] = line.Quantity.IntPart()
	}
	var taxes []woo.Fields
	for _, tax := range line.Taxes {
		if tax.Amount.IsZero() {
			continue
		}
		rate, ok := rateOf(o, sold, r, tax.Tax)
		if !ok {
			return nil, mapping.Parked("unknown_tax", "the store did not charge the tax on the line %q that the credit note gives back: give back the amount only",
				line.Description)
		}
		taxes = append(taxes, woo.Fields{"id": rate, "refund_total": json.Number(tax.Amount.String())})
	}
	if len(taxes) > 0 {
		sent["refund_tax"] = taxes
	}
	return sent, nil
}

// taxesOfLine gives the taxes on a line of the store's order, of whichever kind.
func taxesOfLine(o woo.Order, id woo.ID) ([]woo.LineTax, bool) {
	for _, l := range o.LineItems {
		if l.ID == id {
			return l.Taxes, true
		}
	}
	for _, l := range o.ShippingLines {
		if l.ID == id {
			return l.Taxes, true
		}
	}
	for _, l := range o.FeeLines {
		if l.ID == id {
			return l.Taxes, true
		}
	}
	return nil, false
}

// rateOf finds the store's rate of a tax among those on a line: by its key, or else by its percentage.
func rateOf(o woo.Order, sold []woo.LineTax, r erp.Refund, tax erp.Key) (int64, bool) {
	percent := decimal.Zero
	for _, t := range r.Taxes {
		if t.Tax == tax {
			percent = t.Rate
		}
	}
	var rates []int64
	for _, on := range sold {
		id, err := strconv.ParseInt(string(on.ID), 10, 64)
		if err != nil || on.Total.IsZero() {
			continue
		}
		if string(on.ID) == tax.ID {
			return id, true
		}
		if slices.ContainsFunc(o.TaxLines, func(l woo.TaxLine) bool { return l.RateID == on.ID && l.RatePercent.Equal(percent) }) {
			rates = append(rates, id)
		}
	}
	if len(rates) == 0 {
		return 0, false
	}
	return rates[0], true
}

// left is what the store's order has left to give back.
func (o refundedOrder) left() decimal.Decimal {
	left := o.Total.Decimal
	for _, r := range o.refunds {
		left = left.Sub(r.Amount.Decimal)
	}
	return left
}

// compare holds what the store keeps of a refund to what the ERP has, and gives it as the import maps it. What differs is held.
func (x *refundExport) compare(o *refundedOrder, at int, r erp.HeldRefund) (erp.Refund, error) {
	made := o.refunds[at]
	name := refundID(o.ID, made.ID)
	if made.RefundedPayment {
		return erp.Refund{}, mapping.Parked("payment_refunded", "the store had its payment gateway pay back refund %s, though it was told not to: check what the customer got", name)
	}
	plan, err := planRefund(x.ec, o.record(at))
	differs := refundDiffers(plan.refund, r.Record)
	switch {
	case err != nil && fault.Retryable(fault.From(err)):
		return erp.Refund{}, err
	case err != nil:
		differs = []string{fault.From(err).Message}
	}
	if len(differs) > 0 {
		return erp.Refund{}, mapping.Parked("store_differs", "refund %s of the store was made from this credit note and is not the same: %s. Delete it in the store, correct "+
			"the order's lines or taxes there, and process this one again", name, strings.Join(differs, "; "))
	}
	return plan.refund, nil
}

// refundDiffers says what of the store's refund is not as the ERP has it. How an amount alone is shared out is each side's own.
func refundDiffers(have, want erp.Refund) []string {
	var differs []string
	if !have.Total.Equal(want.Total) {
		differs = append(differs, fmt.Sprintf("the total is %s %s instead of %s", have.Total, want.Currency, want.Total))
	}
	if !byLines(want) {
		return differs
	}
	got, wanted := sumByRate(have.Taxes), sumByRate(want.Taxes)
	rates := slices.AppendSeq(slices.Collect(maps.Keys(got)), maps.Keys(wanted))
	slices.Sort(rates)
	for _, rate := range slices.Compact(rates) {
		if !got[rate].Equal(wanted[rate]) {
			differs = append(differs, fmt.Sprintf("the tax at %s %% is %s instead of %s", rate, got[rate], wanted[rate]))
		}
	}
	return differs
}

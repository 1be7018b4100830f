package sales

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// WooCommerce Deposits charges a sale in parts: the order that the customer placed has the deposit, and each further payment is an order
// below it, for the same product. Those are no sales of their own. The order is imported with all that its payments come to.

// partlyPaid are the statuses of orders of which a part is paid: of WooCommerce Deposits, of Deposits for WooCommerce and their kind,
// which keep further payments apart from orders.
var partlyPaid = map[string]bool{"partial-payment": true, "pending-deposit": true, "scheduled-payment": true, "partially-paid": true}

// The meta fields of lines that only a deposit was charged of: that it is so, and what the whole line comes to, without tax.
const (
	depositField         = "_is_deposit"
	depositFullField     = "_deposit_full_amount_ex_tax"
	depositDiscountField = "_deposit_deferred_discount_ex_tax"
)

// unpaid are the statuses of payments that have not been made.
var unpaid = []string{woo.OrderPending, woo.OrderOnHold, woo.OrderFailed, "pending-deposit", "scheduled-payment"}

// void are the statuses of payments that never will be.
var void = []string{woo.OrderCancelled, woo.OrderTrash, woo.OrderAutoDraft, woo.OrderCheckoutDraft}

// isPayment reports whether an order is a payment of the one above it.
func isPayment(o woo.Order) bool { return o.CreatedVia == woo.CreatedByDeposits && o.ParentID != 0 }

// isDeposit reports whether only a deposit was charged of a line.
func isDeposit(item woo.LineItem) bool {
	switch strings.ToLower(metaText(item.MetaData, depositField)) {
	case "", "0", "no", "false":
		return false
	default:
		return true
	}
}

func hasDeposit(o woo.Order) bool { return slices.ContainsFunc(o.LineItems, isDeposit) }

// withPayments leaves payments out of a batch, reads in their place the orders that they are of, and gives orders with a deposit all
// their payments. A payment that was asked for by its id says so.
func withPayments(read flow.Source[mapping.Context, orderRecord]) flow.Source[mapping.Context, orderRecord] {
	return flow.ChangeBatches(read, func(ctx context.Context, ec mapping.Context, f flow.Filter, b flow.Batch[orderRecord]) (flow.Batch[orderRecord], error) {
		var orders []orderRecord
		var parents []woo.ID
		for _, o := range b.Records {
			if !isPayment(o.Order) {
				orders = append(orders, o)
				continue
			}
			parents = append(parents, o.ParentID)
			if f.Kind == flow.IDs {
				b.Missing = append(b.Missing, paymentOf(o.Order))
			}
		}
		b.Records = orders
		if f.Kind == flow.IDs || f.Kind == flow.Changes {
			if err := addPaid(ctx, ec, &b, parents); err != nil {
				return b, err
			}
		}
		return b, addPayments(ctx, ec, &b)
	})
}

// paymentOf says why a payment is not imported.
func paymentOf(o woo.Order) flow.Missing {
	return flow.Missing{ID: o.ID.String(), Code: "payment_of_order",
		Reason: "it is a payment of order " + o.ParentID.String() + " and no sale of its own: that order is imported with all its payments"}
}

// addPaid adds the orders that payments are of, as far as they are to be imported.
func addPaid(ctx context.Context, ec mapping.Context, b *flow.Batch[orderRecord], ids []woo.ID) error {
	ids = slices.DeleteFunc(ids, func(id woo.ID) bool {
		return slices.ContainsFunc(b.Records, func(o orderRecord) bool { return o.ID == id })
	})
	slices.Sort(ids)
	for part := range slices.Chunk(slices.Compact(ids), woo.MaxPerPage) {
		page, err := ec.Store.Orders.List(ctx, woo.ListOptions{Include: part, PerPage: woo.MaxPerPage, Params: url.Values{"status": {"any"}}})
		if err != nil {
			return err
		}
		for _, o := range page.Records {
			statuses := ec.Instance.Config.Order.Statuses
			if isNever(o.Status) || len(statuses) > 0 && !slices.Contains(statuses, o.Status) {
				continue
			}
			record, err := loadOrder(ctx, ec, o)
			if err != nil {
				return err
			}
			b.Records = append(b.Records, record)
		}
	}
	return nil
}

// addPayments reads the payments of orders with a deposit, and adds them to what these come to.
func addPayments(ctx context.Context, ec mapping.Context, b *flow.Batch[orderRecord]) error {
	for i, o := range b.Records {
		if !hasDeposit(o.Order) {
			continue
		}
		page, err := ec.Store.Orders.List(ctx, woo.ListOptions{PerPage: woo.MaxPerPage, Params: url.Values{"parent": {o.ID.String()}, "status": {"any"}}})
		if err != nil {
			return err
		}
		payments := slices.DeleteFunc(page.Records, func(p woo.Order) bool {
			return !isPayment(p) || p.ParentID != o.ID || slices.Contains(void, p.Status)
		})
		slices.SortFunc(payments, func(a, b woo.Order) int { return cmp.Compare(a.ID, b.ID) })
		b.Records[i].payments = payments
	}
	return nil
}

// wholeSale gives an order with a deposit all that its payments come to, line by line. What the store has not asked for yet is no part
// of what it charged: then the order waits.
func wholeSale(o orderRecord) (woo.Order, []string, error) {
	if !hasDeposit(o.Order) {
		return o.Order, nil, nil
	}
	whole := o.Order
	whole.LineItems, whole.TaxLines = slices.Clone(o.LineItems), slices.Clone(o.TaxLines)
	whole.ShippingLines, whole.FeeLines = slices.Clone(o.ShippingLines), slices.Clone(o.FeeLines)
	var steps []string
	for _, p := range o.payments {
		if err := addPayment(&whole, p); err != nil {
			return whole, nil, err
		}
		state := "paid"
		if slices.Contains(unpaid, p.Status) {
			state = "not paid yet"
		} else {
			whole.DatePaid = later(whole.DatePaid, p.DatePaid)
		}
		steps = append(steps, fmt.Sprintf("payment %s of the order, %s %s: %s", p.ID, p.Total, o.Currency, state))
	}
	return whole, steps, checkDeposits(whole)
}

func later(a, b woo.Time) woo.Time {
	if b.After(a.Time) {
		return b
	}
	return a
}

// addPayment adds a payment to the lines, taxes and total of its order.
func addPayment(whole *woo.Order, p woo.Order) error {
	for _, item := range p.LineItems {
		at := slices.IndexFunc(whole.LineItems, func(l woo.LineItem) bool {
			return isDeposit(l) && l.ProductID == item.ProductID && l.VariationID == item.VariationID
		})
		if at < 0 {
			return mapping.Parked("deposit_differs", "payment %s is for a product of which order %s took no deposit: correct it in the store and process the order again", p.ID, whole.ID)
		}
		line := &whole.LineItems[at]
		line.Total, line.Subtotal = sum(line.Total, item.Total), sum(line.Subtotal, item.Subtotal)
		line.Taxes = sumLineTaxes(line.Taxes, item.Taxes)
	}
	for _, s := range p.ShippingLines {
		if !s.Total.IsZero() {
			whole.ShippingLines = append(whole.ShippingLines, s)
		}
	}
	whole.FeeLines = append(whole.FeeLines, p.FeeLines...)
	for _, tax := range p.TaxLines {
		at := slices.IndexFunc(whole.TaxLines, func(t woo.TaxLine) bool { return t.RateID == tax.RateID })
		if at < 0 {
			whole.TaxLines = append(whole.TaxLines, tax)
			continue
		}
		t := &whole.TaxLines[at]
		t.TaxTotal, t.ShippingTaxTotal = sum(t.TaxTotal, tax.TaxTotal), sum(t.ShippingTaxTotal, tax.ShippingTaxTotal)
	}
	whole.Total, whole.TotalTax = sum(whole.Total, p.Total), sum(whole.TotalTax, p.TotalTax)
	return nil
}

// checkDeposits holds an order of which the store has not asked for all: what is left has no tax yet.
func checkDeposits(o woo.Order) error {
	coin := decimal.New(1, -instance.CurrencyDecimals(o.Currency))
	for _, line := range o.LineItems {
		full, ok := mapping.MetaNumber(metaText(line.MetaData, depositFullField))
		if !isDeposit(line) || !ok {
			continue
		}
		discount, _ := mapping.MetaNumber(metaText(line.MetaData, depositDiscountField))
		if left := full.Sub(discount).Sub(line.Total.Decimal); left.Abs().GreaterThan(coin) {
			return mapping.Parked("deposit_open",
				"line %s comes to %s %s without tax, of which the store has asked for %s so far: %s %s are left. Invoice the remaining balance in the store; "+
					"the order is imported with the payment", line.ID, full.Sub(discount), o.Currency, line.Total, left, o.Currency)
		}
	}
	return nil
}

func sum(a, b woo.Decimal) woo.Decimal {
	if !a.Valid && !b.Valid {
		return a
	}
	return woo.NewDecimal(a.Add(b.Decimal))
}

func sumLineTaxes(taxes, more []woo.LineTax) []woo.LineTax {
	taxes = slices.Clone(taxes)
	for _, tax := range more {
		if at := slices.IndexFunc(taxes, func(t woo.LineTax) bool { return t.ID == tax.ID }); at >= 0 {
			taxes[at].Total, taxes[at].Subtotal = sum(taxes[at].Total, tax.Total), sum(taxes[at].Subtotal, tax.Subtotal)
		} else {
			taxes = append(taxes, tax)
		}
	}
	return taxes
}

// isPartlyPaid reports whether an order is not to be entered as paid, though the store goes on with it.
func isPartlyPaid(o orderRecord) bool {
	return partlyPaid[o.Status] || slices.ContainsFunc(o.payments, func(p woo.Order) bool { return slices.Contains(unpaid, p.Status) })
}

// paidAt is when an order was paid; zero while it is paid in part.
func paidAt(o orderRecord) time.Time {
	if isPartlyPaid(o) {
		return time.Time{}
	}
	return o.DatePaid.Time
}

// withoutPayment takes the payment out of the steps of an order that is paid in part.
func withoutPayment(steps []erp.Step) []erp.Step {
	return slices.DeleteFunc(steps, func(s erp.Step) bool { return s == erp.StepPay })
}

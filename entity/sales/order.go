// Package sales maps orders to exactly the amounts that the store charged, lands them with what they bring along, and maps the ways to
// pay and to ship that they name.
package sales

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tandem/entity/catalog"
	"tandem/entity/mapping"
	"tandem/entity/tax"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// orderRecord is an order with its notes, when they are imported, and what else belongs to it.
type orderRecord struct {
	woo.Order
	notes    []woo.OrderNote
	readAt   time.Time   // by the store's clock
	signup   woo.ID      // the order with which its subscription began; 0 when it is not known
	payments []woo.Order // further ones, of an order with a deposit
}

// orderPlan is an order with the customer it needs and what follows on it.
type orderPlan struct {
	order   erp.Order
	partner erp.Partner
	taxes   []tax.Claim
	run     *instance.SalePlan
	steps   []string
	gone    []goneLine // what the store cannot give to import any more
	decided string     // what a person chose, after the store cancelled it when it was invoiced or shipped
	// badPlaceholder is set once the placeholder turned out to be no product that can be sold.
	badPlaceholder bool
}

// Orders is the import of orders with exactly the amounts the store charged. It lands the guests and the taxes that they bring along.
var Orders = mapping.Importing(mapping.Import[orderRecord, orderPlan]{
	Spec: flow.Spec{Entity: mapping.OrderName, Label: "Orders", Needs: []string{mapping.ProductName, mapping.CustomerName, mapping.TaxName}},
	Read: noteReading(withSignups(withPayments(mapping.Enrich(wholeOrders(mapping.MarkTrashed(realOrders(mapping.Scan(ordersOf, orderOptions)), ordersOf,
		func(o woo.Order) string { return o.Status })), func(o woo.Order) (woo.ID, json.RawMessage) { return o.ID, o.Raw }, loadOrder)))),
	Describe: describeOrder,
	Convert:  planOrder,
	Prepare:  catalog.LandPriceLists,
	Before:   landOrderTaxes,
	Land:     landOrders,
	Finish:   finishOrders,
})

func ordersOf(c *woo.Client) *woo.Service[woo.Order] { return c.Orders }

// neverOrders are the statuses of what is no order yet, or no longer. The store's "any" holds the first.
var neverOrders = []string{woo.OrderCheckoutDraft, woo.OrderAutoDraft, woo.OrderTrash}

// orderOptions filters by date, by the statuses to import and by the cut-off date. Ids asked for by name are read in
// whatever status.
func orderOptions(ec mapping.Context, f flow.Filter) woo.ListOptions {
	o := mapping.ByDate(ec, f)
	config := ec.Instance.Config.Order
	o.Status = slices.DeleteFunc(slices.Clone(config.Statuses), isNever)
	if since, err := config.ImportSince(); err == nil && mapping.JustBefore(since).After(o.After) {
		o.After = mapping.JustBefore(since)
	}
	return o
}

func isNever(status string) bool { return slices.Contains(neverOrders, status) }

// realOrders drops what is not an order. When it was asked for by id, it is reported missing, and a cart as what it is.
func realOrders(read flow.Source[mapping.Context, woo.Order]) flow.Source[mapping.Context, woo.Order] {
	return flow.MapBatches(read, func(f flow.Filter, b flow.Batch[woo.Order]) flow.Batch[woo.Order] {
		kept := b.Records[:0:0]
		for _, o := range b.Records {
			switch {
			case !isNever(o.Status):
				kept = append(kept, o)
			case f.Kind == flow.IDs:
				b.Missing = append(b.Missing, neverAnOrder(o))
			}
		}
		b.Records = kept
		return b
	})
}

// neverAnOrder says why a record that the store keeps among its orders is not imported.
func neverAnOrder(o woo.Order) flow.Missing {
	if o.Status == woo.OrderTrash {
		return mapping.NotInStore(o.ID.String())
	}
	return flow.Missing{ID: o.ID.String(), Code: "cart",
		Reason: "it is a cart (a draft of the checkout), which is not imported: it comes with an import once the customer orders"}
}

// noteReading keeps with each order when it was read.
func noteReading(read flow.Source[mapping.Context, orderRecord]) flow.Source[mapping.Context, orderRecord] {
	return flow.MapBatches(read, func(_ flow.Filter, b flow.Batch[orderRecord]) flow.Batch[orderRecord] {
		for i := range b.Records {
			b.Records[i].readAt = b.StoreTime
		}
		return b
	})
}

// loadOrder reads the notes of an order: one more request each.
func loadOrder(ctx context.Context, ec mapping.Context, o woo.Order) (orderRecord, error) {
	record := orderRecord{Order: o}
	if !ec.Instance.Config.Order.ImportNotes {
		return record, nil
	}
	for note, err := range ec.Store.OrderNotes.Of(o.ID).All(ctx, woo.ListOptions{}) {
		if err != nil {
			return orderRecord{}, err
		}
		record.notes = append(record.notes, note)
	}
	return record, nil
}

func describeOrder(o orderRecord) flow.Record {
	var notes []json.RawMessage
	for _, note := range o.notes {
		notes = append(notes, note.Raw)
	}
	record := flow.Record{
		ID: o.ID.String(), Raw: mapping.WithRaw(o.Raw, "_notes", notes), Modified: o.DateModified.Time,
		Type: o.CreatedVia, Status: o.Status, Label: mapping.Label(string(o.Number)),
		Names: []string{string(o.Number), o.Billing.Email, mapping.NumberInERP(o.MetaData)},
	}
	relation, parent := relationOf(o)
	if record.Relation = relation; parent != 0 {
		record.Parent = parent.String()
	}
	return record
}

// planOrder maps an order, its customer, and what becomes of it.
func planOrder(ec mapping.Context, o orderRecord) (orderPlan, error) {
	whole, payments, err := wholeSale(o)
	if err != nil {
		return orderPlan{}, err
	}
	o.Order = whole
	taxes := taxesOf(ec, o.Order)
	mapped, steps, err := mapOrder(ec, o, taxes)
	if err != nil {
		return orderPlan{}, err
	}
	who := customerOf(ec, o.Order)
	mapped.Partner = who.partner.Key
	mapped.InvoiceAddress, mapped.DeliveryAddress = who.invoice, who.delivery
	run, why := chooseWorkflow(ec, o.Order)
	if why != "" {
		steps = append(steps, why)
	}
	steps = append(steps, payments...)
	if run != nil && isPartlyPaid(o) {
		run.Steps = withoutPayment(run.Steps)
	}
	for _, note := range subscriptionNotes(o) {
		steps = append(steps, note.Text)
	}
	plan := orderPlan{order: mapped, partner: who.partner, taxes: taxes.claims, run: run, steps: steps}
	for _, line := range mapped.Lines {
		if line.Kind == erp.ProductLine && line.Product.IsZero() {
			plan.gone = append(plan.gone, goneLine{line.ID, productDeleted})
		}
	}
	return plan, nil
}

// mapOrder maps an order with exactly the amounts the store charged; steps tell what had to be added for that.
func mapOrder(ec mapping.Context, o orderRecord, taxes *orderTaxes) (erp.Order, []string, error) {
	if err := checkOrder(ec, o.Order); err != nil {
		return erp.Order{}, nil, err
	}
	if err := checkPart(ec, o.Order); err != nil {
		return erp.Order{}, nil, err
	}
	fields, err := mapping.MetaFields(ec, instance.MetaOrder, o.MetaData)
	if err != nil {
		return erp.Order{}, nil, err
	}
	lines, err := orderLines(ec, o.Order, taxes)
	if err != nil {
		return erp.Order{}, nil, err
	}
	money, err := balanceOrder(ec, o.Order, lines, taxes.taxes)
	if err != nil {
		return erp.Order{}, nil, err
	}
	config := ec.Instance.Config
	limit, err := config.Order.RoundingLimitOf(instance.CurrencyDecimals(o.Currency), len(lines))
	if err != nil {
		return erp.Order{}, nil, err
	}
	out := erp.Order{
		Key: mapping.KeyOf(ec, mapping.OrderName, o.ID), Number: orderNumber(config.Order.Prefix, o.Order), Date: orderDate(o.Order),
		Currency: o.Currency, PriceList: mapping.PriceListKey(ec, erp.Regular, o.Currency), Warehouse: config.General.Warehouse,
		SalesTeam: config.Order.SalesTeam, Salesperson: config.Order.Salesperson, PaymentTerm: config.Payment.Term,
		Lines: money.lines, Taxes: money.taxes, Untaxed: money.total.Sub(money.tax), Tax: money.tax, Total: money.total,
		StoreStatus: o.Status, Cancelled: o.Status == woo.OrderCancelled,
		Gateway: o.PaymentMethod, GatewayTitle: mapping.Plain(o.PaymentMethodTitle), TransactionID: string(o.TransactionID),
		PaidAt: paidAt(o), CustomerNote: o.CustomerNote, Notes: slices.Concat(vatNotes(ec, o.Order), subscriptionNotes(o), orderNotes(o.notes)), Fields: fields,
		RoundingLimit: limit, Unit: money.unit, ChangedAt: o.DateModified.Time, ReadAt: o.readAt,
	}
	if config.Order.Placeholder != "" {
		out.Placeholder = mapping.NamedKey(ec, mapping.ProductName, config.Order.Placeholder)
	}
	for _, c := range o.CouponLines {
		if c.DiscountType != storeCredit { // the code of store credit is money
			out.Coupons = append(out.Coupons, mapping.Plain(string(c.Code)))
		}
	}
	return out, money.steps, nil
}

// orderNumber is what people see: the prefix and the store's number, which a plugin may make differ from the id.
func orderNumber(prefix string, o woo.Order) string {
	if o.Number == "" {
		return prefix + o.ID.String()
	}
	return prefix + string(o.Number)
}

func orderNotes(notes []woo.OrderNote) []erp.Note {
	var out []erp.Note
	for _, n := range notes {
		out = append(out, erp.Note{
			ID: n.ID.String(), At: n.DateCreated.Time, Text: n.Note, Customer: bool(n.CustomerNote),
		})
	}
	return out
}

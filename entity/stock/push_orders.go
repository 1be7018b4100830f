package stock

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// orders are the orders that the store has taken off its stock and the ERP does not have yet. What the ERP has free is too high by
// them. They are read before the ERP's figures are: one that lands in between is then taken off twice, which the next push puts right,
// and none is left out.
type orders struct {
	ec    mapping.Context
	known map[string]taken // by id, as read last
	// toLand are those that were read by an import and have not landed as they were read last.
	toLand map[string]bool
	since  time.Time // up to when they were read, by the store's clock
	looks  int
	last   time.Time // when they were read, by our clock
	// risen says at which look it was seen that orders take more of a product or variation.
	risen map[string]int
	// left is, by product or variation, what orders take that the ERP does not have.
	left map[string][]OrderPart
}

// taken is what the store took off its stock for an order.
type taken struct {
	at time.Time                  // when, at the latest
	of map[string]decimal.Decimal // by product or variation
}

func newOrders(ec mapping.Context) *orders {
	return &orders{ec: ec, known: map[string]taken{}, toLand: map[string]bool{}, risen: map[string]int{}}
}

// orderFields is all that is read of an order.
var orderFields = []string{"id", "status", "date_created_gmt", "date_paid_gmt", "line_items"}

// look reads the orders that are new or changed since the last look, unless that was not so long ago; at first all that may not have
// landed.
func (o *orders) look(ctx context.Context, lasts time.Duration) error {
	if o.looks > 0 && time.Since(o.last) < lasts {
		return nil
	}
	o.looks++
	o.last = time.Now()
	if o.looks == 1 {
		if err := o.readFirst(ctx); err != nil {
			return err
		}
	} else if err := o.read(ctx, mapping.ByDate(o.ec, flow.Filter{Kind: flow.Changes, From: o.since})); err != nil {
		return err
	}
	return o.leaveOutLanded(ctx)
}

// readFirst reads the orders that were read and have not landed; those that changed since orders were imported last; and those that
// are open in a status that is not imported.
func (o *orders) readFirst(ctx context.Context) error {
	if err := o.readToLand(ctx); err != nil {
		return err
	}
	var imported time.Time
	if o.ec.Noted != nil {
		var err error
		if imported, err = o.ec.Noted.Watermark(ctx, o.ec.Instance.ID, mapping.OrderName); err != nil {
			return err
		}
	}
	statuses, err := o.openStatuses(ctx, !imported.IsZero())
	if err != nil {
		return err
	}
	if len(statuses) > 0 {
		if err := o.read(ctx, woo.ListOptions{Status: statuses}); err != nil {
			return err
		}
	}
	if imported.IsZero() {
		return nil
	}
	return o.read(ctx, mapping.ByDate(o.ec, flow.Filter{Kind: flow.Changes, From: imported}))
}

// readToLand takes up the orders that were read and have not landed, by the copies that are kept of them.
func (o *orders) readToLand(ctx context.Context) error {
	var without []woo.ID
	err := o.ec.Stock.OrdersToLand(ctx, o.ec.Instance.ID, func(id string, copied json.RawMessage) {
		o.toLand[id] = true
		if order, err := woo.Decode[woo.Order](copied); err == nil && len(copied) > 0 {
			o.note(order)
			return
		}
		without = append(without, mapping.IdsAfter([]string{id}, 0)...)
	})
	if err != nil {
		return err
	}
	for window, err := range o.ec.Store.Orders.ScanIDs(ctx, without) {
		if err != nil {
			return err
		}
		for _, order := range window.Records {
			o.note(order)
		}
	}
	return nil
}

// endedStatuses are those of what is no order, or of which the ERP need not keep goods.
var endedStatuses = []string{
	woo.OrderCancelled, woo.OrderRefunded, woo.OrderFailed, woo.OrderTrash, woo.OrderAutoDraft, woo.OrderCheckoutDraft, woo.OrderPending,
}

// openStatuses gives the statuses of orders that the store has and is not done with. Those that are imported are left out, when orders
// were imported already.
func (o *orders) openStatuses(ctx context.Context, imported bool) ([]string, error) {
	totals, err := o.ec.Store.Reports.Totals(ctx, "orders")
	if err != nil {
		return nil, err
	}
	var open []string
	for _, t := range totals {
		isImported := imported && slices.Contains(o.ec.Instance.Config.Order.Statuses, t.Slug)
		if t.Total > 0 && t.Slug != woo.OrderCompleted && !slices.Contains(endedStatuses, t.Slug) && !isImported {
			open = append(open, t.Slug)
		}
	}
	return open, nil
}

// read reads a list of orders.
func (o *orders) read(ctx context.Context, options woo.ListOptions) error {
	options.Fields = orderFields
	var first time.Time
	for window, err := range o.ec.Store.Orders.Scan(ctx, options, woo.Cursor{}) {
		if err != nil {
			return err
		}
		if len(window.Rejected) > 0 {
			return window.Rejected[0].Err
		}
		if first.IsZero() {
			first = window.StoreTime
		}
		for _, order := range window.Records {
			o.note(order)
		}
	}
	if o.since.IsZero() || o.looks > 1 {
		o.since = later(o.since, first)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// note notes what the store took off its stock for an order.
func (o *orders) note(order woo.Order) {
	id, now := order.ID.String(), takenBy(o.ec, order)
	before := o.known[id]
	for product, quantity := range now.of {
		if quantity.GreaterThan(before.of[product]) {
			o.risen[product] = o.looks
		}
	}
	o.known[id] = now
}

// takenBy gives what the store took off its stock for an order. The date of an order that was paid later than it was placed may be
// either: the later one keeps back too much rather than too little.
func takenBy(ec mapping.Context, order woo.Order) taken {
	t := taken{at: later(order.DateCreated.Time, order.DatePaid.Time), of: map[string]decimal.Decimal{}}
	since, err := ec.Instance.Config.Order.ImportSince()
	before := err == nil && order.DateCreated.Before(since) && order.Status == woo.OrderCompleted
	if before || slices.Contains(endedStatuses, order.Status) {
		return t
	}
	for _, line := range order.LineItems {
		id := line.VariationID
		if id == 0 {
			id = line.ProductID
		}
		if quantity := KeptOff(line); quantity.IsPositive() {
			t.of[id.String()] = t.of[id.String()].Add(quantity)
		}
	}
	return t
}

// leaveOutLanded sees which of the orders the ERP has by now. Of one that has landed counts what it takes more since.
func (o *orders) leaveOutLanded(ctx context.Context) error {
	landed := map[string]map[string]decimal.Decimal{}
	var changed []string
	ids := slices.Sorted(maps.Keys(o.known))
	err := o.ec.Stock.LandedOrders(ctx, o.ec.Instance.ID, ids, func(id string, copied json.RawMessage) {
		if order, err := woo.Decode[woo.Order](copied); err == nil && len(copied) > 0 {
			landed[id] = takenBy(o.ec, order).of
		} else {
			changed = append(changed, id)
		}
	})
	if err != nil {
		return err
	}
	if err := o.readSold(ctx, changed, landed); err != nil {
		return err
	}
	o.left = map[string][]OrderPart{}
	for _, id := range ids {
		for product, quantity := range o.known[id].of {
			if quantity = quantity.Sub(landed[id][product]); quantity.IsPositive() {
				o.left[product] = append(o.left[product], OrderPart{id, o.known[id].at, quantity})
			}
		}
	}
	return nil
}

// readSold adds what the ERP sells by orders of which no copy is kept as they landed: they were read again since, and perhaps an edit waits
// until a person decides about it, or they were exported.
func (o *orders) readSold(ctx context.Context, ids []string, sold map[string]map[string]decimal.Decimal) error {
	if len(ids) == 0 {
		return nil
	}
	keys := make([]erp.Key, len(ids))
	for i, id := range ids {
		keys[i] = mapping.NamedKey(o.ec, mapping.OrderName, id)
	}
	figures, err := o.ec.Backend.OrderFigures(ctx, keys)
	if err != nil {
		return err
	}
	lines, err := o.ec.Backend.OrderLines(ctx, keys)
	if err != nil {
		return err
	}
	for i, id := range ids {
		sold[id] = map[string]decimal.Decimal{}
		switch {
		case len(lines[i]) == 0: // it was linked by hand, and the ERP does not know its lines by the store's names
			sold[id] = o.known[id].of
		case o.toLand[id] && figures[i].State.Stage != erp.Confirmed:
			// It keeps what the store had taken when it landed, which is not known any more: rather too much is kept back than too little.
		default:
			for _, line := range lines[i] {
				sold[id][line.Product.ID] = sold[id][line.Product.ID].Add(line.Quantity)
			}
		}
	}
	return nil
}

// leftOf gives what orders take of a product or variation that the ERP neither has nor had counted.
func (o *orders) leftOf(product string, countedAt time.Time) (parts []OrderPart, sum decimal.Decimal) {
	for _, p := range o.left[product] {
		if p.At.After(countedAt) {
			parts, sum = append(parts, p), sum.Add(p.Quantity)
		}
	}
	return parts, sum
}

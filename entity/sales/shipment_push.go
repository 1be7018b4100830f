package sales

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

type shipmentAttempt = flow.Attempt[erp.Shipment, parcel]

// shipmentPush is one page of shipments on its way into the store.
type shipmentPush struct {
	ec        mapping.Context
	reader    erp.ShipmentReader
	orders    map[woo.ID]woo.Order
	told      map[string]string // where the store keeps what it was told before, by the ids of shipments: see place
	providers []string          // the carriers that a plugin knows; nil before it is asked
	stopped   error             // nothing may be written any more
}

// pushShipments tells the store of shipments. Each is looked for before it is told, so that a page that is done again, whose replies were
// lost, makes nothing twice.
func pushShipments(ctx context.Context, ec mapping.Context, _ flow.Page, attempts []*shipmentAttempt) error {
	due := flow.NotRefused(attempts)
	if len(due) == 0 {
		return nil
	}
	reader, err := erp.Shipments.Of(ec.Backend)
	if err != nil {
		return err
	}
	p := &shipmentPush{ec: ec, reader: reader, orders: map[woo.ID]woo.Order{}}
	if err := p.load(ctx, due); err != nil {
		return err
	}
	for _, a := range due {
		if err := p.check(a); err != nil {
			a.Refuse(err)
			continue
		}
		err := p.tell(ctx, a)
		if p.stopped != nil {
			return p.stopped
		}
		if wrong := mapping.StoreFault(err); wrong != nil && woo.ReasonOf(err) != woo.Unsupported {
			return wrong
		}
		switch {
		case woo.ReasonOf(err) == woo.Unsupported:
			a.Refuse(mapping.Parked("tracking_target_gone", "the store does not have %s any more: switch that on there, or choose another tracking.target; then "+
				"connect the instance again", p.targetName()))
		case err != nil:
			a.Refuse(err)
		case a.Record.Returned:
			a.Note("goods of it came back in the ERP: the store goes on showing it as shipped")
		}
	}
	return nil
}

// load reads the orders of shipments, and what the store was told before.
func (p *shipmentPush) load(ctx context.Context, due []*shipmentAttempt) error {
	ids := map[woo.ID]bool{}
	var own []string
	for _, a := range due {
		ids[a.Value.order] = true
		own = append(own, storeShipmentID(a))
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(ids)), woo.MaxPerPage) {
		page, err := p.ec.Store.Orders.List(ctx, woo.ListOptions{
			PerPage: woo.MaxPerPage, Include: part, Fields: []string{"id", "status", "line_items", "meta_data"},
		})
		if err != nil {
			return err
		}
		for _, o := range page.Records {
			p.orders[o.ID] = o
		}
	}
	var err error
	p.told, err = p.ec.Noted.LinkDigests(ctx, p.ec.Instance.ID, shipmentName, own)
	return err
}

// storeShipmentID names a shipment below its order, wherever the store keeps it.
func storeShipmentID(a *shipmentAttempt) string { return a.Value.order.String() + "/" + a.Record.ID }

// place is where the store keeps a shipment: the target, and the store's id there. It stands in the link.
func place(target, id string) string { return target + "/" + id }

// keptAt gives the store's id of what it was told before of a shipment at a target; ok is false when it was told nothing there.
func (p *shipmentPush) keptAt(a *shipmentAttempt, target string) (id string, ok bool) {
	return strings.CutPrefix(p.told[storeShipmentID(a)], target+"/")
}

// check refuses what the store would take without a word, though it cannot be.
func (p *shipmentPush) check(a *shipmentAttempt) error {
	order, listed := p.orders[a.Value.order]
	if !listed {
		return mapping.Parked("gone_in_store", "its order is linked to order %s, which the store does not list: it was deleted there, is in its trash, or "+
			"cannot be read. Restore it, or remove the link", a.Value.order)
	}
	for _, line := range slices.Sorted(maps.Keys(a.Value.items)) {
		ordered, known := orderedQuantity(order, line)
		switch quantity := a.Value.items[line]; {
		case !known:
			return mapping.Parked("unknown_line", "the store's order %s has no line %s any more: it was edited there after it was imported", order.ID, line)
		case quantity.GreaterThan(ordered):
			return moreThanOrdered(order, line, ordered, quantity)
		}
	}
	if a.Value.unlisted > 0 {
		a.Note("lines that the store's order does not have were left out")
	}
	return nil
}

func moreThanOrdered(order woo.Order, line woo.ID, ordered, shipped decimal.Decimal) error {
	return mapping.Parked("more_than_ordered", "of line %s of order %s, %s were ordered in the store, and %s are shipped with this delivery and what the store shows "+
		"already: compare the order's shipments in the store with the ERP's deliveries", line, order.ID, ordered, shipped)
}

func orderedQuantity(order woo.Order, line woo.ID) (decimal.Decimal, bool) {
	for _, item := range order.LineItems {
		if item.ID == line {
			return item.Quantity.Decimal, true
		}
	}
	return decimal.Zero, false
}

// target is where the store keeps shipments, by the configuration and what was found when the instance was connected last.
func (p *shipmentPush) target() string {
	return p.ec.Instance.Config.Tracking.TargetFor(strings.Split(p.ec.Instance.Store.Tracking, ","))
}

func (p *shipmentPush) targetName() string {
	return map[string]string{
		instance.TrackingFulfillments: "fulfillments", instance.TrackingPlugin: "a plugin with the API " + woo.ShipmentTrackingAPI,
		instance.TrackingOldPlugin: "a plugin with the API " + woo.AdvancedShipmentTrackingAPI,
	}[p.target()]
}

// tell tells the store of one shipment. The error is the store's, or refuses this shipment.
func (p *shipmentPush) tell(ctx context.Context, a *shipmentAttempt) error {
	order := p.orders[a.Value.order]
	target := p.target()
	if target == instance.TrackingFulfillments {
		return p.fulfill(ctx, a, order)
	}
	if a.Record.Tracking.Number == "" {
		return mapping.Parked("no_tracking_number", "the delivery has no tracking number, and the store keeps nothing else of it: it is told once it has one")
	}
	switch target {
	case instance.TrackingPlugin:
		return p.track(ctx, a, order, target, woo.ShipmentTrackingAPI)
	case instance.TrackingOldPlugin:
		return p.track(ctx, a, order, target, woo.AdvancedShipmentTrackingAPI)
	default:
		return p.remark(ctx, a, order)
	}
}

// confirm asks right before something is written. A switch that was turned off meanwhile stops the page, which is done again once it is on.
func (p *shipmentPush) confirm(ctx context.Context) error {
	p.stopped = p.ec.ConfirmWrite(ctx)
	return p.stopped
}

// deletedThere refuses to tell again what a person deleted in the store.
func deletedThere(a *shipmentAttempt, what string) error {
	return mapping.Parked("deleted_in_store", "the store was told of it before, and somebody deleted %s there: remove the link %s to have it told again",
		what, storeShipmentID(a))
}

// settle notes where the store has a shipment.
func (p *shipmentPush) settle(a *shipmentAttempt, status flow.Status, target, id string) {
	a.Settle(flow.Outcome{
		Key: mapping.NamedKey(p.ec, shipmentName, storeShipmentID(a)), Status: status, ID: a.Record.ID,
		Before: p.told[storeShipmentID(a)], After: place(target, id),
	})
}

// differs says that the store does not show what it was given.
func differs(what string) *fault.Error {
	return mapping.Parked("shipment_differs", "the store was given the shipment and shows %s otherwise: a plugin of the store may have changed it", what)
}

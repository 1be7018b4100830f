package sales

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// readRefunds reads refunds with their orders: from the list over all orders, which WooCommerce has since 9.0, or else from the
// orders that name some. Refunds of orders that the instance does not import are left out, unless they are asked for by id.
func readRefunds(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[refundRecord], error] {
	if _, err := erp.Refunds.Of(ec.Backend); err != nil {
		return notBooked(f, from, err)
	}
	if f.Kind == flow.IDs {
		return refundsByID(ctx, ec, f.IDs, from)
	}
	return func(yield func(flow.Batch[refundRecord], error) bool) {
		first := true
		for b, err := range refundList(ctx, ec, f, from) {
			if first && mapping.IsNotOffered(err) {
				refundsOfOrders(ctx, ec, f, from)(yield)
				return
			}
			first = false
			if !yield(b, err) {
				return
			}
		}
	}
}

// notBooked reads nothing for an ERP that books no credit notes, and says so.
func notBooked(f flow.Filter, from flow.Cursor, why error) iter.Seq2[flow.Batch[refundRecord], error] {
	b := flow.Batch[refundRecord]{Next: from, Done: true, Skipped: "skipped: " + why.Error()}
	for _, id := range f.IDs {
		b.Missing = append(b.Missing, flow.Missing{ID: id, Code: string(fault.Unsupported), Reason: why.Error()})
	}
	return func(yield func(flow.Batch[refundRecord], error) bool) { yield(b, nil) }
}

func allRefunds(c *woo.Client) *woo.Service[woo.Refund] { return c.AllRefunds }

// refundList reads the list over all orders.
func refundList(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[refundRecord], error] {
	read := flow.ChangeBatches(mapping.Scan(allRefunds, refundsByDate), withOrders)
	return read(ctx, ec, f, from)
}

// refundsByDate filters by the date of creation: a refund is never changed.
func refundsByDate(ec mapping.Context, f flow.Filter) woo.ListOptions {
	o := mapping.ByDate(ec, f)
	if f.Kind == flow.Changes {
		o.After, o.ModifiedAfter = o.ModifiedAfter, o.After
	}
	return o
}

// refundsOfOrders reads the orders in whatever status, and the refunds that they name.
func refundsOfOrders(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[refundRecord], error] {
	read := flow.ChangeBatches(mapping.Scan(ordersOf, mapping.ByDate),
		func(ctx context.Context, ec mapping.Context, _ flow.Filter, b flow.Batch[woo.Order]) (flow.Batch[refundRecord], error) {
			b.Records = slices.DeleteFunc(b.Records, func(o woo.Order) bool { return len(o.Refunds) == 0 })
			orders, err := refundLoader(nil).LoadAll(ctx, ec, b)
			if err != nil {
				return flow.Batch[refundRecord]{}, err
			}
			return imported(ctx, ec, recordsOf(orders))
		})
	return read(ctx, ec, f, from)
}

// refundedOrder is an order with its refunds, oldest first.
type refundedOrder struct {
	woo.Order
	refunds []woo.Refund
}

// refundLoader reads the refunds of orders. Those of an order that are all known already are not read again.
func refundLoader(known map[woo.ID][]woo.Refund) flow.Enricher[mapping.Context, woo.Order, refundedOrder] {
	return flow.Enricher[mapping.Context, woo.Order, refundedOrder]{
		AtOnce:   func(ec mapping.Context) int { return max(ec.Instance.Connection.Readers, 1) },
		Identify: func(o woo.Order) (string, json.RawMessage) { return o.ID.String(), o.Raw },
		Load: func(ctx context.Context, ec mapping.Context, o woo.Order) (refundedOrder, error) {
			loaded := refundedOrder{Order: o, refunds: known[o.ID]}
			if len(o.Refunds) > len(loaded.refunds) {
				loaded.refunds = nil
				for r, err := range ec.Store.Refunds.Of(o.ID).All(ctx, woo.ListOptions{}) {
					if err != nil {
						return refundedOrder{}, err
					}
					loaded.refunds = append(loaded.refunds, r)
				}
			}
			slices.SortFunc(loaded.refunds, func(a, b woo.Refund) int { return int(a.ID - b.ID) })
			return loaded, nil
		},
	}
}

// record gives one of the order's refunds, with those before it.
func (o refundedOrder) record(at int) refundRecord {
	return refundRecord{Refund: o.refunds[at], id: refundID(o.ID, o.refunds[at].ID), order: o.Order, earlier: o.refunds[:at], later: o.refunds[at+1:]}
}

func recordsOf(b flow.Batch[refundedOrder]) flow.Batch[refundRecord] {
	out := flow.Batch[refundRecord]{Rejected: b.Rejected, Next: b.Next, Total: b.Total, Done: b.Done, Reading: b.Reading}
	for _, o := range b.Records {
		for i := range o.refunds {
			out.Records = append(out.Records, o.record(i))
		}
	}
	return out
}

// withOrders gives the refunds of a batch their orders. One whose order the store does not list is left out: it is in the trash.
func withOrders(ctx context.Context, ec mapping.Context, _ flow.Filter, b flow.Batch[woo.Refund]) (flow.Batch[refundRecord], error) {
	out := flow.Batch[refundRecord]{Rejected: b.Rejected, Next: b.Next, Total: b.Total, Done: b.Done, Reading: b.Reading}
	known := map[woo.ID][]woo.Refund{}
	for _, r := range b.Records {
		known[r.ParentID] = append(known[r.ParentID], r)
	}
	orders, err := loadRefunded(ctx, ec, known)
	if err != nil {
		return out, err
	}
	out.Rejected = append(out.Rejected, orders.Rejected...)
	for _, o := range orders.Records {
		for i, r := range o.refunds {
			if slices.ContainsFunc(known[o.ID], func(listed woo.Refund) bool { return listed.ID == r.ID }) {
				out.Records = append(out.Records, o.record(i))
			}
		}
	}
	return imported(ctx, ec, out)
}

// loadRefunded reads orders with their refunds, of which some may be known.
func loadRefunded(ctx context.Context, ec mapping.Context, known map[woo.ID][]woo.Refund) (flow.Batch[refundedOrder], error) {
	var ids []woo.ID
	for id := range known {
		if id != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var b flow.Batch[woo.Order]
	if len(ids) > 0 {
		for w, err := range ec.Store.Orders.ScanIDs(ctx, ids) {
			if err != nil {
				return flow.Batch[refundedOrder]{}, err
			}
			b.Records = append(b.Records, w.Records...)
			for _, r := range w.Rejected {
				b.Rejected = append(b.Rejected, flow.Rejected{ID: r.Key(), Raw: r.Raw, Err: r.Err})
			}
		}
	}
	known = maps.Clone(known)
	if err := refundsTogether(ctx, ec, b.Records, known); err != nil {
		return flow.Batch[refundedOrder]{}, err
	}
	return refundLoader(known).LoadAll(ctx, ec, b)
}

// refundsTogether adds to the known refunds those that several orders name, from the list over all orders: a hundred with each request
// instead of one order's. What that list does not give is read order by order afterwards.
func refundsTogether(ctx context.Context, ec mapping.Context, orders []woo.Order, known map[woo.ID][]woo.Refund) error {
	var ids []woo.ID
	unread := 0
	for _, o := range orders {
		if len(o.Refunds) <= len(known[o.ID]) {
			continue
		}
		unread++
		known[o.ID] = nil // all of them are read, so that none is there twice
		for _, r := range o.Refunds {
			ids = append(ids, r.ID)
		}
	}
	if unread < 2 {
		return nil
	}
	for w, err := range ec.Store.AllRefunds.ScanIDs(ctx, ids) {
		switch {
		case mapping.IsNotOffered(err) || fault.Is(err, fault.Unsupported):
			return nil
		case err != nil:
			return err
		}
		for _, r := range w.Records {
			known[r.ParentID] = append(known[r.ParentID], r)
		}
	}
	return nil
}

// imported leaves out the refunds of orders that the instance does not import and that did not land before.
func imported(ctx context.Context, ec mapping.Context, b flow.Batch[refundRecord]) (flow.Batch[refundRecord], error) {
	var doubtful []erp.Key
	for _, r := range b.Records {
		if !takesOrder(ec, r.order) {
			doubtful = append(doubtful, mapping.KeyOf(ec, mapping.OrderName, r.order.ID))
		}
	}
	if len(doubtful) == 0 {
		return b, nil
	}
	held, err := ec.Backend.Lookup(ctx, doubtful)
	if err != nil {
		return b, err
	}
	unknown := map[string]bool{}
	for i, key := range doubtful {
		unknown[key.ID] = held[i] == ""
	}
	b.Records = slices.DeleteFunc(b.Records, func(r refundRecord) bool { return unknown[r.order.ID.String()] })
	return b, nil
}

// takesOrder reports whether the import of orders reads an order, as it is now.
func takesOrder(ec mapping.Context, o woo.Order) bool {
	config := ec.Instance.Config.Order
	since, err := config.ImportSince()
	return !isNever(o.Status) && (len(config.Statuses) == 0 || slices.Contains(config.Statuses, o.Status)) && !isLeftOut(ec, o) &&
		(err != nil || !orderDate(o).Before(since))
}

// refundsByID reads refunds of named orders. The cursor is the last order that is done.
func refundsByID(ctx context.Context, ec mapping.Context, ids []string, from flow.Cursor) iter.Seq2[flow.Batch[refundRecord], error] {
	return func(yield func(flow.Batch[refundRecord], error) bool) {
		wanted := byOrder(ids)
		var at woo.Cursor
		if len(from) > 0 {
			if err := json.Unmarshal(from, &at); err != nil {
				yield(flow.Batch[refundRecord]{}, fault.Wrap(fault.Internal, err, "the cursor is not one of refunds"))
				return
			}
		}
		var orders []woo.ID
		for id := range wanted {
			if id > at.LastID {
				orders = append(orders, id)
			}
		}
		slices.Sort(orders)
		done := 0
		read := func(ctx context.Context, chunk []woo.ID) (flow.Batch[refundRecord], error) {
			return refundsOfChunk(ctx, ec, chunk, wanted)
		}
		for b, err := range woo.Ahead(ctx, ec.Instance.Connection.Readers, slices.Collect(slices.Chunk(orders, woo.MaxPerPage)), read) {
			done = min(done+woo.MaxPerPage, len(orders))
			b.Next, b.Total, b.Done = mapping.CursorAt(woo.Cursor{LastID: orders[done-1]}), len(ids), done == len(orders)
			if !yield(b, err) || err != nil {
				return
			}
		}
		if len(orders) == 0 {
			yield(flow.Batch[refundRecord]{Next: from, Done: true}, nil)
		}
	}
}

// byOrder sorts the ids of refunds by their orders, each once. They have been checked.
func byOrder(ids []string) map[woo.ID][]string {
	wanted := map[woo.ID][]string{}
	for _, id := range ids {
		order, _, _ := strings.Cut(id, "/")
		number, err := strconv.ParseInt(order, 10, 64)
		if at := woo.ID(number); err == nil && !slices.Contains(wanted[at], id) {
			wanted[at] = append(wanted[at], id)
		}
	}
	return wanted
}

// refundsOfChunk reads the refunds of some orders that were asked for.
func refundsOfChunk(ctx context.Context, ec mapping.Context, chunk []woo.ID, wanted map[woo.ID][]string) (flow.Batch[refundRecord], error) {
	known := map[woo.ID][]woo.Refund{}
	for _, id := range chunk {
		known[id] = nil
	}
	orders, err := loadRefunded(ctx, ec, known)
	if err != nil {
		return flow.Batch[refundRecord]{}, err
	}
	var b flow.Batch[refundRecord]
	found := map[woo.ID]refundedOrder{}
	for _, o := range orders.Records {
		found[o.ID] = o
	}
	unread := map[woo.ID]bool{}
	for _, rejected := range orders.Rejected {
		for _, order := range chunk {
			if order.String() != rejected.ID {
				continue
			}
			unread[order] = true
			for _, id := range wanted[order] {
				b.Rejected = append(b.Rejected, flow.Rejected{ID: id, Raw: rejected.Raw, Err: rejected.Err})
			}
		}
	}
	var absent []refundRecord
	for _, id := range chunk {
		if unread[id] {
			continue
		}
		o, ok := found[id]
		for _, asked := range wanted[id] {
			if r, has := o.find(asked); has {
				b.Records = append(b.Records, r)
			} else {
				absent = append(absent, refundRecord{id: asked, order: woo.Order{ID: id}, orphan: !ok, deleted: ok})
			}
		}
	}
	slices.SortFunc(b.Records, func(a, b refundRecord) int { return cmp.Compare(a.ID, b.ID) }) // the oldest first
	err = addAbsent(ctx, ec, &b, absent)
	return b, err
}

// find gives a refund of the order by its id, or the one that a cancellation stands for.
func (o refundedOrder) find(id string) (refundRecord, bool) {
	for i, r := range o.refunds {
		if refundID(o.ID, r.ID) == id {
			return o.record(i), true
		}
	}
	if isCancellation(id) && o.Status == woo.OrderCancelled {
		cancelled := refundRecord{id: id, order: o.Order, earlier: o.refunds}
		cancelled.DateCreated, cancelled.Reason = o.DateModified, "Order cancelled"
		return cancelled, true
	}
	return refundRecord{}, false
}

// addAbsent adds what the store does not have: a booked refund as one that was deleted, with what was decided about it; any other as
// missing.
func addAbsent(ctx context.Context, ec mapping.Context, b *flow.Batch[refundRecord], absent []refundRecord) error {
	if len(absent) == 0 {
		return nil
	}
	keys, ids := make([]erp.Key, len(absent)), make([]string, len(absent))
	for i, r := range absent {
		keys[i], ids[i] = mapping.NamedKey(ec, mapping.RefundName, r.id), r.id
	}
	booked, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return err
	}
	decided, err := decisions(ctx, ec, mapping.RefundName, ids)
	if err != nil {
		return err
	}
	for i, r := range absent {
		if booked[i] == "" {
			b.Missing = append(b.Missing, mapping.NotInStore(r.id))
			continue
		}
		r.decision = decided[r.id]
		b.Records = append(b.Records, r)
	}
	return nil
}

// decisions reads what people chose for records.
func decisions(ctx context.Context, ec mapping.Context, entity string, ids []string) (map[string]string, error) {
	if ec.Progress == nil || len(ids) == 0 {
		return nil, nil
	}
	return ec.Progress.Decisions(ctx, ec.Instance.ID, entity, ids)
}

package sales

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// refuseManyOrders is why orders are exported by their ids only.
const refuseManyOrders = "an ERP holds the orders of other stores and of other channels too, and what a store gets as an order it may charge and " +
	"ship; choose the orders by the ERP's ids"

// OrderExport is the export of orders that were made in the ERP. The store makes the order pending, at which nothing is reserved and
// nobody is written to, and calculates its taxes itself. Only one that comes out with the ERP's amounts stays; it then gets the status
// that the instance is configured with. What the store has is not written again: it would be calculated again, by the rates of that day.
var OrderExport = &flow.Flow[mapping.Context, erp.HeldOrder, newOrder]{
	Spec: flow.Spec{
		Entity: mapping.OrderName, Label: "Orders", Needs: []string{mapping.ProductName, mapping.CustomerName},
		Refuses: map[flow.FilterKind]string{flow.All: refuseManyOrders, flow.Changes: refuseManyOrders, flow.Range: refuseManyOrders},
	},
	Source:   readERPOrders,
	Describe: describeERPOrder,
	Map:      mapNewOrder,
	Write:    exportOrders,
	KeyOf:    func(ec mapping.Context, _ string) flow.Key { return mapping.NamedKey(ec, mapping.OrderName, "") },
}

// newOrder is an order as the store is sent it.
type newOrder struct {
	customer woo.ID
	fields   woo.Fields
	status   string // that it gets once it is found to be right
}

// readERPOrders reads orders by the ERP's ids, from the place after the last that is done on.
func readERPOrders(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[erp.HeldOrder], error] {
	return func(yield func(flow.Batch[erp.HeldOrder], error) bool) {
		reader, err := erp.OrderRecords.Of(ec.Backend)
		if err != nil {
			yield(flow.Batch[erp.HeldOrder]{}, err)
			return
		}
		mapping.ReadIDs(f.IDs, from, func(part []string) (b flow.Batch[erp.HeldOrder], err error) {
			b.Records, err = reader.ReadOrders(ctx, ec.Instance.ID, part)
			for _, id := range part {
				if !slices.ContainsFunc(b.Records, func(o erp.HeldOrder) bool { return o.ID == id }) {
					b.Missing = append(b.Missing, flow.Missing{ID: id, Code: "not_in_erp", Reason: "the ERP has no order with this id"})
				}
			}
			return b, err
		}, yield)
	}
}

func describeERPOrder(o erp.HeldOrder) flow.Record {
	raw, err := json.Marshal(o.Record)
	if err != nil {
		raw = nil // a date that JSON does not take: the record is kept without
	}
	return flow.Record{ID: o.ID, Raw: raw, Status: string(o.Stage)}
}

// mapNewOrder refuses what the store cannot make of an order, or what it must not be asked for.
func mapNewOrder(ec mapping.Context, o erp.HeldOrder) (newOrder, error) {
	if _, pending := erp.PendingID(o.Record.Key); !pending {
		return newOrder{}, nil
	}
	switch {
	case o.Of != "":
		return newOrder{}, mapping.Parked("linked_elsewhere", "it is an order of the instance %s: as an order of a second store it would be sold twice", o.Of)
	case o.Stage == erp.Cancelled:
		return newOrder{}, mapping.Failed("cancelled", "it is cancelled in the ERP, so the store does not get it")
	}
	if err := checkLinked(o.Record); err != nil {
		return newOrder{}, err
	}
	fields, err := newOrderFields(ec, o)
	status := ec.Instance.Config.Export.StatusOfOrders()
	return newOrder{customer: mapping.StoreID(o.Record.Partner), fields: fields, status: status}, err
}

// checkLinked parks an order whose customer or products the store does not have, with the list of what is missing.
func checkLinked(o erp.Order) error {
	var missing []erp.Key
	for _, key := range append([]erp.Key{o.Partner}, productsOf(o)...) {
		if _, pending := erp.PendingID(key); pending && !slices.Contains(missing, key) {
			missing = append(missing, key)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return mapping.Unlinked(missing)
}

func productsOf(o erp.Order) []erp.Key {
	var keys []erp.Key
	for _, line := range o.Lines {
		if line.Kind == erp.ProductLine {
			keys = append(keys, line.Product)
		}
	}
	return keys
}

// orderExport is one page of orders on its way into the store.
type orderExport struct {
	ec     mapping.Context
	reader erp.OrderReader
}

// exportedOrder is one order on its way into the store.
type exportedOrder struct {
	*flow.Attempt[erp.HeldOrder, newOrder]
	have  woo.Order // as the store has it; without an id while it has none
	found bool      // it was there before
}

// exportOrders creates what the store does not have yet. A page that is done again finds by its mark what was created before.
func exportOrders(ctx context.Context, ec mapping.Context, _ flow.Page, attempts []*flow.Attempt[erp.HeldOrder, newOrder]) error {
	reader, err := erp.OrderRecords.Of(ec.Backend)
	if err != nil {
		return err
	}
	x := orderExport{ec: ec, reader: reader}
	var all []*exportedOrder
	for _, a := range flow.NotRefused(attempts) {
		if a.Value.fields == nil {
			a.Note("the store has it as order " + a.Record.Record.Key.ID + ", which keeps its lines")
			a.Settle(flow.Outcome{
				Key: a.Record.Record.Key, Status: flow.Unchanged, ID: a.Record.ID,
				Also: []flow.Key{erp.PendingKey(ec.Instance.ID, mapping.OrderName, a.Record.ID)}, // it was perhaps not noted when the two were linked
			})
			continue
		}
		all = append(all, &exportedOrder{Attempt: a})
	}
	for _, step := range []func(context.Context, []*exportedOrder) error{
		x.checkStatuses, x.find, x.create, x.dropTwins, x.compare, x.setStatuses, x.adopt,
	} {
		all = slices.DeleteFunc(all, func(e *exportedOrder) bool { return e.Outcome.Refused() })
		if len(all) == 0 {
			return nil
		}
		if err := step(ctx, all); err != nil {
			return err
		}
	}
	return nil
}

// checkStatuses refuses orders that are to get a status that the store does not have.
func (x orderExport) checkStatuses(ctx context.Context, all []*exportedOrder) error {
	known, err := statusesOfStore(ctx, x.ec)
	if err != nil {
		return err
	}
	for _, e := range all {
		if !slices.Contains(known, e.Value.status) {
			e.Refuse(mapping.Parked("unknown_status", "the store has no status %q: correct config.export.order_status; it has %s",
				e.Value.status, strings.Join(known, ", ")))
		}
	}
	return nil
}

// create has the store make the orders that it does not have, pending.
func (x orderExport) create(ctx context.Context, all []*exportedOrder) error {
	fresh := slices.DeleteFunc(slices.Clone(all), func(e *exportedOrder) bool { return e.have.ID != 0 })
	if len(fresh) == 0 {
		return nil
	}
	if err := x.addContacts(ctx, fresh); err != nil {
		return err
	}
	if err := x.ec.ConfirmWrite(ctx); err != nil {
		return err
	}
	var batch woo.Batch
	for _, e := range fresh {
		batch.Create = append(batch.Create, e.Value.fields)
	}
	result, err := x.ec.Store.Orders.Batch(ctx, batch)
	if err != nil {
		return err
	}
	for i, e := range fresh {
		if err := mapping.StoreFault(result.Create[i].Err); err != nil {
			return err
		}
		if err := result.Create[i].Err; err != nil {
			e.Refuse(err)
			continue
		}
		e.have = result.Create[i].Record
		e.Note("order " + e.have.ID.String() + " created")
	}
	return nil
}

// addContacts fills in where an order names no address, or none with an e-mail, what the store knows of the customer.
func (x orderExport) addContacts(ctx context.Context, fresh []*exportedOrder) error {
	of := map[woo.ID][]*exportedOrder{}
	var ids []woo.ID
	for _, e := range fresh {
		of[e.Value.customer] = append(of[e.Value.customer], e)
		ids = append(ids, e.Value.customer)
	}
	slices.Sort(ids)
	for window, err := range x.ec.Store.Customers.ScanIDs(ctx, slices.Compact(ids)) {
		if err != nil {
			return err
		}
		for _, customer := range window.Records {
			for _, e := range of[customer.ID] {
				addContact(e.Value.fields, customer)
			}
			delete(of, customer.ID)
		}
	}
	for id, orders := range of {
		for _, e := range orders {
			e.Refuse(mapping.Parked("customer_gone", "the store does not have customer %s any more, with whom the order's customer is linked: remove the "+
				"link, export the customer, and process the order again", id))
		}
	}
	return nil
}

// setStatuses gives the orders that came out right the status that they are to have.
func (x orderExport) setStatuses(ctx context.Context, all []*exportedOrder) error {
	due := slices.DeleteFunc(slices.Clone(all), func(e *exportedOrder) bool {
		return e.have.Status != woo.OrderPending || e.Value.status == woo.OrderPending
	})
	if len(due) == 0 {
		return nil
	}
	updates := make([]statusUpdate, len(due))
	for i, e := range due {
		updates[i] = statusUpdate{e.have.ID, e.Value.status}
	}
	outcomes, err := updateStatuses(ctx, x.ec, updates)
	if err != nil {
		return err
	}
	for i, e := range due {
		if err := mapping.StoreFault(outcomes[i].Err); err != nil {
			return err
		}
		if err := outcomes[i].Err; err != nil {
			e.Refuse(err)
			continue
		}
		e.Note("status " + woo.OrderPending + " → " + outcomes[i].Record.Status)
	}
	return nil
}

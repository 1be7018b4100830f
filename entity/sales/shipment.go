package sales

import (
	"context"
	"encoding/json"
	"iter"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

const shipmentName = "shipment"

// Shipments is the export of what the ERP has shipped: carrier, tracking number and goods of each delivery, to where the store keeps such.
// The status of orders is not its business, nor anything else of them: an order written back with its lines or addresses has its taxes
// calculated again.
var Shipments = &flow.Flow[mapping.Context, erp.Shipment, parcel]{
	Spec: flow.Spec{
		Entity: shipmentName, Label: "Shipments", Needs: []string{mapping.OrderName},
		Refuses: map[flow.FilterKind]string{flow.Range: "shipments are told by what changed in the ERP, not by dates; choose all, changes, or give the " +
			"ERP's ids of deliveries"},
	},
	Source:   readShipments,
	Describe: describeShipment,
	Map:      mapShipment,
	Write:    pushShipments,
	KeyOf:    func(ec mapping.Context, _ string) flow.Key { return mapping.NamedKey(ec, shipmentName, "") },
}

// parcel is a shipment as the store is to show it.
type parcel struct {
	order    woo.ID
	items    map[woo.ID]decimal.Decimal // by lines of the order
	unlisted int                        // lines that the store does not have
}

// shipmentsPerRead is how many deliveries are read at once: each takes requests of its own.
const shipmentsPerRead = 20

// readShipments reads deliveries by the ERP's ids, or what changed since a place, or all. A first run for changes tells nothing: what was
// shipped before somebody asked for it to be told is over.
func readShipments(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[erp.Shipment], error] {
	return func(yield func(flow.Batch[erp.Shipment], error) bool) {
		reader, err := erp.Shipments.Of(ec.Backend)
		switch {
		case err != nil:
			yield(flow.Batch[erp.Shipment]{}, err)
		case f.Kind == flow.IDs:
			mapping.ReadIDs(f.IDs, from, func(part []string) (flow.Batch[erp.Shipment], error) {
				return namedShipments(ctx, ec, reader, part)
			}, yield)
		case f.Kind == flow.Changes && from == nil:
			yield(fromNow(ctx, reader))
		default:
			listShipments(ctx, ec, reader, from, yield)
		}
	}
}

func fromNow(ctx context.Context, reader erp.ShipmentReader) (b flow.Batch[erp.Shipment], err error) {
	at, err := reader.ShipmentsFromNow(ctx)
	if err != nil {
		return b, err
	}
	b.Done = true
	b.Next, err = json.Marshal(at)
	return b, err
}

func listShipments(ctx context.Context, ec mapping.Context, reader erp.ShipmentReader, from flow.Cursor, yield func(flow.Batch[erp.Shipment], error) bool) {
	after := ""
	if from != nil {
		if err := json.Unmarshal(from, &after); err != nil {
			yield(flow.Batch[erp.Shipment]{}, fault.Wrap(fault.Internal, err, "the cursor is not one of shipments"))
			return
		}
	}
	for done := false; !done; {
		page, err := reader.ListShipments(ctx, erp.RecordQuery{Instance: ec.Instance.ID, After: after, Limit: shipmentsPerRead})
		b := flow.Batch[erp.Shipment]{Records: page.Shipments, Done: page.Done}
		if err == nil {
			after, done = page.Next, page.Done
			b.Next, err = json.Marshal(after)
		}
		if !yield(b, err) || err != nil {
			return
		}
	}
}

func namedShipments(ctx context.Context, ec mapping.Context, reader erp.ShipmentReader, ids []string) (b flow.Batch[erp.Shipment], err error) {
	page, err := reader.ListShipments(ctx, erp.RecordQuery{Instance: ec.Instance.ID, IDs: ids, Limit: len(ids)})
	b.Records = page.Shipments
	for _, id := range ids {
		if err == nil && !slices.ContainsFunc(b.Records, func(s erp.Shipment) bool { return s.ID == id }) {
			b.Missing = append(b.Missing, flow.Missing{ID: id, Code: "not_shipped", Reason: "the ERP has no delivery with this id that was shipped"})
		}
	}
	return b, err
}

func describeShipment(s erp.Shipment) flow.Record {
	raw, err := json.Marshal(s)
	if err != nil {
		raw = nil // a date that JSON does not take: the record is kept without
	}
	return flow.Record{ID: s.ID, Raw: raw}
}

// mapShipment names what was shipped as the store does.
func mapShipment(_ mapping.Context, s erp.Shipment) (parcel, error) {
	if _, pending := erp.PendingID(s.Order); pending {
		return parcel{}, mapping.Unlinked([]erp.Key{s.Order})
	}
	p := parcel{order: mapping.StoreID(s.Order), items: map[woo.ID]decimal.Decimal{}}
	if p.order < 1 {
		return p, mapping.Failed("odd_id", "%q is not the number of an order of the store", s.Order.ID)
	}
	for _, line := range s.Lines {
		id := mapping.StoreID(erp.Key{ID: line.Line})
		if id < 1 {
			p.unlisted++
			continue
		}
		p.items[id] = p.items[id].Add(line.Quantity)
	}
	return p, nil
}

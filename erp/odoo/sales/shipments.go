package sales

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// shippedPicking is a delivery that went out. The fields of the carrier are those of the module "delivery".
type shippedPicking struct {
	rpc.Row
	Name    rpc.Text   `json:"name"`
	Order   rpc.Link   `json:"sale_id"`
	At      rpc.Moment `json:"date_done"`
	Carrier rpc.Link   `json:"carrier_id"`
	Number  rpc.Text   `json:"carrier_tracking_ref"`
	Address rpc.Text   `json:"carrier_tracking_url"`
}

var carrierColumns = []string{"carrier_id", "carrier_tracking_ref", "carrier_tracking_url"}

// wentOut finds the deliveries of orders that went out.
var wentOut = []any{rpc.Where("state", "=", "done"), rpc.Where("picking_type_code", "=", "outgoing"), rpc.Where("sale_id", "!=", false)}

// ListShipments lists deliveries that went out. Goods that come back change the return, and not the delivery; and what went out of an order
// that was made in Odoo is news to the store once it has the order.
func (b *Book) ListShipments(ctx context.Context, q erp.RecordQuery) (erp.ShipmentPage, error) {
	feed := record.Feed{Model: "stock.picking", Where: wentOut, Changed: []string{"write_date"}, Also: b.toldSince}
	page, err := record.ReadPage(ctx, b.records, feed, q, func(ctx context.Context, ids []int64) (record.Held[erp.Shipment], error) {
		return b.shipments(ctx, q.Instance, ids, q.IDs != nil)
	})
	out := erp.ShipmentPage{Next: page.Next, Done: page.Done}
	for _, held := range page.Records {
		out.Shipments = append(out.Shipments, held.Record)
	}
	return out, err
}

// ShipmentsOf gives what was shipped of orders.
func (b *Book) ShipmentsOf(ctx context.Context, orders []erp.Key) ([]erp.Shipment, error) {
	known, err := b.records.IDsOf(ctx, "sale.order", orders, record.ExternalName)
	if err != nil || len(known) == 0 {
		return nil, err
	}
	var ids []int64
	for _, id := range known {
		ids = append(ids, id)
	}
	rows, err := rpc.SearchBy[rpc.Row](ctx, b.rpc, "stock.picking", "sale_id", ids, wentOut, "id")
	if err != nil {
		return nil, err
	}
	pickings := slices.Sorted(slices.Values(rpc.Map(rows, rpc.Row.RowID)))
	held, err := b.shipments(ctx, orders[0].Instance, pickings, false)
	var found []erp.Shipment
	for _, id := range pickings {
		if shipment, ok := held.Records[id]; ok {
			found = append(found, shipment)
		}
	}
	return found, err
}

// toldSince gives the pickings that have to be told since, though they did not change.
func (b *Book) toldSince(ctx context.Context, since time.Time) ([]int64, error) {
	if _, err := b.records.Prepared(ctx); err != nil { // which the field of orders comes with
		return nil, err
	}
	exported, err := rpc.Search[rpc.Row](ctx, b.rpc, "stock.picking", append([]any{rpc.Where("sale_id."+exportedField, "=", true),
		rpc.Where("sale_id.write_date", ">=", since.Format(rpc.TimeLayout))}, wentOut...), "id")
	if err != nil {
		return nil, err
	}
	returned, err := b.returnedSince(ctx, since)
	return append(returned, rpc.Map(exported, rpc.Row.RowID)...), err
}

// returnedSince gives the pickings of which goods came back since.
func (b *Book) returnedSince(ctx context.Context, since time.Time) ([]int64, error) {
	back, err := rpc.Search[deliveredMove](ctx, b.rpc, "stock.move", []any{rpc.Where("origin_returned_move_id", "!=", false),
		rpc.Where("state", "=", "done"), rpc.Where("write_date", ">=", since.Format(rpc.TimeLayout))}, "origin_returned_move_id")
	if err != nil {
		return nil, err
	}
	moves, err := rpc.SearchByID[deliveredMove](ctx, b.rpc, "stock.move", rpc.Distinct(rpc.Map(back, func(m deliveredMove) int64 { return m.Back.ID })), "picking_id")
	var ids []int64
	for _, m := range moves {
		ids = append(ids, m.Picking.ID)
	}
	return rpc.Distinct(ids), err
}

// shipments reads pickings. Those of orders that the instance's store does not have are given only when they were asked for by name.
func (b *Book) shipments(ctx context.Context, instance string, ids []int64, named bool) (record.Held[erp.Shipment], error) {
	held := record.Held[erp.Shipment]{Records: map[int64]erp.Shipment{}}
	setup, err := b.records.Prepared(ctx)
	if err != nil {
		return held, err
	}
	columns := []string{"name", "sale_id", "date_done"}
	if setup.TracksParcels {
		columns = append(columns, carrierColumns...)
	}
	pickings, err := rpc.SearchByID[shippedPicking](ctx, b.rpc, "stock.picking", ids, columns...)
	if err != nil {
		return held, err
	}
	var orders []int64
	for _, p := range pickings {
		orders = append(orders, p.Order.ID)
	}
	keys, err := b.records.KeysIn(ctx, instance, "sale.order", rpc.Distinct(orders))
	if err != nil {
		return held, err
	}
	for id, p := range pickings {
		if _, linked := keys.Of("order", p.Order.ID); linked || named {
			held.Records[id] = p.shipment(keys.OrPending("order", p.Order.ID))
		}
	}
	return held, b.addLines(ctx, instance, held.Records)
}

func (p shippedPicking) shipment(order erp.Key) erp.Shipment {
	return erp.Shipment{
		ID: rpc.FormatID(p.ID), Number: string(p.Name), Order: order, At: p.At.UTC(),
		Tracking: erp.Tracking{Carrier: p.Carrier.Name, Number: string(p.Number), URL: trackedAt(string(p.Address))},
	}
}

// trackedAt gives the address under which a delivery is followed. One of several parcels has a list of names and addresses, as JSON: the
// first one counts.
func trackedAt(text string) string {
	var parcels [][]string
	if !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &parcels) != nil {
		return text
	}
	for _, parcel := range parcels {
		if len(parcel) == 2 {
			return parcel[1]
		}
	}
	return ""
}

// shippedMove is goods of one line that went out.
type shippedMove struct {
	rpc.Row
	Picking rpc.Link    `json:"picking_id"`
	Product rpc.Link    `json:"product_id"`
	Line    rpc.Link    `json:"sale_line_id"`
	Unit    rpc.Link    `json:"product_uom"`
	Old     *rpc.Amount `json:"quantity_done"`
	New     *rpc.Amount `json:"quantity"`
}

func (m shippedMove) done() decimal.Decimal {
	for _, quantity := range []*rpc.Amount{m.New, m.Old} {
		if quantity != nil {
			return quantity.Decimal
		}
	}
	return decimal.Zero
}

// soldProduct is what a line sold, and how much of it has left in all.
type soldProduct struct {
	rpc.Row
	Product   rpc.Link   `json:"product_id"`
	Delivered rpc.Amount `json:"qty_delivered"`
	OldUnit   rpc.Link   `json:"product_uom"`
	NewUnit   rpc.Link   `json:"product_uom_id"`
}

func (s soldProduct) unit() int64 { return cmp.Or(s.OldUnit.ID, s.NewUnit.ID) }

// addLines adds how much of which line went out, and whether some of it came back.
func (b *Book) addLines(ctx context.Context, instance string, shipments map[int64]erp.Shipment) error {
	moves, err := rpc.SearchBy[shippedMove](ctx, b.rpc, "stock.move", "picking_id", idsIn(shipments),
		[]any{rpc.Where("state", "=", "done"), rpc.Where("sale_line_id", "!=", false)}, "picking_id", "product_id", "sale_line_id", "product_uom",
		rpc.DoneQuantities.For(b.rpc.Release).Field)
	if err != nil || len(moves) == 0 {
		return err
	}
	slices.SortFunc(moves, func(a, b shippedMove) int { return int(a.ID - b.ID) })
	lines := rpc.Distinct(rpc.Map(moves, func(m shippedMove) int64 { return m.Line.ID }))
	sold, err := rpc.SearchByID[soldProduct](ctx, b.rpc, "sale.order.line", lines, "product_id", "qty_delivered", rpc.LineUnits.For(b.rpc.Release))
	if err != nil {
		return err
	}
	names, err := b.records.NamesOf(ctx, "sale.order.line", lines)
	if err != nil {
		return err
	}
	kits, err := b.kitsAtOnce(ctx, moves, sold)
	if err != nil {
		return err
	}
	shipped := make([]measured, len(moves))
	for i, m := range moves {
		shipped[i] = shippedOf(m, sold[m.Line.ID])
	}
	pieces, err := b.piecesOf(ctx, shipped)
	if err != nil {
		return err
	}
	for i, m := range moves {
		shipment := shipments[m.Picking.ID]
		if own := m.Product.ID == sold[m.Line.ID].Product.ID; own || kits[m.Line.ID] == m.ID {
			shipment.Lines = addLine(shipment.Lines, storeLine(instance, names[m.Line.ID]), pieces[i])
		}
		shipments[m.Picking.ID] = shipment
	}
	return b.markReturned(ctx, moves, shipments)
}

// shippedOf gives how much of its line a move takes out. The parts of a kit say it only when all of the line went out at once: the last
// one of them counts.
func shippedOf(m shippedMove, line soldProduct) measured {
	if m.Product.ID == line.Product.ID {
		return measured{m.Product.ID, m.done(), m.Unit.ID}
	}
	return measured{line.Product.ID, line.Delivered.Decimal, line.unit()}
}

// kitsAtOnce gives, of lines that sold kits and went out with one delivery, the last move of each.
func (b *Book) kitsAtOnce(ctx context.Context, moves []shippedMove, sold map[int64]soldProduct) (map[int64]int64, error) {
	var lines []int64
	for _, m := range moves {
		if m.Product.ID != sold[m.Line.ID].Product.ID {
			lines = append(lines, m.Line.ID)
		}
	}
	if len(lines) == 0 {
		return nil, nil
	}
	all, err := rpc.SearchBy[shippedMove](ctx, b.rpc, "stock.move", "sale_line_id", rpc.Distinct(lines),
		[]any{rpc.Where("state", "=", "done"), rpc.Where("picking_id.picking_type_code", "=", "outgoing")}, "picking_id", "sale_line_id")
	last, from, several := map[int64]int64{}, map[int64]int64{}, map[int64]bool{}
	for _, m := range all {
		several[m.Line.ID] = several[m.Line.ID] || from[m.Line.ID] != 0 && from[m.Line.ID] != m.Picking.ID
		last[m.Line.ID], from[m.Line.ID] = max(last[m.Line.ID], m.ID), m.Picking.ID
	}
	for line := range several {
		if several[line] {
			delete(last, line)
		}
	}
	return last, err
}

// storeLine gives the store's id of a line, which its external id ends with; "" for one that the store did not name.
func storeLine(instance, name string) string {
	key, ok := record.KeyOf(name)
	_, id, _ := strings.Cut(key.ID, "/")
	if !ok || key.Instance != instance {
		return ""
	}
	return id
}

func addLine(lines []erp.ShipmentLine, id string, quantity decimal.Decimal) []erp.ShipmentLine {
	at := slices.IndexFunc(lines, func(l erp.ShipmentLine) bool { return id != "" && l.Line == id })
	if at < 0 {
		return append(lines, erp.ShipmentLine{Line: id, Quantity: quantity})
	}
	lines[at].Quantity = lines[at].Quantity.Add(quantity)
	return lines
}

// markReturned marks the shipments of which goods came back.
func (b *Book) markReturned(ctx context.Context, moves []shippedMove, shipments map[int64]erp.Shipment) error {
	of := map[int64]int64{}
	for _, m := range moves {
		of[m.ID] = m.Picking.ID
	}
	back, err := rpc.SearchBy[deliveredMove](ctx, b.rpc, "stock.move", "origin_returned_move_id", idsIn(of),
		[]any{rpc.Where("state", "=", "done")}, "origin_returned_move_id")
	for _, m := range back {
		shipment := shipments[of[m.Back.ID]]
		shipment.Returned = true
		shipments[of[m.Back.ID]] = shipment
	}
	return err
}

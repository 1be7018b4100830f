package sales

import (
	"context"
	"encoding/json"
	"slices"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// orderEntity names orders in keys.
const orderEntity = landing.OrderEntity

// exportedField says that an order was made in Odoo. What it is called there, when, for whom and from where, the store does not change.
const exportedField = "x_tandem_exported"

// AdoptOrders binds orders to what a store made of them. What is noted in the orders and their lines comes first, and the keys with one call at
// the end: until then no import finds the orders, and a call that is repeated writes the same once more.
func (b *Book) AdoptOrders(ctx context.Context, batch []erp.Adoption[erp.Order]) error {
	if len(batch) == 0 {
		return nil
	}
	records := make([]record.Adopted, len(batch))
	ids := make([]int64, len(batch))
	turns := make([]string, len(batch))
	for i := range batch {
		var err error
		if records[i], err = record.NewAdopted(&batch[i], func(o *erp.Order) *erp.Key { return &o.Key }, record.ExternalName); err != nil {
			return err
		}
		ids[i], turns[i] = records[i].ID, batch[i].Record.Key.String()
	}
	defer b.records.Lock(turns)()
	reader, err := b.readOrders(ctx, batch[0].Record.Key.Instance, ids)
	if err != nil {
		return err
	}
	a := adoptedOrders{orderReader: reader, names: map[string]map[string]int64{"sale.order": {}, "sale.order.line": {}, "res.partner": {}}}
	if a.storeTaxes, err = a.taxesOfStore(ctx, batch); err != nil {
		return err
	}
	for i, adoption := range batch {
		if err := a.add(records[i], &adoption.Record); err != nil {
			return err
		}
	}
	for model, noted := range map[string][]*record.Record{"sale.order.line": a.lineNotes, "sale.order": a.notes} {
		if err := b.note(ctx, model, noted); err != nil {
			return err
		}
	}
	return b.records.BindAll(ctx, a.names)
}

// adoptedOrders are orders that a store has from now on.
type adoptedOrders struct {
	*orderReader
	storeTaxes map[erp.Key]int64 // the taxes of the store
	names      map[string]map[string]int64
	notes      []*record.Record
	lineNotes  []*record.Record
}

func (a *adoptedOrders) taxesOfStore(ctx context.Context, batch []erp.Adoption[erp.Order]) (map[erp.Key]int64, error) {
	var keys []erp.Key
	for _, adoption := range batch {
		keys = append(keys, rpc.Map(adoption.Record.Taxes, func(t erp.OrderTax) erp.Key { return t.Tax })...)
	}
	return a.records.IDsOf(ctx, "account.tax", keys, record.ExternalName)
}

// add notes what is to be written of one order.
func (a *adoptedOrders) add(adopted record.Adopted, stored *erp.Order) error {
	at := slices.IndexFunc(a.rows, func(row heldOrder) bool { return row.ID == adopted.ID })
	if at < 0 {
		return fault.New(fault.NotFound, "Odoo no longer has order %d", adopted.ID)
	}
	row := a.rows[at]
	for _, key := range a.orderKeys[row.ID] {
		if key != stored.Key {
			return landing.OrderTaken(key)
		}
	}
	amounts, err := salecycle.Amounts(stored)
	if err != nil {
		return err
	}
	taxes, err := json.Marshal(a.taxesNoted(a.charged[row.ID], stored))
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the taxes of an order cannot be written as JSON")
	}
	a.names["sale.order"][adopted.Name] = row.ID
	a.notes = append(a.notes, &record.Record{ID: row.ID, Cells: []rpc.Cell{
		rpc.TextCell(record.StampField, adopted.Digest), rpc.TextCell("x_tandem_amounts", amounts), rpc.TextCell("x_tandem_total", stored.Total.String()),
		rpc.TextCell("x_tandem_taxes", string(taxes)), rpc.BoolCell("x_tandem_cancelled", false), rpc.BoolCell(exportedField, true),
	}})
	a.addAddress(stored.InvoiceAddress, row, row.Invoice.ID)
	a.addAddress(stored.DeliveryAddress, row, row.Delivery.ID)
	return a.addLines(row, stored)
}

// taxesNoted gives the taxes of an order as they are compared with the store's later: those that Odoo charged, under the store's keys where these
// name the same taxes.
func (a *adoptedOrders) taxesNoted(charged chargedLines, stored *erp.Order) []erp.OrderTax {
	taxes := slices.Clone(charged.taxes)
	for i, id := range charged.ids {
		for _, t := range stored.Taxes {
			if a.storeTaxes[t.Tax] == id {
				taxes[i].Tax, taxes[i].Label, taxes[i].Rate = t.Tax, t.Label, t.Rate
				break
			}
		}
	}
	return taxes
}

// addAddress binds the key of an address that is one of the customer's own, and that the store does not know by another key.
func (a *adoptedOrders) addAddress(key erp.Key, row heldOrder, id int64) {
	customer, _ := a.customer(row)
	if _, known := a.people.Of("address", id); key.IsZero() || known || !a.contacts[id].IsAddressOf(customer) {
		return
	}
	for _, bound := range a.names["res.partner"] {
		if bound == id {
			return // two addresses of the store are one of Odoo's
		}
	}
	a.names["res.partner"][record.ExternalName(key)] = id
}

// addLines finds for each line of the store Odoo's.
func (a *adoptedOrders) addLines(row heldOrder, stored *erp.Order) error {
	own := a.charged[row.ID]
	rest := slices.Clone(own.lines)
	ids := slices.Clone(own.rows)
	for _, line := range stored.Lines {
		at := slices.IndexFunc(rest, func(l erp.OrderLine) bool {
			return l.Kind == line.Kind && l.Total.Equal(line.Total) && (l.Kind != erp.ProductLine || l.Product == line.Product && l.Quantity.Equal(line.Quantity))
		})
		if at < 0 {
			return otherLines(stored.Key, row)
		}
		a.names["sale.order.line"][record.ExternalName(orderLineKey(stored.Key, line.ID))] = ids[at].ID
		a.lineNotes = append(a.lineNotes, &record.Record{ID: ids[at].ID, Cells: []rpc.Cell{
			rpc.DecimalCell(stock.AsideField, line.SetAside), rpc.TextCell(splitField, a.splitOf(ids[at], rest[at])), rpc.TextCell(soldAsField, line.Product.String()),
		}})
		rest, ids = slices.Delete(rest, at, at+1), slices.Delete(ids, at, at+1)
	}
	if len(rest) > 0 {
		return otherLines(stored.Key, row)
	}
	return nil
}

// splitOf writes what each tax of a line is, as of lines that are landed. A group of taxes is one of the line's, so that nothing is written.
func (a *adoptedOrders) splitOf(row heldLine, line erp.OrderLine) string {
	if len(row.Old)+len(row.New) != len(line.Taxes) {
		return ""
	}
	return a.taxes.splitOf(line)
}

func otherLines(key erp.Key, row heldOrder) error {
	return fault.New(fault.Conflict, "the store's order %s does not have the lines of order %d of Odoo's", key.ID, row.ID)
}

// note writes what Odoo has no reason to refuse.
func (b *Book) note(ctx context.Context, model string, records []*record.Record) error {
	results, err := b.records.Load(ctx, model, records)
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Refused != nil {
			return fault.New(fault.Conflict, "Odoo does not let be noted what the store made of an order: %s", r.Refused.Reason)
		}
	}
	return nil
}

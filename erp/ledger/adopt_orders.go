package ledger

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// AdoptOrders binds orders to what a store made of them.
func (l *Ledger) AdoptOrders(ctx context.Context, batch []erp.Adoption[erp.Order]) error {
	if len(batch) == 0 {
		return nil
	}
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		adopted, err := lockAdopted(ctx, tx, batch)
		if err != nil {
			return err
		}
		if err := adopted.bind(ctx, tx); err != nil {
			return err
		}
		if err := adopted.settle(ctx, tx); err != nil {
			return err
		}
		return tellShipments(ctx, tx, adopted.ids()...)
	})
}

// adoptedOrders are orders that a store has from now on.
type adoptedOrders struct {
	drafts    []*landing.Draft[erp.Order]
	snapshots map[int64]orderSnapshot
	named     []namedLineRow
	changed   []adoptedOrderRow
	addresses []binding
}

// namedLineRow is a line with what the store calls it.
type namedLineRow struct {
	OrderID    int64   `json:"order_id"`
	Position   int     `json:"position"`
	StoreLine  string  `json:"store_line"`
	ProductKey erp.Key `json:"product_key"`
}

type adoptedOrderRow struct {
	ID          int64  `json:"id"`
	Instance    string `json:"instance"`
	StoreStatus string `json:"store_status"`
	Amounts     string `json:"amounts"`
	Exported    bool   `json:"exported"`
}

// lockAdopted keeps everything else away from the orders, and finds for each line of the store the ledger's.
func lockAdopted(ctx context.Context, tx *sqlx.Tx, batch []erp.Adoption[erp.Order]) (*adoptedOrders, error) {
	var a adoptedOrders
	var ids []int64
	var keys []erp.Key
	for i := range batch {
		id, err := ledgerID(batch[i].ID)
		if err != nil {
			return nil, err
		}
		d := landing.NewDraft(&batch[i].Record, orders.key)
		d.Found(id, "")
		a.drafts, ids, keys = append(a.drafts, d), append(ids, id), append(keys, d.Key)
	}
	if err := lockKeys(ctx, tx, orders.model, keys); err != nil {
		return nil, err
	}
	var err error
	if a.snapshots, err = lockSnapshots(ctx, tx, a.drafts); err != nil {
		return nil, err
	}
	parts, err := recordReader{tx: tx}.orderParts(ctx, ids)
	if err != nil {
		return nil, err
	}
	var products check.KeySet
	for _, d := range a.drafts {
		products.Add(check.ProductsOf(d.Record)...)
	}
	sold, err := resolveSold(ctx, tx, products.List())
	if err != nil {
		return nil, err
	}
	for _, d := range a.drafts {
		if err := checkFree(ctx, tx, d.Key, d.ID); err != nil {
			return nil, err
		}
		if err := a.add(d, parts, sold); err != nil {
			return nil, err
		}
	}
	return &a, nil
}

func (a *adoptedOrders) add(d *landing.Draft[erp.Order], parts orderParts, sold map[erp.Key]soldVariant) error {
	at := slices.IndexFunc(parts.rows, func(row orderRow) bool { return row.ID == d.ID })
	if at < 0 {
		return fault.New(fault.NotFound, "the ledger no longer has order %d", d.ID)
	}
	amounts, err := salecycle.Amounts(d.Record)
	if err != nil {
		return err
	}
	row := parts.rows[at]
	a.changed = append(a.changed, adoptedOrderRow{ID: d.ID, Instance: d.Key.Instance, StoreStatus: d.Record.StoreStatus, Amounts: amounts, Exported: true})
	a.addAddress(d.Record.InvoiceAddress, row.InvoiceAddressID)
	a.addAddress(d.Record.DeliveryAddress, row.DeliveryAddressID)
	own := slices.DeleteFunc(slices.Clone(parts.lines), func(l orderLineRow) bool { return l.OrderID != d.ID })
	lines, ok := matchLines(own, d.Record.Lines, sold)
	if !ok {
		return fault.New(fault.Conflict, "the store's order %s does not have the lines of order %s", d.Key.ID, row.Number)
	}
	for i, line := range lines {
		a.named = append(a.named, namedLineRow{OrderID: d.ID, Position: own[i].Position, StoreLine: line.ID, ProductKey: line.Product})
	}
	order := *d.Record
	order.Lines = lines
	d.Record = &order
	return nil
}

func (a *adoptedOrders) ids() []int64 {
	var ids []int64
	for _, d := range a.drafts {
		ids = append(ids, d.ID)
	}
	return ids
}

// addAddress binds the key of an address, which several orders may name.
func (a *adoptedOrders) addAddress(key erp.Key, id *int64) {
	if id == nil || key.IsZero() {
		return
	}
	b := bindingOf(key, "address", *id, "")
	if !slices.ContainsFunc(a.addresses, func(other binding) bool { return other.ExtID == b.ExtID && other.Instance == b.Instance }) {
		a.addresses = append(a.addresses, b)
	}
}

// matchLines gives the store's line for each of the ledger's. A store lists the lines of a kind in the order in which it got them, unless a
// plugin sorts them: lines of the same amount are told apart by what they sold.
func matchLines(own []orderLineRow, given []erp.OrderLine, sold map[erp.Key]soldVariant) ([]erp.OrderLine, bool) {
	rest := slices.Clone(given)
	lines := make([]erp.OrderLine, len(own))
	for i, row := range own {
		at := slices.IndexFunc(rest, func(l erp.OrderLine) bool {
			return l.Kind == row.Kind && l.Total.Equal(row.Total) && (l.Kind != erp.ProductLine || l.Quantity.Equal(row.Quantity) && row.sells(sold, l.Product))
		})
		if at < 0 {
			return nil, false
		}
		lines[i] = rest[at]
		rest = slices.Delete(rest, at, at+1)
	}
	return lines, len(rest) == 0
}

// sells reports whether a line sold what the store has under a key. A key that is bound to nothing any more is refused later.
func (l orderLineRow) sells(sold map[erp.Key]soldVariant, product erp.Key) bool {
	variant, known := sold[product]
	return !known || l.VariantID != nil && *l.VariantID == variant.ID
}

// bind ties the keys, and names the lines as the store does.
func (a *adoptedOrders) bind(ctx context.Context, tx *sqlx.Tx) error {
	bindings := a.addresses
	for _, d := range a.drafts {
		bindings = append(bindings, bindingOf(d.Key, orders.model, d.ID, d.After))
	}
	if err := bind(ctx, tx, bindings); err != nil {
		return err
	}
	if err := updateRows(ctx, tx, orders.table, a.changed); err != nil {
		return err
	}
	array, err := encode(a.named)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE ledger.order_lines l SET store_line = r.store_line, product_key = r.product_key
		FROM json_populate_recordset(NULL::ledger.order_lines, $1) r
		WHERE l.order_id = r.order_id AND l.position = r.position`, array)
	return classify(err)
}

// settle has the stock know what the store set aside for the orders.
func (a *adoptedOrders) settle(ctx context.Context, tx *sqlx.Tx) error {
	refs, err := resolveOrderRefs(ctx, tx, a.drafts)
	if err != nil {
		return err
	}
	var lines []orderLineRow
	var shifts []shift
	for _, d := range a.drafts {
		for _, key := range check.ProductsOf(d.Record) {
			if _, known := refs.variants[key]; !known {
				return fault.New(fault.Unavailable, "the link of product %s was removed while an order of it was exported", key.ID)
			}
		}
		s := a.snapshots[d.ID]
		p := orderPlan{Draft: d, warehouse: s.Warehouse, before: s.Kept, delivered: (s.Delivered || s.GivenUp) && !s.Waiting}
		p.Stage = s.Stage
		after := p.lineRows(refs)
		lines = append(lines, after...)
		shifts = append(shifts, shiftsOf(d.Record, s.Kept, keptOf(after, s.Warehouse))...)
	}
	if err := updateLines(ctx, tx, lines); err != nil {
		return err
	}
	return applyShifts(ctx, tx, shifts)
}

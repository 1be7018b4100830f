package stock

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// SetStock makes the free quantities what the store counted, by inventory adjustments: what is reserved lies on the
// shelf too. A product that is unknown is parked; one whose stock Odoo does not keep fails with "not_tracked".
func (v *Inventory) SetStock(ctx context.Context, batch []erp.StockCount) ([]erp.Outcome, error) {
	return landing.Grouped(batch, func(c *erp.StockCount) string { return c.Warehouse },
		func(warehouse string, part []erp.StockCount) ([]erp.Outcome, error) {
			return v.setStock(ctx, warehouse, part)
		})
}

func (v *Inventory) setStock(ctx context.Context, warehouse string, batch []erp.StockCount) ([]erp.Outcome, error) {
	if _, err := v.records.Prepared(ctx); err != nil {
		return nil, err
	}
	at, err := v.warehouse(ctx, warehouse)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return nil, err
	}
	return record.Writer[erp.StockCount]{
		Key: func(c *erp.StockCount) *erp.Key { return &c.Key },
		Check: func(*erp.StockCount) *landing.Refusal {
			if err != nil {
				return landing.Failed("unknown_warehouse", "%s", err)
			}
			return nil
		},
		Land: func(ctx context.Context, records []*erp.StockCount) ([]erp.Outcome, error) {
			return v.landCounts(ctx, at, records)
		},
	}.Upsert(ctx, v.records, batch)
}

func (v *Inventory) landCounts(ctx context.Context, at warehouseRow, records []*erp.StockCount) ([]erp.Outcome, error) {
	ids, err := v.records.IDsOf(ctx, "product.product", rpc.Map(records, func(c *erp.StockCount) erp.Key { return c.Key }), record.ExternalName)
	if err != nil {
		return nil, err
	}
	var products []int64
	for _, id := range ids {
		products = append(products, id)
	}
	release, err := v.LockShelves(ctx, products)
	if err != nil {
		return nil, err
	}
	defer release()
	shelves, err := v.Shelves(ctx, at.ID, products)
	if err != nil {
		return nil, err
	}
	outcomes := make([]erp.Outcome, len(records))
	moved := map[int64]decimal.Decimal{}
	counted := map[int64]*erp.StockCount{} // two of the store's products may be mapped onto one
	for i, record := range records {
		s, ok := shelves[ids[record.Key]]
		if r := check.Counted(record.Key, ok, s.Tracked()); r != nil {
			outcomes[i] = r.Outcome(record.Key)
			continue
		}
		last, _ := s.CountedAt(at.ID)
		switch outcomes[i] = s.outcome(record, at.ID); {
		case outcomes[i].Status != erp.Unchanged:
			moved[s.ID], counted[s.ID] = record.Free.Sub(s.free()), record
		case landing.Recounted(record, last):
			counted[s.ID] = record
		}
	}
	if err := v.recount(ctx, at, moved, ""); err != nil {
		return nil, err
	}
	refused, err := v.noteCounts(ctx, at.ID, shelves, counted)
	for i, record := range records {
		if r := refused[ids[record.Key]]; r != nil {
			outcomes[i] = r.Outcome(record.Key)
		}
	}
	return outcomes, err
}

// outcome says what a count does to the stock.
func (s Shelf) outcome(c *erp.StockCount, warehouse int64) erp.Outcome {
	_, counted := s.CountedAt(warehouse)
	return landing.Counted(c, s.ID, s.free(), counted)
}

// noteCounts remembers when products were counted, all with one call: stores count each at a moment of its own. It gives
// those that Odoo refuses, by their ids.
func (v *Inventory) noteCounts(ctx context.Context, warehouse int64, shelves map[int64]Shelf, counted map[int64]*erp.StockCount) (map[int64]*landing.Refusal, error) {
	products := slices.Sorted(maps.Keys(counted))
	notes := make([]*record.Record, len(products))
	for i, id := range products {
		note, err := noteOf(shelves[id], warehouse, counted[id])
		if err != nil {
			return nil, err
		}
		notes[i] = &record.Record{ID: id, Cells: []rpc.Cell{rpc.TextCell(countedField, note)}}
	}
	results, err := v.records.Load(ctx, "product.product", notes)
	if err != nil {
		return nil, err
	}
	refused := map[int64]*landing.Refusal{}
	for i, r := range results {
		refused[products[i]] = r.Refused
	}
	return refused, nil
}

// noteOf adds a count to what is remembered of a product's counts in each warehouse.
func noteOf(s Shelf, warehouse int64, c *erp.StockCount) (string, error) {
	moments := map[string]time.Time{}
	_ = json.Unmarshal([]byte(s.Counted), &moments) // what cannot be read was never counted
	at := c.CountedAt
	if at.IsZero() {
		at = time.Now()
	}
	moments[rpc.FormatID(warehouse)] = at.UTC()
	note, err := json.Marshal(moments)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "the time of a count cannot be written")
	}
	return string(note), nil
}

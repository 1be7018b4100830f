package odoo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// SetStock makes the free quantities what the store counted, by inventory adjustments: what is reserved lies on the
// shelf too. A product that is unknown is parked; one whose stock Odoo does not keep fails with "not_tracked".
func (b *Backend) SetStock(ctx context.Context, batch []erp.StockCount) ([]erp.Outcome, error) {
	byWarehouse := map[string][]int{}
	for i, c := range batch {
		byWarehouse[c.Warehouse] = append(byWarehouse[c.Warehouse], i)
	}
	outcomes := make([]erp.Outcome, len(batch))
	for warehouse, places := range byWarehouse {
		landed, err := b.setStock(ctx, warehouse, mapped(places, func(at int) erp.StockCount { return batch[at] }))
		if err != nil {
			return nil, err
		}
		for i, at := range places {
			outcomes[at] = landed[i]
		}
	}
	return outcomes, nil
}

func (b *Backend) setStock(ctx context.Context, warehouse string, batch []erp.StockCount) ([]erp.Outcome, error) {
	if _, err := b.prepared(ctx); err != nil {
		return nil, err
	}
	at, err := b.warehouse(ctx, warehouse)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return nil, err
	}
	return landing[erp.StockCount]{
		key: func(c *erp.StockCount) erp.Key { return c.Key },
		check: func(*erp.StockCount) *refusal {
			if err != nil {
				return failed("unknown_warehouse", "%s", err)
			}
			return nil
		},
		land: func(ctx context.Context, records []*erp.StockCount) ([]erp.Outcome, error) {
			return b.landCounts(ctx, at, records)
		},
	}.run(ctx, b, batch)
}

func (b *Backend) landCounts(ctx context.Context, at warehouseRow, records []*erp.StockCount) ([]erp.Outcome, error) {
	ids, err := b.idsOf(ctx, "product.product", mapped(records, func(c *erp.StockCount) erp.Key { return c.Key }), externalName)
	if err != nil {
		return nil, err
	}
	var products []int64
	for _, id := range ids {
		products = append(products, id)
	}
	defer b.locks.lock(mapped(products, shelfName))()
	shelves, err := b.shelves(ctx, at.ID, products)
	if err != nil {
		return nil, err
	}
	outcomes := make([]erp.Outcome, len(records))
	moved := map[int64]decimal.Decimal{}
	counted := map[int64]*erp.StockCount{} // two of the store's products may be mapped onto one
	for i, record := range records {
		s, ok := shelves[ids[record.Key]]
		if r := checkCounted(record.Key, s, ok); r != nil {
			outcomes[i] = r.outcome(record.Key)
			continue
		}
		if outcomes[i] = s.outcome(record, at.ID); outcomes[i].Status != erp.Unchanged {
			moved[s.ID], counted[s.ID] = record.Free.Sub(s.free()), record
		}
	}
	if err := b.recount(ctx, at, moved); err != nil {
		return nil, err
	}
	return outcomes, b.noteCounts(ctx, at.ID, shelves, counted)
}

// shelfName is what calls about the stock of a product take turns on.
func shelfName(product int64) string { return fmt.Sprintf("stock/%d", product) }

func checkCounted(key erp.Key, s shelf, known bool) *refusal {
	switch {
	case !known:
		return parked("unknown_product", fmt.Sprintf("product %s is not in Odoo yet: import or map it", key), key)
	case !s.tracked():
		return failed("not_tracked", "the stock of product %s is not tracked: switch that on and import the product again", key)
	}
	return nil
}

// outcome says what a count does to the stock. A product that was never counted is counted now even if it happens to
// have the right quantity, because orders that land later ask when it was.
func (s shelf) outcome(c *erp.StockCount, warehouse int64) erp.Outcome {
	outcome := erp.Outcome{Key: c.Key, ID: idText(s.ID), Status: erp.Created, After: hashOf(c.Free.String())}
	if _, counted := s.countedAt(warehouse); counted {
		outcome.Status, outcome.Before = erp.Updated, hashOf(s.free().String())
	}
	if outcome.Before == outcome.After {
		outcome.Status = erp.Unchanged
	}
	return outcome
}

// noteCounts remembers when products were counted. Products counted at one moment are written with one call.
func (b *Backend) noteCounts(ctx context.Context, warehouse int64, shelves map[int64]shelf, counted map[int64]*erp.StockCount) error {
	same := map[string][]int64{}
	for id, c := range counted {
		moments := map[string]time.Time{}
		_ = json.Unmarshal([]byte(shelves[id].Counted), &moments) // what cannot be read was never counted
		at := c.CountedAt
		if at.IsZero() {
			at = time.Now()
		}
		moments[idText(warehouse)] = at.UTC()
		note, err := json.Marshal(moments)
		if err != nil {
			return fault.Wrap(fault.Internal, err, "the time of a count cannot be written")
		}
		same[string(note)] = append(same[string(note)], id)
	}
	for note, ids := range same {
		if err := b.write(ctx, "product.product", ids, map[string]any{"x_tandem_counted": note}); err != nil {
			return err
		}
	}
	return nil
}

package exporttest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/flow"
	"tandem/flow/flowtest"
)

// stockBook is what Tandem's database would know of a pair.
type stockBook struct {
	mu       sync.Mutex
	links    map[string]map[string]string // by entity: the ERP's ids by the store's
	landed   map[string]json.RawMessage   // orders as they landed
	toLand   map[string]json.RawMessage   // orders as they were read
	imported time.Time                    // the watermark of orders
	pushed   map[string]string
	keptBack map[string]string
}

func newStockBook() *stockBook {
	return &stockBook{
		links: map[string]map[string]string{}, landed: map[string]json.RawMessage{}, toLand: map[string]json.RawMessage{},
		pushed: map[string]string{}, keptBack: map[string]string{},
	}
}

// take takes up what became of an import.
func (b *stockBook) take(entity string, r *flowtest.Recorder) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.links[entity] == nil {
		b.links[entity] = map[string]string{}
	}
	for _, result := range r.Results {
		id := result.Record.ID
		switch {
		case result.Outcome.Landed():
			b.links[entity][id] = result.Outcome.ID
			if delete(b.toLand, id); entity == "order" {
				b.landed[id] = result.Record.Raw
			}
		case entity == "order" && result.Outcome.Status != flow.Failed:
			b.toLand[id] = result.Record.Raw
			if _, landed := b.landed[id]; landed {
				b.landed[id] = nil // the copy that landed is kept no more
			}
		}
	}
}

func (b *stockBook) LinkedAfter(_ context.Context, _, entity, after string, limit int, found func(wooID, erpID string)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(b.links[entity])) {
		if id > after && limit > 0 {
			limit--
			found(id, b.links[entity][id])
		}
	}
	return nil
}

func (b *stockBook) Linked(_ context.Context, _, entity string, wooIDs, erpIDs []string, found func(wooID, erpID string)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, erpID := range b.links[entity] {
		if slices.Contains(wooIDs, id) || slices.Contains(erpIDs, erpID) {
			found(id, erpID)
		}
	}
	return nil
}

func (b *stockBook) OrdersToLand(_ context.Context, _ string, found func(wooID string, copied json.RawMessage)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, raw := range b.toLand {
		found(id, raw)
	}
	return nil
}

func (b *stockBook) LandedOrders(_ context.Context, _ string, ids []string, found func(wooID string, landed json.RawMessage)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		if raw, ok := b.landed[id]; ok {
			found(id, raw)
		}
	}
	return nil
}

func (b *stockBook) StockKeptBack(_ context.Context, _ string, found func(wooID, keptBack string)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, quantity := range b.keptBack {
		if strings.Trim(quantity, "0.") != "" {
			found(id, quantity)
		}
	}
	return nil
}

func (b *stockBook) NoteStockPushes(_ context.Context, _ string, wooIDs, quantities, keptBack []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, id := range wooIDs {
		b.pushed[id], b.keptBack[id] = quantities[i], keptBack[i]
	}
	return nil
}

func (b *stockBook) LinkDigests(context.Context, string, string, []string) (map[string]string, error) {
	return map[string]string{}, nil
}

func (b *stockBook) Commons(context.Context, string, string, []string) (map[string]flow.Common, error) {
	return nil, nil
}

func (b *stockBook) ERPDigests(context.Context, string, string, []string) (map[string]string, error) {
	return map[string]string{}, nil
}

func (b *stockBook) Watermark(_ context.Context, _, entity string) (time.Time, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if entity != "order" {
		return time.Time{}, nil
	}
	return b.imported, nil
}

package stock

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

const (
	// movedPerRead is how many products the ERP is asked for at once: the more, the fewer looks at the store's orders.
	movedPerRead = 2000
	// fewPerRead is how many are asked for when many of them are variations of different products, each of which takes a request.
	fewPerRead = 100
	// requestsPerBatch is after how many requests of reading the figures of a batch are written: what the store sells meanwhile has to
	// be put right.
	requestsPerBatch = 20
)

// movedCursor is a place among the ERP's movements of stock.
type movedCursor struct {
	After    map[string]string `json:"after"`    // by warehouse
	Settings string            `json:"settings"` // by which figures are made; others make every figure another one
	// Linked is a place among the links, while all that are linked are pushed: movements are told from the beginning of that on.
	Linked string `json:"linked,omitempty"`
}

// settings sums up what a figure is made by.
func (p *push) settings() string {
	c := p.ec.Instance.Config
	return mapping.Digest(append([]string{c.Stock.Field, decimal.NewFromInt(int64(c.Stock.Buffer)).String()}, c.StockWarehouses()...)...)
}

// readItems reads of which products and variations the store is to be told: of those that moved in the ERP, of some by the ERP's ids, or
// of all that are linked.
func readItems(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[*item], error] {
	return func(yield func(flow.Batch[*item], error) bool) {
		r := &reader{push: newPush(ec), from: from, yield: yield}
		var err error
		switch f.Kind {
		case flow.IDs:
			err = r.asked(ctx, f.IDs)
		case flow.Changes:
			err = r.moved(ctx)
		default:
			err = r.linked(ctx)
		}
		if err != nil && !r.stopped {
			yield(flow.Batch[*item]{}, err)
		}
	}
}

// reader gives batches of items.
type reader struct {
	*push
	from    flow.Cursor // where it begins
	yield   func(flow.Batch[*item], error) bool
	stopped bool
}

// cursor gives the place to begin at.
func (r *reader) cursor() (at movedCursor, err error) {
	if r.from != nil {
		if err := json.Unmarshal(r.from, &at); err != nil {
			return at, fault.Wrap(fault.Internal, err, "the cursor is not one of stock")
		}
	}
	return at, nil
}

// moved gives the products and variations that moved in the ERP, and those of whose figure something is kept back for other orders than
// the last time.
func (r *reader) moved(ctx context.Context) error {
	at, err := r.cursor()
	if err != nil {
		return err
	}
	if at.Settings != r.settings() {
		at = movedCursor{Settings: r.settings()}
	}
	other, err := r.keptBackOtherwise(ctx)
	for done := false; !done && !r.stopped; other = nil {
		if err != nil {
			return err
		}
		var s *selection
		if s, at, done, err = r.nextMoved(ctx, at, other, movedPerRead); err == nil {
			err = r.readSelection(ctx, s, at, done)
		}
	}
	return err
}

// nextMoved gives what moved after a place, besides other products and variations. Those that have to be asked for by many products are
// taken fewer at a time: a batch is written whole, or again.
func (r *reader) nextMoved(ctx context.Context, at movedCursor, other []erp.Key, limit int) (*selection, movedCursor, bool, error) {
	next := movedCursor{After: map[string]string{}, Settings: at.Settings}
	keys, done := slices.Clone(other), true
	for _, warehouse := range r.ec.Instance.Config.StockWarehouses() {
		moved, after, err := r.ec.Backend.MovedProducts(ctx, r.ec.Instance.ID, warehouse, at.After[warehouse], limit)
		if err != nil {
			return nil, at, false, err
		}
		keys, next.After[warehouse] = append(keys, moved...), after
		done = done && len(moved) < limit/2 // what moves meanwhile is for the next run
	}
	s, err := r.separate(ctx, keys)
	if err == nil && limit > fewPerRead && s.requests() > requestsPerBatch {
		return r.nextMoved(ctx, at, other, fewPerRead)
	}
	return s, next, done, err
}

// keptBackOtherwise gives the products and variations of which the last push kept something back, when that is another quantity now:
// their orders landed, were cancelled, or were given up.
func (r *reader) keptBackOtherwise(ctx context.Context) ([]erp.Key, error) {
	before := map[string]string{}
	err := r.ec.Stock.StockKeptBack(ctx, r.ec.Instance.ID, func(id, keptBack string) { before[id] = keptBack })
	if err != nil || len(before) == 0 {
		return nil, err
	}
	if err := r.orders.look(ctx, 0); err != nil {
		return nil, err
	}
	keys := r.keysOf(slices.Sorted(maps.Keys(before)))
	figures, err := r.figures(ctx, keys)
	return slices.DeleteFunc(keys, func(key erp.Key) bool {
		_, now := r.orders.leftOf(key.ID, figures[key].countedAt)
		was, err := decimal.NewFromString(before[key.ID])
		return err == nil && now.Equal(was)
	}), err
}

func (r *reader) keysOf(ids []string) []erp.Key {
	keys := make([]erp.Key, len(ids))
	for i, id := range ids {
		keys[i] = mapping.NamedKey(r.ec, mapping.ProductName, id)
	}
	return keys
}

// linked gives all products that are linked, with their variations.
func (r *reader) linked(ctx context.Context) error {
	at, err := r.cursor()
	if err != nil {
		return err
	}
	if at.After == nil {
		if at, err = r.newest(ctx); err != nil {
			return err
		}
	}
	f := newFound(&selection{})
	for done := false; !done && !r.stopped; {
		var ids []string
		err := r.ec.Stock.LinkedAfter(ctx, r.ec.Instance.ID, mapping.ProductName, at.Linked, woo.MaxPerPage, func(id, _ string) { ids = append(ids, id) })
		if err != nil {
			return err
		}
		done = len(ids) < woo.MaxPerPage
		if f, err = r.readLinked(ctx, f, ids, &at); err != nil {
			return err
		}
	}
	if r.stopped {
		return nil
	}
	at.Linked = ""
	return r.hand(ctx, f, at, true)
}

// readLinked reads what the store says of up to a hundred products, and hands over what was found after every so many requests.
func (r *reader) readLinked(ctx context.Context, f *found, ids []string, at *movedCursor) (*found, error) {
	if len(ids) == 0 {
		return f, nil
	}
	page := part{ids: mapping.IdsAfter(ids, 0)}
	records, err := page.list(ctx, r.ec)
	if err != nil {
		return f, err
	}
	f.reads++
	for len(ids) > 0 {
		if f.reads >= requestsPerBatch {
			if err := r.hand(ctx, f, *at, false); err != nil || r.stopped {
				return f, err
			}
			f = newFound(f.selection)
		}
		var parts []part
		for ; len(ids) > 0 && f.reads+len(parts) < requestsPerBatch; ids = ids[1:] {
			at.Linked = ids[0]
			record, listed := records[ids[0]]
			switch {
			case !listed:
				f.missing = append(f.missing, ids[0])
			case len(record.Variations) == 0:
				f.sold = append(f.sold, soldFrom{ids[0], productShelf(r.ec, record)})
			default:
				parts = append(parts, part{parent: record.ID})
			}
		}
		if err := r.readParts(ctx, f, parts); err != nil {
			return f, err
		}
	}
	return f, nil
}

// newest gives the place after all that has moved by now.
func (r *reader) newest(ctx context.Context) (movedCursor, error) {
	at := movedCursor{After: map[string]string{}, Settings: r.settings()}
	for _, warehouse := range r.ec.Instance.Config.StockWarehouses() {
		for more := true; more; {
			moved, after, err := r.ec.Backend.MovedProducts(ctx, r.ec.Instance.ID, warehouse, at.After[warehouse], movedPerRead)
			if err != nil {
				return at, err
			}
			at.After[warehouse], more = after, len(moved) > 0
		}
	}
	return at, nil
}

// asked gives products and variations by the ERP's ids; of a product, all that is sold of it.
func (r *reader) asked(ctx context.Context, ids []string) error {
	s := &selection{whole: true, asked: ids}
	var parts, products []string
	for _, id := range ids {
		product, _, _ := strings.Cut(id, "/")
		parts = append(parts, id, product)
	}
	linked := map[string]bool{}
	err := r.ec.Stock.Linked(ctx, r.ec.Instance.ID, mapping.ProductName, nil, parts, func(id, erpID string) {
		products, linked[erpID] = append(products, id), true
	})
	if err != nil {
		return err
	}
	s.products = mapping.IdsAfter(products, 0)
	s.unlinked = slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		product, _, _ := strings.Cut(id, "/")
		return linked[id] || linked[product]
	})
	return r.readSelection(ctx, s, movedCursor{}, true)
}

package stock

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// selection is what is to be read of the store: products, and variations by their products.
type selection struct {
	products   []woo.ID
	variations map[woo.ID][]woo.ID
	// whole takes products that have variations for all of them.
	whole bool
	// asked are the ERP's ids that somebody named; nil when nobody did. Unlinked are those of them that nothing is known of.
	asked, unlinked []string
}

// separate tells products from variations, and finds the products of these: the ERP calls a variation "product/variant".
func (p *push) separate(ctx context.Context, keys []erp.Key) (*selection, error) {
	s := &selection{variations: map[woo.ID][]woo.ID{}}
	if len(keys) == 0 {
		return s, nil
	}
	erpIDs, err := p.ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return nil, err
	}
	var ids, parents []string
	for i, key := range keys {
		product, _, _ := strings.Cut(erpIDs[i], "/")
		ids, parents = append(ids, key.ID), append(parents, product)
	}
	own, byERP := map[string]bool{}, map[string]string{}
	err = p.ec.Stock.Linked(ctx, p.ec.Instance.ID, mapping.ProductName, ids, parents, func(id, erpID string) { own[id], byERP[erpID] = true, id })
	if err != nil {
		return nil, err
	}
	for i, key := range keys {
		id := mapping.StoreID(key)
		if own[key.ID] {
			s.products = append(s.products, id)
		} else if parent := mapping.StoreID(erp.Key{ID: byERP[parents[i]]}); parent != 0 && !slices.Contains(s.variations[parent], id) {
			s.variations[parent] = append(s.variations[parent], id)
		}
	}
	return s, nil
}

// requests is how many requests it takes to read a selection, when none of its products has more variations than fit one.
func (s *selection) requests() int {
	return (len(s.products)+woo.MaxPerPage-1)/woo.MaxPerPage + len(s.variations)
}

// readSelection reads what the store says of a selection, and hands it over with the place that it leads on to.
func (r *reader) readSelection(ctx context.Context, s *selection, next movedCursor, done bool) error {
	f := newFound(s)
	if err := r.readParts(ctx, f, s.parts()); err != nil {
		return err
	}
	return r.hand(ctx, f, next, done)
}

// readParts reads parts, and what has to be read besides, as many at once as the store is read with.
func (p *push) readParts(ctx context.Context, f *found, parts []part) error {
	read := func(ctx context.Context, g part) (portion, error) { return g.read(ctx, p.ec, f.whole) }
	for len(parts) > 0 {
		var more []part
		for got, err := range woo.Ahead(ctx, p.ec.Instance.Connection.Readers, parts, read) {
			if err != nil {
				return err
			}
			f.take(got)
			more = append(more, got.more...)
		}
		parts = more
	}
	return nil
}

// hand hands over what was found.
func (r *reader) hand(ctx context.Context, f *found, next movedCursor, done bool) error {
	b, err := r.batch(ctx, f)
	if err != nil {
		return err
	}
	if b.Next, err = json.Marshal(next); err != nil {
		return err
	}
	b.Done = done
	r.stopped = !r.yield(b, nil)
	return nil
}

// part is what is read together: up to a hundred products, or the variations of one.
type part struct {
	parent woo.ID
	ids    []woo.ID // of variations; nil for all
}

// parts cuts a selection into what is read together.
func (s *selection) parts() []part {
	var parts []part
	for ids := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(s.products))), woo.MaxPerPage) {
		parts = append(parts, part{ids: ids})
	}
	for _, parent := range slices.Sorted(maps.Keys(s.variations)) {
		parts = append(parts, part{parent: parent, ids: s.variations[parent]})
	}
	return parts
}

// portion is what the store says of a part.
type portion struct {
	reads   int // requests that it took
	sold    []soldFrom
	missing []string // products and variations by the store's ids
	more    []part   // to be read besides
}

// found is what the store says of parts of a selection.
type found struct {
	*selection
	portion
	began time.Time
}

func newFound(s *selection) *found { return &found{selection: s, began: time.Now()} }

func (f *found) take(p portion) {
	f.reads += p.reads
	f.sold, f.missing = append(f.sold, p.sold...), append(f.missing, p.missing...)
}

// soldFrom is a product or variation with where the store counts it.
type soldFrom struct {
	id    string
	shelf *shelf
}

// shelfFields is all that is read of what the store counts.
var shelfFields = []string{"id", "type", "manage_stock", "stock_quantity", "backorders", "variations"}

// read reads what the store says of a part. Of products that have variations, all of them are to be read besides when they are wanted.
func (g part) read(ctx context.Context, ec mapping.Context, variations bool) (portion, error) {
	if g.parent != 0 {
		return g.readVariations(ctx, ec)
	}
	records, err := g.list(ctx, ec)
	if err != nil {
		return portion{}, err
	}
	got := portion{reads: 1}
	for _, id := range g.ids {
		record, listed := records[id.String()]
		switch {
		case !listed:
			got.missing = append(got.missing, id.String())
		case len(record.Variations) == 0:
			got.sold = append(got.sold, soldFrom{id.String(), productShelf(ec, record)})
		case variations:
			got.more = append(got.more, part{parent: id})
		}
	}
	return got, nil
}

// list reads up to a hundred products, by their ids.
func (g part) list(ctx context.Context, ec mapping.Context) (map[string]woo.Product, error) {
	page, err := ec.Store.Products.List(ctx, woo.ListOptions{
		Include: g.ids, PerPage: woo.MaxPerPage, Fields: shelfFields, Params: url.Values{"status": {"any"}},
	})
	records := make(map[string]woo.Product, len(page.Records))
	for _, record := range page.Records {
		records[record.ID.String()] = record
	}
	return records, err
}

func productShelf(ec mapping.Context, record woo.Product) *shelf {
	return &shelf{
		id: record.ID, counted: bool(record.ManageStock), held: record.StockQuantity.Decimal, backorders: record.Backorders,
		sold: []erp.Key{mapping.KeyOf(ec, mapping.ProductName, record.ID)},
	}
}

// readVariations reads all variations of a product: those that share its stock count together.
func (g part) readVariations(ctx context.Context, ec mapping.Context) (portion, error) {
	shared := &shelf{id: g.parent, counted: true}
	known := map[woo.ID]bool{}
	var got portion
	for window, err := range ec.Store.Variations.Of(g.parent).Scan(ctx, woo.ListOptions{Fields: shelfFields}, woo.Cursor{}) {
		if err != nil {
			return portion{}, err
		}
		got.reads++
		for _, v := range window.Records {
			known[v.ID] = true
			key := mapping.KeyOf(ec, mapping.ProductName, v.ID)
			at := &shelf{
				parent: g.parent, id: v.ID, counted: v.ManageStock == woo.StockOwn, held: v.StockQuantity.Decimal,
				backorders: v.Backorders, sold: []erp.Key{key},
			}
			if v.ManageStock == woo.StockOfParent {
				shared.held, shared.backorders, shared.sold = at.held, at.backorders, append(shared.sold, key)
				at = shared
			}
			if g.ids == nil || slices.Contains(g.ids, v.ID) {
				got.sold = append(got.sold, soldFrom{key.ID, at})
			}
		}
	}
	for _, id := range g.ids {
		if !known[id] {
			got.missing = append(got.missing, id.String())
		}
	}
	return got, nil
}

// batch makes a batch of what was found. What the store does not count is left out, and so is what the ERP does not have.
func (r *reader) batch(ctx context.Context, f *found) (flow.Batch[*item], error) {
	b := flow.Batch[*item]{Reading: flow.Reading{AskedAt: f.began, AnsweredAt: time.Now()}}
	for _, id := range f.unlinked {
		b.Missing = append(b.Missing, missing(id, "no_link", "the ERP's record is not linked with a product of this store"))
	}
	var ids []string
	for _, s := range f.sold {
		ids = append(ids, s.id)
	}
	keys := r.keysOf(append(ids, f.missing...))
	if len(keys) == 0 {
		return b, nil
	}
	erpIDs, err := r.ec.Backend.Lookup(ctx, keys)
	for i, key := range keys {
		switch {
		case err != nil || erpIDs[i] == "" || !f.wants(erpIDs[i]):
		case i >= len(f.sold):
			b.Missing = append(b.Missing, missing(erpIDs[i], "not_in_store", "the store does not list it any more, or has it in the trash"))
		case f.sold[i].shelf.counted:
			b.Records = append(b.Records, &item{key: key, erpID: erpIDs[i], shelf: f.sold[i].shelf, push: r.push})
		case f.asked != nil:
			b.Missing = append(b.Missing, missing(erpIDs[i], "not_counted", "the store does not count the stock of it: switch on \"Track stock quantity\" there"))
		}
	}
	return b, err
}

// wants reports whether somebody asked for a record of the ERP, or for its product.
func (s *selection) wants(erpID string) bool {
	product, _, _ := strings.Cut(erpID, "/")
	return s.asked == nil || slices.Contains(s.asked, erpID) || slices.Contains(s.asked, product)
}

func missing(id, code, reason string) flow.Missing {
	return flow.Missing{ID: id, Code: code, Reason: reason}
}

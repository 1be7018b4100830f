package stock

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// MovedProducts returns the products that have other figures by their stock moves, which goods, reservations and inventory
// adjustments all leave behind. Each change is reported at once and, a quarter of an hour later, again along with those that
// became visible late. What the store has set aside for quotations makes no move and is not reported: it is the store's own.
func (v *Inventory) MovedProducts(ctx context.Context, instance, warehouse, after string, limit int) ([]erp.Key, string, error) {
	start, err := parseChangeCursor(after)
	if err != nil {
		return nil, "", err
	}
	at, err := v.warehouse(ctx, warehouse)
	if err != nil {
		return nil, "", err
	}
	r := &changeReader{Inventory: v, instance: instance, warehouse: at, limit: limit, kitsWith: v.kitsWith}
	c, err := r.readSettledThenRecent(ctx, start, time.Now().Add(-record.Lateness).Truncate(time.Second))
	if err != nil {
		return nil, "", err
	}
	if next := c.String(); next != start.String() {
		return r.products, next, nil
	}
	return r.products, after, nil
}

// position is where a change stands in their order: by its second, since Odoo tells no fractions, and then by its id.
type position struct {
	at time.Time // UTC
	id int64
}

func (p position) compare(q position) int { return cmp.Or(p.at.Compare(q.at), cmp.Compare(p.id, q.id)) }

func later(p, q position) position {
	if p.compare(q) < 0 {
		return q
	}
	return p
}

// changeCursor says how far changes were read, and how far when none older could still become visible.
type changeCursor struct {
	settled, recent position
	digest          uint32 // of the changes read in the last second, unless all are settled
}

func (c changeCursor) String() string {
	return fmt.Sprintf("%d.%d/%d.%d/%d", c.settled.at.Unix(), c.settled.id, c.recent.at.Unix(), c.recent.id, c.digest)
}

func parseChangeCursor(text string) (changeCursor, error) {
	start := position{at: time.Unix(0, 0).UTC()}
	c := changeCursor{settled: start, recent: start}
	if text == "" {
		return c, nil
	}
	var settled, recent int64
	_, err := fmt.Sscanf(text, "%d.%d/%d.%d/%d", &settled, &c.settled.id, &recent, &c.recent.id, &c.digest)
	c.settled.at, c.recent.at = time.Unix(settled, 0).UTC(), time.Unix(recent, 0).UTC()
	if err != nil || c.String() != text {
		return changeCursor{}, fault.Field("after", "is not a cursor of moved products: begin with an empty one")
	}
	return c, nil
}

// changeReader collects the products of changes.
type changeReader struct {
	*Inventory
	instance  string
	warehouse warehouseRow
	limit     int
	kitsWith  func(ctx context.Context, products []int64) (map[int64][]int64, error) // see Inventory.kitsWith

	products []erp.Key
	full     bool   // the next product would be one too many
	digest   uint32 // of the changes read in the last second
}

// readSettledThenRecent collects what has settled since, and then what has not.
func (r *changeReader) readSettledThenRecent(ctx context.Context, c changeCursor, settled time.Time) (changeCursor, error) {
	var err error
	if c.settled, err = r.read(ctx, c.settled, settled); err != nil {
		return c, err
	}
	if c.recent.compare(c.settled) < 0 {
		c.recent, c.digest = c.settled, 0
	}
	if r.full {
		return c, nil
	}
	from := later(c.recent, position{settled.Add(-time.Second), math.MaxInt32})
	if from == c.recent {
		if from, err = r.resume(ctx, c); err != nil {
			return c, err
		}
	}
	end, err := r.read(ctx, from, time.Time{})
	if end != from {
		c.recent, c.digest = end, r.digest
	}
	return c, err
}

// resume returns where to go on in the second that was read last. What it held is read again when it holds something else
// now: a move may have changed twice in it, and been read in between.
func (r *changeReader) resume(ctx context.Context, c changeCursor) (position, error) {
	r.digest = 0
	moves, err := r.upTo(ctx, c.recent)
	for _, m := range moves {
		r.digest = m.addTo(r.digest)
	}
	if r.digest == c.digest {
		return c.recent, err
	}
	r.digest = 0
	return position{at: c.recent.at}, err
}

// read collects the products of changes after a position and before a time, the zero time being none. It gives the position
// of the last change.
func (r *changeReader) read(ctx context.Context, from position, until time.Time) (position, error) {
	for more := true; more && !r.full; {
		var moves []changedMove
		var err error
		if moves, more, err = r.page(ctx, from, until); err != nil {
			return from, err
		}
		keys, err := r.allKeys(ctx, moves)
		if err != nil {
			return from, err
		}
		for _, m := range moves {
			if r.full = !r.add(keys[m.Product.ID]); r.full {
				break
			}
			if !m.Changed.Equal(from.at) {
				r.digest = 0
			}
			from, r.digest = m.position(), m.addTo(r.digest)
		}
	}
	return from, nil
}

// add takes the keys of one product up, several when products of the store were mapped onto one, and reports whether
// there is room for them.
func (r *changeReader) add(keys []erp.Key) bool {
	fresh := slices.DeleteFunc(slices.Clone(keys), func(k erp.Key) bool { return slices.Contains(r.products, k) })
	if len(fresh) > 0 && len(r.products) > 0 && len(r.products)+len(fresh) > r.limit {
		return false
	}
	r.products = append(r.products, fresh...)
	return true
}

// allKeys finds the keys of the instance that the products of moves have, and the kits that they are part of.
func (r *changeReader) allKeys(ctx context.Context, moves []changedMove) (map[int64][]erp.Key, error) {
	moved := rpc.Map(moves, func(m changedMove) int64 { return m.Product.ID })
	kits, err := r.kitsWith(ctx, moved)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(moved)
	for _, above := range kits {
		all = append(all, above...)
	}
	found, err := r.keysOf(ctx, r.instance, "product.product", all)
	own := map[int64][]erp.Key{}
	for _, k := range found {
		own[k.product] = append(own[k.product], k.Key)
	}
	keys := map[int64][]erp.Key{}
	for _, id := range rpc.Distinct(moved) {
		for _, of := range append([]int64{id}, kits[id]...) {
			keys[id] = append(keys[id], own[of]...)
		}
	}
	return keys, err
}

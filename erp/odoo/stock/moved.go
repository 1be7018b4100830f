package stock

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// lateness is how long after its time stamp a change may still become visible: Odoo stamps changes with the beginning of
// their transaction, to which it gives two minutes. The rest is for clocks that do not agree.
const lateness = 15 * time.Minute

// MovedProducts tells which products have other figures by their stock moves, which goods, reservations and inventory
// adjustments all leave behind. Each change is told at once and, a quarter of an hour later, again along with those that
// became visible late. What the store has set aside for quotations makes no move and is not told: it is the store's own.
func (v *Inventory) MovedProducts(ctx context.Context, instance, warehouse, after string, limit int) ([]erp.Key, string, error) {
	start, err := parseMovedCursor(after)
	if err != nil {
		return nil, "", err
	}
	at, err := v.warehouse(ctx, warehouse)
	if err != nil {
		return nil, "", err
	}
	t := &teller{Inventory: v, instance: instance, warehouse: at, limit: limit}
	c, err := t.tellTwice(ctx, start, time.Now().Add(-lateness).Truncate(time.Second))
	if err != nil {
		return nil, "", err
	}
	if next := c.String(); next != start.String() {
		return t.products, next, nil
	}
	return t.products, after, nil
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

// movedCursor says how far changes were told, and how far when none older could still become visible.
type movedCursor struct {
	settled, told position
	digest        uint32 // of the changes told in the last second, unless all are settled
}

func (c movedCursor) String() string {
	return fmt.Sprintf("%d.%d/%d.%d/%d", c.settled.at.Unix(), c.settled.id, c.told.at.Unix(), c.told.id, c.digest)
}

func parseMovedCursor(text string) (movedCursor, error) {
	start := position{at: time.Unix(0, 0).UTC()}
	c := movedCursor{settled: start, told: start}
	if text == "" {
		return c, nil
	}
	var settled, told int64
	_, err := fmt.Sscanf(text, "%d.%d/%d.%d/%d", &settled, &c.settled.id, &told, &c.told.id, &c.digest)
	c.settled.at, c.told.at = time.Unix(settled, 0).UTC(), time.Unix(told, 0).UTC()
	if err != nil || c.String() != text {
		return movedCursor{}, fault.Field("after", "is not a cursor of moved products: begin with an empty one")
	}
	return c, nil
}

// teller collects the products of changes.
type teller struct {
	*Inventory
	instance  string
	warehouse warehouseRow
	limit     int

	products []erp.Key
	full     bool   // the next product would be one too many
	digest   uint32 // of the changes told in the last second
}

// tellTwice collects what has settled since, and then what has not.
func (t *teller) tellTwice(ctx context.Context, c movedCursor, settled time.Time) (movedCursor, error) {
	var err error
	if c.settled, err = t.tell(ctx, c.settled, settled); err != nil {
		return c, err
	}
	if c.told.compare(c.settled) < 0 {
		c.told, c.digest = c.settled, 0
	}
	if t.full {
		return c, nil
	}
	from := later(c.told, position{settled.Add(-time.Second), math.MaxInt32})
	if from == c.told {
		if from, err = t.resume(ctx, c); err != nil {
			return c, err
		}
	}
	end, err := t.tell(ctx, from, time.Time{})
	if end != from {
		c.told, c.digest = end, t.digest
	}
	return c, err
}

// resume gives where to go on in the second that was told last. What it held is told again when it holds something else
// now: a move may have changed twice in it, and been told in between.
func (t *teller) resume(ctx context.Context, c movedCursor) (position, error) {
	t.digest = 0
	moves, err := t.upTo(ctx, c.told)
	for _, m := range moves {
		t.digest = m.addTo(t.digest)
	}
	if t.digest == c.digest {
		return c.told, err
	}
	t.digest = 0
	return position{at: c.told.at}, err
}

// tell collects the products of changes after a position and before a time, the zero time being none. It gives the position
// of the last change.
func (t *teller) tell(ctx context.Context, from position, until time.Time) (position, error) {
	for more := true; more && !t.full; {
		var moves []changedMove
		var err error
		if moves, more, err = t.page(ctx, from, until); err != nil {
			return from, err
		}
		keys, err := t.allKeys(ctx, moves)
		if err != nil {
			return from, err
		}
		for _, m := range moves {
			if t.full = !t.add(keys[m.Product.ID]); t.full {
				break
			}
			if !m.Changed.Equal(from.at) {
				t.digest = 0
			}
			from, t.digest = m.position(), m.addTo(t.digest)
		}
	}
	return from, nil
}

// add takes the keys of one product up, several when products of the store were mapped onto one, and reports whether
// there is room for them.
func (t *teller) add(keys []erp.Key) bool {
	fresh := slices.DeleteFunc(slices.Clone(keys), func(k erp.Key) bool { return slices.Contains(t.products, k) })
	if len(fresh) > 0 && len(t.products) > 0 && len(t.products)+len(fresh) > t.limit {
		return false
	}
	t.products = append(t.products, fresh...)
	return true
}

// allKeys finds the keys of the instance that the products of moves have.
func (t *teller) allKeys(ctx context.Context, moves []changedMove) (map[int64][]erp.Key, error) {
	products := rpc.Distinct(rpc.Map(moves, func(m changedMove) int64 { return m.Product.ID }))
	rows, err := rpc.SearchBy[record.Bound](ctx, t.rpc, "ir.model.data", "res_id", products,
		[]any{rpc.Where("module", "=", record.Module), rpc.Where("model", "=", "product.product")}, "name", "res_id")
	keys := map[int64][]erp.Key{}
	for _, r := range rows {
		if key, ok := record.KeyOf(r.Name); ok && key.Instance == t.instance && !strings.HasSuffix(r.Name, record.TemplateSuffix) {
			keys[r.ResID] = append(keys[r.ResID], key)
		}
	}
	return keys, err
}

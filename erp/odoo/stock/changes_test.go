package stock

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
	"tandem/fault"
)

// pastMove is a move as Odoo has it: with a fraction of a second that it sorts by and does not tell.
type pastMove struct {
	id, product, at int64 // seconds
	fraction        float64
	state           string
}

// history is an Odoo that has moves and nothing else. Product n is the store's product n.
type history struct {
	rpctest.Calls
	moves []pastMove
}

func newHistory(moves ...pastMove) (*history, *changeReader) {
	h := &history{moves: moves}
	h.Answer = h.reply
	noKits := func(context.Context, []int64) (map[int64][]int64, error) { return nil, nil }
	return h, &changeReader{
		Inventory: inventoryOf(h, rpc.Release{Major: 19}), instance: "demo", warehouse: warehouseRow{View: rpc.Link{ID: 7}}, limit: 10, kitsWith: noKits,
	}
}

func (h *history) reply(c rpc.Call) (any, error) {
	if c.Model == "ir.model.data" {
		rows, domain := []any{}, c.Args["domain"].([]any)
		for _, id := range slices.Sorted(slices.Values(domain[1].([]any)[2].([]int64))) {
			if id <= domain[0].([]any)[2].(int64) {
				continue // it was on the page before
			}
			name := record.ExternalName(erp.Key{Instance: "demo", Entity: "product", ID: fmt.Sprint(id)})
			rows = append(rows, map[string]any{"id": id, "name": name, "res_id": id})
		}
		return rows, nil
	}
	slices.SortFunc(h.moves, func(a, b pastMove) int {
		if c.Args["order"] == "id" {
			return cmp.Compare(a.id, b.id)
		}
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.fraction, b.fraction), cmp.Compare(a.id, b.id))
	})
	rows := []any{}
	for _, m := range h.moves {
		if m.matches(c.Args["domain"].([]any)) && len(rows) < c.Args["limit"].(int) {
			rows = append(rows, map[string]any{"id": m.id, "product_id": []any{m.product, "x"}, "state": m.state, "product_uom_qty": 1,
				"write_date": time.Unix(m.at, 0).UTC().Format(rpc.TimeLayout)})
		}
	}
	return rows, nil
}

// matches evaluates a domain: operators stand before what they join, and what none joins must all hold.
func (m pastMove) matches(domain []any) bool {
	all := true
	for len(domain) > 0 {
		var holds bool
		holds, domain = m.first(domain)
		all = all && holds
	}
	return all
}

func (m pastMove) first(domain []any) (bool, []any) {
	condition, ok := domain[0].([]any)
	if !ok {
		left, rest := m.first(domain[1:])
		right, rest := m.first(rest)
		if domain[0] == "|" {
			return left || right, rest
		}
		return left && right, rest
	}
	return m.holds(condition), domain[1:]
}

func (m pastMove) holds(condition []any) bool {
	var order int
	switch condition[0] {
	case "id":
		order = cmp.Compare(m.id, condition[2].(int64))
	case "write_date":
		at, _ := time.Parse(rpc.TimeLayout, condition[2].(string))
		order = cmp.Or(cmp.Compare(m.at, at.Unix()), cmp.Compare(m.fraction, 0))
	default:
		return true // all are in the warehouse
	}
	switch condition[1] {
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	default:
		return order <= 0
	}
}

// told gives the products told since a cursor, when what is older than a second has settled.
func (h *history) told(t *testing.T, c changeCursor, settled int64, limit int) ([]string, changeCursor) {
	t.Helper()
	_, teller := newHistory()
	teller.rpc.Caller, teller.limit = h, limit
	next, err := teller.readSettledThenRecent(t.Context(), c, time.Unix(settled, 0).UTC())
	require.NoError(t, err)
	read, err := parseChangeCursor(next.String())
	require.NoError(t, err)
	require.Equal(t, next, read)
	return rpc.Map(teller.products, func(k erp.Key) string { return k.ID }), next
}

func start(t *testing.T) changeCursor {
	t.Helper()
	c, err := parseChangeCursor("")
	require.NoError(t, err)
	return c
}

func TestWhatBecomesVisibleLateIsToldLate(t *testing.T) {
	h, _ := newHistory(pastMove{id: 1, product: 1, at: 100, fraction: 0.5})
	told, c := h.told(t, start(t), 50, 10)
	require.Equal(t, []string{"1"}, told)

	h.moves = append(h.moves, pastMove{id: 2, product: 2, at: 90}) // its transaction began before
	told, next := h.told(t, c, 60, 10)
	require.Empty(t, told)
	require.Equal(t, c, next)

	told, c = h.told(t, next, 120, 10)
	require.Equal(t, []string{"2", "1"}, told)
	told, next = h.told(t, c, 130, 10)
	require.Empty(t, told)
	require.Equal(t, c, next)

	h.moves = append(h.moves, pastMove{id: 3, product: 3, at: 140})
	told, _ = h.told(t, next, 130, 10)
	require.Equal(t, []string{"3"}, told)
}

func TestAMoveThatChangesTwiceInASecondIsToldTwice(t *testing.T) {
	h, _ := newHistory(pastMove{id: 1, product: 1, at: 100, state: "draft"}, pastMove{id: 2, product: 2, at: 100, state: "assigned"})
	_, c := h.told(t, start(t), 50, 10)
	h.moves[0].state = "done"
	told, c := h.told(t, c, 50, 10)
	require.Equal(t, []string{"1", "2"}, told)
	told, next := h.told(t, c, 50, 10)
	require.Empty(t, told)
	require.Equal(t, c, next)
}

func TestASecondMayHaveMoreChangesThanAPage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	h, _ := newHistory()
	want := map[string]bool{}
	for i := range int64(2*rpc.PageSize + 300) {
		at := int64(100)
		if i < 100 {
			at = 99
		}
		h.moves = append(h.moves, pastMove{id: i + 1, product: i + 1, at: at, fraction: random.Float64()})
		want[fmt.Sprint(i+1)] = true
	}
	for _, settled := range []int64{50, 200} {
		c, seen := start(t), map[string]bool{}
		for {
			told, next := h.told(t, c, settled, 400)
			require.LessOrEqual(t, len(told), 400)
			for _, id := range told {
				require.False(t, seen[id], "%s is told twice", id)
				seen[id] = true
			}
			if next == c {
				break
			}
			c = next
		}
		require.Equal(t, want, seen)
	}
}

func TestProductsMappedOntoOneAreToldTogether(t *testing.T) {
	_, teller := newHistory()
	teller.limit = 3
	key := func(id string) erp.Key { return erp.Key{Instance: "demo", Entity: "product", ID: id} }
	require.True(t, teller.add([]erp.Key{key("1"), key("2")}))
	require.False(t, teller.add([]erp.Key{key("3"), key("4")}))
	require.True(t, teller.add([]erp.Key{key("2"), key("3")}), "what is told already takes no room")
	require.Equal(t, []erp.Key{key("1"), key("2"), key("3")}, teller.products)
	_, one := newHistory()
	one.limit = 1
	require.True(t, one.add([]erp.Key{key("1"), key("2")}), "or they would never be told")
}

func TestCursorsOfMovedProducts(t *testing.T) {
	for _, text := range []string{"x", "1.2", "1.2/3.4", "1.2/3.4/5/6", " 1.2/3.4/5", "1.2/3.4/-5"} {
		_, err := parseChangeCursor(text)
		require.Equal(t, fault.Invalid, fault.KindOf(err), text)
	}
	c, err := parseChangeCursor("1.2/3.4/5")
	require.NoError(t, err)
	require.Equal(t, "1.2/3.4/5", c.String())
}

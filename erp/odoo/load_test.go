package odoo

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// calls is an Odoo of which only the calls matter: it answers each from a function and keeps them.
type calls struct {
	made   []rpc.Call
	answer func(rpc.Call) (any, error)
}

func (c *calls) Call(_ context.Context, made rpc.Call, result any) error {
	c.made = append(c.made, made)
	value, err := c.answer(made)
	if err != nil {
		return err
	}
	content, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return rpc.Decode(content, result)
}

func (c *calls) User(context.Context) (int64, error) { return 2, nil }

func (c *calls) Close() {}

// loader answers load like Odoo: with ids, or with messages when a record named in bad is among them. It blames the first
// record too, as Odoo 19 does.
func loader(bad ...string) (*Backend, *calls) {
	c := &calls{}
	c.answer = func(made rpc.Call) (any, error) {
		var ids []int64
		messages := []any{}
		for i, row := range made.Args["data"].([][]string) {
			ids = append(ids, int64(100+i))
			if slices.Contains(bad, row[1]) {
				messages = append(messages, map[string]any{"type": "error", "record": 0, "message": "Jane Doe is wrong"},
					map[string]any{"type": "error", "record": i, "field": "name", "message": "Jane Doe is wrong"})
			}
		}
		if len(messages) > 0 {
			return map[string]any{"ids": false, "messages": messages}, nil
		}
		return map[string]any{"ids": ids, "messages": messages}, nil
	}
	return &Backend{rpc: &rpc.Client{Caller: c}}, c
}

func people(names ...string) []*record {
	return mapped(names, func(name string) *record {
		return &record{name: "customer_demo_" + name, cells: []rpc.Cell{rpc.TextCell("name", name)}}
	})
}

func TestGoodRecordsAreLoadedWithOneCall(t *testing.T) {
	b, c := loader()

	results, err := b.load(t.Context(), "res.partner", people("ann", "ben"))

	require.NoError(t, err)
	require.Equal(t, []loaded{{id: 100}, {id: 101}}, results)
	require.Len(t, c.made, 1)
	require.Equal(t, []string{"id", "name"}, c.made[0].Args["fields"])
	require.Equal(t, [][]string{{"tandem.customer_demo_ann", "ann"}, {"tandem.customer_demo_ben", "ben"}}, c.made[0].Args["data"])
	require.Equal(t, false, c.made[0].Context["active_test"], "archived records are found")
	require.Equal(t, true, c.made[0].Context["tracking_disable"])
}

func TestABadRecordStopsNoOther(t *testing.T) {
	b, c := loader("bad")

	results, err := b.load(t.Context(), "res.partner", people("ann", "ben", "bad", "cid", "dan"))

	require.NoError(t, err)
	require.NotNil(t, results[2].refused)
	require.Equal(t, "odoo_refused", results[2].refused.Code)
	require.Contains(t, results[2].refused.Reason, "res.partner.name")
	require.NotContains(t, results[2].refused.Reason, "Jane")
	for _, i := range []int{0, 1, 3, 4} {
		require.NotZero(t, results[i].id, i)
	}
	require.Len(t, c.made, 4, "all, the two that were blamed, the rest")
}

func TestWhenNobodyIsBlamedTheBatchIsHalved(t *testing.T) {
	c := &calls{answer: func(made rpc.Call) (any, error) {
		rows := made.Args["data"].([][]string)
		if slices.ContainsFunc(rows, func(row []string) bool { return row[1] == "bad" }) {
			return nil, fault.New(fault.Invalid, "raised")
		}
		return map[string]any{"ids": make([]int64, len(rows)), "messages": []any{}}, nil
	}}
	results, err := (&Backend{rpc: &rpc.Client{Caller: c}}).load(t.Context(), "res.partner", people("a", "b", "bad", "d"))
	require.NoError(t, err)
	require.NotNil(t, results[2].refused)
	require.Nil(t, results[3].refused)
	require.Len(t, c.made, 5, "4, 2, 2, 1, 1")
}

func TestALostRaceToldAsAMessageIsTriedAgain(t *testing.T) {
	c := &calls{answer: func(rpc.Call) (any, error) {
		return map[string]any{"ids": false, "messages": []any{map[string]any{"type": "error", "record": 0,
			"message": "could not serialize access due to concurrent update"}}}, nil
	}}
	_, err := (&Backend{rpc: &rpc.Client{Caller: c}}).load(t.Context(), "res.partner", people("ann"))
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.Len(t, c.made, 1)
}

func TestRecordsWithOtherColumnsGoIntoAnotherSheet(t *testing.T) {
	b, c := loader()
	records := people("ann", "ben", "cid")
	records[1].cells = append(records[1].cells, rpc.TextCell("x_loyalty", "gold"))

	results, err := b.load(t.Context(), "res.partner", records)

	require.NoError(t, err)
	require.Equal(t, []loaded{{id: 100}, {id: 100}, {id: 101}}, results)
	require.Len(t, c.made, 2)
	require.Equal(t, []string{"id", "name", "x_loyalty"}, c.made[1].Args["fields"])
}

func TestManyRecordsGoInChunks(t *testing.T) {
	b, c := loader()
	results, err := b.load(t.Context(), "res.partner", people(strings.Split(strings.Repeat("x,", 2*loadSize), ",")...))
	require.NoError(t, err)
	require.Len(t, results, 2*loadSize+1)
	require.Len(t, c.made, 3)
}

func TestLinesBecomeRowsBelowTheirRecord(t *testing.T) {
	columns, rows := sheet([]*record{
		{name: "order_demo_1", cells: []rpc.Cell{rpc.TextCell("name", "W1")}, lines: [][]rpc.Cell{{rpc.TextCell("order_line/name", "a")}, {rpc.TextCell("order_line/name", "b")}}},
		{name: "order_demo_2", cells: []rpc.Cell{rpc.TextCell("name", "W2")}},
	})
	require.Equal(t, []string{"id", "name", "order_line/name"}, columns)
	require.Equal(t, [][]string{
		{"tandem.order_demo_1", "W1", "a"},
		{"", "", "b"},
		{"tandem.order_demo_2", "W2", ""},
	}, rows)
}

func TestABatchTooLargeForAProxyIsHalved(t *testing.T) {
	b, c := loader()
	answer := c.answer
	c.answer = func(made rpc.Call) (any, error) {
		if len(made.Args["data"].([][]string)) > 2 {
			return nil, &fault.Error{Kind: fault.Invalid, Code: rpc.CodeTooLarge, Message: "a proxy refuses requests of this size"}
		}
		return answer(made)
	}
	results, err := b.load(t.Context(), "res.partner", people("a", "b", "c", "d", "e"))
	require.NoError(t, err)
	for _, r := range results {
		require.Nil(t, r.refused)
	}
	require.Len(t, c.made, 5)
}
